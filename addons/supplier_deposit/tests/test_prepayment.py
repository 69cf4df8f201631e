from odoo.tests import tagged

from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestPrepayment(DepositCommon):
    """Advance payments on a prepayment account: an entry books them onto the vendor."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._rule(30, account_id=cls.prepayment.id)

    def test_payment_is_debited_to_the_prepayment_account(self):
        deposit = self._deposit(self._order())
        self._assert_entry(
            deposit.payment_ids.move_id,
            (self.bank_account, 0, 300, -300),
            (self.prepayment, 300, 0, 300),
        )

    def test_bills_are_deducted_and_prepayments_return_to_zero(self):
        order = self._order()
        deposit = self._deposit(order)
        bill = self._bill(order, quantity=4)
        self._assert_amounts(deposit, "paid", deducted=120, open=180)
        self._assert_entry(
            deposit.allocation_ids,
            (self.payable, 120, 0, 0),
            (self.prepayment, 0, 120, 0),
        )
        self._assert_entry(
            bill, (self.expense, 400, 0, 0), (self.payable, 0, 400, -280)
        )
        self.assertEqual(self._balance(self.prepayment), 180)
        self._bill(order)
        self._assert_amounts(deposit, "done", deducted=300, open=0)
        self.assertEqual(self._balance(self.prepayment), 0)
        self.assertEqual(self._balance(self.payable), -700)

    def test_bill_reset_and_cancelled_lets_the_deposit_go(self):
        order = self._order()
        deposit = self._deposit(order)
        bill = self._bill(order)
        bill.button_draft()
        bill.button_cancel()
        self._assert_amounts(deposit, "paid", deducted=0, open=300)
        self.assertEqual(self._balance(self.prepayment), 300)
        self.assertEqual(self._balance(self.payable), 0)

    def test_foreign_currency_books_the_exchange_difference(self):
        currency = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        order = self._order(currency_id=currency.id)
        deposit = self._deposit(order)
        self._assert_amounts(deposit, "paid", paid=300, open=300)
        self._assert_entry(
            deposit.payment_ids.move_id,
            (self.bank_account, 0, 150, -150, -300, -300),
            (self.prepayment, 150, 0, 150, 300, 300),
        )
        self._set_rate(currency, 4.0)
        bill = self._bill(order)
        self._assert_amounts(deposit, "done", deducted=300, open=0)
        self.assertEqual(bill.amount_residual, 700)
        self.assertEqual(self._balance(self.prepayment), 0)
        # 700 euros at the bill's rate: what the deposit was worth more is booked
        self.assertEqual(self._balance(self.payable), -175)
        exchange = self.company.expense_currency_exchange_account_id
        self.assertEqual(self._balance(exchange), 75)


@tagged("post_install", "-at_install")
class TestPayableCurrency(DepositCommon):
    def test_partial_bills_in_a_foreign_currency_book_their_part(self):
        """Odoo books the exchange difference of just the part that is matched."""
        self._rule(30)
        currency = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        order = self._order(currency_id=currency.id)
        deposit = self._deposit(order)
        self._assert_entry(
            deposit.payment_ids.move_id,
            (self.bank_account, 0, 150, -150, -300, -300),
            (self.payable, 150, 0, 150, 300, 300),
        )
        self._set_rate(currency, 4.0)
        bill = self._bill(order, quantity=4)
        self._assert_amounts(deposit, "paid", deducted=120, open=180)
        self._assert_entry(
            deposit.payment_ids.move_id,
            (self.bank_account, 0, 150, -150, -300, -300),
            (self.payable, 150, 0, 90, 300, 180),
        )
        self.assertEqual(bill.amount_residual, 280)
        self.assertEqual(bill.line_ids.filtered("credit").amount_residual, -70)
        exchange = self.company.expense_currency_exchange_account_id
        self.assertEqual(self._balance(exchange), 30)
        self._bill(order)
        self._assert_amounts(deposit, "done", deducted=300, open=0)
        self.assertEqual(self._balance(self.payable), -175)
        self.assertEqual(self._balance(exchange), 75)
