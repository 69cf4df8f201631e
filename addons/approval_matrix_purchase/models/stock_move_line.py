from odoo import api, models

from ..flow import get_linked, get_relinked, receiving

#: What decides how much of an order line was received, on transfers that are done.
RECEIVED_FIELDS = frozenset(
    {
        "location_dest_id",
        "location_id",
        "move_id",
        "owner_id",
        "product_uom_id",
        "quantity",
        "state",
    }
)


class StockMoveLine(models.Model):
    """Quantities of transfers that are done already can be raised."""

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        with self._flow_receiving(lambda: get_linked(self, vals_list, "move_id")):
            return super().create(vals_list)

    def write(self, vals):
        if RECEIVED_FIELDS.isdisjoint(vals):
            return super().write(vals)
        with self._flow_receiving(lambda: get_relinked(self, vals, "move_id")):
            return super().write(vals)

    def unlink(self):
        """A line of a return that goes away leaves more received than before."""
        with self._flow_receiving(lambda: self.sudo().move_id):
            return super().unlink()

    def _flow_receiving(self, get_moves):
        """Let what comes in during a block be judged.

        :param callable get_moves: returns the transfers of these lines
        """
        return receiving(self.env, lambda: get_moves()._flow_order_lines(), get_moves)
