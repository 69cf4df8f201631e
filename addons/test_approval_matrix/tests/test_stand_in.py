from contextlib import suppress
from datetime import timedelta

from freezegun import freeze_time

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import DocumentCommon


class StandInCase(DocumentCommon):
    def setUp(self):
        super().setUp()
        for user in (self.lead, self.head, self.other):
            user.notification_type = "inbox"

    def _absence(self, user=None, substitute=None, start=-1, end=10, **values):
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

    def _told(self, user, text="you decide for Lead"):
        return self.env["mail.message"].search_count(
            [
                ("message_type", "=", "user_notification"),
                ("partner_ids", "in", user.partner_id.ids),
                ("body", "ilike", text),
            ]
        )


@tagged("post_install", "-at_install")
class TestNamed(StandInCase):
    """Whoever is named to stand in hears of it."""

    def test_substitute_is_told(self):
        self._absence()
        self.assertEqual(self._told(self.head), 1)

    def test_planned_absence_is_told_at_once(self):
        self._absence(start=100, end=200)
        self.assertEqual(self._told(self.head), 1)

    def test_what_is_not_in_force_is_told_when_it_is(self):
        absence = self._absence(active=False)
        self.assertEqual(self._told(self.head), 0)
        absence.active = True
        self.assertEqual(self._told(self.head), 1)

    def test_the_next_one_is_told_when_the_name_changes(self):
        absence = self._absence()
        absence.substitute_id = self.other
        self.assertEqual((self._told(self.head), self._told(self.other)), (1, 1))

    def test_other_dates_are_told(self):
        absence = self._absence()
        absence.date_to += timedelta(days=1)
        self.assertEqual(self._told(self.head), 2)

    def test_other_changes_are_not_told(self):
        absence = self._absence()
        absence.document_model = "test.approval.document"
        absence.write({"substitute_id": self.head.id})
        self.assertEqual(self._told(self.head), 1)

    def test_past_absence_is_not_told(self):
        self._absence(start=-9, end=-1)
        self.assertEqual(self._told(self.head), 0)


@tagged("post_install", "-at_install")
class TestDecline(StandInCase):
    """A substitute may say no: nothing moves to nobody."""

    def test_tasks_go_back_to_the_approver(self):
        absence = self._absence()
        document = self._submitted()
        self.assertEqual(document.approval_holder_ids, self.head)
        absence.with_user(self.head).action_decline("I am away, too")
        self.assertEqual(document.approval_holder_ids, self.lead)
        self.assertEqual(self._events(document)[-1], "returned")
        self.assertEqual(self._submitted(name="New").approval_holder_ids, self.lead)

    def test_absence_says_so(self):
        absence = self._absence()
        absence.with_user(self.head).action_decline("I am away, too")
        self.assertEqual((absence.active, absence.state), (False, "declined"))
        self.assertEqual(absence.decline_reason, "I am away, too")

    def test_the_absent_person_is_told_why(self):
        absence = self._absence()
        absence.with_user(self.head).action_decline("I am away, too")
        self.assertEqual(self._told(self.lead, "I am away, too"), 1)
        to_do = absence.sudo().activity_ids
        self.assertEqual(to_do.user_id, self.lead)
        self.assertIn("I am away, too", to_do.note)

    def test_naming_somebody_else_ends_the_to_do(self):
        absence = self._absence()
        absence.with_user(self.head).action_decline("No")
        absence.write({"substitute_id": self.other.id, "active": True})
        self.assertFalse(absence.sudo().activity_ids)
        self.assertEqual((absence.state, absence.decline_reason), ("running", False))
        self.assertEqual(self._told(self.other), 1)

    def test_chain_ends_where_somebody_declines(self):
        self._absence()
        further = self._absence(user=self.head, substitute=self.other)
        document = self._submitted()
        self.assertEqual(document.approval_holder_ids, self.other)
        further.with_user(self.other).action_decline("No")
        self.assertEqual(document.approval_holder_ids, self.head)

    def test_planned_absence_is_declined_before_it_begins(self):
        absence = self._absence(start=5, end=9)
        absence.with_user(self.head).action_decline("No")
        with freeze_time(fields.Datetime.now() + timedelta(hours=6)):
            self.env["approval.substitute"]._cron_absences()
            self.assertEqual(self._submitted().approval_holder_ids, self.lead)

    def test_dialog_declines(self):
        absence = self._absence().with_user(self.head)
        self.assertTrue(absence.can_decline)
        action = absence.action_open_decline()
        wizard = self.env(user=self.head)["approval.decision"]
        dialog = Form(wizard.with_context(**action["context"]))
        dialog.text = "No"
        dialog.save().action_confirm()
        self.assertEqual(absence.sudo().state, "declined")
        self.assertFalse(absence.can_decline)

    def test_a_reason_is_required(self):
        absence = self._absence().with_user(self.head)
        for reason in (None, " ", "\0"):
            with self.assertRaises(UserError):
                absence.action_decline(reason)

    def test_nobody_else_declines(self):
        absence = self._absence()
        for user in (self.lead, self.other, self.clerk):
            with self.assertRaises(AccessError):
                absence.with_user(user).action_decline("No")
            # what one may not read does not get into the dialog
            with suppress(AccessError):
                dialog = self.env(user=user)["approval.decision"].create(
                    {
                        "absence_ids": [(6, 0, absence.ids)],
                        "decision": "decline",
                        "text": "No",
                    }
                )
                dialog.action_confirm()
        self.assertTrue(absence.active)

    def test_not_when_it_is_over(self):
        absence = self._absence(start=-9, end=-1).with_user(self.head)
        with self.assertRaises(AccessError):
            absence.action_decline("No")

    def test_nobody_writes_that_somebody_declined(self):
        absence = self._absence()
        absence.write({"declined_at": fields.Datetime.now(), "decline_reason": "No"})
        self.assertFalse(absence.declined_at or absence.decline_reason)
        forged = self.env["approval.substitute"].with_context(
            default_declined_at="2026-01-01", default_decline_reason="No"
        )
        other = forged.with_user(self.other).create(
            {
                "user_id": self.other.id,
                "substitute_id": self.head.id,
                "date_to": "2040-01-01",
            }
        )
        self.assertFalse(other.declined_at or other.decline_reason)


