from datetime import datetime

from freezegun import freeze_time
from psycopg2.errors import CheckViolation

from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import mute_logger

from .common import DocumentCommon

# A Monday, in the calendar of 8 to 12 and 13 to 17 that companies start with.
MONDAY_9 = "2026-11-23 09:00:00"


class ReminderCase(DocumentCommon):
    def _limited(self, start=MONDAY_9, hours=2, **values):
        self.step.write({"limit_hours": hours, **values})
        with freeze_time(start):
            return self._submitted()

    def _run(self, *moments):
        for moment in moments:
            with freeze_time(moment), self.enter_registry_test_mode():
                self.env.ref("approval_matrix.ir_cron_limits").method_direct_trigger()
            self.env.invalidate_all()

    def _count(self, document, event):
        return self._events(document).count(event)

    def _told(self, user, text):
        """Return how often somebody was told something that contains the text."""
        return self.env["mail.message"].search_count(
            [
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", user.partner_id.ids),
                ("body", "ilike", text),
            ]
        )


@tagged("post_install", "-at_install")
class TestRepeatedReminder(ReminderCase):
    """A step's reminder may repeat until somebody decides."""

    def test_repeats_every_so_many_working_hours(self):
        document = self._limited(repeat_hours=3)
        self._run("2026-11-23 11:00:00")
        # three hours from 11: 12 to 13 is lunch
        self.assertEqual(self._tasks(document).remind_at, datetime(2026, 11, 23, 15, 0))
        self._run("2026-11-23 14:59:00")
        self.assertEqual(self._count(document, "reminded"), 1)
        self._run("2026-11-23 15:00:00", "2026-11-23 15:05:00")
        self.assertEqual(self._count(document, "reminded"), 2)
        self.assertEqual(self._tasks(document).remind_at, datetime(2026, 11, 24, 9, 0))

    def test_without_hours_it_reminds_once(self):
        document = self._limited()
        self._run("2026-11-23 11:00:00", "2026-11-30 11:00:00")
        self.assertEqual(self._count(document, "reminded"), 1)

    def test_what_was_missed_is_reminded_of_once(self):
        """The scheduler was off for a week."""
        document = self._limited(repeat_hours=1)
        self._run("2026-11-23 11:00:00", "2026-12-01 11:00:00", "2026-12-01 11:30:00")
        self.assertEqual(self._count(document, "reminded"), 2)

    def test_nobody_is_reminded_after_the_decision(self):
        document = self._limited(repeat_hours=1)
        self._run("2026-11-23 11:00:00")
        document.with_user(self.lead).action_approve()
        self._run("2026-11-25 11:00:00")
        self.assertEqual(self._count(document, "reminded"), 1)

    def test_nobody_is_reminded_while_information_is_asked(self):
        document = self._limited(repeat_hours=1)
        self._run("2026-11-23 11:00:00")
        with freeze_time("2026-11-23 11:30:00"):
            document.with_user(self.lead).action_ask_information("Why?")
        self._run("2026-11-24 11:00:00")
        self.assertEqual(self._count(document, "reminded"), 1)
        with freeze_time("2026-11-24 15:00:00"):
            document.action_answer("So")
        self._run("2026-11-24 15:30:00")
        self.assertEqual(self._count(document, "reminded"), 1)
        self._run("2026-11-24 16:00:00")
        self.assertEqual(self._count(document, "reminded"), 2)

    def test_later_changes_of_the_rule_do_not_count(self):
        document = self._limited(repeat_hours=1)
        self.step.repeat_hours = 0
        self._run("2026-11-23 11:00:00", "2026-11-23 14:00:00")
        self.assertEqual(self._count(document, "reminded"), 2)

    def test_a_longer_limit_reminds_of_itself_only(self):
        document = self._limited(repeat_hours=1)
        self._run("2026-11-23 11:00:00")
        with freeze_time("2026-11-23 11:30:00"):
            self._tasks(document)._set_limit(20)
        self.assertFalse(self._tasks(document).remind_at)
        self._run("2026-11-24 09:00:00")
        self.assertEqual(self._count(document, "reminded"), 1)

    def test_whoever_gets_the_step_later_is_reminded_too(self):
        document = self._limited(
            repeat_hours=1,
            on_timeout="escalate",
            escalate_to="user",
            escalation_user_id=self.head.id,
        )
        self._run("2026-11-23 11:00:00")  # due two hours later, then again
        self._run("2026-11-23 14:00:00", "2026-11-23 15:00:00")
        self.assertEqual(self._count(document, "reminded"), 2)
        row = document.sudo().approval_process_id.log_ids[-1]
        self.assertEqual(row.comment, "Head")

    def test_holders_find_it_in_their_inbox(self):
        self.lead.notification_type = "inbox"
        self._limited(repeat_hours=1)
        self._run("2026-11-23 11:00:00", "2026-11-23 13:00:00")
        self.assertEqual(self._told(self.lead, "waits for your decision"), 2)

    def test_hours_are_not_negative(self):
        for name in ("repeat_hours", "warning_hours"):
            with self.assertRaises(CheckViolation), mute_logger("odoo.sql_db"):
                with self.env.cr.savepoint():
                    self.step[name] = -1


