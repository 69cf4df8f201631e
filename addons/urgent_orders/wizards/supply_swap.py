from odoo import models

from ..models.urgency_swap import LEND_TYPE


class SupplySwap(models.TransientModel):
    _inherit = "supply.swap"

    def action_lend(self):
        """What the storekeepers were asked is done."""
        result = super().action_lend()
        self.sudo().borrower_id.picking_id.activity_unlink([LEND_TYPE])
        return result
