from odoo.tests import tagged

from .books import Books, Payable, Prepayment


class VietnameseBooks(Books):
    """A company in dong, which have no decimals, on the Vietnamese chart."""

    shared_setup = True

    @classmethod
    @Books.setup_country("vn")
    def setUpClass(cls):
        super().setUpClass()


class VietnameseCases:
    """Debit 331, credit 112; not a dong is left."""

    def test_accounts(self):
        self.assertEqual(self.company.currency_id.name, "VND")
        self.assertTrue(self.payable.code.startswith("331"))
        self.assertTrue(self.bank_account.code.startswith("112"))

    def test_partial_bills(self):
        self._begin(33.33, quantity=3, price=333_333)
        self.assertEqual(self.deposits.amount, 333_300)
        self._invoice(1)
        self._invoice(1)
        self._assert_amounts(self.deposits, "paid", deducted=222_200, open=111_100)
        self._assert_books(
            self._advance(333_300, 111_100),
            self._billed(333_333, 111_100),
            self._billed(333_333, 111_100),
        )
        self._invoice(1)
        self._assert_amounts(self.deposits, "done", deducted=333_300, open=0)
        self._assert_books(
            self._advance(333_300, 0), *3 * [self._billed(333_333, 111_100)]
        )
        self._assert_settled(payable=-666_699)

    def test_shares_that_do_not_come_out_even(self):
        self._begin(50, quantity=3, price=33_335)
        self.assertEqual(self.deposits.amount, 50_003)
        for _number in range(3):
            self._invoice(1)
        self._assert_amounts(self.deposits, "done", deducted=50_003, open=0)
        self._assert_books(
            self._advance(50_003, 0),
            self._billed(33_335, 16_668),
            self._billed(33_335, 16_667),
            self._billed(33_335, 16_668),
        )
        self._assert_settled(payable=-50_002)

    def test_cancelled_and_refunded(self):
        self._begin(30, price=33_333)
        self.order.button_cancel()
        self._refund(50_001)
        self._refund()
        self._assert_amounts(self.deposits, "done", refunded=99_999, open=0)
        self._assert_books(
            self._advance(99_999, 0), self._refunded(50_001), self._refunded(49_998)
        )
        self._assert_settled()

    def test_deposit_in_dollars(self):
        """The vendor is paid in dollars: 26,300 dong each, then 25,900."""
        dollar = self.setup_other_currency("USD", rates=[])
        self._set_rate(dollar, 1 / 26_300)
        self._begin(30, price=33.33, currency_id=dollar.id)
        self.assertEqual(self.deposits.amount, 99.99)
        self._set_rate(dollar, 1 / 25_900)
        for _number in range(3):
            self._invoice(3)
        self._invoice()
        self._assert_amounts(self.deposits, "done", deducted=99.99, open=0)
        # 69.99 dollars of each of three bills, and 23.34 of the last
        payable = -(3 * 1_812_741 + 604_506)
        self._assert_settled(payable=payable, payable_currency=-233.31)
        self.assertEqual(self._totals(self.bank_account)["balance"], -2_629_737)


@tagged("post_install", "-at_install")
class TestPayableInVietnam(VietnameseCases, Payable, VietnameseBooks):
    pass


@tagged("post_install", "-at_install")
class TestPrepaymentInVietnam(VietnameseCases, Prepayment, VietnameseBooks):
    pass
