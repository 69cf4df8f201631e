from odoo import Command, fields
from odoo.tests import TransactionCase

from odoo.addons.approval_matrix.tests.users import new_user

from .common_verify import VerifyMixin


class DocumentCommon(VerifyMixin, TransactionCase):
    """People with managers, a rule with one step, and documents to submit.

    What a test did is verified in the end, unless it says that it tampered.
    """

    #: Making them takes long: see tools/inside/shared_setup.py.
    shared_setup = True

    tampered = False

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company = cls.env["res.company"].create({"name": "Company"})
        cls.env = cls.env(
            context={**cls.env.context, "allowed_company_ids": cls.company.ids}
        )
        cls.company.resource_calendar_id.write({"tz": "UTC"})
        cls.clerk = cls._user("clerk")
        cls.lead = cls._user("lead")
        cls.head = cls._user("head")
        cls.other = cls._user("other")
        cls.rule = cls._rule(cls._step(user_ids=cls.lead))
        cls.step = cls.rule.step_ids

    def tearDown(self):
        if not self.tampered:
            self.assertWhole()
        super().tearDown()

    @classmethod
    def _user(cls, name):
        return new_user(
            cls.env,
            f"{name}@document.example",
            name=name.capitalize(),
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    @classmethod
    def _employee(cls, user, manager=None, department=None):
        return cls.env["hr.employee"].create(
            {
                "name": user.name,
                "user_id": user.id,
                "company_id": cls.company.id,
                "parent_id": manager and manager.id,
                "department_id": department and department.id,
            }
        )

    @classmethod
    def _step(cls, name="Step", user_ids=None, **values):
        if user_ids:
            values["user_ids"] = [Command.set(user_ids.ids)]
        return Command.create({"name": name, **values})

    @classmethod
    def _rule(cls, *steps, **values):
        return cls.env["approval.rule"].create(
            {
                "name": "Documents",
                "model_id": cls.env["ir.model"]._get("test.approval.document").id,
                "company_id": cls.company.id,
                "step_ids": list(steps),
                **values,
            }
        )

    @classmethod
    def _document(cls, user=None, **values):
        """Make a document as the clerk."""
        Document = cls.env(user=user or cls.clerk)["test.approval.document"]
        return Document.create(
            {"name": "Document", "company_id": cls.company.id, "amount": 10, **values}
        )

    @classmethod
    def _submitted(cls, **values):
        document = cls._document(**values)
        document.action_submit_approval()
        return document

    def _tasks(self, document):
        return document.sudo().approval_process_id.task_ids

    def _events(self, document):
        return document.sudo().approval_process_id.log_ids.mapped("event")

    def _at(self, moment):
        """Freeze the clock, which counts in UTC like the calendar of the company."""
        return fields.Datetime.to_datetime(moment)
