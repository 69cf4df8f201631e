from odoo import Command, fields
from odoo.tests import tagged

from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestOtherCurrency(DepositCommon):
    """Deposits in euros, at two a dollar, and bills in another currency: what was
    advanced is worth what it was booked at."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])

    def _set_rate(self, currency, rate):
        """The rate since today; the deposit was booked before, at the old one."""
        currency.rate_ids = [
            Command.create(
                {
                    "name": fields.Date.today(),
                    "rate": rate,
                    "company_id": self.company.id,
                }
            )
        ]

    def _bill_in(self, order, currency, quantity, price):
        bill = self._bill(order, post=False)
        bill.currency_id = currency
        line = bill.invoice_line_ids.filtered("product_id")
        values = {"quantity": quantity, "price_unit": price}
        bill.write({"invoice_line_ids": [Command.update(line.id, values)]})
        bill.action_post()
        return bill

    def test_prepayment_is_deducted_at_what_it_was_booked(self):
        self._rule(30, account_id=self.prepayment.id)
        order = self._order(currency_id=self.euro.id)
        deposit = self._deposit(order)
        self._set_rate(self.euro, 4.0)
        bill = self._bill_in(order, self.company.currency_id, 10, 25)
        self._assert_amounts(deposit, "done", deducted=300, open=0)
        self.assertEqual(bill.amount_residual, 250 - 150)
        self.assertEqual(self._balance(self.prepayment), 0)
        self.assertEqual(self._balance(self.payable), -100)

    def test_payable_is_deducted_at_what_it_was_booked(self):
        self._rule(30)
        order = self._order(currency_id=self.euro.id)
        deposit = self._deposit(order)
        self._set_rate(self.euro, 4.0)
        first = self._bill_in(order, self.company.currency_id, 4, 25)
        self._assert_amounts(deposit, "paid", deducted=120, open=180)
        self.assertEqual(first.amount_residual, 100 - 60)
        last = self._bill_in(order, self.company.currency_id, 6, 25)
        self._assert_amounts(deposit, "done", deducted=300, open=0)
        self.assertEqual(last.amount_residual, 150 - 90)
        self.assertEqual(self._balance(self.payable), -100)

    def test_ageing_in_company_currency_is_what_is_booked(self):
        self._rule(30)
        order = self._order(currency_id=self.euro.id)
        deposit = self._deposit(order)
        self._set_rate(self.euro, 4.0)
        self._bill(order, quantity=4)
        self.assertEqual(deposit.amount_open, 180)
        self.assertEqual(deposit.amount_open_company, 90)
