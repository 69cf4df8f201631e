from odoo import api, models
from odoo.exceptions import UserError

from odoo.addons.approval_matrix.watch import watching

from ..flow import FlowJudge, get_linked, get_relinked, receiving

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


def get_sign(item):
    """Tell whether the goods of a ``stock.move.line`` leave (-1), come in (1), or
    neither."""
    leaves = item.location_dest_id.usage not in ("internal", "view")
    comes = item.location_id.usage == "supplier"
    return (not leaves and comes) - (leaves and not comes)


class StockMove(models.Model):
    """Transfers give facts: which order lines they belong to, what they bring of them,
    and what came from vendors without an order. That is noted here, and judged in
    ``purchase_order_line_flow.py`` and ``stock_move_flow.py``."""

    _inherit = "stock.move"

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env["purchase.order"]._approval_in_use():
            return super().create(vals_list)
        with watching(self.env, FlowJudge) as judge:
            judge.see(
                "received",
                get_linked(self, vals_list, "purchase_line_id")
                | get_linked(
                    self, vals_list, "origin_returned_move_id"
                )._flow_order_lines(),
            )
            moves = super().create(vals_list)
            judge.note("unordered", moves, 0.0)
        return moves

    def write(self, vals):
        if RECEIVED_FIELDS.isdisjoint(vals):
            return super().write(vals)
        with receiving(
            self.env,
            lambda: (
                get_relinked(self, vals, "purchase_line_id")
                | (
                    self.sudo() | get_relinked(self, vals, "origin_returned_move_id")
                )._flow_order_lines()
            ),
            lambda: self,
        ):
            self._flow_check_link(vals)
            return super().write(vals)

    def _action_done(self, *args, **kwargs):
        """Judge at the end: what is added to a receipt gets its order line late."""
        with receiving(self.env, lambda: self.sudo()._flow_order_lines(), lambda: self):
            return super()._action_done(*args, **kwargs)

    # ------------------------------------------------------------
    # FLOWS: what an order line has received
    # ------------------------------------------------------------

    def _flow_check_link(self, vals):
        """Refuse to take transfers off their orders by hand.

        :raises UserError: to change the order, or to add a line
        """
        names = {"purchase_line_id", "product_id"} & vals.keys()
        if (
            not names
            or self.env.su
            or not self.env["purchase.order"]._approval_in_use()
        ):
            return
        for name in names:
            for move in self.sudo():
                if move.purchase_line_id and move[name].id != vals[name]:
                    raise UserError(
                        self.env._(
                            "%(product)s is received for %(order)s: change the order, "
                            "or add a line to the receipt.",
                            product=move.product_id.display_name,
                            order=move.purchase_line_id.order_id.name,
                        )
                    )

    def _flow_order_lines(self):
        """Return the order lines of these transfers: what was returned, and what came
        back of that, belongs to the line it was received for."""
        lines = self.purchase_line_id
        returned = self.filtered(lambda move: not move.purchase_line_id)
        seen = self
        while returned := returned.origin_returned_move_id - seen:
            seen |= returned
            lines |= returned.purchase_line_id
            returned = returned.filtered(lambda move: not move.purchase_line_id)
        return lines

    def _flow_quantity(self, line):
        """Return what this transfer brings, or takes back to the vendor.

        Whether a return is to be refunded decides what is owed, not what is there.

        :param line: the order line
        :return: a quantity in the UoM of the line, negative for what leaves
        """
        self.ensure_one()
        if self._is_purchase_return():
            # what is called a return may have lines that bring goods
            quantity = sum(
                item.quantity_product_uom * get_sign(item)
                for item in self.move_line_ids
            )
            unit = self.product_id.uom_id
        elif (not self.purchase_line_id and self.location_id.usage == "internal") or (
            # from the customer, who got it from the vendor
            self.origin_returned_move_id in line.move_ids
            and self.origin_returned_move_id._is_dropshipped()
        ):
            return 0.0
        else:
            quantity, unit = self.quantity, self.product_uom
        return unit._compute_quantity(quantity, line.product_uom_id, round=False)

    # ------------------------------------------------------------
    # FLOWS: what no order stands behind
    # ------------------------------------------------------------

    def _flow_unordered(self):
        """Return what these transfers have brought from vendors without an order.

        :return: quantity by transfer, in the UoM of the product
        :rtype: dict
        """
        return {
            move: sum(
                item.quantity_product_uom
                for item in move.move_line_ids
                # goods of others are not bought
                if item.owner_id in (item.owner_id.browse(), move.company_id.partner_id)
            )
            if move._flow_is_unordered()
            else 0.0
            for move in self
        }

    def _flow_is_unordered(self):
        self.ensure_one()
        if (
            self.state != "done"
            or self.location_id.usage != "supplier"
            or self.location_dest_id.usage == "supplier"
        ):
            return False
        products = self._flow_order_lines().product_id
        is_part = "bom_line_id" in self._fields and self.bom_line_id
        return self.product_id not in products and not (products and is_part)
