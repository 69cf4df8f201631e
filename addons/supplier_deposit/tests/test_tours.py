from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.tours import Desk, Phone, TourCase

from .common import DepositCommon


class DepositTourCase(TourCase, DepositCommon):
    """The screens, in a real browser, used by those who work with them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.vendor.name = "Bed vendor"

    def _two_due(self):
        """Return deposits of 300 and 500 that wait for the cashier."""
        other = self.vendor.copy({"name": "Chair vendor"})
        self._rule(30, domain=self._of(self.vendor), posting="draft")
        self._rule(50, posting="draft")
        orders = self._order() | self._order(partner_id=other.id)
        return orders.deposit_ids

    def _assert_paid_together(self, deposits):
        payments = deposits.payment_ids
        self.assertEqual(deposits.mapped("state"), ["paid", "paid"])
        self.assertEqual(sorted(payments.mapped("amount")), [300, 500])
        self.assertEqual(set(payments.mapped("state")), {"paid"})
        self.assertEqual(payments.partner_id, deposits.partner_id)


@tagged("post_install", "-at_install")
class TestDepositTour(Desk, DepositTourCase):
    def test_buyer_cancels_an_order_with_a_paid_deposit(self):
        before = {
            "name": "Before shipping",
            "percent": 20,
            "trigger": "before_delivery",
            "days": 7,
        }
        rule = self._rule(30)
        rule.line_ids.name = "On order"
        rule.write({"line_ids": [Command.create(before)]})
        order = self._order(user_id=self.buyer.id, confirm=False)
        order.order_line.date_planned = fields.Datetime.now() + timedelta(days=30)
        order.with_user(self.buyer).button_confirm()
        paid, planned = order.deposit_ids
        self._tour(f"/odoo/purchase/{order.id}", "cancel_order", self.buyer)
        self.assertEqual(order.state, "cancel")
        self._assert_amounts(paid, "paid", paid=300, open=300)
        self.assertEqual(planned.state, "cancelled")
        to_do = paid.activity_ids.ensure_one()
        self.assertEqual(to_do.user_id, self.buyer)
        self.assertIn("300.00", to_do.summary)

    def test_cashier_pays_a_batch(self):
        deposits = self._two_due()
        self._tour("/odoo/deposits-to-pay", "pay_batch", self.cashier)
        self._assert_paid_together(deposits)

    def test_accountant_registers_a_refund_in_two_parts(self):
        self._rule(30)
        order = self._order(user_id=self.buyer.id)
        deposit = self._deposit(order)
        order.button_cancel()
        self._tour(f"/odoo/supplier-deposits/{deposit.id}", "refund", self.cashier)
        self._assert_amounts(deposit, "done", refunded=300, open=0)
        receipts = deposit.payment_ids.filtered(lambda p: p.payment_type == "inbound")
        self.assertEqual(sorted(receipts.mapped("amount")), [100, 200])
        self.assertFalse(deposit.activity_ids)


@tagged("post_install", "-at_install")
class TestDepositPhoneTour(Phone, DepositTourCase):
    def test_cashier_pays_all_that_is_due(self):
        deposits = self._two_due()
        self._tour("/odoo/deposits-to-pay", "pay_batch_on_phone", self.cashier)
        self._assert_paid_together(deposits)
