from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def action_view_supply_waiting(self):
        """Show who waits for the goods of these transfers, or where they come from."""
        moves = self.move_ids
        lines = moves.sudo().sale_line_id or moves.sudo()._get_purchase_lines_before()
        return self.env["supply.waiting"]._open(lines)

    def action_view_supply_swaps(self):
        """Offer goods of other deliveries that these can borrow."""
        return self.env["supply.swap"]._open(self)
