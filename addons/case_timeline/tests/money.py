"""Purchases with approvals, deposits and bills: a base for tests."""

from odoo import Command
from odoo.service.model import call_kw

from odoo.addons.approval_matrix.tests.users import new_user
from odoo.addons.supplier_deposit.tests.common import DepositCommon

from .common import Telling


class MoneyCommon(Telling, DepositCommon):
    """Purchases and deposits that somebody approves."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.approver = new_user(
            cls.env,
            "timeline.approver",
            groups="purchase.group_purchase_manager",
            company_id=cls.company.id,
        )
        rules = cls.env["approval.rule"].sudo()
        for model, amount in (("purchase.order", 1500), ("supplier.deposit", 300)):
            rules.create(
                {
                    "name": model,
                    "model_id": cls.env["ir.model"]._get(model).id,
                    "company_id": cls.company.id,
                    "amount_min": amount,
                    "step_ids": [
                        Command.create(
                            {
                                "name": "Manager",
                                "user_ids": [Command.set(cls.approver.ids)],
                            }
                        )
                    ],
                }
            )

    def _call(self, user, model, method, *args):
        """Call a method as another program does, with the rights of a user."""
        result = call_kw(self.env[model].with_user(user), method, list(args), {})
        self.env.flush_all()
        return result
