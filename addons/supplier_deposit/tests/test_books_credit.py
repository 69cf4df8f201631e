from odoo.tests import tagged

from .books import Books, Payable, Prepayment
from .common import begun


class CreditCases:
    """What is left in the books when bills are credited, reset or cancelled."""

    @begun(30)
    def test_partial_credit_note(self):
        bill = self._invoice()
        self._credit(bill, 4)
        self._assert_amounts(self.deposits, "paid", deducted=180, open=120)
        self._assert_books(
            self._advance(300, 120, credited=120),
            self._rebilled(300, 180, left=420),
            self._credited(400, 120, 120),
        )

    @begun(30)
    def test_partial_credit_note_billed_again(self):
        self._credit(self._invoice(), 4)
        self._invoice()
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        self._assert_books(
            self._advance(300, 0),
            self._rebilled(300, 180, left=420),
            self._credited(400, 120),
            self._billed(400, 120),
        )
        self._assert_settled(payable=-700)

    @begun(30)
    def test_whole_credit_note(self):
        self._credit(self._invoice(), 10)
        self._assert_amounts(self.deposits, "paid", deducted=0, open=300)
        self._assert_books(
            self._advance(300, 300, credited=300),
            self._rebilled(300, 0, left=0),
            self._credited(1000, 300, 300),
        )

    @begun(30)
    def test_whole_credit_note_billed_again(self):
        self._credit(self._invoice(), 10)
        self._invoice()
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        self._assert_books(
            self._advance(300, 0),
            self._rebilled(300, 0, left=0),
            self._credited(1000, 300),
            self._billed(1000, 300),
        )
        self._assert_settled(payable=-700)

    @begun(30)
    def test_whole_credit_note_then_refunded(self):
        self._credit(self._invoice(), 10)
        self._claim_back(self.deposits)
        self._refund()
        self._assert_amounts(self.deposits, "done", refunded=300, open=0)
        self._assert_books(
            self._advance(300, 0),
            self._rebilled(300, 0, left=0),
            self._credited(1000, 300),
            self._refunded(300),
        )
        self._assert_settled()

    @begun(30)
    def test_bill_that_is_reset_to_draft(self):
        bill = self._invoice()
        bill.button_draft()
        self._assert_amounts(self.deposits, "paid", deducted=0, open=300)
        self._assert_books(self._advance(300, 300), self._given_back(300))

    @begun(30)
    def test_bill_that_is_reset_and_posted_again(self):
        bill = self._invoice()
        bill.button_draft()
        bill.action_post()
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        self._assert_books(
            self._advance(300, 0), self._given_back(300), self._billed(1000, 300)
        )
        self._assert_settled(payable=-700)

    @begun(30)
    def test_bill_that_is_cancelled(self):
        bill = self._invoice()
        bill.button_cancel()
        self._assert_amounts(self.deposits, "paid", deducted=0, open=300)
        self._assert_books(self._advance(300, 300), self._given_back(300))
        self._invoice()
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        self._assert_books(
            self._advance(300, 0), self._given_back(300), self._billed(1000, 300)
        )
        self._assert_settled(payable=-700)

    @begun(30)
    def test_one_of_two_bills_is_cancelled(self):
        self._invoice(4)
        self._invoice().button_cancel()
        self._assert_amounts(self.deposits, "paid", deducted=120, open=180)
        self._assert_books(
            self._advance(300, 180), self._billed(400, 120), self._given_back(180)
        )


@tagged("post_install", "-at_install")
class TestPayableCredit(CreditCases, Payable, Books):
    pass


@tagged("post_install", "-at_install")
class TestPrepaymentCredit(CreditCases, Prepayment, Books):
    pass
