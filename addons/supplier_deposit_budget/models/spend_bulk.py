from odoo import api, models
from odoo.tools import SQL


class SpendBulk(models.AbstractModel):
    _inherit = "spend.bulk"

    @api.model
    def _is_advance(self):
        """The items that deposits mark, see ``account.move.line``: of rows."""
        return SQL("(%s OR item.deposit_id IS NOT NULL)", super()._is_advance())