@tagged("post_install", "-at_install")
class TestWarning(ReminderCase):
    """Before a limit rejects, approvers and requester are told, once."""

    def _limited(self, **values):
        return super()._limited(**{"hours": 10, "on_timeout": "reject", **values})

    def test_holders_and_requester_are_told_before(self):
        for user in (self.lead, self.clerk):
            user.notification_type = "inbox"
        document = self._limited()
        # ten hours from Monday 9: Tuesday 11, and four hours before that is Monday 16
        self.assertEqual(self._tasks(document).warn_at, datetime(2026, 11, 23, 16, 0))
        self._run("2026-11-23 15:59:00")
        self.assertEqual(self._count(document, "warned"), 0)
        self._run("2026-11-23 16:00:00", "2026-11-23 16:05:00")
        self.assertEqual(self._count(document, "warned"), 1)
        for user in (self.lead, self.clerk):
            self.assertEqual(self._told(user, "is rejected at"), 1)
        self._run("2026-11-24 11:00:00")
        self.assertEqual(document.approval_state, "rejected")

    def test_a_decision_after_the_warning_stands(self):
        document = self._limited()
        self._run("2026-11-23 16:00:00")
        document.with_user(self.lead).action_approve()
        self._run("2026-11-24 11:00:00")
        self.assertEqual(document.approval_state, "approved")

    def test_short_limit_warns_at_half_time(self):
        document = self._limited(hours=2)
        self.assertEqual(self._tasks(document).warn_at, datetime(2026, 11, 23, 10, 0))

    def test_zero_hours_warn_nobody(self):
        document = self._limited(warning_hours=0)
        self._run("2026-11-24 10:59:00")
        self.assertEqual(self._count(document, "warned"), 0)

    def test_other_limits_announce_nothing(self):
        document = self._limited(on_timeout="remind")
        self.assertFalse(self._tasks(document).warn_at)

    def test_the_warning_waits_with_the_clock(self):
        document = self._limited()
        with freeze_time("2026-11-23 10:00:00"):
            document.with_user(self.lead).action_ask_information("Why?")
        self._run("2026-11-23 16:30:00")
        self.assertEqual(self._count(document, "warned"), 0)
        with freeze_time("2026-11-24 10:00:00"):
            document.action_answer("So")
        # nine hours were left, so five until the warning: 12 to 13 is lunch
        self.assertEqual(self._tasks(document).warn_at, datetime(2026, 11, 24, 16, 0))

    def test_holiday_entered_later_moves_the_warning(self):
        document = self._limited()
        with freeze_time("2026-11-23 10:00:00"):
            self.env["resource.calendar.leaves"].create(
                {
                    "name": "Holiday",
                    "company_id": self.company.id,
                    "calendar_id": self.company.resource_calendar_id.id,
                    "date_from": "2026-11-23 13:00:00",
                    "date_to": "2026-11-24 23:59:59",
                }
            )
        self.assertEqual(self._tasks(document).warn_at, datetime(2026, 11, 25, 11, 0))

    def test_shorter_limit_warns_at_once(self):
        document = self._limited(hours=40)
        with freeze_time("2026-11-23 15:00:00"):
            self._tasks(document)._set_limit(8)
        self._run("2026-11-23 15:05:00", "2026-11-23 15:10:00")
        self.assertEqual(self._count(document, "warned"), 1)

    def test_limit_that_grew_after_the_warning_warns_anew(self):
        document = self._limited()
        self._run("2026-11-23 16:00:00")
        with freeze_time("2026-11-23 16:30:00"):
            self._tasks(document)._set_limit(40)
        self._run("2026-11-27 16:00:00", "2026-11-27 16:05:00")
        self.assertEqual(self._count(document, "warned"), 2)

    def test_a_step_whose_turn_has_not_come_announces_nothing(self):
        self.rule.step_ids = [
            self._step("Later", self.head, sequence=20, limit_hours=1)
        ]
        later = self.rule.step_ids - self.step
        later.on_timeout = "reject"
        document = self._limited(on_timeout="remind")
        self.assertFalse(any(self._tasks(document).mapped("warn_at")))
        with freeze_time("2026-11-23 10:00:00"):
            document.with_user(self.lead).action_approve()
        task = self._tasks(document).filtered(lambda t: t.step_name == "Later")
        self.assertEqual(task.warn_at, datetime(2026, 11, 23, 10, 30))


