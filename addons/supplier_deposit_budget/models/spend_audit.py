from odoo import api, models
from odoo.tools import SQL


class SpendAudit(models.AbstractModel):
    _inherit = "spend.audit"

    @api.model
    def _is_advance(self):
        """The lines that deposits mark, once more in SQL."""
        return SQL("%s OR bill.deposit_id IS NOT NULL", super()._is_advance())
