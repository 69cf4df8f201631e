from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import ValidationError
from odoo.tests import tagged

from .common import DocumentCommon

# A Monday, in the calendar of 8 to 12 and 13 to 17 that companies start with.
MONDAY_9 = "2026-11-23 09:00:00"
MONDAY_16 = "2026-11-23 16:00:00"
TUESDAY_9 = "2026-11-24 09:00:00"
FRIDAY_16 = "2026-11-27 16:00:00"


@tagged("post_install", "-at_install")
class TestLimit(DocumentCommon):
    def _late(self, start=MONDAY_9, **values):
        """Submit with a limit of two hours."""
        self.step.write({"limit_hours": 2, **values})
        with freeze_time(start):
            return self._submitted()

    def _enforce(self, moment="2026-11-25 09:00:00"):
        with freeze_time(moment), self.enter_registry_test_mode():
            self.env.ref("approval_matrix.ir_cron_limits").method_direct_trigger()
        self.env.invalidate_all()

    def test_limit_counts_working_hours(self):
        self.assertEqual(
            self._tasks(self._late()).due_at, datetime(2026, 11, 23, 11, 0)
        )
        self.assertEqual(
            self._tasks(self._late(MONDAY_16)).due_at, datetime(2026, 11, 24, 9, 0)
        )

    def test_limit_skips_the_weekend_and_holidays(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "company_id": self.company.id,
                "calendar_id": self.company.resource_calendar_id.id,
                "date_from": "2026-11-30 00:00:00",
                "date_to": "2026-11-30 23:59:59",
            }
        )
        self.assertEqual(
            self._tasks(self._late(FRIDAY_16)).due_at, datetime(2026, 12, 1, 9, 0)
        )

    def test_limit_follows_the_time_zone_of_the_calendar(self):
        self.company.resource_calendar_id.tz = "Asia/Ho_Chi_Minh"
        self.assertEqual(
            self._tasks(self._late("2026-11-23 09:00:00")).due_at,
            datetime(2026, 11, 24, 2, 0),
        )

    def test_no_limit_no_due_date(self):
        self.assertFalse(self._tasks(self._submitted()).due_at)

    def test_reminds_once(self):
        document = self._late()
        self._enforce()
        self._enforce()
        self.assertEqual(self._events(document).count("reminded"), 1)
        self.assertEqual(document.approval_holder_ids, self.lead)

    def test_nothing_happens_before_the_limit(self):
        document = self._late()
        self._enforce("2026-11-23 10:59:00")
        self.assertNotIn("reminded", self._events(document))

    def test_only_the_step_whose_turn_it_is(self):
        self.rule.step_ids = [
            self._step(name="Second", user_ids=self.head, sequence=20, limit_hours=1)
        ]
        document = self._late()
        self._enforce()
        second = self._tasks(document).filtered(lambda t: t.step_name == "Second")
        self.assertFalse(second.due_at)
        self.assertEqual(self._events(document).count("reminded"), 1)

    def test_escalates_to_a_named_user(self):
        document = self._late(
            on_timeout="escalate", escalate_to="user", escalation_user_id=self.head.id
        )
        self._enforce()
        self.assertEqual(document.approval_holder_ids, self.lead | self.head)
        document.with_user(self.head).action_approve()
        self.assertEqual(document.state, "done")

    def test_escalation_gives_nobody_two_parts_in_a_step(self):
        self.step.user_ids += self.head
        self.env["approval.substitute"].create(
            {
                "user_id": self.lead.id,
                "substitute_id": self.other.id,
                "date_from": "2020-01-01",
                "date_to": "2040-01-01",
            }
        )
        document = self._late(
            quorum="all",
            on_timeout="escalate",
            escalate_to="user",
            escalation_user_id=self.other.id,
        )
        self._enforce()
        document.with_user(self.other).action_approve()
        self.assertEqual(document.state, "waiting")

    def test_escalates_to_the_manager_of_the_approver(self):
        boss = self._employee(self.head)
        self._employee(self.lead, manager=boss)
        document = self._late(on_timeout="escalate", escalate_to="manager")
        self._enforce()
        self.assertIn(self.head, document.approval_holder_ids)

    def test_escalates_to_the_next_step(self):
        self.rule.step_ids = [
            self._step(name="Second", user_ids=self.head, sequence=20)
        ]
        document = self._late(on_timeout="escalate", escalate_to="next")
        self._enforce()
        self.assertEqual(document.approval_holder_ids, self.head)

    def test_last_step_has_no_next_and_is_reminded(self):
        document = self._late(on_timeout="escalate", escalate_to="next")
        self._enforce()
        self.assertEqual(document.state, "waiting")
        self.assertIn("reminded", self._events(document))

    def test_escalation_to_the_requester_only_reminds(self):
        document = self._late(
            on_timeout="escalate", escalate_to="user", escalation_user_id=self.clerk.id
        )
        self._enforce()
        self.assertEqual(document.approval_holder_ids, self.lead)
        self.assertIn("reminded", self._events(document))

    def test_rejects_what_nobody_decided(self):
        document = self._late(on_timeout="reject")
        self._enforce()
        self.assertEqual(document.state, "draft")
        self.assertEqual(document.approval_state, "rejected")
        self.assertIn("2 working hours", self._events_reason(document))

    def _events_reason(self, document):
        return document.sudo().approval_process_id.close_reason

    def test_clock_stops_while_information_is_asked(self):
        document = self._late()
        with freeze_time("2026-11-23 10:00:00"):
            document.with_user(self.lead).action_ask_information("Why?")
        self._enforce()
        self.assertNotIn("reminded", self._events(document))
        with freeze_time("2026-11-25 14:00:00"):
            document.action_answer("So")
        self.assertEqual(self._tasks(document).due_at, datetime(2026, 11, 25, 15, 0))

    def test_escalation_to_an_approver_of_the_step_is_refused(self):
        with self.assertRaisesRegex(ValidationError, "circle"):
            self.step.write(
                {
                    "limit_hours": 2,
                    "on_timeout": "escalate",
                    "escalate_to": "user",
                    "escalation_user_id": self.lead.id,
                }
            )

    def test_step_of_a_group_that_escalates_to_one_of_its_users_later(self):
        """Users who are chosen count again when the step asks them and no group."""
        group = self.env.ref("base.group_user")
        self.step.write({"approver_type": "group", "group_id": group.id})
        self.step.write(
            {
                "limit_hours": 2,
                "on_timeout": "escalate",
                "escalate_to": "user",
                "escalation_user_id": self.lead.id,
            }
        )
        with self.assertRaisesRegex(ValidationError, "circle"):
            self.step.approver_type = "users"
