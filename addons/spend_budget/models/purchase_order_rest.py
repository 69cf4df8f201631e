from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import float_compare

from .purchase_order_line_rest import DIGITS


class PurchaseOrder(models.Model):
    """What will not come any more of an order: its buttons, and its end."""

    _inherit = "purchase.order"

    rest_is_open = fields.Boolean(
        compute="_compute_rest", compute_sudo=True, groups="base.group_user"
    )
    rest_is_closed = fields.Boolean(
        compute="_compute_rest", compute_sudo=True, groups="base.group_user"
    )

    @api.depends(
        "state",
        "order_line.product_qty",
        "order_line.qty_received",
        "order_line.qty_invoiced",
        "order_line.rest_closed_qty",
    )
    def _compute_rest(self):
        """For buttons only: closing looks at goods and posted bills itself."""
        for order in self:
            lines = order.order_line.filtered(lambda line: not line.display_type)
            order.rest_is_closed = any(lines.mapped("rest_closed_qty"))
            order.rest_is_open = order.state == "purchase" and any(
                float_compare(
                    line.product_qty - line.rest_closed_qty,
                    max(line.qty_received, line.qty_invoiced),
                    DIGITS,
                )
                > 0
                for line in lines
            )

    def write(self, vals):
        """An order that begins anew is open."""
        if vals.get("state") in ("draft", "cancel"):
            closed = self.order_line.filtered(lambda line: line.sudo().rest_closed_qty)
            if closed:
                closed._rest_set(dict.fromkeys(closed, 0.0))
        return super().write(vals)

    def action_open_rest_closing(self):
        """Ask which lines, and why."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Close the Rest"),
            "res_model": "spend.rest.closing",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_order_id": self.id},
        }

    def action_reopen_rest(self):
        """Expect again what was closed.

        :raises UserError: where a blocking budget does not have the money any more
        """
        self.check_access("write")
        for order in self:
            closed = order.order_line.filtered(lambda line: line.sudo().rest_closed_qty)
            if not closed or order.state != "purchase":
                raise UserError(
                    self.env._("%(order)s: no rest is closed.", order=order.name)
                )
            closed._rest_reopen()
        return True
