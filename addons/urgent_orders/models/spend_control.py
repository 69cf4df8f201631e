from odoo import api, models


class SpendControl(models.AbstractModel):
    _inherit = "spend.control"

    @api.model
    def _find_periods(self):
        """Look at budgets only where one is open."""
        if not self.env["spend.budget"]._is_in_use():
            return {}
        return super()._find_periods()
