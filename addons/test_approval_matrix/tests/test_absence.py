from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import DocumentCommon


@tagged("post_install", "-at_install")
class TestAbsence(DocumentCommon):
    def _absence(self, user=None, substitute=None, start=-1, end=10, **values):
        """Make an absence; start and end in hours from now."""
        now = fields.Datetime.now()
        user = user or self.lead
        return self.env(user=user)["approval.substitute"].create(
            {
                "user_id": user.id,
                "substitute_id": (substitute or self.head).id,
                "date_from": now + timedelta(hours=start),
                "date_to": now + timedelta(hours=end),
                **values,
            }
        )

    def test_open_and_new_tasks_move_at_once(self):
        before = self._submitted()
        self._absence()
        after = self._submitted()
        for document in (before, after):
            self.assertEqual(document.approval_holder_ids, self.head)
            self.assertTrue(self._tasks(document).is_substituted)

    def test_decision_says_on_behalf_of_whom(self):
        self._absence()
        document = self._submitted()
        document.with_user(self.head).action_approve()
        self.assertEqual(document.state, "done")
        row = document.sudo().approval_process_id.log_ids.filtered(
            lambda log: log.event == "approved"
        )
        self.assertEqual((row.user_id, row.on_behalf_of_id), (self.head, self.lead))

    def test_the_absent_approver_may_still_decide(self):
        self._absence()
        document = self._submitted()
        document.with_user(self.lead).action_approve()
        self.assertEqual(document.state, "done")

    def test_tasks_come_back_when_the_absence_ends(self):
        absence = self._absence()
        document = self._submitted()
        absence.sudo().date_to = fields.Datetime.now() - timedelta(minutes=1)
        self.assertEqual(document.approval_holder_ids, self.lead)
        self.assertEqual(self._events(document)[-1], "returned")

    def test_tasks_come_back_when_the_absence_is_withdrawn(self):
        absence = self._absence()
        document = self._submitted()
        absence.unlink()
        self.assertEqual(document.approval_holder_ids, self.lead)

    def test_planned_absence_starts_by_itself(self):
        absence = self._absence(start=5, end=9)
        document = self._submitted()
        self.assertEqual(document.approval_holder_ids, self.lead)
        self.env.cr.execute(
            "UPDATE approval_substitute SET date_from = now() - interval '1 h' "
            "WHERE id = %s",
            [absence.id],
        )
        self.env.invalidate_all()
        self.env["approval.substitute"]._cron_absences()
        self.assertEqual(document.approval_holder_ids, self.head)

    def test_substitute_who_asks_never_decides(self):
        self._absence(substitute=self.clerk)
        document = self._submitted()
        self.assertEqual(document.approval_holder_ids, self.lead)
        with self.assertRaises(UserError):
            document.action_approve()

    def test_substitute_of_the_substitute(self):
        self._absence()
        self._absence(user=self.head, substitute=self.other)
        self.assertEqual(self._submitted().approval_holder_ids, self.other)

    def test_circle_is_refused(self):
        self._absence()
        with self.assertRaisesRegex(ValidationError, "circle"):
            self._absence(user=self.head, substitute=self.lead)

    def test_two_substitutes_for_the_same_time_are_refused(self):
        self._absence()
        with self.assertRaisesRegex(ValidationError, "already"):
            self._absence(substitute=self.other)

    def test_limited_to_a_rule(self):
        other_rule = self._rule(self._step(user_ids=self.other))
        absence = self._absence()
        absence.sudo().rule_ids = other_rule
        self.assertEqual(self._submitted().approval_holder_ids, self.lead)
        absence.sudo().rule_ids = self.rule
        self.assertEqual(self._submitted().approval_holder_ids, self.head)

    def test_nobody_sends_others_away(self):
        with self.assertRaises(AccessError):
            self.env(user=self.other)["approval.substitute"].create(
                {
                    "user_id": self.lead.id,
                    "substitute_id": self.other.id,
                    "date_to": "2040-01-01",
                }
            )
        absence = self._absence()
        with self.assertRaises(AccessError):
            absence.with_user(self.head).date_to = "2040-01-01"

    def test_nobody_approves_twice_where_several_must(self):
        self.step.write(
            {"user_ids": [Command.set((self.lead | self.head).ids)], "quorum": "all"}
        )
        self._absence(substitute=self.head)
        document = self._submitted()
        self.assertEqual(document.approval_holder_ids, self.lead | self.head)
        document.with_user(self.head).action_approve()
        self.assertEqual(document.state, "waiting")
        self.assertEqual(document.approval_holder_ids, self.lead)

    def test_one_of_several_may_be_held_by_another_of_them(self):
        self.step.user_ids += self.head
        self._absence(substitute=self.head)
        document = self._submitted()
        self.assertEqual(document.approval_holder_ids, self.head)

    def test_one_substitute_of_two_is_no_quorum_of_two(self):
        self.step.write(
            {"user_ids": [Command.set((self.lead | self.head).ids)], "quorum": "all"}
        )
        for user in (self.lead, self.head):
            self._absence(user, self.other)
        document = self._submitted()
        self.assertEqual(len(self._tasks(document).holder_id), 2)
        document.with_user(self.other).action_approve()
        self.assertEqual(document.state, "waiting")

    def test_one_substitute_of_two_by_the_cron_is_no_quorum_of_two(self):
        self.step.write(
            {"user_ids": [Command.set((self.lead | self.head).ids)], "quorum": "all"}
        )
        document = self._submitted()
        for user in (self.lead, self.head):
            self._absence(user, self.other, start=1)
        with freeze_time(fields.Datetime.now() + timedelta(hours=2)):
            self.env["approval.substitute"]._cron_absences()
        tasks = self._tasks(document)
        self.assertEqual(len(tasks.holder_id), 2)
        self.assertEqual(len(tasks.filtered("is_substituted")), 1)

    def test_absence_for_an_archived_rule_stays_limited_to_it(self):
        other = self._rule(self._step(user_ids=self.other), sequence=99)
        absence = self._absence()
        absence.sudo().rule_ids = other
        other.active = False
        for context in ({}, {"active_test": False}):
            document = self._document().with_context(**context)
            document.action_submit_approval()
            self.assertEqual(document.approval_holder_ids, self.lead)
