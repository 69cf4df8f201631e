from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command

from odoo.addons.approval_matrix.system import as_system

from ..allowance import MOST, read_rows


class PurchaseExcessAsk(models.TransientModel):
    """Ask for what exceeds orders; the approved part is received at once."""

    _name = "purchase.excess.ask"
    _description = "Ask for more than ordered"

    picking_ids = fields.Many2many("stock.picking", readonly=True)
    line_ids = fields.One2many("purchase.excess.ask.line", "ask_id")
    reason = fields.Text(help="Those who decide read it.")
    asked_text = fields.Text(
        string="Who Will Be Asked", compute="_compute_asked_text", compute_sudo=True
    )

    @api.depends("line_ids.order_line_id", "line_ids.quantity")
    @api.depends_context("lang", "uid")
    def _compute_asked_text(self):
        """Whoever fills it in by hand learns nothing about other people's orders."""
        for ask in self:
            lines = ask.line_ids.filtered(lambda line: 0 < line.quantity <= MOST)
            ordered = lines.order_line_id.sudo(False)._filtered_access("read")
            quantities = {line.order_line_id.id: line.quantity for line in lines}
            ordered = as_system(ordered, for_texts=True).filtered(
                lambda line: line.order_id._flow_policy() == "ask"
            )
            ask.asked_text = ordered._flow_foresee_asked(
                {line: quantities[line.id] for line in ordered}
            )

    @api.model
    def default_get(self, fields_list):
        """An error message brings what exceeds: order line, quantity, amount."""
        values = super().default_get(fields_list)
        if "line_ids" in fields_list:
            rows = read_rows(self.env.context.get("default_excess"))
            lines = self.env["purchase.order.line"].browse(rows).exists()
            values["line_ids"] = [
                Command.create({"order_line_id": line.id, "quantity": rows[line.id]})
                for line in lines._filtered_access("read")
            ]
        return values

    def action_ask(self):
        """Ask for what is more, and go on with what is approved."""
        self.ensure_one()
        self.picking_ids.check_access("write")
        if self.picking_ids:
            # what is asked is what is there, whatever was sent with the form
            found = self.picking_ids._flow_get_excess()
        else:
            self.line_ids.order_line_id.check_access("read")
            found = {
                line.order_line_id: line.quantity
                for line in self.line_ids
                if line.quantity > 0
            }
        if not found:
            raise UserError(self.env._("There is nothing to ask for."))
        if any(quantity > MOST for quantity in found.values()):
            raise UserError(self.env._("Nobody can approve that much: check it."))
        refused = [
            line.order_id.name
            for line in as_system(self.line_ids.order_line_id.union(*found))
            if line in found and line.order_id._flow_policy() != "ask"
        ]
        if refused:
            raise UserError(
                self.env._(
                    "Nobody is asked about more than ordered: %(orders)s.",
                    orders=", ".join(sorted(set(refused))),
                )
            )
        ordered = self.line_ids.order_line_id.browse([line.id for line in found])
        ordered._flow_ask_received(found, self.picking_ids, self.reason)
        if not self.picking_ids:
            return self._tell_asked()
        self.picking_ids._flow_take_off(found)
        ready = self.picking_ids.filtered(
            lambda picking: any(
                move.quantity and move.state not in ("done", "cancel")
                for move in picking.move_ids
            )
        )
        return ready.button_validate() if ready else self._tell_asked()

    def _tell_asked(self):
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": self.env._("Asked. You are told when it is decided."),
                "type": "success",
                "next": {"type": "ir.actions.act_window_close"},
            },
        }


class PurchaseExcessAskLine(models.TransientModel):
    _name = "purchase.excess.ask.line"
    _description = "Line of what is asked for"

    ask_id = fields.Many2one("purchase.excess.ask", required=True, ondelete="cascade")
    order_line_id = fields.Many2one("purchase.order.line", required=True)
    name = fields.Char(compute="_compute_texts", compute_sudo=True)
    approved = fields.Float(
        compute="_compute_texts", digits="Product Unit", compute_sudo=True
    )
    quantity = fields.Float(string="More", digits="Product Unit", required=True)
    uom_id = fields.Many2one(related="order_line_id.product_uom_id", related_sudo=True)

    @api.depends("order_line_id")
    @api.depends_context("lang")
    def _compute_texts(self):
        # whoever fills it in by hand learns nothing about other people's orders
        readable = self.order_line_id.sudo(False)._filtered_access("read")
        allowances = as_system(readable, for_texts=True)._flow_allowances()
        by_id = {line.id: allowance for line, allowance in allowances.items()}
        for each in self:
            line = each.order_line_id
            known = line.id in by_id
            text = f"{line.order_id.name}: {line.product_id.display_name}"
            each.name = text if known else False
            each.approved = by_id[line.id].quantity if known else 0.0
