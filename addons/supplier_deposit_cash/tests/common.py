from odoo import Command
from odoo.tests import new_test_user

from odoo.addons.supplier_deposit.tests.common import DepositCommon


class CashCommon(DepositCommon):
    """The same company, and a director who decides about deposits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.director = new_test_user(
            cls.env,
            "deposit.director",
            groups="purchase.group_purchase_user,account.group_account_readonly",
            company_id=cls.company.id,
        )

    @classmethod
    def _approval_rule(cls, **values):
        """Ask the director about deposits."""
        step = {"name": "Director", "user_ids": [Command.set(cls.director.ids)]}
        return (
            cls.env["approval.rule"]
            .sudo()
            .create(
                {
                    "name": "Deposits",
                    "model_id": cls.env["ir.model"]._get_id("supplier.deposit"),
                    "company_id": cls.company.id,
                    "step_ids": [Command.create(step)],
                    **values,
                }
            )
        )
