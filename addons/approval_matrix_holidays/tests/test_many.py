from odoo.tests import new_test_user, tagged

from .common import TimeOffCommon


@tagged("post_install", "-at_install")
class TestMany(TimeOffCommon):
    """Time off that is planned for several people, approved from the start."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = new_test_user(cls.env, "second@time.example")
        cls.colleague = cls.env["hr.employee"].create(
            {
                "name": "Second",
                "user_id": cls.second.id,
                "parent_id": cls.employee.parent_id.id,
            }
        )
        cls.rule.step_ids.user_ids += cls.second
        cls.both = cls.employee | cls.colleague

    def _plan(self, start="2030-01-07", end="2030-01-11"):
        wizard = self.env["hr.leave.generate.multi.wizard"].create(
            {
                "name": "Closed",
                "holiday_status_id": self.leave_type.id,
                "allocation_mode": "employee",
                "employee_ids": [(6, 0, self.both.ids)],
                "date_from": start,
                "date_to": end,
            }
        )
        wizard.action_generate_time_off()

    def test_planned_for_several_people_proposes_to_each(self):
        self._plan()
        for user in (self.approver, self.second):
            proposal = self._absences(user)
            self.assertEqual(proposal.substitute_id, self.boss)
            self.assertEqual(proposal.activity_ids.user_id, user)

    def test_planned_for_somebody_far_away_has_their_days(self):
        """Planned by a company in Saigon, where that day begins and ends earlier."""
        calendar = self.env.company.resource_calendar_id
        calendar.tz = "Asia/Ho_Chi_Minh"
        self.employee.tz = "America/Los_Angeles"
        self._plan("2030-01-07", "2030-01-07")
        proposal = self._absences()
        self.assertEqual(str(proposal.date_from), "2030-01-07 16:00:00")
        self.assertEqual(str(proposal.date_to), "2030-01-08 01:00:00")

    def test_created_approved_proposes(self):
        planned = {"leave_fast_create": True, "leave_skip_state_check": True}
        self.env["hr.leave"].with_context(**planned).create(
            [
                {
                    "employee_id": employee.id,
                    "holiday_status_id": self.leave_type.id,
                    "request_date_from": "2030-01-07",
                    "request_date_to": "2030-01-11",
                    "state": "validate",
                }
                for employee in self.both
            ]
        )
        for user in (self.approver, self.second):
            self.assertEqual(len(self._absences(user)), 1)

    def test_time_off_that_nobody_needs_to_approve_proposes(self):
        self.leave_type.leave_validation_type = "no_validation"
        self.env["hr.leave"].create(
            {
                "employee_id": self.employee.id,
                "holiday_status_id": self.leave_type.id,
                "request_date_from": "2030-01-07",
                "request_date_to": "2030-01-11",
            }
        )
        self.assertEqual(len(self._absences()), 1)

    def test_planned_over_a_day_off_takes_its_place(self):
        self._take_leave(start="2030-01-08", end="2030-01-08")
        self._accept(self._absences())
        self._plan()
        absence = self._absences().filtered("active")
        self.assertEqual(len(absence), 1)
        self.assertEqual(self._days(absence)[0], "2030-01-07")

    def test_planned_within_a_time_off_keeps_the_substitute_around_it(self):
        self._take_leave(end="2030-01-18")
        self._accept(self._absences())
        self._plan("2030-01-09", "2030-01-14")
        leaves = self.env["hr.leave"].search(
            [("employee_id", "=", self.employee.id), ("state", "=", "validate")]
        )
        self.assertGreater(len(leaves), 1)
        absences = self._absences().filtered("active")
        self.assertEqual(set(absences.leave_id), set(leaves))
        self.assertEqual(len(absences), len(leaves))

    def test_past_time_off_proposes_nothing(self):
        self._take_leave(start="2020-01-06", end="2020-01-10")
        self.assertFalse(self._absences())
