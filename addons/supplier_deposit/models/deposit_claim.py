from odoo import fields, models


class DepositClaim(models.Model):
    """Money of a deposit that is claimed back from the vendor. Only deposits make and
    withdraw claims; what has arrived is in the books."""

    _name = "deposit.claim"
    _description = "Claim of a Deposit"
    _order = "id desc"
    _rec_name = "reason"

    deposit_id = fields.Many2one(
        "supplier.deposit", required=True, readonly=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="deposit_id.company_id", store=True)
    currency_id = fields.Many2one(related="deposit_id.currency_id")
    amount = fields.Monetary(required=True, readonly=True)
    amount_before = fields.Monetary(
        readonly=True, help="What had come back by then without having been claimed."
    )
    reason = fields.Char(required=True, readonly=True)
    is_withdrawn = fields.Boolean(string="Withdrawn", readonly=True)

    _amount_positive = models.Constraint(
        "CHECK (amount > 0)", "A claim is of some amount."
    )

    def _withdraw(self):
        """Bills deduct the money again."""
        self.filtered(lambda claim: not claim.is_withdrawn).write(
            {"is_withdrawn": True}
        )
