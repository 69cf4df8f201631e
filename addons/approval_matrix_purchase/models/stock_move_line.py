from odoo import api, models

from odoo.addons.approval_matrix.watch import watching

from ..flow import FlowJudge, get_linked

#: What decides how much of an order line was received, on transfers that are done.
RECEIVED_FIELDS = frozenset({"move_id", "product_uom_id", "quantity", "state"})


class StockMoveLine(models.Model):
    """Quantities of transfers that are done already can be raised."""

    _inherit = "stock.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env["purchase.order"]._approval_in_use():
            return super().create(vals_list)
        with watching(self.env, FlowJudge) as judge:
            moves = get_linked(self, vals_list, "move_id")
            judge.see_received(moves.purchase_line_id)
            return super().create(vals_list)

    def write(self, vals):
        if (
            RECEIVED_FIELDS.isdisjoint(vals)
            or not self.env["purchase.order"]._approval_in_use()
        ):
            return super().write(vals)
        with watching(self.env, FlowJudge) as judge:
            moves = self.sudo().move_id
            if isinstance(vals.get("move_id"), int):
                moves |= moves.browse(vals["move_id"])
            judge.see_received(moves.purchase_line_id)
            return super().write(vals)

    def unlink(self):
        """A line of a return that goes away leaves more received than before."""
        if not self.env["purchase.order"]._approval_in_use():
            return super().unlink()
        with watching(self.env, FlowJudge) as judge:
            judge.see_received(self.sudo().move_id.purchase_line_id)
            return super().unlink()
