from odoo import api, fields, models


class DepositClaimAsk(models.TransientModel):
    """How much of a deposit is claimed back; the rest is still deducted from bills."""

    _name = "deposit.claim.ask"
    _description = "Claim Deposit Back"
    _inherit = ["deposit.wizard"]

    deposit_id = fields.Many2one(required=True)
    amount_open = fields.Monetary(related="deposit_id.amount_open", related_sudo=False)
    amount_awaited = fields.Monetary(
        related="deposit_id.amount_awaited",
        related_sudo=False,
        string="Claimed Already",
    )
    amount_free = fields.Monetary(
        string="Not Claimed Yet", compute="_compute_amount_free"
    )
    amount = fields.Monetary(string="Claim Back", required=True)
    reason = fields.Char(
        required=True, default=lambda self: self.env._("It is not needed any more.")
    )

    @api.depends("deposit_id")
    def _compute_amount_free(self):
        for wizard in self:
            deposit = wizard.deposit_id._filtered_access("read")
            wizard.amount_free = deposit._get_free_amount() if deposit else 0.0

    def action_confirm(self):
        """Claim the amount back from the vendor, beside what is claimed already."""
        self.ensure_one()
        deposit = self.deposit_id
        deposit.claim_ids._check_claimable(deposit)
        deposit = deposit._as_system()
        deposit.claim_ids._claim(deposit, self.amount, self.reason)
        return self._close()
