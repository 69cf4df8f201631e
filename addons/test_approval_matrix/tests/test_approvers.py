from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import DocumentCommon


@tagged("post_install", "-at_install")
class TestApprovers(DocumentCommon):
    def _holders(self, **values):
        return self._submitted(**values).approval_holder_ids

    def test_manager_of_the_requester(self):
        boss = self._employee(self.head)
        self._employee(self.clerk, manager=boss)
        self.step.approver_type = "manager"
        self.assertEqual(self._holders(), self.head)

    def test_manager_two_levels_up(self):
        boss = self._employee(self.head)
        lead = self._employee(self.lead, manager=boss)
        self._employee(self.clerk, manager=lead)
        self.step.write({"approver_type": "manager", "manager_level": 2})
        self.assertEqual(self._holders(), self.head)

    def test_missing_manager_is_named_when_submitting(self):
        self._employee(self.clerk)
        self.step.write({"approver_type": "manager", "name": "Line manager"})
        with self.assertRaisesRegex(UserError, "Line manager"), self.cr.savepoint():
            self._submitted()

    def test_managers_in_a_circle_end(self):
        boss = self._employee(self.head)
        clerk = self._employee(self.clerk, manager=boss)
        self.env.cr.execute(
            "UPDATE hr_employee SET parent_id = %s WHERE id = %s", [clerk.id, boss.id]
        )
        self.env.invalidate_all()
        self.step.write({"approver_type": "manager", "manager_level": 7})
        with self.assertRaisesRegex(UserError, "Step"), self.cr.savepoint():
            self._submitted()

    def test_head_of_department(self):
        department = self.env["hr.department"].create(
            {"name": "Care", "company_id": self.company.id}
        )
        self._employee(self.clerk, department=department)
        department.manager_id = self._employee(self.head)
        self.step.approver_type = "department"
        self.assertEqual(self._holders(), self.head)

    def test_head_who_asks_goes_to_the_head_above(self):
        above = self.env["hr.department"].create(
            {"name": "All", "company_id": self.company.id}
        )
        department = self.env["hr.department"].create(
            {"name": "Care", "company_id": self.company.id, "parent_id": above.id}
        )
        department.manager_id = self._employee(self.clerk, department=department)
        above.manager_id = self._employee(self.head)
        self.step.approver_type = "department"
        self.assertEqual(self._holders(), self.head)

    def test_user_named_in_the_document(self):
        field = self.env["ir.model.fields"]._get("test.approval.document", "owner_id")
        self.step.write({"approver_type": "field", "user_field_id": field.id})
        self.assertEqual(self._holders(owner_id=self.head.id), self.head)
        with self.assertRaises(UserError):
            self._submitted()

    def test_field_of_another_document_is_refused(self):
        field = self.env["ir.model.fields"]._get("res.partner", "user_id")
        with self.assertRaisesRegex(ValidationError, "another kind"):
            self.step.write({"approver_type": "field", "user_field_id": field.id})

    def test_members_of_a_group(self):
        group = self.env["res.groups"].create(
            {"name": "Board", "user_ids": [Command.set((self.head | self.clerk).ids)]}
        )
        self.step.write({"approver_type": "group", "group_id": group.id})
        self.assertEqual(self._holders(), self.head)

    def test_approver_without_access_to_the_company_is_left_out(self):
        elsewhere = self.env["res.company"].create({"name": "Elsewhere"})
        self.step.user_ids = self.lead | self.head
        self.lead.write(
            {"company_ids": [Command.set(elsewhere.ids)], "company_id": elsewhere.id}
        )
        self.assertEqual(self._holders(), self.head)

    def test_archived_approver_is_left_out(self):
        self.step.user_ids = self.lead | self.head
        self.lead.active = False
        self.assertEqual(self._holders(), self.head)

    def test_quorum_of_more_than_are_left_is_refused(self):
        self.step.write(
            {
                "user_ids": [Command.set((self.lead | self.head).ids)],
                "quorum": "number",
                "quorum_number": 2,
            }
        )
        document = self._document()
        document.with_user(self.lead).amount = 20
        with self.assertRaisesRegex(UserError, "1 of the 2"), self.cr.savepoint():
            document.action_submit_approval()

    def test_parallel_steps_are_asked_together(self):
        self.rule.step_ids = [self._step(name="Second", user_ids=self.head)]
        document = self._submitted()
        self.assertEqual(document.approval_holder_ids, self.lead | self.head)
        document.with_user(self.head).action_approve()
        self.assertEqual(document.state, "waiting")
        document.with_user(self.lead).action_approve()
        self.assertEqual(document.state, "done")
