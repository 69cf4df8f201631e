from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DocumentCommon


@tagged("post_install", "-at_install")
class TestHandover(DocumentCommon):
    def test_forwarded_task_is_decided_by_the_other(self):
        document = self._submitted()
        document.with_user(self.lead).action_forward(self.head.id, "You know them")
        self.assertEqual(document.approval_holder_ids, self.head)
        with self.assertRaises(UserError):
            document.with_user(self.lead).action_approve()
        document.with_user(self.head).action_approve()
        self.assertEqual(document.state, "done")
        self.assertIn("forwarded", self._events(document))

    def test_forwarding_needs_a_person_and_a_reason(self):
        document = self._submitted().with_user(self.lead)
        for user_id, reason in ((self.head.id, " "), (10**9, "x"), (False, "x")):
            with self.assertRaises(UserError):
                document.action_forward(user_id, reason)

    def test_forwarding_keeps_four_eyes(self):
        document = self._document()
        document.with_user(self.other).amount = 20
        document.action_submit_approval()
        for user in (self.clerk, self.other):
            with self.assertRaisesRegex(UserError, user.name):
                document.with_user(self.lead).action_forward(user.id, "x")
        document.with_user(self.lead).action_forward(self.head.id, "x")
        with self.assertRaisesRegex(UserError, "Clerk"):
            document.with_user(self.head).action_forward(self.clerk.id, "back")

    def test_forwarding_in_a_circle_is_refused(self):
        document = self._submitted()
        document.with_user(self.lead).action_forward(self.head.id, "x")
        with self.assertRaisesRegex(UserError, "already"):
            document.with_user(self.head).action_forward(self.lead.id, "back")

    def test_only_the_holder_forwards(self):
        document = self._submitted()
        with self.assertRaises(UserError):
            document.with_user(self.other).action_forward(self.head.id, "x")

    def test_archived_approver_hands_on_to_the_manager(self):
        boss = self._employee(self.head)
        self._employee(self.lead, manager=boss)
        document = self._submitted()
        self.lead.active = False
        self.assertEqual(document.approval_holder_ids, self.head)
        document.with_user(self.head).action_approve()
        self.assertEqual(document.state, "done")

    def test_archived_approver_without_manager_is_told_to_the_requester(self):
        document = self._submitted()
        self.lead.active = False
        to_do = document.sudo().activity_ids.filtered(
            lambda activity: activity.user_id == self.clerk
        )
        self.assertIn("submit it again", to_do.note)
        self.step.user_ids = self.head
        document.action_withdraw()
        document.action_submit_approval()
        self.assertEqual(document.approval_holder_ids, self.head)

    def test_archived_substitute_hands_back(self):
        self.env["approval.substitute"].create(
            {
                "user_id": self.lead.id,
                "substitute_id": self.head.id,
                "date_from": "2020-01-01",
                "date_to": "2040-01-01",
            }
        )
        document = self._submitted()
        self.assertEqual(document.approval_holder_ids, self.head)
        self.head.active = False
        self.assertEqual(document.approval_holder_ids, self.lead)

    def test_question_and_answer(self):
        document = self._submitted()
        document.with_user(self.lead).action_ask_information("Why now?")
        self.assertTrue(document.approval_can_answer)
        self.assertTrue(self._tasks(document).paused_at)
        self.assertIn("Why now?", document.sudo().activity_ids.mapped("note")[-1])
        document.action_answer("The ward opens")
        self.assertFalse(self._tasks(document).paused_at)
        self.assertEqual(document.approval_holder_ids, self.lead)
        self.assertEqual(self._events(document)[-2:], ["questioned", "answered"])

    def test_only_the_requester_answers_what_was_asked(self):
        document = self._submitted()
        with self.assertRaises(UserError):
            document.action_answer("Unasked")
        document.with_user(self.lead).action_ask_information("Why?")
        for user in (self.lead, self.other):
            with self.assertRaises(UserError):
                document.with_user(user).action_answer("Because")

    def test_an_unanswered_question_does_not_stop_the_decision(self):
        document = self._submitted()
        document.with_user(self.lead).action_ask_information("Why?")
        document.with_user(self.lead).action_approve()
        self.assertEqual(document.state, "done")
