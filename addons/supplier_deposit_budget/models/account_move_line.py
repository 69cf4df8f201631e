from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _budget_get_advances(self):
        """A deposit's own bill pays for what is still committed, final bills take it
        back, and its other entries move it between accounts: nothing of that is spent.
        Deposits mark these lines."""
        marked = self.filtered(lambda line: line.sudo().deposit_id)
        return super()._budget_get_advances() | marked
