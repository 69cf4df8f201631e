from odoo import fields
from odoo.tests import tagged

from odoo.addons.supplier_deposit.models import supplier_deposit_plan

from .common import CashCommon


@tagged("post_install", "-at_install")
class TestCashFloor(CashCommon):
    """The cash is projected once for all deposits that become due together."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.bank.cash_floor = 5.0

    def _count_projections(self):
        """Count how often the cash is projected from now on."""
        model = self.env.registry["supplier.deposit"]
        project = model._project_cash
        calls = []

        def counted(deposits, *args):
            calls.append(args)
            return project(deposits, *args)

        self.patch(model, "_project_cash", counted)
        return calls

    def _orders(self, number):
        orders = self.env["purchase.order"]
        for _number in range(number):
            orders |= self._order(confirm=False)
        return orders

    def test_orders_confirmed_together_are_judged_together(self):
        self._rule(30)
        orders = self._orders(3)
        calls = self._count_projections()
        orders.with_user(self.buyer).button_confirm()
        deposits = orders.deposit_ids
        self.assertEqual(len(calls), 1)
        self.assertEqual(deposits.mapped("state"), ["paid"] * 3)
        # each with the others in it, those too that were paid before it
        self.assertEqual(len(set(deposits.sudo().mapped("cash_lowest"))), 1)
        self.assertEqual(set(deposits.mapped("under_floor")), {True})

    def test_deposits_of_one_order_are_judged_together(self):
        self._rule(30, 20)
        calls = self._count_projections()
        order = self._order()
        self.assertEqual(len(calls), 1)
        self.assertEqual(len(order.deposit_ids), 2)

    def test_cron_judges_a_batch_together(self):
        self.patch(supplier_deposit_plan, "BATCH", 2)
        rule = self._rule(30)
        rule.line_ids.write({"trigger": "before_delivery", "days": 7})
        orders = self._orders(3)
        orders.order_line.date_planned = fields.Datetime.add(
            fields.Datetime.now(), days=20
        )
        orders.button_confirm()
        orders.deposit_ids.sudo().date_due = fields.Date.today()
        calls = self._count_projections()
        with self.enter_registry_test_mode():
            self.env.ref("supplier_deposit.ir_cron_due").method_direct_trigger()
        self.env.invalidate_all()
        self.assertEqual(orders.deposit_ids.mapped("state"), ["paid"] * 3)
        self.assertEqual(len(calls), 2)
