from odoo import models


class StockMove(models.Model):
    _inherit = "stock.move"

    def _action_done(self, *args, **kwargs):
        """What comes after its rest was closed holds money of budgets again."""
        moves = super()._action_done(*args, **kwargs)
        lines = (self | moves).sudo().purchase_line_id
        if lines:
            lines.filtered("rest_closed_qty")._rest_came()
        return moves