@tagged("post_install", "-at_install")
class TestReturn(StandInCase):
    """One button for who is back: tasks come back at once."""

    def _press(self, user=None):
        self.env(user=user or self.lead)["approval.substitute"].action_return()

    def test_tasks_come_back_at_once(self):
        absence = self._absence()
        document = self._submitted()
        self._press()
        self.assertEqual(document.approval_holder_ids, self.lead)
        self.assertEqual(absence.state, "over")
        self.assertLessEqual(absence.date_to, fields.Datetime.now())

    def test_absence_that_began_this_second_ends(self):
        with freeze_time("2026-11-23 09:00:00"):
            self._absence(start=0)
            document = self._submitted()
            self._press()
            self.assertEqual(document.approval_holder_ids, self.lead)

    def test_planned_absence_stays(self):
        self._absence(end=1)
        planned = self._absence(start=5, end=9)
        self._press()
        self.assertEqual(planned.state, "planned")

    def test_pressing_twice_does_no_harm(self):
        absence = self._absence()
        self._press()
        end = absence.date_to
        self._press()
        self.assertEqual(absence.date_to, end)

    def test_absence_of_somebody_else_goes_on(self):
        absence = self._absence()
        document = self._submitted()
        for user in (self.head, self.other, self.clerk):
            self._press(user)
            with self.assertRaises(AccessError):
                absence.with_user(user).action_return()
        self.assertEqual(document.approval_holder_ids, self.head)

    def test_button_on_the_absence(self):
        absence = self._absence()
        self.assertTrue(absence.can_return)
        self.assertFalse(absence.with_user(self.head).can_return)
        absence.action_return()
        self.assertEqual(absence.state, "over")

    def test_inbox_says_that_one_is_away(self):
        inbox = self.env(user=self.lead)["approval.task"]
        self.assertNotIn("absence", inbox.get_inbox())
        self._absence()
        self.assertEqual(inbox.get_inbox()["absence"]["substitute"], "Head")
        for user in (self.head, self.other):
            inbox_of = self.env(user=user)["approval.task"].get_inbox()
            self.assertNotIn("absence", inbox_of)
        self._press()
        self.assertNotIn("absence", inbox.get_inbox())
