from datetime import datetime

from freezegun import freeze_time

from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common import TimeOffCommon


@tagged("post_install", "-at_install")
class TestFollow(TimeOffCommon):
    """Absences follow the time off they came from."""

    def _reschedule(self, leave, start, end):
        """Take it back, give it other days, and approve it, as officers do."""
        leave.action_back_to_approval()
        leave.write({"request_date_from": start, "request_date_to": end})
        leave.action_approve()

    def _cancel(self, leave):
        """Cancel it as the employee."""
        wizard = self.env["hr.holidays.cancel.leave"].with_user(self.approver)
        wizard.create({"leave_id": leave.id, "reason": "No"}).action_cancel_leave()

    # it ends

    def test_refused_time_off_ends_an_accepted_absence(self):
        leave = self._take_leave()
        absence = self._accept(self._absences())
        leave.action_refuse()
        self.assertFalse(absence.active)
        self.assertEqual(absence.state, "off")

    def test_refused_time_off_ends_what_runs_and_to_dos_go_back(self):
        with freeze_time("2030-01-03 10:00:00"):
            leave = self._take_leave()
            absence = self._accept(self._absences())
        with freeze_time("2030-01-08 10:00:00"):
            tasks = self._task()
            self.assertEqual(tasks.holder_id, self.boss)
            leave.action_refuse()
            self.assertFalse(absence.active)
            self.assertEqual(tasks.holder_id, self.approver)

    def _task(self):
        """Make a request, whose document is gone, that waits for the approver."""
        process = self.env["approval.process"]._system_create(
            [
                {
                    "res_model": self.rule.model,
                    "res_id": 2**30,
                    "document_name": "Anything",
                    "company_id": self.env.company.id,
                    "rule_id": self.rule.id,
                    "requester_id": self.env.uid,
                    "submitted_at": "2030-01-08 09:00:00",
                }
            ]
        )
        task = self.env["approval.task"]._system_create(
            [
                {
                    "process_id": process.id,
                    "company_id": self.env.company.id,
                    "step_key": 1,
                    "step_name": "Step",
                    "stage": 1,
                    "needed": 1,
                    "user_id": self.approver.id,
                    "holder_id": self.boss.id,
                    "is_substituted": True,
                    "state": "active",
                    "activated_at": "2030-01-08 09:00:00",
                }
            ]
        )
        return task

    def test_cancelled_by_the_employee_takes_proposal_and_to_do_along(self):
        leave = self._take_leave()
        self.assertTrue(self._absences().activity_ids)
        self._cancel(leave)
        self.assertFalse(self._absences())

    def test_cancelled_by_the_employee_ends_an_accepted_absence(self):
        leave = self._take_leave()
        absence = self._accept(self._absences())
        self._cancel(leave)
        self.assertFalse(absence.active)
        self.assertFalse(absence.activity_ids)

    def test_deleted_time_off_ends_it(self):
        leave = self._take_leave()
        absence = self._accept(self._absences())
        leave.unlink()
        self.assertFalse(absence.active)

    def test_deleted_time_off_takes_a_proposal_along(self):
        leave = self._take_leave()
        leave.unlink()
        self.assertFalse(self._absences())

    def test_time_off_that_is_given_to_somebody_else_ends_it(self):
        leave = self._take_leave()
        absence = self._accept(self._absences())
        other = self.env["hr.employee"].create({"name": "Other"})
        leave.sudo().with_context(leave_skip_state_check=True).employee_id = other
        self.assertFalse(absence.active)

    def test_approver_who_leaves_the_company_has_no_absence(self):
        self._take_leave()
        absence = self._accept(self._absences())
        wizard = self.env["hr.departure.wizard"].create(
            {
                "employee_ids": self.employee.ids,
                "departure_reason_id": self.env["hr.departure.reason"]
                .search([], limit=1)
                .id,
                "departure_date": "2030-01-04",
            }
        )
        wizard.action_register_departure()
        self.assertFalse(absence.active)

    # it comes back

    def test_approved_again_is_in_force_again(self):
        leave = self._take_leave()
        absence = self._accept(self._absences())
        leave.action_refuse()
        leave.action_approve()
        self.assertTrue(absence.active)
        self.assertEqual(self._absences(), absence)

    def test_approved_again_asks_again_about_a_proposal(self):
        leave = self._take_leave()
        proposal = self._absences()
        leave.action_back_to_approval()
        self.assertFalse(proposal.activity_ids)
        leave.action_approve()
        self.assertEqual(self._absences(), proposal)
        self.assertFalse(proposal.active)
        self.assertEqual(proposal.activity_ids.user_id, self.approver)

    def test_what_the_approver_withdrew_stays_withdrawn(self):
        leave = self._take_leave()
        absence = self._accept(self._absences())
        absence.with_user(self.approver).active = False
        self._reschedule(leave, "2030-01-09", "2030-01-18")
        self.assertFalse(absence.active)
        self.assertFalse(absence.activity_ids)

    def test_taken_into_force_without_time_off_stands_for_itself(self):
        leave = self._take_leave()
        absence = self._accept(self._absences())
        leave.action_refuse()
        self._accept(absence)
        self.assertFalse(absence.is_from_time_off)
        leave.unlink()
        self.assertTrue(absence.active)

    def test_public_holiday_within_it_moves_nothing(self):
        with freeze_time("2030-01-03 10:00:00"):
            self._take_leave()
            self._accept(self._absences())
        with freeze_time("2030-01-08 10:00:00"):
            task = self._task()
            self.env["resource.calendar.leaves"].create(
                {
                    "name": "Holiday",
                    "date_from": "2030-01-10 00:00:00",
                    "date_to": "2030-01-10 23:00:00",
                }
            )
            self.assertTrue(self._absences().active)
            self.assertEqual(task.holder_id, self.boss)
            self.assertFalse(task.process_id.log_ids)

    # it moves

    def test_rescheduled_time_off_moves_an_accepted_absence(self):
        leave = self._take_leave()
        absence = self._accept(self._absences())
        self._reschedule(leave, "2030-01-09", "2030-01-18")
        self.assertEqual(self._days(absence), ("2030-01-09", "2030-01-18"))
        self.assertTrue(absence.active)

    def test_rescheduled_time_off_moves_a_proposal_and_its_to_do(self):
        leave = self._take_leave()
        proposal = self._absences()
        self._reschedule(leave, "2030-01-09", "2030-01-18")
        self.assertEqual(self._days(proposal), ("2030-01-09", "2030-01-18"))
        self.assertEqual(str(proposal.activity_ids.date_deadline), "2030-01-09")

    def test_time_off_that_is_replaced_keeps_the_substitute(self):
        friend = new_test_user(self.env, "friend@time.example")
        leave = self._take_leave()
        absence = self._accept(self._absences())
        absence.with_user(self.approver).substitute_id = friend
        self._cancel(leave)
        self._take_leave(start="2030-01-09", end="2030-01-18")
        absence = self._absences().filtered("active")
        self.assertEqual(self._days(absence), ("2030-01-09", "2030-01-18"))
        self.assertEqual(absence.substitute_id, friend)

    def test_time_off_that_is_cut_in_two_keeps_it_for_both(self):
        leave = self._take_leave(end="2030-01-18")
        self._accept(self._absences())
        leave._split_leaves(datetime(2030, 1, 10).date(), datetime(2030, 1, 15).date())
        absences = self._absences().filtered("active")
        self.assertEqual(
            [self._days(absence) for absence in absences],
            [("2030-01-07", "2030-01-09"), ("2030-01-15", "2030-01-18")],
        )

    def test_another_absence_in_the_way_refuses_nobodys_time_off(self):
        leave = self._take_leave()
        absence = self._accept(self._absences())
        self.env["approval.substitute"].create(
            {
                "user_id": self.approver.id,
                "substitute_id": self.boss.id,
                "date_from": "2030-01-15",
                "date_to": "2030-01-17",
            }
        )
        self._reschedule(leave, "2030-01-09", "2030-01-18")
        self.assertFalse(absence.active)
        self.assertIn("in the way", absence.activity_ids.note)

    def test_dates_set_by_hand_stay(self):
        leave = self._take_leave()
        absence = self._accept(self._absences())
        mine = absence.with_user(self.approver)
        mine.date_from = "2030-01-05 08:00:00"
        self._reschedule(leave, "2030-01-09", "2030-01-18")
        self.assertEqual(self._days(absence), ("2030-01-05", "2030-01-11"))
        dates = absence._get_dates_of(leave)
        mine.write(dates)
        self._reschedule(leave, "2030-01-10", "2030-01-18")
        self.assertEqual(self._days(absence), ("2030-01-10", "2030-01-18"))

    def test_who_came_back_early_stays_back(self):
        leave = self._take_leave()
        absence = self._accept(self._absences())
        with freeze_time("2030-01-08 10:00:00"):
            absence.with_user(self.approver).action_return()
            self._reschedule(leave, "2030-01-07", "2030-01-18")
            self.assertEqual(self._days(absence), ("2030-01-07", "2030-01-08"))

    def test_declined_absence_does_not_come_into_force_with_its_time_off(self):
        leave = self._take_leave()
        absence = self._accept(self._absences())
        absence.with_user(self.boss).action_decline("I am away, too")
        self._reschedule(leave, "2030-01-09", "2030-01-18")
        self.assertEqual((absence.active, absence.state), (False, "declined"))
        self.assertEqual(self._absences(), absence)

    def test_nobody_writes_whose_time_off_it_is(self):
        self._take_leave()
        absence = self._absences()
        officer = new_test_user(
            self.env,
            "officer@time.example",
            groups="hr_holidays.group_hr_holidays_manager,"
            "approval_matrix.group_approval_manager",
        )
        absence.with_user(officer).write({"leave_id": False, "ended_as": "accepted"})
        self.assertTrue(absence.leave_id)
        self.assertFalse(absence.ended_as)

    def test_substitute_does_not_learn_the_kind_of_time_off(self):
        self._take_leave()
        absence = self._accept(self._absences())
        with self.assertRaises(UserError):
            absence.with_user(self.boss).read(["leave_id"])
        self.assertTrue(absence.with_user(self.boss).is_from_time_off)

    # hours

    def test_half_a_day_and_hours_in_the_time_zone_of_the_employee(self):
        self.employee.tz = "Asia/Ho_Chi_Minh"
        self.employee.resource_calendar_id.tz = "Asia/Ho_Chi_Minh"
        self.leave_type.request_unit = "half_day"
        self._take_leave(
            end="2030-01-07",
            request_date_from_period="pm",
            request_date_to_period="pm",
        )
        absence = self._absences()
        self.assertEqual(absence.date_from, datetime(2030, 1, 7, 6, 0))
        self.assertEqual(absence.date_to, datetime(2030, 1, 7, 10, 0))
        hours = self.leave_type.copy({"name": "Hours", "request_unit": "hour"})
        self._take_leave(
            start="2030-01-08",
            end="2030-01-08",
            holiday_status_id=hours.id,
            request_unit_hours=True,
            request_hour_from=9,
            request_hour_to=11,
        )
        absence = self._absences()[1]
        self.assertEqual(absence.date_from, datetime(2030, 1, 8, 2, 0))
        self.assertEqual(absence.date_to, datetime(2030, 1, 8, 4, 0))
