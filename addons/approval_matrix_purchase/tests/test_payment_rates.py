"""What is owed in a foreign currency is compared at one rate: that of the payment."""

from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from .common import PurchaseApprovalCommon


@tagged("post_install", "-at_install")
class TestPaymentRates(PurchaseApprovalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_bills()
        cls._rule(cls.manager, cls.director, amount_min=100_000_000)
        cls.today = fields.Date.today()
        # a unit of the company's currency, in the foreign one
        cls.foreign = cls.env["res.currency"].create(
            {
                "name": "XYZ",
                "symbol": "X",
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": 1 / 24})],
            }
        )

    def _rate_now(self, price):
        self.foreign.rate_ids = [
            Command.create({"name": self.today, "rate": 1 / price})
        ]

    def _ordered(self):
        order = self._submitted(quantity=10, price=100.0, currency_id=self.foreign.id)
        self.assertEqual(order.state, "purchase")
        return order

    def _billed(self):
        """A bill of 1,000, from the days of the first rate."""
        bill = self._bill(self._ordered())
        bill.currency_id = self.foreign
        bill.invoice_date = bill.date = self.today - timedelta(days=30)
        bill.action_post()
        self.assertEqual(bill.amount_residual, 1000)
        return bill

    def _pay(self, amount, **values):
        values = {"currency_id": self.foreign.id, "date": self.today} | values
        payment = self._payment(amount, **values)
        payment.action_post()
        return payment.state in ("in_process", "paid")

    def test_bill_is_paid_in_full_whatever_its_rate_was(self):
        for price in (30, 20):
            with self.subTest(price), self.env.cr.savepoint() as savepoint:
                self._billed()
                self._rate_now(price)
                self.assertTrue(self._pay(1000))
                savepoint.rollback()
            self.env.invalidate_all()

    def test_more_than_the_bill_waits_though_the_rate_fell(self):
        self._billed()
        self._rate_now(20)
        self.assertFalse(self._pay(1001))

    def test_rest_of_a_bill_is_paid_at_another_rate(self):
        self._billed()
        self.assertTrue(self._pay(600, date=self.today - timedelta(days=10)))
        self._rate_now(30)
        self.assertFalse(self._pay(401))
        self.assertTrue(self._pay(400))

    def test_advance_on_an_order_is_paid_in_full_at_another_rate(self):
        for price in (30, 20):
            with self.subTest(price), self.env.cr.savepoint() as savepoint:
                self._ordered()
                self._rate_now(price)
                earlier = self.today - timedelta(days=10)
                self.assertFalse(self._pay(1001))
                self.assertTrue(self._pay(500, date=earlier))
                self.assertFalse(self._pay(501))
                self.assertTrue(self._pay(500))
                savepoint.rollback()
            self.env.invalidate_all()

    def test_bill_is_paid_in_the_companys_currency_at_the_rate_of_the_day(self):
        self._billed()
        self._rate_now(30)
        company = self.company.currency_id.id
        self.assertFalse(self._pay(30_001, currency_id=company))
        self.assertTrue(self._pay(30_000, currency_id=company))

    def test_payments_of_one_call_count_together_whatever_their_days(self):
        self._billed()
        self._rate_now(30)
        payments = self.env["account.payment"].union(
            *(
                self._payment(amount, currency_id=self.foreign.id, date=date)
                for amount, date in (
                    (600, self.today - timedelta(days=10)),
                    (401, self.today),
                )
            )
        )
        payments.action_post()
        self.assertEqual(set(payments.mapped("state")) & {"draft"}, {"draft"})

    def test_old_bill_without_a_rate_counts_as_it_is_booked(self):
        self._billed()
        self.foreign.rate_ids.unlink()
        company = self.company.currency_id.id
        self.assertFalse(self._pay(24_001, currency_id=company))
        self.assertTrue(self._pay(24_000, currency_id=company))
