from odoo import models


class StockMove(models.Model):
    """A transfer gets urgent as soon as it serves urgent orders."""

    _inherit = "stock.move"

    def _assign_picking_post_process(self, new=False):
        result = super()._assign_picking_post_process(new=new)
        if self._serves_urgent_orders():
            self.picking_id._inherit_urgency()
        return result

    def _serves_urgent_orders(self):
        moves = self.sudo()
        references = moves.reference_ids
        orders = (
            [moves.sale_line_id.order_id, moves.purchase_line_id.order_id]
            if moves.sale_line_id or moves.purchase_line_id
            else [references.sale_ids, references.purchase_ids]
        )
        return any(each._urgency_not_plain() for each in orders)
