from odoo import api, models
from odoo.tools import SQL


class ApprovalUsage(models.AbstractModel):
    _inherit = "approval.usage"

    @api.model
    def _get_sources(self):
        state = self.env["spend.budget"]._fields["state"]
        policy = self.env["res.company"]._fields["budget_missing_policy"]
        return {
            **super()._get_sources(),
            "spend.budget": SQL(
                "%s UNION ALL %s",
                SQL("SELECT 1 FROM spend_budget WHERE state = 'open'", to_flush=state),
                SQL(
                    "SELECT 1 FROM res_company"
                    " WHERE budget_missing_policy <> 'nothing'",
                    to_flush=policy,
                ),
            ),
        }
