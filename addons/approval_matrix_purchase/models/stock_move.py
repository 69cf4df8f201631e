from odoo import api, models

from ..flow import get_linked, get_relinked, receiving

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
        with receiving(
            self.env, lambda: get_linked(self, vals_list, "purchase_line_id")
        ):
            return super().create(vals_list)

    def write(self, vals):
        if RECEIVED_FIELDS.isdisjoint(vals):
            return super().write(vals)
        with receiving(self.env, lambda: get_relinked(self, vals, "purchase_line_id")):
            return super().write(vals)
