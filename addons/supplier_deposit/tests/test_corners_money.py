from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestCornersMoney(DepositCommon):
    """How much counts, where currencies and people meet; two euros are a dollar."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])

    def _bill_in_dollars(self, order, price):
        bill = self._bill(order, post=False)
        bill.currency_id = self.company.currency_id
        line = bill.invoice_line_ids.filtered("product_id")
        values = {"quantity": 10, "price_unit": price}
        bill.write({"invoice_line_ids": [Command.update(line.id, values)]})
        return bill

    def test_bill_in_another_currency_takes_no_more_than_it_owes(self):
        self._rule(30, deduction="open")
        order = self._order(currency_id=self.euro.id)
        deposit = self._deposit(order)
        self._set_rate(self.euro, 4.0)
        bill = self._bill_in_dollars(order, 14)
        bill.action_post()
        self.assertEqual(bill.amount_residual, 0)
        self._assert_amounts(deposit, "paid", deducted=280, open=20)
        self.assertEqual(self._balance(self.payable), 10)
        self.assertEqual(deposit.line_ids.amount_residual, 10)

    def test_part_that_a_bill_in_another_currency_took_is_told_at_the_rate_paid(self):
        self._rule(30)
        order = self._order(currency_id=self.euro.id)
        deposit = self._deposit(order)
        self._set_rate(self.euro, 4.0)
        bill = self._bill_in_dollars(order, 10)
        bill.action_post()
        self._assert_amounts(deposit, "paid", deducted=200, open=100)
        self.assertEqual(deposit._get_deducted_from(bill), 200)  # not 400

    def test_bill_of_two_orders_takes_its_part_of_what_was_paid_in_dollars(self):
        self._rule(30, deduction="open", posting="draft")
        order = self._order(currency_id=self.euro.id)
        deposit = self._deposit(order)
        payment = deposit.payment_ids.with_user(self.cashier)
        dollars = {"currency_id": self.company.currency_id.id, "amount": 150}
        payment.write({**dollars, "deposit_amount": 300})
        payment.action_post()
        bill = self._bill_in_dollars(order, 5)
        other = {"name": "Other order", "price_unit": 40, "tax_ids": []}
        bill.invoice_line_ids = [Command.create(other)]
        bill.action_post()
        self._assert_amounts(deposit, "paid", deducted=100, open=200)
        self.assertEqual(bill.amount_residual, 40)

    def test_bill_with_freight_takes_no_more_the_second_time(self):
        self._rule(60, deduction="open")
        order = self._order()
        bill = self._bill(order, quantity=4, post=False)
        freight = {"name": "Freight", "price_unit": 600, "tax_ids": []}
        bill.invoice_line_ids = [Command.create(freight)]
        bill.action_post()
        self.assertEqual(bill.amount_residual, 600)
        self._bill(order, quantity=1)
        self.assertEqual(bill.amount_residual, 600)
        self._assert_amounts(self._deposit(order), "paid", deducted=500, open=100)

    def _give_up_in_part(self, deposit):
        payment = deposit.payment_ids.with_user(self.cashier)
        payment.amount = 200
        payment.action_post()
        deposit.action_give_up()

    def test_what_was_paid_before_it_was_given_up_counts(self):
        self._rule(50, posting="draft")
        order = self._order()
        self._give_up_in_part(self._deposit(order))
        with self.assertRaisesRegex(UserError, "800"):
            self._by_hand(order, 1000)
        self._by_hand(order, 800)

    def test_bills_deduct_what_was_given_up_before_others(self):
        self._rule(50, 50, posting="draft")
        order = self._order()
        given_up, other = order.deposit_ids
        self._give_up_in_part(given_up)
        self._bill(order, quantity=4)
        self._assert_amounts(given_up, "paid", deducted=80, open=120)
        self.assertEqual(other.amount, 600 - 120)

    def test_deposit_by_hand_writes_the_row_of_its_order(self):
        """Of two at once the second is retried, and counts the first."""
        order = self._order()
        before = order.approval_revision
        self._by_hand(order, 600)
        order.invalidate_recordset()
        self.assertGreater(order.approval_revision, before)

    def _by_hand(self, order, amount):
        today = fields.Date.today()
        return self.env["supplier.deposit"]._begin_by_hand(
            order, amount, today, self.bank
        )

    def test_open_in_company_currency_is_what_the_books_have(self):
        self._rule(30, deduction="open", posting="draft")
        order = self._order(currency_id=self.euro.id)
        deposit = self._deposit(order)
        deposit.payment_ids.amount = 100
        deposit.payment_ids.action_post()
        self._set_rate(self.euro, 4.0)
        deposit._post_payment(fields.Date.today())
        self._bill(order, quantity=1)
        self._assert_amounts(deposit, "paid", deducted=100, open=200)
        self.assertEqual(deposit.amount_open_company, 50)
