from odoo import api, models

from odoo.addons.approval_matrix.watch import watching

from ..flow import FlowJudge, get_linked

#: What decides how much of an order line a transfer has brought.
RECEIVED_FIELDS = frozenset(
    {
        "location_dest_id",
        "location_id",
        "origin_returned_move_id",
        "product_id",
        "product_uom",
        "purchase_line_id",
        "quantity",
        "state",
        "to_refund",
    }
)


class StockMove(models.Model):
    """Goods that come in are judged by what is approved of their orders."""

    _inherit = "stock.move"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env["purchase.order"]._approval_in_use():
            return super().create(vals_list)
        with watching(self.env, FlowJudge) as judge:
            judge.see_received(get_linked(self, vals_list, "purchase_line_id"))
            return super().create(vals_list)

    def write(self, vals):
        if (
            RECEIVED_FIELDS.isdisjoint(vals)
            or not self.env["purchase.order"]._approval_in_use()
        ):
            return super().write(vals)
        with watching(self.env, FlowJudge) as judge:
            lines = self.sudo().purchase_line_id
            if isinstance(vals.get("purchase_line_id"), int):
                lines |= lines.browse(vals["purchase_line_id"])
            judge.see_received(lines)
            return super().write(vals)
