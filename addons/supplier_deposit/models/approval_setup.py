from odoo import models


class ApprovalSetup(models.AbstractModel):
    """What vendors get in advance, for whoever may make rules of it."""

    _inherit = "approval.setup"

    def _get_steps(self):
        steps = super()._get_steps()
        rules = self.env["deposit.rule"]
        if not rules.has_access("create"):
            return steps
        company = [("company_id", "=", self.env.company.id)]
        step = {
            "key": "deposit",
            "title": self.env._("Pay vendors in advance"),
            "text": self.env._(
                "A rule says which orders need a deposit, and how much of them. It is "
                "due as soon as the order is approved. You can do without."
            ),
            "is_done": bool(rules.search_count(company, limit=1)),
            "button": self.env._("Make a Deposit Rule"),
            "action": {
                "type": "ir.actions.act_window",
                "res_model": rules._name,
                "views": [[False, "form"]],
            },
        }
        return [*steps, step]
