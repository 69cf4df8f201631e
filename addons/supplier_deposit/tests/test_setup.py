from odoo import Command
from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.users import new_user
from odoo.addons.approval_matrix_purchase.tests.setup_card import SetupCard

from .common import DepositCommon

MANAGER = "approval_matrix.group_approval_manager"


@tagged("post_install", "-at_install")
class TestSetup(SetupCard, DepositCommon):
    """What the first hour of an administrator says of deposits."""

    setup_step = "deposit"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chief = cls._chief("chief", MANAGER, "account.group_account_manager")
        cls._put_purchases_under_approval(cls.buyer)

    @classmethod
    def _chief(cls, login, *groups):
        return new_user(
            cls.env,
            f"deposit.{login}",
            groups=",".join(("base.group_user", *groups)),
            company_id=cls.company.id,
            company_ids=[Command.set(cls.company.ids)],
        )

    def test_it_is_done_when_the_company_has_a_rule(self):
        self.assertFalse(self._get_step()["is_done"])
        self._rule(30)
        self.assertTrue(self._get_step()["is_done"])

    def test_its_button_opens_a_new_rule(self):
        action = self._get_step()["action"]
        self.assertEqual(action["res_model"], "deposit.rule")
        self.assertEqual(action["views"], [[False, "form"]])

    def test_who_makes_no_rules_of_deposits_is_asked_for_none(self):
        self.assertIsNone(self._get_step(self._chief("other", MANAGER)))
