from odoo import api, fields, models


class DepositClaim(models.TransientModel):
    """How much of a deposit is claimed back; the rest is still deducted from bills."""

    _name = "deposit.claim"
    _description = "Claim Deposit Back"

    deposit_id = fields.Many2one("supplier.deposit", required=True, readonly=True)
    currency_id = fields.Many2one(related="deposit_id.currency_id", related_sudo=False)
    partner_id = fields.Many2one(related="deposit_id.partner_id", related_sudo=False)
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

    @api.depends("deposit_id")
    def _compute_amount_free(self):
        for wizard in self:
            # the id comes from the client
            deposit = wizard.deposit_id._filtered_access("read")
            wizard.amount_free = deposit._get_free_amount() if deposit else 0.0

    def action_confirm(self):
        """Claim the amount back from the vendor, beside what is claimed already.

        :raises UserError: when less is left to claim
        """
        self.ensure_one()
        self.deposit_id._check_claimable()
        self.deposit_id._as_system()._claim_part(self.amount)
        return {"type": "ir.actions.act_window_close"}

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Claim Deposit Back"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
