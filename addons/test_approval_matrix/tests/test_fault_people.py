from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import DocumentCommon


@tagged("post_install", "-at_install")
class TestFaultPeople(DocumentCommon):
    """Approvers who are deleted, leave the company or lose their group."""

    def _to_do(self, document):
        """Return the notes of what the requester has to do."""
        mine = document.sudo().activity_ids.filtered(
            lambda activity: activity.user_id == self.clerk
        )
        return " ".join(mine.mapped("note"))

    def _leave(self, user):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        user.write(
            {"company_ids": [Command.set(elsewhere.ids)], "company_id": elsewhere.id}
        )

    def _group(self, users):
        group = self.env["res.groups"].create(
            {"name": "Board", "user_ids": [Command.set(users.ids)]}
        )
        self.step.write({"approver_type": "group", "group_id": group.id})
        return group

    # deleted

    def test_user_on_record_is_not_deleted(self):
        document = self._submitted()
        document.with_user(self.lead).action_forward(self.head.id, "You know them")
        for user in (self.lead, self.head, self.clerk):
            with self.subTest(user=user.name):
                with self.assertRaisesRegex(UserError, f"{user.name}.*[Aa]rchive"):
                    user.unlink()
        document.with_user(self.head).action_approve()
        self.assertEqual(document.state, "done")

    def test_user_on_no_record_is_deleted_and_missed_when_submitting(self):
        self.lead.unlink()
        with (
            self.assertRaisesRegex(UserError, "“Step” .* 0 of the 1"),
            self.cr.savepoint(),
        ):
            self._submitted()

    # archived

    def test_quorum_that_archived_approvers_leave_out_of_reach_is_told(self):
        self.step.write(
            {"user_ids": [Command.set((self.lead | self.head).ids)], "quorum": "all"}
        )
        document = self._submitted()
        self.lead.active = False
        self.assertIn("submit it again", self._to_do(document))
        document.with_user(self.head).action_approve()
        self.assertEqual(document.state, "waiting")
        document.action_withdraw()
        document.action_submit_approval()
        document.with_user(self.head).action_approve()
        self.assertEqual(document.state, "done")

    def test_archived_approver_whose_part_is_not_needed_bothers_nobody(self):
        self.step.user_ids += self.head
        document = self._submitted()
        self.lead.active = False
        self.assertFalse(self._to_do(document))
        document.with_user(self.head).action_approve()
        self.assertEqual(document.state, "done")

    def test_approver_archived_before_their_turn_hands_on_to_the_manager(self):
        boss = self._employee(self.other)
        self._employee(self.head, manager=boss)
        self.rule.step_ids = [
            self._step(name="Second", user_ids=self.head, sequence=20)
        ]
        document = self._submitted()
        self.head.active = False
        document.with_user(self.lead).action_approve()
        self.assertEqual(document.approval_holder_ids, self.other)
        document.with_user(self.other).action_approve()
        self.assertEqual(document.state, "done")

    def test_requester_is_told_when_the_turn_of_an_archived_approver_comes(self):
        self.rule.step_ids = [
            self._step(name="Second", user_ids=self.head, sequence=20)
        ]
        document = self._submitted()
        self.head.active = False
        self.assertFalse(self._to_do(document))
        document.with_user(self.lead).action_approve()
        self.assertIn("step “Second”", self._to_do(document))

    # without the company

    def test_who_left_the_company_does_not_decide(self):
        document = self._submitted()
        self._leave(self.lead)
        mine = document.with_user(self.lead)
        for decide in (
            mine.action_approve,
            lambda: mine.action_reject("no"),
            lambda: mine.action_forward(self.head.id, "You do it"),
            lambda: mine.action_ask_information("Why?"),
        ):
            with self.assertRaises(UserError), self.cr.savepoint():
                decide()
        self.assertEqual(document.state, "waiting")

    def test_who_left_the_company_hands_on_to_the_manager(self):
        boss = self._employee(self.head)
        self._employee(self.lead, manager=boss)
        document = self._submitted()
        self._leave(self.lead)
        self.assertEqual(document.approval_holder_ids, self.head)
        document.with_user(self.head).action_approve()
        self.assertEqual(document.state, "done")

    def test_requester_is_told_that_the_approver_left_the_company(self):
        document = self._submitted()
        self._leave(self.lead)
        self.assertIn("submit it again", self._to_do(document))

    def test_one_more_company_moves_nothing(self):
        document = self._submitted()
        another = self.env["res.company"].create({"name": "Another"})
        self.lead.company_ids += another
        self.assertEqual(self._events(document), ["submitted"])
        self.assertEqual(document.approval_holder_ids, self.lead)

    def test_approver_who_became_a_customer_does_not_decide(self):
        document = self._submitted()
        portal = self.env.ref("base.group_portal")
        self.lead.group_ids = [Command.set(portal.ids)]
        with self.assertRaises(UserError), self.cr.savepoint():
            document.with_user(self.lead).action_approve()
        self.assertIn("submit it again", self._to_do(document))

    # groups

    def test_group_emptied_while_it_is_asked(self):
        group = self._group(self.head)
        document = self._submitted()
        group.user_ids = [Command.clear()]
        self.assertEqual(document.approval_holder_ids, self.head)
        document.with_user(self.head).action_approve()
        self.assertEqual(document.state, "done")

    def test_empty_group_is_refused_by_the_name_of_the_step(self):
        group = self._group(self.head)
        group.user_ids = [Command.clear()]
        document = self._document()
        with (
            self.assertRaisesRegex(UserError, "“Step” .* 0 of the 1"),
            self.cr.savepoint(),
        ):
            document.action_submit_approval()
        self.assertFalse(document.approval_state)

    def test_late_member_of_the_group_is_not_asked(self):
        group = self._group(self.head)
        document = self._submitted()
        group.user_ids += self.other
        with self.assertRaises(UserError):
            document.with_user(self.other).action_approve()

    def test_quorum_of_three_of_two_named_users(self):
        with self.assertRaisesRegex(ValidationError, "3 approvals of 2"):
            self.step.write(
                {
                    "user_ids": [Command.set((self.lead | self.head).ids)],
                    "quorum": "number",
                    "quorum_number": 3,
                }
            )

    def test_quorum_of_three_of_a_group_of_two(self):
        self._group(self.lead | self.head)
        self.step.write({"quorum": "number", "quorum_number": 3})
        with (
            self.assertRaisesRegex(UserError, "“Step” .* 2 of the 3"),
            self.cr.savepoint(),
        ):
            self._submitted()
