from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SpendBudgetCommon


@tagged("post_install", "-at_install")
class TestReopened(SpendBudgetCommon):
    """An approved order that was changed reserves what is still open of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["approval.rule"].sudo().create(
            {
                "name": "All",
                "model_id": cls.env["ir.model"]._get_id("purchase.order"),
                "company_id": cls.company.id,
                "step_ids": [
                    Command.create(
                        {
                            "name": "Keeper",
                            "approver_type": "users",
                            "user_ids": [Command.set(cls.manager.ids)],
                        }
                    )
                ],
            }
        )

    def _approve(self, order):
        order.with_user(self.manager).action_approve()
        self.assertEqual(order.state, "purchase")

    def _approved(self, **values):
        order = self._confirmed(**values)
        self._approve(order)
        return order

    def _change(self, order, **values):
        order.order_line[0].write(values)
        self.assertEqual(order.state, "to approve")

    def _add_line(self, order):
        values = {
            "product_id": self.product.id,
            "product_qty": 2,
            "price_unit": 10,
            "tax_ids": [Command.clear()],
            "analytic_distribution": {str(self.clinic.id): 100},
        }
        order.write({"order_line": [Command.create(values)]})

    # ------------------------------------------------------------
    # WHAT IS OPEN
    # ------------------------------------------------------------

    def test_lowered_quantity_reserves_the_rest(self):
        line = self._line(100, control="block")
        order = self._approved(price=8, quantity=10)
        self._bill(order, quantity=6)
        self._change(order, product_qty=9)
        self.assertBalance(line, reserved=24, actual=48)

    def test_all_billed_and_mended_reserves_nothing(self):
        line = self._line(100, control="block")
        order = self._approved(price=8, quantity=10)
        self._bill(order)
        self._change(order, name="Hospital bed, white")
        self.assertBalance(line, actual=80)
        self._approve(order)
        self.assertBalance(line, actual=80)

    def test_line_that_escalates_is_not_over(self):
        line = self._line(100, control="escalate")
        order = self._approved(price=8, quantity=10)
        self._bill(order, quantity=6)
        self._change(order, name="Hospital bed, white")
        self.assertBalance(line, reserved=32, actual=48)
        self.assertEqual(order.budget_state, "within")

    def test_raised_price_holds_for_the_rest_only(self):
        line = self._line(100, control="block")
        order = self._approved(price=8, quantity=10)
        self._bill(order, quantity=6)
        self._change(order, price_unit=13)
        self.assertBalance(line, reserved=52, actual=48)
        with self.assertRaises(UserError), self.cr.savepoint():
            order.order_line.price_unit = 14

    def test_several_bills_and_a_partial_refund(self):
        line = self._line(100, control="block")
        order = self._approved(price=8, quantity=10)
        self._bill(order, quantity=3)
        self._bill(order, quantity=5)
        self._bill(order, quantity=2, move_type="in_refund")
        self._change(order, product_qty=9)
        self.assertBalance(line, reserved=24, actual=48)

    def test_bill_in_another_unit(self):
        line = self._line(10000, control="block")
        order = self._approved(price=100, quantity=24)
        dozen = self.env.ref("uom.product_uom_dozen")
        self._bill(order, quantity=1, price=1200, line={"product_uom_id": dozen.id})
        self._change(order, product_qty=20)
        self.assertBalance(line, reserved=800, actual=1200)

    def test_foreign_order_keeps_its_rate(self):
        foreign = self.setup_other_currency(
            "EUR", rates=[("2026-01-01", 0.5), ("2026-07-01", 0.25)]
        )
        line = self._line()
        order = self._approved(price=10, quantity=10, currency_id=foreign.id)
        self._bill(order, quantity=6)
        self._change(order, product_qty=9)
        self.assertBalance(line, reserved=60, actual=240)

    def test_second_line_added_and_removed(self):
        line = self._line(100, control="block")
        order = self._approved(price=8, quantity=10)
        self._bill(order, quantity=6)
        self._add_line(order)
        self.assertBalance(line, reserved=52, actual=48)
        order.order_line[1].unlink()
        # the approved terms are back, and so is their approval
        self.assertBalance(line, committed=32, actual=48)

    def test_billed_line_removed_leaves_what_was_spent(self):
        line = self._line(100, control="block")
        order = self._approved(price=8, quantity=10)
        bill = self._bill(order, quantity=6)
        self._change(order, product_qty=9)
        self._add_line(order)
        order.order_line[0].unlink()
        self.assertFalse(bill.invoice_line_ids.purchase_line_id)
        self.assertBalance(line, reserved=20, actual=48)

    def test_bill_while_it_waits_takes_from_what_is_reserved(self):
        line = self._line(80, control="block")
        order = self._approved(price=8, quantity=10)
        self._change(order, name="Hospital bed, white")
        self.assertBalance(line, reserved=80)
        bill = self._bill(order, quantity=6)
        self.assertBalance(line, reserved=32, actual=48)
        bill.button_draft()
        self.assertBalance(line, reserved=80)

    # ------------------------------------------------------------
    # EVERY WAY ON
    # ------------------------------------------------------------

    def _reopened(self):
        order = self._approved(price=8, quantity=10)
        bill = self._bill(order, quantity=6)
        self._change(order, product_qty=9)
        return order, bill

    def test_rejected_keeps_the_rest_reserved(self):
        line = self._line(100, control="block")
        order, _bill = self._reopened()
        order.with_user(self.manager).action_reject("Too many")
        self.assertEqual(order.state, "to approve")
        self.assertBalance(line, reserved=24, actual=48)

    def test_withdrawn_keeps_the_rest_reserved(self):
        line = self._line(100, control="block")
        order, _bill = self._reopened()
        order.action_withdraw()
        self.assertBalance(line, reserved=24, actual=48)

    def test_approved_commits_the_rest(self):
        line = self._line(100, control="block")
        order, _bill = self._reopened()
        self._approve(order)
        self.assertBalance(line, committed=24, actual=48)

    def test_cancelled_after_its_bill_holds_nothing(self):
        line = self._line(100, control="block")
        order, bill = self._reopened()
        bill.button_draft()
        self.assertBalance(line, reserved=72)
        bill.button_cancel()
        order.button_cancel()
        self.assertBalance(line)

    def test_opening_a_budget_counts_what_is_open(self):
        order, _bill = self._reopened()
        line = self._line(72, control="block")
        self.assertEqual(order.state, "to approve")
        self.assertBalance(line, reserved=24, actual=48)
