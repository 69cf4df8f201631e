from odoo import Command
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

from .common import FORGED, PurchaseApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalTerms(PurchaseApprovalCommon):
    """Terms that change while they are approved, and afterwards."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule(cls.manager, cls.director, amount_min=1000)

    def test_free_line_added_after_approval(self):
        order = self._approved()
        order.order_line.create(
            {
                "order_id": order.id,
                "product_id": self.product.id,
                "product_qty": 0,
                "price_unit": 900000,
            }
        )
        self.assertEqual(order.state, "to approve")

    def test_line_price_raised_after_approval(self):
        order = self._approved()
        order.order_line.write({"price_unit": 900000})
        self.assertEqual(order.state, "to approve")
        self.assertEqual(order.approval_holder_ids, self.manager)

    def test_line_price_raised_after_approval_with_forged_context(self):
        order = self._approved()
        order.order_line.with_context(**FORGED).write({"price_unit": 900000})
        self.assertEqual(order.state, "to approve")

    def test_line_added_after_approval(self):
        order = self._approved()
        self.env(user=self.buyer)["purchase.order.line"].create(
            {
                "order_id": order.id,
                "product_id": self.product.id,
                "product_qty": 5,
                "price_unit": 100,
            }
        )
        self.assertEqual(order.state, "to approve")

    def test_line_added_after_approval_through_the_context(self):
        order = self._approved()
        self.env(user=self.buyer, context={"default_order_id": order.id})[
            "purchase.order.line"
        ].create(
            {
                "name": "Bed",
                "product_id": self.product.id,
                "product_uom_id": self.product.uom_id.id,
                "date_planned": "2040-01-01",
                "product_qty": 5,
                "price_unit": 100,
            }
        )
        self.assertEqual(order.state, "to approve")

    def test_receipts_wait_for_the_new_approval(self):
        order = self._approved(price=100, quantity=20)
        order.write(
            {"order_line": [Command.update(order.order_line.id, {"product_qty": 25})]}
        )
        self.assertEqual(order.state, "to approve")
        self.assertEqual(order.picking_ids.move_ids.product_uom_qty, 20)

    def test_line_moved_to_an_approved_order(self):
        approved = self._approved()
        other = self._order(price=500)
        other.order_line.write({"order_id": approved.id})
        self.assertEqual(approved.state, "to approve")

    def test_product_swapped_after_approval(self):
        order = self._approved()
        order.order_line.product_id = self.product.copy()
        self.assertEqual(order.state, "to approve")

    def test_small_order_enlarged_after_confirmation(self):
        order = self._order(price=10)
        order.button_confirm()
        self.assertEqual(order.state, "purchase")
        order.order_line.write({"price_unit": 900000})
        self.assertEqual(order.state, "to approve")
        self.assertEqual(order.approval_state, "open")

    def test_reapproval_receives_the_difference_only(self):
        order = self._approved(price=100, quantity=20)
        order.order_line.product_qty = 25
        order.with_user(self.manager).action_approve()
        order.with_user(self.director).action_approve()
        self.assertEqual(order.state, "purchase")
        moves = order.picking_ids.move_ids.filtered(lambda m: m.state != "cancel")
        self.assertEqual(sum(moves.mapped("product_uom_qty")), 25)

    def test_new_date_keeps_the_approval(self):
        order = self._approved()
        process = order.sudo().approval_process_id
        order.order_line.date_planned = "2040-01-01 08:00:00"
        self.assertEqual(order.state, "purchase")
        self.assertIn("kept", process.log_ids.mapped("event"))

    def test_other_terms_changed_after_approval(self):
        payment = self.env["account.payment.term"].create({"name": "Now"})
        address = self.vendor.copy()
        for record, values in (
            ("order", {"payment_term_id": payment.id}),
            ("line", {"name": "Something else"}),
            ("line", {"discount": -50}),
            ("order", {"partner_id": address.id}),
        ):
            with self.subTest(values=values):
                order = self._approved()
                (order if record == "order" else order.order_line).write(values)
                self.assertEqual(order.state, "to approve")

    def test_no_more_than_approved_is_received_meanwhile(self):
        order = self._approved(price=100, quantity=20)
        order.order_line.product_qty = 40
        receipt = order.picking_ids.sudo()
        receipt.move_ids.write({"quantity": 40, "picked": True})
        action = receipt.button_validate()
        self.assertEqual(action["res_model"], "purchase.excess.ask")
        with self.assertRaisesRegex(RedirectWarning, "above the 20 approved"):
            receipt._action_done()
        receipt.move_ids.write({"quantity": 20, "picked": True})
        receipt.button_validate()
        self.assertEqual(order.order_line.qty_received, 20)

    def test_change_within_the_tolerance_keeps_the_approval(self):
        self.rule.tolerance = 5
        order = self._approved()
        for price in (9400, 8600):
            order.order_line.price_unit = price
            self.assertEqual(order.state, "purchase")
        order.order_line.price_unit = 9500
        self.assertEqual(order.state, "to approve")

    def test_small_steps_do_not_creep_past_the_tolerance(self):
        self.rule.tolerance = 5
        order = self._approved()
        order.order_line.price_unit = 9300
        self.assertEqual(order.state, "purchase")
        order.order_line.price_unit = 9600
        self.assertEqual(order.state, "to approve")

    def test_tolerance_is_for_the_same_goods_only(self):
        self.rule.tolerance = 50
        order = self._approved()
        order.order_line.product_id = self.product.copy()
        self.assertEqual(order.state, "to approve")

    def test_tolerance_is_that_of_the_start(self):
        order = self._approved()
        self.rule.tolerance = 50
        order.order_line.price_unit = 9001
        self.assertEqual(order.state, "to approve")

    def test_what_changed_is_shown(self):
        order = self._approved()
        order.order_line.price_unit = 12345
        changes = order.sudo().approval_process_id.changes_html
        self.assertIn("12,345", changes)
        self.assertIn("9,000", changes)

    def test_what_is_not_a_term_keeps_the_approval(self):
        order = self._approved()
        order.write({"partner_ref": "V-1", "priority": "1", "note": "thanks"})
        self.assertEqual(order.state, "purchase")
        self.assertEqual(order.approval_state, "approved")

    def test_orders_confirmed_before_the_rule_are_left_alone(self):
        self.rule.active = False
        order = self._submitted()
        self.rule.active = True
        order.write({"partner_ref": "V-1"})
        order.order_line.price_unit = order.order_line.price_unit
        self.assertEqual(order.state, "purchase")

    def test_terms_changed_during_approval_start_again(self):
        order = self._submitted()
        order.with_user(self.manager).action_approve()
        process = order.sudo().approval_process_id
        order.order_line.price_unit = 9500
        self.assertEqual(process.state, "superseded")
        self.assertEqual(order.approval_holder_ids, self.manager)

    def test_lowered_under_the_limit_goes_back_to_the_buyer(self):
        order = self._submitted()
        order.order_line.price_unit = 10
        self.assertEqual(order.state, "draft")
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_terms_changed_behind_the_orm_are_not_approved(self):
        order = self._submitted()
        order.flush_recordset()
        self.cr.execute(
            "UPDATE purchase_order_line SET price_unit = 1 WHERE order_id = %s",
            [order.id],
        )
        self.env.invalidate_all()
        with self.assertRaisesRegex(UserError, "changed"):
            order.with_user(self.manager).action_approve()
