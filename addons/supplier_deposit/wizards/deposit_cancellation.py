from markupsafe import Markup

from odoo import api, fields, models

#: Colours as on the deposits' own screens.
BADGES = {"paid": "success", "applied": "success", "done": "success"}


class DepositCancellation(models.TransientModel):
    """Ask before orders are cancelled that have deposits, and show what happens."""

    _name = "deposit.cancellation"
    _description = "Cancel Orders with Deposits"

    order_ids = fields.Many2many("purchase.order", required=True)
    deposit_ids = fields.Many2many("supplier.deposit", compute="_compute_deposit_ids")
    overview = fields.Html(compute="_compute_overview", sanitize=False)

    @api.depends("order_ids")
    def _compute_deposit_ids(self):
        for wizard in self:
            # the ids come from the client
            orders = wizard.order_ids._origin._filtered_access("write")
            wizard.deposit_ids = orders.sudo().deposit_ids.filtered(
                lambda deposit: deposit.state not in ("cancelled", "refunded")
            )

    @api.depends("deposit_ids")
    def _compute_overview(self):
        states = dict(
            self.env["supplier.deposit"]
            ._fields["state"]
            ._description_selection(self.env)
        )
        row = Markup(
            "<div class='o_deposit_consequence border-bottom py-2'>"
            "<div class='d-flex flex-wrap justify-content-between gap-2'>"
            "<span><span class='fw-bold'>{}</span> {}</span>"
            "<span class='text-nowrap'>{} <span class='badge rounded-pill "
            "text-bg-{}'>{}</span></span></div><div>{}</div></div>"
        )
        for wizard in self:
            wizard.overview = Markup().join(
                row.format(
                    deposit.name,
                    deposit.milestone_name,
                    deposit._format("amount"),
                    BADGES.get(deposit.state, "info"),
                    states[deposit.state],
                    self._describe(deposit),
                )
                for deposit in wizard.deposit_ids
            )

    @api.model
    def _describe(self, deposit):
        """Return in words what becomes of a deposit."""
        if deposit.state == "done":
            return self.env._("It has been deducted from bills, and stays.")
        if deposit.state not in ("paid", "applied", "refund_awaited"):
            text = self.env._(
                "It is not paid: it is cancelled, with its payment or bill."
            )
            if deposit.is_under_way:
                text += " " + self.env._(
                    "Its payment is on its way: if it cannot be stopped, the money is "
                    "claimed back when the bank has paid."
                )
            return text
        text = self.env._(
            "%(amount)s are claimed back from the vendor; the buyer gets a to-do.",
            amount=deposit._format("amount_open"),
        )
        if deposit.amount_applied:
            text += " " + self.env._(
                "%(amount)s have been deducted from bills, and stay.",
                amount=deposit._format("amount_applied"),
            )
        return text

    def action_confirm(self):
        """Cancel the orders."""
        self.ensure_one()
        self.order_ids.with_context(supplier_deposit_ask=False).button_cancel()
        return {"type": "ir.actions.act_window_close"}

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Cancel Order"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
