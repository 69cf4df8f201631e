from odoo import api, fields, models
from odoo.tools import format_amount


class DepositCancellation(models.TransientModel):
    """Ask before orders are cancelled that have deposits, and show what happens."""

    _name = "deposit.cancellation"
    _description = "Cancel Orders with Deposits"

    order_ids = fields.Many2many("purchase.order", required=True)
    deposit_ids = fields.Many2many("supplier.deposit", compute="_compute_deposit_ids")
    consequences = fields.Text(compute="_compute_deposit_ids")

    @api.depends("order_ids")
    def _compute_deposit_ids(self):
        for wizard in self:
            # the ids come from the client
            orders = wizard.order_ids._origin._filtered_access("write")
            deposits = orders.sudo().deposit_ids.filtered(
                lambda deposit: deposit.state not in ("cancelled", "refunded")
            )
            wizard.deposit_ids = deposits
            wizard.consequences = "\n".join(map(self._describe, deposits))

    @api.model
    def _describe(self, deposit):
        amount = format_amount(
            self.env, deposit.amount_open or deposit.amount, deposit.currency_id
        )
        facts = {"deposit": deposit.name, "amount": amount}
        if deposit.state in ("paid", "applied", "refund_awaited"):
            return self.env._(
                "%(deposit)s: %(amount)s are claimed back from the vendor; the buyer "
                "gets a to-do.",
                **facts,
            )
        if deposit.state == "done":
            return self.env._(
                "%(deposit)s: has been deducted from bills and stays.", **facts
            )
        return self.env._(
            "%(deposit)s: %(amount)s are not paid; the deposit is cancelled, with its "
            "payment or bill.",
            **facts,
        )

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
