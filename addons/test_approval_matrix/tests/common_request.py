from odoo import Command, fields
from odoo.tests import TransactionCase

from odoo.addons.approval_matrix.tests.users import new_user

GONE = 2**30


class ApprovalCommon(TransactionCase):
    """An approver, and a bare request whose document is gone."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.approver = new_user(cls.env, "approver@approval.example")
        cls.model = cls.env["ir.model"]._get("test.approval.document")

    @classmethod
    def _step(cls, **values):
        return Command.create(
            {"name": "Step", "user_ids": [Command.set(cls.approver.ids)], **values}
        )

    @classmethod
    def _process(cls, **values):
        return cls.env["approval.process"]._system_create(
            [
                {
                    "res_model": cls.model.model,
                    "res_id": GONE,
                    "document_name": "Anything",
                    "company_id": cls.env.company.id,
                    "requester_id": cls.env.uid,
                    "submitted_at": fields.Datetime.now(),
                    **values,
                }
            ]
        )
