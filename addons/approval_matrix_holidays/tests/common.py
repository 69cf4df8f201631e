from odoo import Command
from odoo.tests import TransactionCase

from odoo.addons.approval_matrix.tests.users import new_user


class TimeOffCommon(TransactionCase):
    """An approver with a manager, and time off that an officer approves."""

    #: Making them takes long: see tools/inside/shared_setup.py.
    shared_setup = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.approver = new_user(cls.env, "approver@time.example")
        cls.boss = new_user(cls.env, "boss@time.example")
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
        cls.env["ir.model.access"].create(
            {"name": "All", "model_id": model.id, "perm_read": True}
        )
        cls.leave_type = cls.env["hr.leave.type"].create(
            {
                "name": "Away",
                "requires_allocation": False,
                "leave_validation_type": "hr",
            }
        )

    def _take_leave(
        self, employee=None, start="2030-01-07", end="2030-01-11", **values
    ):
        leave = self.env["hr.leave"].create(
            {
                "name": "Trip",
                "employee_id": (employee or self.employee).id,
                "holiday_status_id": self.leave_type.id,
                "request_date_from": start,
                "request_date_to": end,
                **values,
            }
        )
        leave.action_approve()
        self.assertEqual(leave.state, "validate")
        return leave

    def _absences(self, user=None):
        return (
            self.env["approval.substitute"]
            .with_context(active_test=False)
            .search([("user_id", "=", (user or self.approver).id)], order="date_from")
        )

    def _accept(self, absence):
        """Take a proposal into force, as the approver does."""
        absence.with_user(absence.user_id).active = True
        return absence

    def _days(self, absence):
        return (str(absence.date_from.date()), str(absence.date_to.date()))
