from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import PurchaseApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalPeople(PurchaseApprovalCommon):
    """Who asked, who edited, and who may decide."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule(cls.manager, cls.director, amount_min=1000)

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

    def test_everybody_who_changed_the_terms_on_the_way_is_excluded(self):
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

    def test_sales_whose_order_the_system_submits_does_not_read_the_price(self):
        order = self._order(user_id=self.care.id, user=self.env.ref("base.user_root"))
        order.button_confirm()
        process = order.approval_process_id
        with self.assertRaises(AccessError):
            process.with_user(self.care).read(["amount"])
        self.assertIn(self.care.id, process.excluded_ids)

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
        for name in ("approval_progress", "approval_holder_ids"):
            with self.subTest(name=name), self.assertRaises(AccessError):
                mine.read([name])

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
        forged = {"approval_editor_ids": self.care.ids, "approval_base": {"a": 1}}
        order = self._order(**forged)
        self.assertEqual(order.approval_editor_ids, self.buyer.ids)
        order.with_user(self.manager).write(forged)
        self.assertEqual(order.approval_editor_ids, self.buyer.ids)
        self.assertFalse(order.sudo().approval_base)

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
