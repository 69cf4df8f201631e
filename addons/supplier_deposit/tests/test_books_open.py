from odoo.tests import tagged

from .books import Books, DepositBill, Payable, Prepayment


class OpenCases:
    """Each bill takes what is open of the deposit."""

    def _begin(self, *percents, rule=None, **values):
        rule = {"deduction": "open", **(rule or {})}
        return super()._begin(*percents, rule=rule, **values)

    def test_first_bill_takes_all_that_is_open(self):
        self._begin(30)
        self._invoice(4)
        self._assert_amounts(self.deposits, "done", applied=300, open=0)
        self._assert_books(self._advance(300, 0), self._billed(400, 300))
        self._invoice()
        self._assert_books(
            self._advance(300, 0), self._billed(400, 300), self._billed(600)
        )
        self._assert_settled(payable=-700)

    def test_next_bill_takes_what_the_first_had_no_room_for(self):
        self._begin(50)
        self._invoice(4)
        self._assert_amounts(self.deposits, "applied", applied=400, open=100)
        self._assert_books(self._advance(500, 100), self._billed(400, 400))
        self._invoice()
        self._assert_books(
            self._advance(500, 0), self._billed(400, 400), self._billed(600, 100)
        )
        self._assert_settled(payable=-500)

    def test_two_deposits_are_used_up_one_after_the_other(self):
        self._begin(30, 40)
        self._invoice(5)
        self._assert_books(
            self._advance(300, 0), self._advance(400, 200), self._billed(500, 300, 200)
        )
        self._invoice()
        self._assert_settled(payable=-300)

    def test_what_is_claimed_back_is_not_deducted(self):
        self._begin(30)
        self.deposits._as_system()._claim_part(100)
        self._invoice(4)
        self._assert_amounts(self.deposits, "applied", applied=200, open=100)
        self._assert_books(self._advance(300, 100), self._billed(400, 200))


@tagged("post_install", "-at_install")
class TestPayableOpen(OpenCases, Payable, Books):
    pass


@tagged("post_install", "-at_install")
class TestPrepaymentOpen(OpenCases, Prepayment, Books):
    pass


@tagged("post_install", "-at_install")
class TestDepositBillOpen(OpenCases, DepositBill, Books):
    def test_what_is_claimed_back_is_not_deducted(self):
        self._begin(30)
        self.deposits._as_system()._claim_part(100)
        self._invoice(4)
        self._assert_amounts(self.deposits, "applied", applied=200, open=100)