@tagged("post_install", "-at_install")
class TestRequesterReminds(ReminderCase):
    """The requester reminds those who hold the task, now and then."""

    def setUp(self):
        super().setUp()
        self.lead.notification_type = "inbox"

    def test_holders_are_told_and_the_log_says_so(self):
        document = self._submitted()
        self.assertTrue(document.approval_can_remind)
        action = document.action_remind()
        self.assertIn("Lead", action["params"]["message"])
        self.assertEqual(self._told(self.lead, "waits for your decision"), 1)
        row = document.sudo().approval_process_id.log_ids[-1]
        self.assertEqual(
            (row.event, row.user_id, row.comment), ("reminded", self.clerk, "Lead")
        )

    def test_holders_who_want_emails_get_one(self):
        self.lead.notification_type = "email"
        document = self._submitted()
        mails = self.env["mail.mail"].sudo()
        recipient = [("recipient_ids", "in", self.lead.partner_id.ids)]
        before = mails.search_count(recipient)
        document.action_remind()
        self.assertEqual(mails.search_count(recipient), before + 1)

    def test_whoever_stands_in_is_told(self):
        self.head.notification_type = "inbox"
        self.env["approval.substitute"].create(
            {
                "user_id": self.lead.id,
                "substitute_id": self.head.id,
                "date_from": "2020-01-01",
                "date_to": "2040-01-01",
            }
        )
        self._submitted().action_remind()
        self.assertEqual(self._told(self.head, "waits for your decision"), 1)
        self.assertEqual(self._told(self.lead, "waits for your decision"), 0)

    def test_at_most_once_a_day(self):
        with freeze_time(MONDAY_9):
            document = self._submitted()
            document.action_remind()
        with freeze_time("2026-11-24 08:59:00"):
            self.env.invalidate_all()
            self.assertFalse(document.approval_can_remind)
            with self.assertRaisesRegex(UserError, "again from"):
                document.action_remind()
        with freeze_time("2026-11-24 09:00:00"):
            self.env.invalidate_all()
            document.action_remind()
        self.assertEqual(self._count(document, "reminded"), 2)

    def test_whoever_is_asked_later_is_reminded_for_themselves(self):
        self.rule.step_ids = [self._step("Second", self.head, sequence=20)]
        self.head.notification_type = "inbox"
        with freeze_time(MONDAY_9):
            document = self._submitted()
            document.action_remind()
        with freeze_time("2026-11-23 10:00:00"):
            document.with_user(self.lead).action_approve()
            self.env.invalidate_all()
            self.assertTrue(document.approval_can_remind)
            document.action_remind()
            self.env.invalidate_all()
            self.assertFalse(document.approval_can_remind)
        self.assertEqual(self._told(self.lead, "waits for your decision"), 1)
        self.assertEqual(self._told(self.head, "waits for your decision"), 1)

    def test_request_has_the_button_too(self):
        process = self._submitted().approval_process_id.with_user(self.clerk)
        self.assertTrue(process.can_remind)
        process.action_remind()
        self.assertFalse(process.can_remind)

    def test_it_moves_nothing_else(self):
        document = self._limited(repeat_hours=1)
        task = self._tasks(document)
        before = (task.due_at, task.holder_id, task.state, task.remind_at)
        with freeze_time("2026-11-23 10:00:00"):
            document.action_remind()
        self.env.invalidate_all()
        self.assertEqual(
            (task.due_at, task.holder_id, task.state, task.remind_at), before
        )
        self._run("2026-11-23 11:00:00")
        self.assertEqual(self._count(document, "reminded"), 2)

    def test_nobody_reminds_of_requests_of_others(self):
        document = self._submitted()
        for user in (self.lead, self.head, self.other):
            mine = document.with_user(user)
            self.assertFalse(mine.approval_can_remind)
            with self.assertRaises(UserError):
                mine.action_remind()
            with self.assertRaises(UserError):
                document.sudo().approval_process_id.with_user(user).action_remind()
        forged = document.with_user(self.other).with_context(
            uid=self.clerk.id, default_requester_id=self.other.id
        )
        with self.assertRaises(UserError):
            forged.action_remind()
        self.assertNotIn("reminded", self._events(document))

    def test_one_of_others_among_them_stops_all(self):
        documents = self._submitted() + self._document(user=self.other, name="Theirs")
        documents[1].with_user(self.other).action_submit_approval()
        with self.assertRaises(UserError):
            documents.with_user(self.clerk).action_remind()
        self.assertEqual(self._count(documents[0], "reminded"), 0)

    def test_not_while_the_answer_is_missing(self):
        document = self._submitted()
        document.with_user(self.lead).action_ask_information("Why?")
        self.assertFalse(document.approval_can_remind)
        with self.assertRaisesRegex(UserError, "your answer"):
            document.action_remind()

    def test_not_when_it_is_decided(self):
        document = self._submitted()
        process = document.approval_process_id.with_user(self.clerk)
        document.with_user(self.lead).action_approve()
        for records in (document, process):
            with self.assertRaises(UserError):
                records.action_remind()
