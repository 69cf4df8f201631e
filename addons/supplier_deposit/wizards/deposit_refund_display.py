from odoo import api, fields, models


class DepositRefund(models.TransientModel):
    """What will still be missing, before the receipt is posted."""

    _inherit = "deposit.refund"

    order_id = fields.Many2one(related="deposit_id.order_id")
    amount_owed = fields.Monetary(
        string="Vendor Owes", compute="_compute_amount_owed", compute_sudo=True
    )
    amount_left = fields.Monetary(
        string="Still Missing Then", compute="_compute_amount_left"
    )

    @api.depends("deposit_id")
    def _compute_amount_owed(self):
        for wizard in self:
            wizard.amount_owed = wizard.deposit_id._get_refundable()

    @api.depends("amount", "amount_owed")
    def _compute_amount_left(self):
        for wizard in self:
            wizard.amount_left = max(0.0, wizard.amount_owed - wizard.amount)
