from odoo import api, models
from odoo.tools import SQL


class ApprovalUsage(models.AbstractModel):
    _inherit = "approval.usage"

    @api.model
    def _get_sources(self):
        """Orders ask at each change whether anything waits above them."""
        state = self.env["purchase.excess"]._fields["state"]
        return {
            **super()._get_sources(),
            "purchase.excess": SQL(
                "SELECT FROM purchase_excess WHERE state = 'waiting'", to_flush=state
            ),
        }
