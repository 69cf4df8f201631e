from odoo.tests import tagged

from odoo.addons.approval_matrix_purchase.tests.setup_card import SetupCard

from .common import SpendBudgetCommon

MANAGER = "approval_matrix.group_approval_manager"


@tagged("post_install", "-at_install")
class TestSetup(SetupCard, SpendBudgetCommon):
    """What the first hour of an administrator says of budgets."""

    setup_step = "budget"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.chief = cls._user("chief", MANAGER, "spend_budget.group_budget_manager")
        cls._put_purchases_under_approval(cls.owner)

    def test_a_budget_is_the_step_after_the_first_order(self):
        keys = [step["key"] for step in self._get_steps()]
        self.assertEqual(keys[:2], ["document", "budget"])

    def test_it_is_done_when_the_company_has_a_budget(self):
        self.assertFalse(self._get_step()["is_done"])
        self._line(100.0)
        self.assertTrue(self._get_step()["is_done"])

    def test_another_company_s_budget_is_none(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.env["spend.budget"].sudo().create(
            {
                "name": "Theirs",
                "company_id": other.id,
                "date_from": "2026-01-01",
                "date_to": "2026-12-31",
            }
        )
        self.assertFalse(self._get_step()["is_done"])

    def test_its_button_opens_a_new_budget(self):
        action = self._get_step()["action"]
        self.assertEqual(action["res_model"], "spend.budget")
        self.assertEqual(action["views"][0][1], "form")
        self.assertFalse(action.get("res_id"))

    def test_who_makes_no_budgets_is_asked_for_none(self):
        other = self._user("other", MANAGER)
        self.assertIsNone(self._get_step(other))
