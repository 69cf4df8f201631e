from odoo.tests import tagged

from .common import TimeOffCommon


@tagged("post_install", "-at_install")
class TestTimeOff(TimeOffCommon):
    def test_approved_time_off_proposes_the_manager(self):
        leave = self._take_leave()
        proposal = self._absences()
        self.assertEqual(proposal.substitute_id, self.boss)
        self.assertEqual(proposal.date_from, leave.date_from)
        self.assertFalse(proposal.active)
        self.assertEqual(proposal.activity_ids.user_id, self.approver)

    def test_nothing_is_proposed_to_who_approves_nothing(self):
        self._take_leave(self.employee.parent_id)
        self.assertFalse(self._absences(self.boss))

    def test_nothing_is_proposed_where_a_substitute_is_named(self):
        self.env["approval.substitute"].create(
            {
                "user_id": self.approver.id,
                "substitute_id": self.boss.id,
                "date_from": "2030-01-01",
                "date_to": "2030-02-01",
            }
        )
        self._take_leave()
        self.assertEqual(len(self._absences()), 1)
