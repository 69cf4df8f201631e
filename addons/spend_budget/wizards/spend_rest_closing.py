from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Command


class SpendRestClosing(models.TransientModel):
    """Asks which lines of an order will not be completed, and why."""

    _name = "spend.rest.closing"
    _description = "Close the Rest of an Order"

    order_id = fields.Many2one("purchase.order", required=True, ondelete="cascade")
    line_ids = fields.Many2many(
        "purchase.order.line",
        string="Will Not Come",
        compute="_compute_line_ids",
        store=True,
        readonly=False,
        domain="[('order_id', '=', order_id), ('display_type', '=', False)]",
    )
    reason = fields.Char(required=True)

    @api.depends("order_id")
    def _compute_line_ids(self):
        """All that is open: whoever expects some of it takes that off the list."""
        for wizard in self:
            order = wizard.sudo(False).order_id
            found = {}
            if order.has_access("read"):
                found = order.order_line._rest_get_open()
            wizard.line_ids = [Command.set([line.id for line in found])]

    @api.constrains("order_id", "line_ids")
    def _check_writable(self):
        """With the user's own rights: Odoo runs constraints with the system's."""
        for wizard in self.sudo(False):
            wizard.order_id.check_access("write")
            if wizard.line_ids.sudo().order_id - wizard.order_id:
                raise UserError(self.env._("Choose lines of this order."))

    def action_close(self):
        """Close what is open of the lines.

        :raises UserError: without a reason, or where nothing is open
        """
        for wizard in self:
            order = wizard.order_id
            order.check_access("write")
            if order.state != "purchase":
                raise UserError(
                    self.env._(
                        "%(order)s: only the rest of confirmed orders is closed.",
                        order=order.name,
                    )
                )
            reason = (wizard.reason or "").strip()
            if not reason:
                raise UserError(self.env._("Say why."))
            (wizard.line_ids & order.order_line)._rest_close(reason)
        return {"type": "ir.actions.act_window_close"}
