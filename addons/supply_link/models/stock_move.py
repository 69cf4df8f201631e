from odoo import api, models


class StockMove(models.Model):
    _inherit = "stock.move"

    @api.model_create_multi
    def create(self, vals_list):
        self.env["supply.change"]._wake()
        return super().create(vals_list)

    def write(self, vals):
        self.env["supply.change"]._wake()
        return super().write(vals)

    def _get_purchase_lines_before(self):
        """Return the purchase lines that these moves bring the goods of, also some
        transfers before them."""
        moves = self | self.browse(self._rollup_move_origs())
        return moves.purchase_line_id
