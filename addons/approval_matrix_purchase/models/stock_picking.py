from odoo import models
from odoo.exceptions import UserError


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _action_done(self):
        self._check_receipt_is_approved()
        return super()._action_done()

    def _check_receipt_is_approved(self):
        """While an order is back with its approvers, no more than was approved before
        can be received: the receipts still say how much that is."""
        for move in self.sudo().move_ids:
            order = move.purchase_line_id.order_id
            if (
                order.state == "to approve"
                and order.approval_state
                and move.product_uom.compare(move.quantity, move.product_uom_qty) > 0
            ):
                raise UserError(
                    self.env._(
                        "%(order)s waits for approval: until then no more than "
                        "%(quantity)g %(unit)s of %(product)s can be received.",
                        order=order.name,
                        quantity=move.product_uom_qty,
                        unit=move.product_uom.name,
                        product=move.product_id.display_name,
                    )
                )
