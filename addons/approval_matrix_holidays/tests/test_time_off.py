from odoo import Command
from odoo.tests import TransactionCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestTimeOff(TransactionCase):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.approver = new_test_user(cls.env, "approver@time.example")
        cls.boss = new_test_user(cls.env, "boss@time.example")
        Employee = cls.env["hr.employee"]
        manager = Employee.create({"name": "Boss", "user_id": cls.boss.id})
        cls.employee = Employee.create(
            {
                "name": "Approver",
                "user_id": cls.approver.id,
                "parent_id": manager.id,
            }
        )
        model = cls.env["ir.model"].search(
            [("model", "in", cls.env["approval.rule"]._get_approvable_models())],
            limit=1,
        )
        cls.rule = cls.env["approval.rule"].create(
            {
                "name": "Rule",
                "model_id": model.id,
                "step_ids": [
                    Command.create(
                        {"name": "Step", "user_ids": [Command.set(cls.approver.ids)]}
                    )
                ],
            }
        )
        cls.leave_type = cls.env["hr.leave.type"].create(
            {
                "name": "Away",
                "requires_allocation": False,
                "leave_validation_type": "hr",
            }
        )

    def _take_leave(self, employee=None):
        leave = self.env["hr.leave"].create(
            {
                "name": "Trip",
                "employee_id": (employee or self.employee).id,
                "holiday_status_id": self.leave_type.id,
                "request_date_from": "2030-01-07",
                "request_date_to": "2030-01-11",
            }
        )
        leave.action_approve()
        self.assertEqual(leave.state, "validate")
        return leave

    def _proposals(self, user=None):
        return (
            self.env["approval.substitute"]
            .with_context(active_test=False)
            .search([("user_id", "=", (user or self.approver).id)])
        )

    def test_approved_time_off_proposes_the_manager(self):
        leave = self._take_leave()
        proposal = self._proposals()
        self.assertEqual(proposal.substitute_id, self.boss)
        self.assertEqual(proposal.date_from, leave.date_from)
        self.assertFalse(proposal.active)
        self.assertEqual(proposal.activity_ids.user_id, self.approver)

    def test_nothing_is_proposed_to_who_approves_nothing(self):
        self._take_leave(self.employee.parent_id)
        self.assertFalse(self._proposals(self.boss))

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
        self.assertEqual(len(self._proposals()), 1)
