from email.message import EmailMessage

from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import FORGED, PurchaseApprovalCommon


@tagged("post_install", "-at_install")
class TestSecondWays(PurchaseApprovalCommon):
    """What approvers have not read gets past them by no other way that Odoo has."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._user("second", "purchase.group_purchase_manager")
        cls.rule = cls._rule(cls.manager | cls.second, cls.director)

    def assertKeptOut(self, order, user):
        self.assertNotIn(user, order.approval_holder_ids)
        with self.assertRaises(AccessError):
            order.with_user(user).action_approve()

    def assertWaits(self, order):
        """Nobody has decided, and nothing of the order is approved."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(order.state, "to approve")
        tasks = order.sudo().approval_process_id.task_ids
        self.assertEqual(set(tasks.mapped("state")), {"active", "waiting"})
        self.assertEqual(order._approval_missing(), order)

    # merged, and moved

    def _merged(self, first, second, user):
        (first | second).with_user(user).action_merge()
        self.env.flush_all()
        self.env.invalidate_all()
        orders = (first | second).filtered(lambda order: order.state == "draft")
        self.assertEqual(len(orders), 1)
        return orders

    def test_who_merges_quotations_does_not_approve_them(self):
        order = self._merged(self._order(), self._order(), self.manager)
        order.button_confirm()
        self.assertKeptOut(order, self.manager)

    def test_who_set_the_price_of_what_is_merged_does_not_approve_it(self):
        """By whose hand the quantities are added: the lower price is theirs."""
        first, second = self._order(), self._order()
        second.with_user(self.manager).order_line.price_unit = 99
        order = self._merged(first, second, self.buyer)
        self.assertEqual(order.order_line.price_unit, 99)
        self.assertEqual(order.approval_editor_ids[-1], self.buyer.id)
        order.button_confirm()
        self.assertKeptOut(order, self.manager)
        order.with_user(self.second).action_approve()

    def test_who_set_the_price_of_a_line_that_is_merged_does_not_approve_it(self):
        first, second = self._order(), self._order()
        other = self._product("Mattress")
        line = second.with_user(self.manager).order_line
        line.write({"product_id": other.id, "price_unit": 12345})
        order = self._merged(first, second, self.buyer)
        self.assertEqual(set(order.order_line.mapped("price_unit")), {9000, 12345})
        order.button_confirm()
        self.assertKeptOut(order, self.manager)

    def test_who_set_the_price_of_a_line_that_is_moved_does_not_approve_it(self):
        order, other = self._order(), self._order()
        other.with_user(self.manager).order_line.price_unit = 12345
        other.order_line.order_id = order
        self.assertEqual(order.approval_editor_ids[-1], self.buyer.id)
        order.button_confirm()
        self.assertKeptOut(order, self.manager)

    def test_what_waits_is_not_merged(self):
        order, other = self._submitted(), self._order()
        with self.assertRaises(UserError):
            (order | other).action_merge()
        self.assertWaits(order)

    # copied

    def test_copy_of_what_is_approved_is_not(self):
        order = self._submitted()
        order.with_user(self.second).action_approve()
        order.with_user(self.director).action_approve()
        self.assertEqual(order.state, "purchase")
        process = order.sudo().approval_process_id.id
        copy = order.copy({"approval_process_id": process, "approval_editor_ids": []})
        self.assertEqual(copy.state, "draft")
        self.assertFalse(copy.approval_process_id)
        self.assertEqual(copy.approval_editor_ids, self.buyer.ids)
        copy.button_confirm()
        self.assertWaits(copy)
        with self.assertRaises(UserError):
            order.copy({"state": "purchase"})

    # imported

    def test_import_by_ids_approves_nothing(self):
        order = self._submitted()
        for names, row in (
            ([".id", "state"], [str(order.id), "purchase"]),
            ([".id", "approval_process_id/.id"], [str(order.id), "False"]),
            ([".id", "approval_editor_ids"], [str(order.id), "[]"]),
        ):
            with self.subTest(names[1]):
                before = order.sudo().approval_process_id
                editors = order.approval_editor_ids
                order.with_context(**FORGED).load(names, [row])
                self.assertWaits(order)
                self.assertEqual(order.sudo().approval_process_id, before)
                self.assertEqual(order.approval_editor_ids, editors)

    def test_import_by_ids_changes_no_approved_price(self):
        order = self._submitted()
        order.with_user(self.second).action_approve()
        order.with_user(self.director).action_approve()
        result = order.with_context(**FORGED).load(
            [".id", "order_line/.id", "order_line/price_unit"],
            [[str(order.id), str(order.order_line.id), "12000"]],
        )
        self.assertFalse(result["messages"])
        self.assertEqual(order.order_line.price_unit, 12000)
        self.assertWaits(order)

    # answered by e-mail

    def test_an_answer_by_email_decides_nothing(self):
        order = self._submitted()
        posted = order.sudo().message_post(body="Sent to the approvers.")
        answer = EmailMessage()
        answer["From"] = self.manager.email_formatted
        answer["To"] = "office@urgent.example"
        answer["Subject"] = f"Re: {order.name}"
        answer["In-Reply-To"] = answer["References"] = posted.message_id
        answer["Message-Id"] = "<answer@urgent.example>"
        answer.set_content("Approved.")
        self.env.flush_all()
        self.env["mail.thread"].message_process("purchase.order", answer.as_string())
        said = order.sudo().message_ids.filtered(lambda each: "Approved." in each.body)
        self.assertEqual(said.author_id, self.manager.partner_id)
        self.assertWaits(order)

    # chosen among alternatives

    def test_lines_of_a_refused_order_stay_with_who_wrote_them(self):
        order = self._order()
        order.with_user(self.manager).order_line.price_unit = 12345
        order.button_confirm()
        order.with_user(self.second).action_reject("Too dear")
        other = self._order(price=5)
        other.write({"order_line": [Command.link(order.order_line.id)]})
        self.assertIn(12345, other.order_line.mapped("price_unit"))
        other.button_confirm()
        self.assertKeptOut(other, self.manager)


@tagged("post_install", "-at_install")
class TestPostedByItself(PurchaseApprovalCommon):
    """What Odoo posts by itself is no more than what was approved."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_bills()
        cls.rule = cls._rule(cls.manager)
        cls.order = cls._submitted(quantity=10)
        cls.order.with_user(cls.manager).action_approve()

    def test_a_bill_beyond_the_order_is_not_posted_when_its_day_comes(self):
        lines = [
            {
                "purchase_line_id": self.order.order_line.id,
                "product_id": self.product.id,
                "quantity": 11,
                "price_unit": 9000,
            }
        ]
        bill = self._bill(lines=lines)
        bill.write({"auto_post": "at_date", "date": "2026-01-15"})
        bill.sudo()._post()
        self.assertEqual(bill.state, "draft")
