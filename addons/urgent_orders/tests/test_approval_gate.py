from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import UrgentOrdersCommon

FORGED = {
    "skip_validation_check": True,
    "approval_engine": True,
    "approval_watch": {},
    "approval_matrix.watch": {},
    "skip_alternative_check": True,
    "force": True,
    "import_file": True,
    "install_mode": True,
    "tracking_disable": True,
}


@tagged("post_install", "-at_install")
class TestApprovalGate(UrgentOrdersCommon):
    """Every way around the approvers that was seen to work elsewhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule(cls.manager, cls.director, amount_min=1000)

    def assertBlocked(self, order):
        self.assertNotEqual(order.state, "purchase")
        self.assertFalse(order.picking_ids)

    # into the approved state

    def test_buyer_writes_the_state(self):
        for order in (self._order(), self._submitted()):
            with self.assertRaises(UserError), self.cr.savepoint():
                order.write({"state": "purchase"})
            self.assertBlocked(order)

    def test_administrator_and_superuser_write_the_state(self):
        order = self._submitted()
        for env_order in (order.with_user(self.admin), order.sudo()):
            with self.assertRaises(UserError), self.cr.savepoint():
                env_order.write({"state": "purchase"})
        self.assertBlocked(order)

    def test_forged_context(self):
        order = self._submitted()
        with self.assertRaises(UserError), self.cr.savepoint():
            order.with_context(**FORGED).write({"state": "purchase"})
        with self.assertRaises(UserError), self.cr.savepoint():
            order.with_context(**FORGED).button_approve(force=True)
        self.assertBlocked(order)

    def test_create_in_the_approved_state(self):
        with self.assertRaises(UserError), self.cr.savepoint():
            self._order(state="purchase")
        with self.assertRaises(UserError), self.cr.savepoint():
            self.env(user=self.buyer, context={"default_state": "purchase"})[
                "purchase.order"
            ].create(
                {
                    "partner_id": self.vendor.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "product_qty": 1,
                                "price_unit": 5000,
                            }
                        )
                    ],
                }
            )

    def test_import_in_the_approved_state(self):
        result = (
            self.env(user=self.buyer)["purchase.order"]
            .with_context(tracking_disable=True)
            .load(
                [
                    "partner_id/.id",
                    "state",
                    "order_line/product_id/.id",
                    "order_line/product_qty",
                    "order_line/price_unit",
                ],
                [
                    [
                        str(self.vendor.id),
                        "purchase",
                        str(self.product.id),
                        "1",
                        "5000",
                    ]
                ],
            )
        )
        self.assertFalse(result["ids"])
        self.assertTrue(result["messages"])

    def test_vendor_swapped_in_the_confirming_write(self):
        order = self._submitted()
        order.with_user(self.manager).action_approve()
        process = order.sudo().approval_process_id
        other = self.vendor.copy()
        with self.assertRaises(UserError), self.cr.savepoint():
            order.write({"state": "purchase", "partner_id": other.id})
        order.write({"partner_id": other.id})
        self.assertEqual(process.state, "superseded")
        self.assertEqual(order.approval_holder_ids, self.manager)

    def test_cancel_reset_confirm(self):
        order = self._approved()
        order.button_cancel()
        self.assertEqual(order.approval_state, "cancelled")
        with self.assertRaises(UserError), self.cr.savepoint():
            order.write({"state": "purchase"})
        order.button_draft()
        order.button_confirm()
        self.assertEqual(order.state, "to approve")
        self.assertEqual(order.approval_holder_ids, self.manager)

    def test_alternatives_wizard_submits(self):
        if "purchase.requisition.alternative.warning" not in self.env:
            self.skipTest("purchase_requisition is not installed")
        order = self._order()
        other = self._order()
        self.env["purchase.order.group"].create(
            {"order_ids": [Command.set((order | other).ids)]}
        )
        action = order.button_confirm()
        self.assertEqual(order.state, "draft")
        wizard = (
            self.env(user=self.buyer)[action["res_model"]]
            .with_context(**action["context"])
            .create({})
        )
        wizard.action_keep_alternatives()
        self.assertEqual(order.state, "to approve")
        self.assertEqual(order.approval_state, "open")

    def test_system_confirmation_submits_and_goes_on(self):
        order = self._order()
        order.sudo().with_user(self.env.ref("base.user_root")).button_confirm()
        self.assertEqual(order.state, "to approve")
        process = order.sudo().approval_process_id
        self.assertEqual(process.requester_id, self.buyer)

    def test_waiting_state_written_by_hand_submits(self):
        order = self._order()
        order.write({"state": "to approve"})
        self.assertEqual(order.approval_state, "open")

    def test_forged_total(self):
        order = self._order()
        order.write({"amount_total": 10, "amount_untaxed": 10, "amount_total_cc": 10})
        order.button_confirm()
        self.assertEqual(order.state, "to approve")
        order = self._order()
        with self.assertRaises(UserError), self.cr.savepoint():
            order.write({"amount_total": 10, "state": "purchase"})

    def test_archived_rule_called_back_by_the_context(self):
        self._rule(self.care, sequence=1).active = False
        order = self._order().with_context(active_test=False)
        order.button_confirm()
        self.assertEqual(order.approval_holder_ids, self.manager)

    def test_condition_is_judged_in_one_language(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self.rule.domain = "[('order_line.product_id.name', 'ilike', 'bed')]"
        self.product.with_context(lang="vi_VN").name = "Giường"
        order = self._order().with_context(lang="vi_VN")
        order.button_confirm()
        self.assertEqual(order.state, "to approve")

    def test_old_date_with_a_favourable_rate(self):
        foreign = self.env["res.currency"].create(
            {
                "name": "XYZ",
                "symbol": "X",
                "rate_ids": [
                    Command.create({"name": "2001-01-01", "rate": 100.0}),
                    Command.create({"name": "2020-01-01", "rate": 1.0}),
                ],
            }
        )
        order = self._order(currency_id=foreign.id, date_order="2001-06-01")
        order.button_confirm()
        self.assertEqual(order.state, "to approve")

    def test_negative_line_hides_nothing(self):
        for discount in (-8999, -9001):
            order = self._order()
            order.order_line.create(
                {
                    "order_id": order.id,
                    "product_id": self.product.id,
                    "product_qty": 1,
                    "price_unit": discount,
                }
            )
            order.button_confirm()
            self.assertEqual(order.state, "to approve")

    def test_rule_left_without_steps_lets_nothing_through(self):
        with self.assertRaises(ValidationError):
            self.rule.step_ids.unlink()
        self.cr.execute(
            "DELETE FROM approval_rule_step WHERE rule_id = %s", [self.rule.id]
        )
        self.env.invalidate_all()
        order = self._order()
        with self.assertRaisesRegex(UserError, "no step"), self.cr.savepoint():
            order.button_confirm()

    def test_condition_met_after_confirmation(self):
        self.rule.domain = "[('urgency_level_id.is_urgent', '=', True)]"
        order = self._submitted()
        self.assertEqual(order.state, "purchase")
        order.write({"urgency_level_id": self.urgent.id, "urgency_reason": "Now"})
        self.assertEqual(order.state, "to approve")
        self.assertEqual(order.approval_state, "open")

    # who asked and who edited

    def test_date_change_by_the_vendor_clears_nobody(self):
        self.rule.step_ids[0].user_ids += self.buyer
        order = self._submitted()
        public = self.env.ref("base.public_user")
        as_public = order.with_user(public).sudo()
        as_public._update_date_planned_for_lines(
            [(as_public.order_line, order.date_planned.replace(year=2041))]
        )
        process = order.sudo().approval_process_id
        self.assertEqual(process.requester_id, self.buyer)
        self.assertEqual(order.approval_holder_ids, self.manager)
        with self.assertRaises(UserError):
            order.action_approve()

    def test_everybody_who_changed_the_terms_on_the_way_is_kept_out(self):
        self.rule.step_ids[0].user_ids = self.manager | self.director | self.buyer
        self.rule.step_ids[1].unlink()
        order = self._submitted()
        order.with_user(self.director).order_line.price_unit = 9100
        process = order.sudo().approval_process_id
        self.assertEqual(process.requester_id, self.buyer)
        self.assertEqual(order.approval_holder_ids, self.manager)
        with self.assertRaisesRegex(UserError, "0 of the 1"), self.cr.savepoint():
            order.with_user(self.manager).order_line.price_unit = 9200

    def test_sales_never_becomes_the_requester_and_reads_the_price(self):
        order = self._submitted()
        order.with_user(self.care).sudo().order_line.product_qty = 2
        process = order.sudo().approval_process_id
        self.assertEqual(process.requester_id, self.buyer)
        with self.assertRaises(AccessError):
            process.with_user(self.care).read(["amount"])

    def test_vendor_reads_nothing_of_the_approval(self):
        portal = self._user("vendor")
        portal.write(
            {"group_ids": [Command.set(self.env.ref("base.group_portal").ids)]}
        )
        portal.partner_id.parent_id = self.vendor
        order = self._submitted()
        order.with_user(self.manager).action_approve("We would pay more")
        order.message_subscribe(self.vendor.ids)
        mine = order.with_user(portal).with_context(
            allowed_company_ids=self.company.ids
        )
        for name in ("approval_progress", "approval_holder_ids", "urgency_reason"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                mine.read([name])

    # after approval

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
        with self.assertRaisesRegex(UserError, "no more than 20"):
            receipt.button_validate()
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

    # during approval

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

    # decisions

    def test_stranger_cannot_decide(self):
        order = self._submitted()
        for user in (self.care, self.admin, self.director):
            with self.assertRaises(UserError):
                order.with_user(user).action_approve()
            with self.assertRaises(UserError):
                order.with_user(user).action_reject("no")
        self.assertEqual(order.approval_holder_ids, self.manager)

    def test_nobody_writes_processes_tasks_or_log(self):
        order = self._submitted()
        process = order.sudo().approval_process_id
        for records in (process, process.task_ids, process.log_ids):
            for user in (self.buyer, self.manager, self.admin):
                mine = records.with_user(user)
                for attempt in (
                    lambda mine=mine: mine.write({"process_id": False}),
                    lambda mine=mine: mine.unlink(),
                    lambda mine=mine: mine.create({}),
                    lambda mine=mine: mine.copy(),
                    lambda mine=mine: mine.sudo().write({"company_id": False}),
                    lambda mine=mine: mine.sudo().unlink(),
                ):
                    with self.assertRaises(AccessError):
                        attempt()

    def test_forged_editor_is_ignored(self):
        order = self._order(approval_editor_id=self.care.id)
        self.assertEqual(order.approval_editor_id, self.buyer)
        order.with_user(self.manager).write({"approval_editor_id": self.care.id})
        self.assertEqual(order.approval_editor_id, self.buyer)

    def test_nonsense_comment_is_refused_politely(self):
        order = self._submitted().with_user(self.manager)
        for nonsense in ({"a": 1}, [1], 7, object()):
            with self.assertRaises(UserError):
                order.action_approve(nonsense)
            with self.assertRaises(UserError):
                order.action_reject(nonsense)
        self.assertEqual(order.approval_state, "open")

    def test_deciding_twice(self):
        order = self._submitted().with_user(self.manager)
        order.action_approve()
        with self.assertRaises(UserError):
            order.action_approve()
