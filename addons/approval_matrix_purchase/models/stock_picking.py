from collections import defaultdict

from odoo import models
from odoo.fields import Command

from odoo.addons.approval_matrix.system import as_system


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def button_validate(self):
        """Offer to receive what is approved, and to ask for the rest."""
        if not self.env["purchase.order"]._approval_in_use():
            return super().button_validate()
        orders = self.sudo().move_ids.purchase_line_id.order_id
        reopened = orders._approval_reopen_silently_changed()
        excess = self._flow_get_excess()
        asked = {
            line: over
            for line, over in excess.items()
            if line.order_id._flow_policy() == "ask"
        }
        if asked:
            return self._flow_offer_to_ask(asked)
        if reopened:
            return {
                "type": "ir.actions.client",
                "tag": "display_notification",
                "params": {
                    "message": self.env._(
                        "Changed since they were approved, and asked again: "
                        "%(orders)s. Receive when they are approved.",
                        orders=", ".join(reopened.sudo().mapped("name")),
                    ),
                    "type": "warning",
                    "sticky": True,
                },
            }
        return super().button_validate()

    def _flow_offer_to_ask(self, excess):
        """Return the action that offers to ask for what is beyond.

        :param dict excess: quantity by order line, in its UoM
        """
        ask = self.env["purchase.excess.ask"].create(
            {
                "picking_ids": [Command.set(self.ids)],
                "line_ids": [
                    Command.create({"order_line_id": line.id, "quantity": quantity})
                    for line, quantity in excess.items()
                ],
            }
        )
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("More Than Approved"),
            "res_model": ask._name,
            "res_id": ask.id,
            "views": [(False, "form")],
            "target": "new",
            "context": {
                key: value
                for key, value in self.env.context.items()
                if key in ("skip_backorder", "picking_ids_not_to_backorder")
            },
        }

    def _flow_get_excess(self):
        """Return what would be received beyond what is approved, if it was done now.

        :return: quantity by order line, in its UoM
        :rtype: dict
        """
        coming = defaultdict(float)
        pickings = as_system(self)
        for picking in pickings.filtered(lambda picking: picking.state != "done"):
            moves = picking.move_ids.filtered(
                lambda move: move.state not in ("done", "cancel")
            )
            picked = moves.filtered("picked") or moves
            for move in picked:
                line = move._flow_order_lines()
                if line and move.product_id == line.product_id:
                    # what goes back makes room only when it is gone
                    coming[line] += max(move._flow_quantity(line), 0.0)
        lines = pickings.env["purchase.order.line"].union(
            *(line for line, quantity in coming.items() if quantity)
        )
        return lines._flow_get_received_excess(lines._flow_received(coming))

    def _flow_take_off(self, excess):
        """Take off the transfers what is not approved.

        :param dict excess: quantity by order line, in its UoM
        """
        for line, over in excess.items():
            moves = self.move_ids.filtered(
                lambda move, line=line: (
                    move._flow_order_lines().id == line.id
                    and move.state not in ("done", "cancel")
                    and move.quantity
                )
            )
            for move in reversed(moves):
                left = line.product_uom_id._compute_quantity(
                    over, move.product_uom, round=False
                )
                taken = min(left, move.quantity)
                move.quantity -= taken
                over -= move.product_uom._compute_quantity(
                    taken, line.product_uom_id, round=False
                )
                if line.product_uom_id.compare(over, 0.0) <= 0:
                    break
