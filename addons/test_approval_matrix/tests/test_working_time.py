from datetime import datetime

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.approval_matrix.models import approval_limit

from .common import DocumentCommon

# Days of 8 to 12 and 13 to 17.
MONDAY_9 = "2026-11-23 09:00:00"
MONDAY_16 = "2026-11-23 16:00:00"
TUESDAY_9 = datetime(2026, 11, 24, 9, 0)
WEDNESDAY_9 = datetime(2026, 11, 25, 9, 0)


@tagged("post_install", "-at_install")
class TestWorkingTime(DocumentCommon):
    """Limits that are running follow holidays and working hours."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.calendar = cls.company.resource_calendar_id
        cls.step.limit_hours = 2

    def _submitted_at(self, moment, **values):
        with freeze_time(moment):
            return self._submitted(**values)

    def _due(self, document):
        return self._tasks(document).due_at

    def _holiday(self, day, at=MONDAY_16, **values):
        """Enter a holiday of a whole day."""
        with freeze_time(at):
            return self.env["resource.calendar.leaves"].create(
                {
                    "name": "Holiday",
                    "company_id": self.company.id,
                    "calendar_id": self.calendar.id,
                    "date_from": f"{day} 00:00:00",
                    "date_to": f"{day} 23:59:59",
                    **values,
                }
            )

    def test_holiday_entered_later_moves_the_limit(self):
        document = self._submitted_at(MONDAY_16)
        self.assertEqual(self._due(document), TUESDAY_9)
        self._holiday("2026-11-24")
        self.assertEqual(self._due(document), WEDNESDAY_9)

    def test_holiday_of_all_working_hours_moves_the_limit(self):
        document = self._submitted_at(MONDAY_16)
        self._holiday("2026-11-24", calendar_id=False)
        self.assertEqual(self._due(document), WEDNESDAY_9)

    def test_holiday_of_another_company_moves_nothing(self):
        other = self.env["res.company"].create({"name": "Elsewhere"})
        document = self._submitted_at(MONDAY_16)
        env = self.env(context={"allowed_company_ids": [other.id, self.company.id]})
        with freeze_time(MONDAY_16):
            env["resource.calendar.leaves"].create(
                {
                    "name": "Theirs",
                    "date_from": "2026-11-24 00:00:00",
                    "date_to": "2026-11-24 23:59:59",
                }
            )
        self.assertEqual(self._due(document), TUESDAY_9)
        self.assertEqual(self._due(self._submitted_at(MONDAY_16)), TUESDAY_9)

    def test_holiday_in_the_form_of_the_calendar_moves_the_limit(self):
        document = self._submitted_at(MONDAY_16)
        day = {"date_from": "2026-11-24 00:00:00", "date_to": "2026-11-24 23:59:59"}
        with freeze_time(MONDAY_16):
            self.calendar.write({"global_leave_ids": [(0, 0, {"name": "H", **day})]})
        self.assertEqual(self._due(document), WEDNESDAY_9)

    def test_holiday_that_is_moved_or_deleted_moves_the_limit(self):
        document = self._submitted_at(MONDAY_16)
        holiday = self._holiday("2026-11-24")
        with freeze_time(MONDAY_16):
            holiday.write(
                {
                    "date_from": "2026-11-26 00:00:00",
                    "date_to": "2026-11-26 23:59:59",
                }
            )
            self.assertEqual(self._due(document), TUESDAY_9)
            holiday.write({"date_from": "2026-11-24 00:00:00"})
            self.assertEqual(self._due(document), datetime(2026, 11, 27, 9, 0))
            holiday.unlink()
        self.assertEqual(self._due(document), TUESDAY_9)

    def test_time_off_of_one_person_moves_nothing(self):
        document = self._submitted_at(MONDAY_16)
        employee = self._employee(self.lead)
        self._holiday("2026-11-24", resource_id=employee.resource_id.id)
        self.assertEqual(self._due(document), TUESDAY_9)

    def test_holiday_entered_on_that_day_counts_from_its_beginning(self):
        document = self._submitted_at(MONDAY_9)
        self._holiday("2026-11-23", at="2026-11-23 10:00:00")
        self.assertEqual(self._due(document), datetime(2026, 11, 24, 10, 0))

    def test_other_working_hours_move_the_limit(self):
        document = self._submitted_at(MONDAY_16)
        with freeze_time(MONDAY_16):
            self.calendar.attendance_ids.filtered(
                lambda each: each.dayofweek == "1"
            ).unlink()
        self.assertEqual(self._due(document), WEDNESDAY_9)

    def test_longer_days_make_nobody_late_at_once(self):
        """The limit ended at 18:00 by the new hours, which is over: due now."""
        document = self._submitted_at(MONDAY_16)
        with freeze_time("2026-11-23 19:00:00"):
            self.calendar.attendance_ids.filtered(
                lambda each: each.day_period == "afternoon"
            ).write({"hour_to": 20})
        self.assertEqual(self._due(document), datetime(2026, 11, 23, 19, 0))

    def test_before_it_is_rejected_an_hour_is_left(self):
        self.step.on_timeout = "reject"
        document = self._submitted_at(MONDAY_16)
        with freeze_time("2026-11-23 19:00:00"):
            self.calendar.attendance_ids.filtered(
                lambda each: each.day_period == "afternoon"
            ).write({"hour_to": 22})
        self.assertEqual(self._due(document), datetime(2026, 11, 23, 20, 0))

    def test_what_was_late_is_enforced_anew_if_it_is_not_late_now(self):
        document = self._submitted_at(MONDAY_16)
        self._tasks(document)._system_write({"timed_out_at": "2026-11-24 09:05:00"})
        self._holiday("2026-11-24", at="2026-11-24 09:10:00")
        self.assertEqual(self._due(document), WEDNESDAY_9)
        self.assertFalse(self._tasks(document).timed_out_at)

    def test_clock_that_went_on_after_a_question_counts_from_there(self):
        document = self._submitted_at(MONDAY_9)
        with freeze_time("2026-11-23 10:00:00"):
            document.with_user(self.lead).action_ask_information("Why?")
        with freeze_time("2026-11-23 16:30:00"):
            document.action_answer("So")
        self.assertEqual(self._due(document), datetime(2026, 11, 24, 8, 30))
        self._holiday("2026-11-24")
        self.assertEqual(self._due(document), datetime(2026, 11, 25, 8, 30))

    def test_the_log_and_the_to_do_follow(self):
        document = self._submitted_at(MONDAY_16)
        self._holiday("2026-11-24")
        row = document.sudo().approval_process_id.log_ids[-1]
        self.assertEqual(row.event, "relimited")
        self.assertEqual(row.details["after"]["due"], "2026-11-25 09:00:00")
        self.assertEqual(
            str(document.activity_ids.filtered("automated").date_deadline),
            "2026-11-25",
        )

    def test_many_move_in_batches_and_working_time_is_read_once(self):
        self.patch(approval_limit, "RECOUNTED", 2)
        documents = [
            self._submitted_at(f"2026-11-23 16:0{minute}:00") for minute in range(5)
        ]
        read = []
        Calendar = type(self.calendar)
        intervals = Calendar._work_intervals_batch

        def counted(calendar, *args, **kwargs):
            read.append(args)
            return intervals(calendar, *args, **kwargs)

        self.patch(Calendar, "_work_intervals_batch", counted)
        self._holiday("2026-11-24")
        self.assertEqual(len(read), 3)
        for minute, document in enumerate(documents):
            self.assertEqual(self._due(document), WEDNESDAY_9.replace(minute=minute))
