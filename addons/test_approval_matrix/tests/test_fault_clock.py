from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged

from .common import DocumentCommon

# Days of 8 to 12 and 13 to 17.
MONDAY_9 = "2026-11-23 09:00:00"
MONDAY_10 = "2026-11-23 10:00:00"


@tagged("post_install", "-at_install")
class TestFaultClock(DocumentCommon):
    """Calendars that change while tasks are open, and summer time."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.company.resource_calendar_id
        cls.step.limit_hours = 2

    def _submitted_at(self, moment):
        with freeze_time(moment):
            return self._submitted()

    def _due(self, document):
        return self._tasks(document).due_at

    def _ask(self, document, moment):
        with freeze_time(moment):
            document.with_user(self.lead).action_ask_information("Why?")

    def _answer(self, document, moment):
        with freeze_time(moment):
            document.action_answer("So")

    def test_open_task_follows_the_time_zone_of_the_calendar(self):
        document = self._submitted_at(MONDAY_9)
        with freeze_time(MONDAY_9):
            self.calendar.tz = "Asia/Ho_Chi_Minh"
        self.assertEqual(self._due(document), datetime(2026, 11, 24, 2, 0))
        self.assertEqual(
            self._due(self._submitted_at(MONDAY_9)), datetime(2026, 11, 24, 2, 0)
        )

    def test_open_task_follows_the_company_to_another_calendar(self):
        """Monday 9 o'clock is 18 o'clock in Tokyo: due on Tuesday at 10 there."""
        document = self._submitted_at(MONDAY_9)
        with freeze_time(MONDAY_9):
            self.company.resource_calendar_id = self.calendar.copy({"tz": "Asia/Tokyo"})
        self.assertEqual(self._due(document), datetime(2026, 11, 24, 1, 0))

    def test_paused_clock_goes_on_with_the_hours_left_in_the_new_time_zone(self):
        document = self._submitted_at(MONDAY_9)
        self._ask(document, MONDAY_10)
        self.calendar.tz = "Asia/Ho_Chi_Minh"
        # 9 o'clock there; the hour that was left ends at 10
        self._answer(document, "2026-11-25 02:00:00")
        self.assertEqual(self._due(document), datetime(2026, 11, 25, 3, 0))

    def test_paused_clock_goes_on_after_a_holiday_was_entered(self):
        """What was left when the question was asked, not what is left of that day."""
        document = self._submitted_at(MONDAY_9)
        self._ask(document, MONDAY_10)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "company_id": self.company.id,
                "calendar_id": self.calendar.id,
                "date_from": "2026-11-23 00:00:00",
                "date_to": "2026-11-23 23:59:59",
            }
        )
        self._answer(document, "2026-11-25 14:00:00")
        self.assertEqual(self._due(document), datetime(2026, 11, 25, 15, 0))

    def test_question_after_the_limit_leaves_no_hours(self):
        document = self._submitted_at(MONDAY_9)
        self._ask(document, "2026-11-23 14:00:00")
        self._answer(document, "2026-11-25 14:00:00")
        self.assertEqual(self._due(document), datetime(2026, 11, 25, 14, 0))

    def test_two_questions_take_nothing_from_the_limit(self):
        document = self._submitted_at(MONDAY_9)
        for hour in (10, 14):
            self._ask(document, f"2026-11-23 {hour}:00:00")
            self._answer(document, f"2026-11-23 {hour + 1}:00:00")
        # 9 to 10 was used, 11 to 12 and 13 to 14 as well: it was due before the second
        self.assertEqual(self._due(document), datetime(2026, 11, 23, 15, 0))

    def test_limit_across_the_beginning_of_summer_time(self):
        """Friday 16:00 in Paris is 15:00 UTC, Monday 9:00 is 7:00 UTC."""
        self.calendar.tz = "Europe/Paris"
        document = self._submitted_at("2027-03-26 15:00:00")
        self.assertEqual(self._due(document), datetime(2027, 3, 29, 7, 0))

    def test_limit_across_the_end_of_summer_time(self):
        """Friday 16:00 in Paris is 14:00 UTC, Monday 9:00 is 8:00 UTC."""
        self.calendar.tz = "Europe/Paris"
        document = self._submitted_at("2027-10-29 14:00:00")
        self.assertEqual(self._due(document), datetime(2027, 11, 1, 8, 0))

    def test_clock_paused_before_and_resumed_after_the_change_of_time(self):
        self.calendar.tz = "Europe/Paris"
        document = self._submitted_at("2027-03-26 15:00:00")
        self._ask(document, "2027-03-26 15:30:00")
        self._answer(document, "2027-03-29 07:00:00")
        self.assertEqual(self._due(document), datetime(2027, 3, 29, 8, 30))

    def test_company_without_calendar_works_around_the_clock(self):
        self.company.resource_calendar_id = False
        document = self._submitted_at("2026-11-28 23:00:00")
        self.assertEqual(self._due(document), datetime(2026, 11, 29, 1, 0))
        self._ask(document, "2026-11-29 00:30:00")
        self._answer(document, "2026-11-29 03:00:00")
        self.assertEqual(self._due(document), datetime(2026, 11, 29, 3, 30))

    def test_calendar_without_working_hours_sets_no_limit(self):
        self.calendar.attendance_ids.unlink()
        self.assertFalse(self._due(self._submitted_at(MONDAY_9)))
