from odoo import Command
from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.users import new_user

from .common import DepositCommon

MANAGER = "approval_matrix.group_approval_manager"


@tagged("post_install", "-at_install")
class TestSetup(DepositCommon):
    """What the first hour of an administrator says of deposits."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chief = cls._chief("chief", MANAGER, "account.group_account_manager")
        cls.env["approval.rule"].sudo().create(
            {
                "name": "Purchases",
                "model_id": cls.env["ir.model"]._get_id("purchase.order"),
                "company_id": cls.company.id,
                "step_ids": [
                    Command.create({"name": "Buyer", "user_ids": cls.buyer.ids})
                ],
            }
        )

    @classmethod
    def _chief(cls, login, *groups):
        return new_user(
            cls.env,
            f"deposit.{login}",
            groups=",".join(("base.group_user", *groups)),
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def _step(self, user=None):
        card = self.env(user=user or self.chief)["approval.setup"]
        card = card.with_context(allowed_company_ids=self.company.ids)
        found = [step for step in card.get_card()["steps"] if step["key"] == "deposit"]
        return found[0] if found else None

    def test_it_is_done_when_the_company_has_a_rule(self):
        self.assertFalse(self._step()["is_done"])
        self._rule(30)
        self.assertTrue(self._step()["is_done"])

    def test_its_button_opens_a_new_rule(self):
        action = self._step()["action"]
        self.assertEqual(action["res_model"], "deposit.rule")
        self.assertEqual(action["views"], [[False, "form"]])

    def test_who_makes_no_rules_of_deposits_is_asked_for_none(self):
        self.assertIsNone(self._step(self._chief("other", MANAGER)))
