from odoo import api, fields, models


class DepositRefund(models.TransientModel):
    """What will still be missing, before the receipt is posted."""

    _inherit = "deposit.refund"

    order_id = fields.Many2one(related="deposit_id.order_id", related_sudo=False)
    amount_owed = fields.Monetary(string="Vendor Owes", compute="_compute_amount_owed")
    amount_left = fields.Monetary(
        string="Still Missing Then", compute="_compute_amount_left"
    )

    @api.depends("deposit_id")
    def _compute_amount_owed(self):
        for wizard in self:
            # the id comes from the client
            deposit = wizard.deposit_id._filtered_access("read").sudo()
            wizard.amount_owed = deposit._get_refundable() if deposit else 0.0

    @api.depends("amount", "amount_owed")
    def _compute_amount_left(self):
        for wizard in self:
            wizard.amount_left = max(0.0, wizard.amount_owed - wizard.amount)
