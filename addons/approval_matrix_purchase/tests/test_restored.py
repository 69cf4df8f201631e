from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PurchaseApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalRestored(PurchaseApprovalCommon):
    """Approved terms that are back are approved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule(cls.manager, cls.director, amount_min=2000)
        cls.other = cls._product("Screw")

    def setUp(self):
        super().setUp()
        self.order = self._approved(price=100, quantity=30)
        self.line = self.order.order_line
        self.process = self.order.sudo().approval_process_id

    def _receive(self, quantity):
        receipt = self.order.picking_ids.sudo()
        receipt.move_ids.write({"quantity": quantity, "picked": True})
        receipt.with_context(skip_backorder=True).button_validate()
        self.assertEqual(self.line.qty_received, quantity)

    def _assert_approved_again(self):
        self.assertEqual(self.order.state, "purchase")
        self.assertEqual(self.order.sudo().approval_process_id, self.process)
        self.assertEqual(self.process.state, "approved")
        events = self.process.log_ids.mapped("event")
        self.assertEqual(events[-2:], ["superseded", "restored"])
        self.assertFalse(self.process._find_broken_log())
        self.assertFalse(self.order.approval_editor_ids)
        self.assertFalse(self.order.sudo().approval_base)
        self.assertFalse(self.order.sudo().activity_ids)
        moves = self.order.picking_ids.move_ids.filtered(lambda m: m.state != "cancel")
        self.assertEqual(sum(moves.mapped("product_uom_qty")), self.line.product_qty)

    def _assert_asked(self):
        self.assertEqual(self.order.state, "to approve")
        self.assertEqual(self.order.approval_state, "open")
        self.assertEqual(self.order.approval_holder_ids, self.manager)

    def test_change_taken_back_while_it_waits(self):
        self.line.product_qty = 60
        self._assert_asked()
        change = self.order.sudo().approval_process_id
        self.line.product_qty = 30
        self._assert_approved_again()
        self.assertEqual(change.state, "superseded")

    def test_change_refused_then_restored(self):
        self.line.price_unit = 200
        self.order.with_user(self.manager).action_reject("Too dear")
        self.line.price_unit = 100
        self._assert_approved_again()

    def test_change_withdrawn_then_restored(self):
        self.line.price_unit = 200
        self.order.action_withdraw()
        self.line.price_unit = 100
        self._assert_approved_again()

    def test_confirming_what_was_restored_changes_nothing(self):
        self.line.price_unit = 200
        self.order.action_withdraw()
        self.line.price_unit = 100
        self.order.button_confirm()
        self._assert_approved_again()

    def test_several_changes_in_between(self):
        self.line.price_unit = 200
        self.order.with_user(self.manager).action_reject("Too dear")
        self.line.price_unit = 150
        self.order.button_confirm()
        self.order.with_user(self.manager).action_reject("Still too dear")
        self.line.price_unit = 100
        self._assert_approved_again()

    def test_restored_after_receipt(self):
        self._receive(30)
        self.line.price_unit = 200
        self.order.with_user(self.manager).action_reject("Too dear")
        self.assertEqual(self.order.state, "to approve")
        self.line.price_unit = 100
        self._assert_approved_again()

    def test_restored_by_somebody_else(self):
        self.line.price_unit = 200
        self.line.with_user(self.manager).price_unit = 100
        self._assert_approved_again()

    def test_with_another_date_only(self):
        self.line.price_unit = 200
        self.line.write({"price_unit": 100, "date_planned": "2040-01-01 08:00:00"})
        self.assertEqual(self.order.state, "purchase")
        self.assertEqual(
            self.process.log_ids.mapped("event")[-2:], ["restored", "kept"]
        )

    def test_changed_again_after_it_was_restored(self):
        self.line.price_unit = 200
        self.line.price_unit = 100
        self.line.price_unit = 300
        self._assert_asked()
        self.assertIn("100.00", self.order.sudo().approval_process_id.changes_html)

    def test_terms_approved_before_the_last_change(self):
        self.line.price_unit = 200
        self.order.with_user(self.manager).action_approve()
        self.order.with_user(self.director).action_approve()
        self.line.price_unit = 300
        self.line.price_unit = 100
        self._assert_asked()

    def test_another_rule_matches_now(self):
        self.line.price_unit = 200
        self.rule.sequence = 20
        self._rule(self.manager, sequence=1)
        self.line.price_unit = 100
        self._assert_asked()

    def test_rule_has_a_new_step(self):
        self.line.price_unit = 200
        self.rule.step_ids = [
            Command.create({"name": "Third", "user_ids": self.admin.ids})
        ]
        self.line.price_unit = 100
        self._assert_asked()

    def test_rule_asks_more_people_of_a_step(self):
        self.line.price_unit = 200
        self.rule.step_ids[0].write(
            {"user_ids": (self.manager | self.admin).ids, "quorum": "all"}
        )
        self.line.price_unit = 100
        self.assertEqual(self.order.approval_state, "open")

    def test_rule_asks_somebody_else(self):
        self.line.price_unit = 200
        self.rule.step_ids[1].user_ids = self.admin
        self.line.price_unit = 100
        self._assert_asked()

    def test_rule_renamed(self):
        self.line.price_unit = 200
        self.rule.step_ids[1].name = "Board"
        self.line.price_unit = 100
        self._assert_approved_again()

    def test_refused_terms_are_not_approved_by_an_older_approval(self):
        self.line.price_unit = 200
        stricter = self._rule(self.manager, sequence=1)
        self.line.price_unit = 100
        self._assert_asked()
        stricter.active = False
        self.order.with_user(self.manager).action_reject("Not any more")
        self.assertEqual(self.order.state, "draft")
        self.line.price_unit = 100
        self.order.button_confirm()
        self._assert_asked()

    def test_cancelled_order_is_not_restored(self):
        self.line.price_unit = 200
        self.order.action_withdraw()
        self.order.button_cancel()
        self.order.button_draft()
        self.line.price_unit = 100
        self.assertEqual(self.order.state, "draft")
        self.order.button_confirm()
        self._assert_asked()

    def test_never_approved_order_is_asked(self):
        order = self._submitted(price=5000)
        order.order_line.price_unit = 6000
        order.order_line.price_unit = 5000
        self.assertEqual(order.approval_state, "open")

    # ------------------------------------------------------------
    # NO RULE ANY MORE
    # ------------------------------------------------------------

    def test_lowered_below_every_rule(self):
        self._receive(3)
        self.line.product_qty = 60
        self._assert_asked()
        self.line.product_qty = 15
        self.assertEqual(self.order.state, "purchase")
        self.assertFalse(self.order.approval_holder_ids)

    def test_refused_with_receipt_then_lowered_below_every_rule(self):
        self._receive(3)
        self.line.product_qty = 60
        self.order.with_user(self.manager).action_reject("No")
        self.line.product_qty = 15
        self.assertEqual(self.order.state, "purchase")

    def test_lowered_below_every_rule_under_double_validation(self):
        self.company.write(
            {"po_double_validation": "two_step", "po_double_validation_amount": 0}
        )
        self.line.product_qty = 60
        self.line.product_qty = 15
        self.assertEqual(self.order.state, "purchase")

    def test_small_order_enlarged_and_lowered_again(self):
        order = self._order(price=100)
        order.button_confirm()
        order.order_line.product_qty = 50
        self.assertEqual(order.state, "to approve")
        order.order_line.product_qty = 2
        self.assertEqual(order.state, "purchase")

    def test_small_order_enlarged_by_a_line_from_elsewhere(self):
        order = self._order(price=100)
        other = self._order(price=100, quantity=50)
        order.button_confirm()
        other.order_line.order_id = order
        self.assertEqual(order.state, "to approve")
        order.order_line[1].unlink()
        self.assertEqual(order.state, "purchase")

    def test_never_confirmed_order_goes_back_to_its_buyer(self):
        order = self._submitted(price=5000)
        order.order_line.price_unit = 10
        self.assertEqual(order.state, "draft")

    # ------------------------------------------------------------
    # ONE CLICK
    # ------------------------------------------------------------

    def _change_much(self):
        payment = self.env["account.payment.term"].create({"name": "Now"})
        vendor = self.vendor.copy({"name": "Other"})
        tax = self.env["account.tax"].create(
            {"name": "Duty", "amount": 5, "type_tax_use": "purchase"}
        )
        self.order.order_line = [
            Command.create(
                {"product_id": self.other.id, "product_qty": 5, "price_unit": 7}
            ),
        ]
        self.line.write(
            {
                "product_qty": 77,
                "price_unit": 300,
                "discount": 10,
                "name": "Something else",
                "tax_ids": [Command.set(tax.ids)],
                "date_planned": "2040-01-01 08:00:00",
            }
        )
        self.order.write(
            {
                "payment_term_id": payment.id,
                "partner_id": vendor.id,
                "date_order": "2026-01-01 08:00:00",
            }
        )

    def _restore(self, user=None):
        order = self.order.with_user(user or self.buyer)
        order.invalidate_recordset(["approval_can_restore"])
        self.assertTrue(order.approval_can_restore)
        order.action_restore_terms()
        order.invalidate_recordset(["approval_can_restore"])
        self.assertFalse(order.approval_can_restore)

    def test_one_click_while_the_change_waits(self):
        self._change_much()
        self._restore()
        self._assert_approved_again()
        self.assertEqual(self.order._approval_terms(), self.process.terms)

    def test_one_click_after_the_refusal(self):
        self._change_much()
        self.order.with_user(self.manager).action_reject("No")
        self._restore()
        self._assert_approved_again()
        self.assertEqual(self.order._approval_terms(), self.process.terms)

    def test_one_click_by_a_colleague_after_it_was_withdrawn(self):
        self._change_much()
        self.order.action_withdraw()
        self._restore(self.director)
        self._assert_approved_again()

    def test_one_click_makes_removed_lines_again(self):
        self.order.order_line = [
            Command.create(
                {
                    "product_id": self.other.id,
                    "product_qty": 50,
                    "price_unit": 100,
                }
            ),
        ]
        self.line.unlink()
        self.line = self.order.order_line
        self.order.with_user(self.manager).action_reject("No")
        self._restore()
        self.line = self.order.order_line.filtered("product_qty")
        self.assertEqual(self.line.product_id, self.product)
        self._assert_approved_again()

    def test_one_click_after_receipt(self):
        self._receive(3)
        self._change_much()
        self.order.with_user(self.manager).action_reject("No")
        self.assertEqual(self.order.state, "to approve")
        self._restore()
        self.assertEqual(self.order.state, "purchase")

    def test_one_click_of_what_needed_no_approval(self):
        order = self._order(price=100)
        order.button_confirm()
        order.order_line.product_qty = 50
        order.with_user(self.manager).action_reject("No")
        self.assertEqual(order.state, "draft")
        order.action_restore_terms()
        self.assertEqual(order.order_line.product_qty, 1)
        self.assertEqual(order.state, "purchase")

    def test_one_click_asks_where_the_rule_is_stricter_now(self):
        self.line.price_unit = 200
        self.order.action_withdraw()
        self._rule(self.manager, sequence=1)
        self.order.action_restore_terms()
        self.assertEqual(self.line.price_unit, 100)
        self._assert_asked()

    def test_one_click_where_nothing_changed_is_refused(self):
        self.assertFalse(self.order.approval_can_restore)
        with self.assertRaisesRegex(UserError, "no approved terms"):
            self.order.action_restore_terms()

    def test_one_click_is_for_those_who_may_write(self):
        self.line.price_unit = 200
        with self.assertRaises(UserError):
            self.order.with_user(self.care).action_restore_terms()

    def test_one_click_where_a_tax_was_deleted(self):
        tax = self.env["account.tax"].create(
            {"name": "Duty", "amount": 5, "type_tax_use": "purchase"}
        )
        order = self._order(price=5000)
        order.order_line.tax_ids = tax
        order.button_confirm()
        order.with_user(self.manager).action_approve()
        order.with_user(self.director).action_approve()
        order.order_line.tax_ids = False
        tax.unlink()
        with self.assertRaisesRegex(UserError, "does not exist"):
            order.action_restore_terms()

    # ------------------------------------------------------------
    # A WAY OUT
    # ------------------------------------------------------------

    def _stuck(self, state):
        """Leave an order in To Approve with a request that is closed."""
        order = self._submitted(price=5000)
        process = order.sudo().approval_process_id
        process._end(state)
        order.invalidate_recordset()
        return order

    def test_submitted_again_where_nobody_is_asked(self):
        for state in ("rejected", "withdrawn", "superseded", "cancelled"):
            with self.subTest(state=state):
                order = self._stuck(state)
                self.assertEqual(order.approval_next_step, "submit")
                order.action_submit_approval()
                self.assertEqual(order.approval_state, "open")

    def test_confirmed_where_no_rule_applies_any_more(self):
        self.rule.active = False
        for state in ("rejected", "withdrawn", "superseded", "cancelled"):
            with self.subTest(state=state):
                self.rule.active = True
                order = self._stuck(state)
                self.rule.active = False
                self.assertEqual(order.approval_next_step, "confirm")
                order.action_submit_approval()
                self.assertEqual(order.state, "purchase")

    def test_every_state_has_a_way_out(self):
        """Whatever an order and its request are, its buyer can go on."""
        closed = ("approved", "rejected", "withdrawn", "superseded", "cancelled")
        for state in ("draft", "sent", "to approve", "cancel"):
            for request in (None, *closed):
                with self.subTest(state=state, request=request):
                    order = self._stuck(request or "cancelled")
                    values = {} if request else {"approval_process_id": False}
                    order.sudo()._approval_write({"state": state, **values})
                    order.invalidate_recordset()
                    if state == "cancel":
                        order.button_draft()
                    order.action_submit_approval()
                    if order.state != "purchase":
                        self.assertEqual(order.approval_state, "open")
                        order.with_user(self.manager).action_approve()
                        order.with_user(self.director).action_approve()
                    self.assertEqual(order.state, "purchase")

    def test_approved_after_the_rule_was_archived_under_double_validation(self):
        order = self._submitted(price=5000)
        self.company.write(
            {"po_double_validation": "two_step", "po_double_validation_amount": 0}
        )
        self.rule.active = False
        order.with_user(self.manager).action_approve()
        order.with_user(self.director).action_approve()
        self.assertEqual(order.state, "purchase")

    def test_double_validation_after_a_refusal(self):
        """Odoo's own approver finds Odoo's own button."""
        self.company.write(
            {"po_double_validation": "two_step", "po_double_validation_amount": 0}
        )
        order = self._submitted(price=5000)
        order.with_user(self.manager).action_reject("Too dear")
        order.order_line.price_unit = 10
        order.button_confirm()
        self.assertEqual(order.state, "to approve")
        self.assertFalse(order.approval_next_step)
        order.with_user(self.manager).button_approve()
        self.assertEqual(order.state, "purchase")

    def test_refused_with_receipt_is_not_asked_by_saving(self):
        self._receive(3)
        self.line.product_qty = 60
        self.order.with_user(self.manager).action_reject("No")
        self.order.write({"date_order": self.order.date_order})
        self.assertEqual(self.order.approval_state, "rejected")
        self.assertEqual(self.order.approval_next_step, "submit")

    def test_cancelled_and_confirmed_again(self):
        for leave in ("action_withdraw", "button_cancel"):
            with self.subTest(leave=leave):
                order = self._submitted(price=5000)
                getattr(order, leave)()
                if order.state == "cancel":
                    order.button_draft()
                order.button_confirm()
                self.assertEqual(order.approval_state, "open")
