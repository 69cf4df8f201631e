"""Scheduled actions: what they do while nobody looks is told once."""

from odoo import Command, fields
from odoo.tests import tagged
from odoo.tools import SQL

from .common import TimelineCommon
from .money import MoneyCommon


@tagged("post_install", "-at_install")
class TestMoneyByCron(MoneyCommon):
    def test_deposit_by_cron_is_told_once(self):
        """Made due, paid and deducted while nobody looks."""
        line = Command.create(
            {"name": "Later", "percent": 30, "trigger": "before_delivery", "days": 2}
        )
        self._rule(posting="posted", line_ids=[line])
        order = self._order(quantity=5, confirm=False)
        order.order_line.date_planned = "2099-01-01"
        order.with_user(self.buyer).button_confirm()
        deposit = self._deposit(order).sudo()
        self.assertEqual(deposit.state, "planned")
        deposit.date_due = fields.Date.today()
        self._run()
        with self.enter_registry_test_mode():
            self.env.ref("supplier_deposit.ir_cron_due").method_direct_trigger()
        self._bill(order)
        self._run()
        kinds = self._kinds(purchase_id=order.id)
        for kind in ("deposit.planned", "deposit.paid", "deposit.done", "payment.paid"):
            self.assertEqual(kinds.count(kind), 1, kind)
        self._check_whole()

    def test_limit_by_cron_is_told_once(self):
        """What follows when nobody decides in time, while nobody looks."""
        rule = self.env["approval.rule"].sudo()
        (step,) = rule.search(
            [("name", "=", "purchase.order"), ("company_id", "=", self.company.id)]
        ).step_ids
        for way, kind in (
            ("remind", "approval.reminded"),
            ("escalate", "approval.escalated"),
            ("reject", "approval.rejected"),
        ):
            step.write(
                {
                    "limit_hours": 2,
                    "on_timeout": way,
                    "escalation_user_id": self.cashier.id,
                }
            )
            purchase = self._order(quantity=20, user=self.buyer)
            self._run()
            self.assertIn("approval.submitted", self._kinds(purchase_id=purchase.id))
            self.env.cr.execute(
                SQL(
                    "UPDATE approval_task SET due_at = activated_at"
                    " - INTERVAL '1 minute' WHERE process_id = %s",
                    purchase.approval_process_id.id,
                )
            )
            self.env.invalidate_all()
            for _time in range(2):
                with self.enter_registry_test_mode():
                    cron = self.env.ref("approval_matrix.ir_cron_limits")
                    cron.method_direct_trigger()
            self._run()
            with self.subTest(way=way):
                kinds = self._kinds(purchase_id=purchase.id)
                self.assertEqual(kinds.count(kind), 1)
        self._check_whole()


@tagged("post_install", "-at_install")
class TestByCron(TimelineCommon):
    def _run_cron(self, name):
        with self.enter_registry_test_mode():
            self.env.ref(name).method_direct_trigger()
        self.env.invalidate_all()
        self._run()

    def test_purchase_of_the_scheduler_is_told_once(self):
        self.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": self.chair.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "product_min_qty": 3,
                "product_max_qty": 9,
            }
        )
        self._run()
        for _time in range(2):
            self._run_cron("stock.ir_cron_scheduler_action")
        lines = self.env["purchase.order.line"].search(
            [("product_id", "=", self.chair.id)]
        )
        self.assertEqual(self._count(lines.order_id), {"purchase.quoted": 1})
        self._check_whole()

    def test_invoice_that_is_posted_by_itself_is_told_once(self):
        order = self._sale(product=self.chair)
        order.order_line.qty_delivered = 5
        invoice = order._create_invoices()
        invoice.write({"auto_post": "at_date", "date": fields.Date.today()})
        self._run()
        self.assertEqual(self._count(invoice, sale_id=order.id), {"invoice.draft": 1})
        for _time in range(2):
            self._run_cron("account.ir_cron_auto_post_draft_entry")
        self.assertEqual(
            self._count(invoice, sale_id=order.id),
            {"invoice.draft": 1, "invoice.posted": 1},
        )
        self._check_whole()
