from odoo import api, fields, models


class DepositCancellation(models.TransientModel):
    """Ask before orders are cancelled that have deposits, and show what happens."""

    _name = "deposit.cancellation"
    _description = "Cancel Order"
    _inherit = ["deposit.wizard"]

    order_ids = fields.Many2many("purchase.order", required=True)
    deposit_ids = fields.Many2many("supplier.deposit", compute="_compute_deposit_ids")
    overview = fields.Html(compute="_compute_overview", sanitize=False)

    @api.depends("order_ids")
    def _compute_deposit_ids(self):
        for wizard in self:
            # the ids come from the client
            orders = wizard.order_ids._origin._filtered_access("write")
            wizard.deposit_ids = orders.sudo().deposit_ids.filtered(
                lambda deposit: deposit.state != "cancelled"
            )

    @api.depends("deposit_ids")
    def _compute_overview(self):
        for wizard in self:
            wizard.overview = bool(wizard.deposit_ids) and self.env["ir.qweb"]._render(
                "supplier_deposit.deposit_cancellation_overview",
                {"deposits": wizard.deposit_ids},
            )

    def action_confirm(self):
        """Cancel the orders."""
        self.ensure_one()
        self.order_ids.with_context(supplier_deposit_ask=False).button_cancel()
        return self._close()
