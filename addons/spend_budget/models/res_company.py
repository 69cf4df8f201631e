from odoo import fields, models

from .spend_budget import MISSING_POLICIES


class ResCompany(models.Model):
    _inherit = "res.company"

    budget_missing_policy = fields.Selection(
        MISSING_POLICIES,
        string="Without a Budget Line",
        default="nothing",
        groups="base.group_user",
        help="What happens to orders, and bills without an order, that no line of an "
        "open budget is for.\n"
        "Warn: it is said on the order or bill.\n"
        "Ask: approval rules can ask a higher level, by the condition on Budget.\n"
        "Refuse: it cannot be submitted or posted.",
    )

    def write(self, vals):
        if "budget_missing_policy" in vals:
            self.env["spend.budget"]._clear_memo()
        return super().write(vals)
