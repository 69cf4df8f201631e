from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.approval_matrix_purchase.flow import FlowJudge

from .common import PurchaseApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalFlow(PurchaseApprovalCommon):
    """From submission to the last decision, and what people hear of it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule(cls.manager, cls.director)

    def test_confirm_submits(self):
        order = self._submitted()
        self.assertEqual(order.state, "to approve")
        self.assertEqual(order.approval_state, "open")
        self.assertEqual(order.approval_holder_ids, self.manager)
        self.assertFalse(order.picking_ids)

    def test_last_approval_confirms_and_receives(self):
        order = self._submitted()
        order.with_user(self.manager).action_approve()
        self.assertEqual(order.state, "to approve")
        self.assertEqual(order.approval_holder_ids, self.director)
        order.with_user(self.director).action_approve("go")
        self.assertEqual(order.state, "purchase")
        self.assertEqual(order.approval_state, "approved")
        self.assertTrue(order.picking_ids)

    def test_steps_are_asked_in_order(self):
        order = self._submitted()
        with self.assertRaisesRegex(UserError, "Manager"):
            order.with_user(self.director).action_approve()

    def test_rejection_returns_the_quotation_with_the_reason(self):
        order = self._submitted()
        order.with_user(self.manager).action_reject("Too dear")
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.approval_state, "rejected")
        process = order.sudo().approval_process_id
        self.assertEqual(process.close_reason, "Too dear")
        to_do = order.sudo().activity_ids.filtered(
            lambda activity: activity.user_id == self.buyer
        )
        self.assertIn("Too dear", to_do.note)

    def test_decision_on_terms_the_approver_did_not_see(self):
        order = self._submitted()
        seen = order.with_user(self.manager).with_context(
            approval_process_id=order.sudo().approval_process_id.id
        )
        order.order_line.price_unit = 900000
        for decide in (seen.action_approve, lambda: seen.action_reject("no")):
            with self.assertRaisesRegex(UserError, "Reload"):
                decide()
        self.assertEqual(order.approval_holder_ids, self.manager)

    def test_rejection_needs_a_reason(self):
        order = self._submitted()
        for reason in (None, "", "   "):
            with self.assertRaises(UserError):
                order.with_user(self.manager).action_reject(reason)
        self.assertEqual(order.approval_state, "open")

    def test_rejected_order_can_be_submitted_again(self):
        order = self._submitted()
        order.with_user(self.manager).action_reject("Too dear")
        order.order_line.price_unit = 8000
        order.button_confirm()
        self.assertEqual(order.approval_state, "open")
        self.assertEqual(
            self.env["approval.process"].search_count([("res_id", "=", order.id)]), 2
        )

    def test_withdraw_returns_to_draft(self):
        order = self._submitted()
        order.action_withdraw()
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.approval_state, "withdrawn")

    def test_only_the_requester_withdraws(self):
        order = self._submitted()
        with self.assertRaises(UserError):
            order.with_user(self.manager).action_withdraw()

    def test_cancel_closes_the_request(self):
        order = self._submitted()
        order.button_cancel()
        self.assertEqual(order.approval_state, "cancelled")
        self.assertFalse(order.approval_holder_ids)

    def test_approvers_have_a_to_do_while_it_is_their_turn(self):
        order = self._submitted()

        def people():
            return order.sudo().activity_ids.user_id

        self.assertEqual(people(), self.manager)
        order.with_user(self.manager).action_approve()
        self.assertEqual(people(), self.director)
        order.with_user(self.director).action_approve()
        self.assertFalse(people())

    def test_orders_are_found_by_their_approval(self):
        Order = self.env(user=self.buyer)["purchase.order"]
        plain, waiting = self._order(), self._submitted()
        mine = [("id", "in", (plain | waiting).ids)]
        for state, found in (("open", waiting), (False, plain)):
            domain = [("approval_state", "=", state)]
            self.assertEqual(Order.search(mine + domain), found)
        self.assertEqual(
            Order.search([*mine, ("approval_state", "!=", False)]), waiting
        )
        self.assertEqual(
            Order.search([*mine, ("approval_state", "not in", ["open"])]), plain
        )

    def test_rejected_after_receipt_stays_where_it_can_be_corrected(self):
        order = self._approved(price=100, quantity=20)
        order.picking_ids.move_ids.quantity = 20
        order.picking_ids.sudo().button_validate()
        order.order_line.price_unit = 900
        order.with_user(self.manager).action_reject("Not that price")
        self.assertEqual(order.state, "to approve")
        order.order_line.price_unit = 110
        order.with_user(self.manager).action_approve()
        order.with_user(self.director).action_approve()
        self.assertEqual(order.state, "purchase")

    def test_new_date_leaves_a_valid_approval(self):
        order = self._approved()
        order.order_line.date_planned = "2040-01-01 08:00:00"
        order.button_approve()
        self.assertEqual(order.state, "purchase")
        self.assertFalse(order._approval_missing())

    def test_cancelled_order_is_not_submitted(self):
        order = self._approved()
        order.button_cancel()
        order.button_approve()
        self.assertEqual(order.state, "cancel")
        self.assertEqual(order.approval_state, "cancelled")

    def test_comment_is_text(self):
        order = self._submitted()
        order.with_user(self.manager).action_reject("x<y & <b>bold</b>")
        note = order.sudo().activity_ids.note
        self.assertIn("x&lt;y &amp; &lt;b&gt;bold", note)

    def test_buyer_is_notified_of_the_last_approval(self):
        order = self._approved()
        told = self.env["mail.message"].search(
            [
                ("model", "=", "purchase.order"),
                ("res_id", "=", order.id),
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", self.buyer.partner_id.ids),
            ]
        )
        self.assertIn("is approved", "".join(told.mapped("body")))

    def test_buyer_who_reads_on_the_screen_has_it_there_at_once(self):
        self.buyer.notification_type = "inbox"
        order = self._approved()
        notice = self.env["mail.notification"].search(
            [
                ("res_partner_id", "=", self.buyer.partner_id.id),
                ("mail_message_id.res_id", "=", order.id),
                ("mail_message_id.message_type", "=", "user_notification"),
            ]
        )
        self.assertEqual((notice.notification_type, notice.is_read), ("inbox", False))
        self.env.cr.flush()  # what is pushed to browsers
        pushed = "".join(self.env["bus.bus"].search([]).mapped("message"))
        self.assertIn("mail.message/inbox", pushed)
        self.assertIn(f'"message_id":{notice.mail_message_id.id}', pushed)

    def test_last_approval_is_one_note(self):
        notes = (
            self._approved()
            .sudo()
            .message_ids.filtered(lambda message: "Approval complete" in message.body)
        )
        self.assertEqual(len(notes), 1)
        self.assertIn("Approved: Step 2", notes.body)

    def test_one_message_says_what_happened(self):
        order = self._order().with_context(tracking_disable=False)
        self.cr.flush()  # changes of state are told at the end of a transaction
        order.button_confirm()
        self.cr.flush()
        message = order.sudo().message_ids.filtered("tracking_value_ids")
        self.assertIn("Submitted", message.body)
        self.assertEqual(message.tracking_value_ids.new_value_char, "To Approve")

    def test_what_follows_on_the_approval_is_judged_once(self):
        order = self._submitted()
        order.with_user(self.manager).action_approve()
        judged = []
        settle = FlowJudge.settle
        self.patch(
            FlowJudge, "settle", lambda judge: judged.append(judge) or settle(judge)
        )
        order.with_user(self.director).action_approve()
        self.assertEqual(len(judged), 1)

    def test_request_keeps_the_amount_and_what_is_bought(self):
        order = self._order()
        rebate = {"order_id": order.id, "price_unit": -10.0, "product_qty": 1.0}
        order.order_line[0].copy(rebate)
        total = sum(line.price_subtotal for line in order.order_line)
        order.button_confirm()
        process = order.sudo().approval_process_id
        self.assertEqual(process.amount, total)
        self.assertEqual(process.threshold_amount, total + 10.0)

    def test_many_orders_in_one_call(self):
        orders = self._order() | self._order() | self._order()
        orders.button_confirm()
        orders.with_user(self.manager).action_approve()
        orders.with_user(self.director).action_approve()
        self.assertEqual(set(orders.mapped("state")), {"purchase"})

    def test_odoo_approve_button_decides_for_the_holder(self):
        order = self._submitted()
        order.with_user(self.manager).button_approve()
        self.assertEqual(order.approval_holder_ids, self.director)
