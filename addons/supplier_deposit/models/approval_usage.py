from odoo import api, models
from odoo.tools import SQL


class ApprovalUsage(models.AbstractModel):
    _inherit = "approval.usage"

    @api.model
    def _get_sources(self):
        """Deposits are there without a rule when somebody made them by hand."""
        return {
            **super()._get_sources(),
            "supplier.deposit": SQL("SELECT FROM supplier_deposit"),
        }
