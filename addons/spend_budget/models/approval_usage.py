from odoo import api, models
from odoo.tools import SQL


class ApprovalUsage(models.AbstractModel):
    _inherit = "approval.usage"

    @api.model
    def _get_sources(self):
        state = self.env["spend.budget"]._fields["state"]
        return {
            **super()._get_sources(),
            "spend.budget": SQL(
                "SELECT FROM spend_budget WHERE state = 'open'", to_flush=state
            ),
        }
