from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SpendBudgetCommon


@tagged("post_install", "-at_install")
class TestEscapesMoved(SpendBudgetCommon):
    """What moves between documents, or lies under them, stays in its budget."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls._line(control="block")
        cls.budget = cls.line.budget_id

    def test_merged_quotations_count_once(self):
        orders = self._order(price=100) | self._order(price=100)
        orders.action_merge()
        left = orders.filtered(lambda order: order.state != "cancel")
        self.assertEqual(len(left), 1)
        left.button_confirm()
        self.assertBalance(self.line, committed=200)

    def test_a_line_moved_to_a_quotation_is_released(self):
        order, other = self._confirmed(price=300), self._order(price=100)
        order.order_line.order_id = other
        self.assertBalance(self.line)
        other.button_confirm()
        self.assertBalance(self.line, committed=400)

    def test_bill_line_matched_to_another_order(self):
        first, second = self._confirmed(price=300), self._confirmed(price=300)
        bill = self._bill(first)
        self.assertBalance(self.line, committed=300, actual=300)
        bill.invoice_line_ids.purchase_line_id = second.order_line
        self.assertBalance(self.line, committed=300, actual=300)
        bill.button_draft()
        self.assertBalance(self.line, committed=600)
        bill.invoice_line_ids.quantity = 3
        with self.assertRaises(UserError), self.cr.savepoint():
            bill.action_post()
        bill.invoice_line_ids.quantity = 2
        bill.action_post()
        self.assertBalance(self.line, committed=300, actual=600)

    def test_refund_then_its_reversal(self):
        order = self._confirmed(price=300)
        bill = self._bill(order)
        wizard = (
            self.env["account.move.reversal"]
            .with_context(active_model="account.move", active_ids=bill.ids)
            .create(
                {
                    "date": fields.Date.to_date("2026-07-02"),
                    "journal_id": bill.journal_id.id,
                }
            )
        )
        refund = self.env["account.move"].browse(wizard.reverse_moves()["res_id"])
        refund.action_post()
        self.assertBalance(self.line, committed=300)
        refund.button_draft()
        self.assertBalance(self.line, actual=300)

    def test_other_master_data_is_brought_up_to_date(self):
        line = self.budget.line_ids.create(
            {
                "budget_id": self.budget.id,
                "category_id": self.category.id,
                "amount": 5000,
            }
        )
        order = self._confirmed(
            lines=[
                {"price_unit": 100, "product_qty": 1, "analytic_distribution": False}
            ]
        )
        self.assertBalance(line, committed=100)
        self.product.categ_id = self.env["product.category"].create({"name": "Other"})
        self.assertTrue(self.budget._find_differences())
        self.budget.action_synchronise()
        self.assertBalance(line)
        self.product.categ_id = self.category
        self.budget.action_synchronise()
        self.assertBalance(line, committed=100)
        order.partner_id = self.vendor.copy()
        self.assertBalance(line, committed=100)

    def test_a_department_deleted_or_archived(self):
        child = self._department("Child", self.department)
        line = self._budget(
            {"department_id": self.department.id, "amount": 500}
        ).line_ids
        order = self._confirmed(
            lines=[
                {"price_unit": 100, "product_qty": 1, "analytic_distribution": False}
            ],
            department_id=child.id,
        )
        self.assertBalance(line, committed=100)
        child.active = False
        order.order_line.price_unit = 110
        self.assertBalance(line, committed=110)
        child.unlink()
        line.budget_id.action_synchronise()
        self.env.invalidate_all()
        order.order_line.price_unit = 120
        self.assertEqual(line.budget_id._find_differences(), [])

    def test_an_analytic_plan_deleted(self):
        plan = self.env["account.analytic.plan"].create({"name": "Short"})
        account = self._account("Short", plan)
        order = self._confirmed(
            lines=[
                {
                    "price_unit": 100,
                    "product_qty": 1,
                    "analytic_distribution": {f"{self.clinic.id},{account.id}": 100},
                }
            ],
        )
        self.assertBalance(self.line, committed=100)
        account.unlink()
        plan.unlink()
        order.order_line.price_unit = 110
        self.assertBalance(self.line, committed=110)
