from odoo import models


class ApprovalSetup(models.AbstractModel):
    """Money for what is approved, for whoever may plan it."""

    _inherit = "approval.setup"

    def _get_steps(self):
        steps = super()._get_steps()
        budgets = self.env["spend.budget"]
        if not budgets.has_access("create"):
            return steps
        company = [("company_id", "=", self.env.company.id)]
        step = {
            "key": "budget",
            "title": self.env._("Plan the money"),
            "text": self.env._(
                "A budget says what may be spent, on what and until when. Orders "
                "reserve it when they are submitted, and what is over it stops or asks "
                "somebody higher. You can do without."
            ),
            "is_done": bool(budgets.search_count(company, limit=1)),
            "button": self.env._("Make a Budget"),
            "action": self.env["ir.actions.actions"]._for_xml_id(
                "spend_budget.spend_budget_action_new"
            ),
        }
        return [*steps, step]
