from odoo import api, fields, models
from odoo.exceptions import UserError


class DepositRefund(models.TransientModel):
    """The vendor's money has come back."""

    _name = "deposit.refund"
    _description = "Register Refund"
    _inherit = ["deposit.wizard"]

    deposit_id = fields.Many2one(required=True)
    order_id = fields.Many2one(related="deposit_id.order_id", related_sudo=False)
    amount_owed = fields.Monetary(
        string="Vendor Owes", related="deposit_id.amount_awaited", related_sudo=False
    )
    amount_left = fields.Monetary(
        string="Still Missing Then", compute="_compute_amount_left"
    )
    amount = fields.Monetary(required=True)
    date = fields.Date(required=True, default=fields.Date.context_today)
    journal_id = fields.Many2one(
        "account.journal",
        string="Bank or Cash",
        required=True,
        domain="[('type', 'in', ('bank', 'cash')), ('company_id', 'parent_of',"
        " company_id)]",
    )
    rest = fields.Selection(
        [("awaited", "It is still to come"), ("forfeited", "The vendor keeps it")],
        string="What Is Missing",
        default="awaited",
        required=True,
    )
    account_id = fields.Many2one(
        "account.account",
        string="Book the Difference On",
        domain="[('internal_group', 'in', ('income', 'expense'))]",
        help="The cost of what the vendor keeps, or the income from what it pays "
        "beyond what it owes.",
    )
    is_different = fields.Boolean(compute="_compute_amount_left")

    @api.depends("amount", "amount_owed", "rest")
    def _compute_amount_left(self):
        for wizard in self:
            left = wizard.amount_owed - wizard.amount
            wizard.amount_left = max(0.0, left)
            wizard.is_different = left < 0 or left > 0 and wizard.rest == "forfeited"

    def action_confirm(self):
        """Post the receipt and match it with the deposit."""
        self.ensure_one()
        deposit = self.deposit_id
        deposit._check_role("account.group_account_invoice")
        deposit = deposit.sudo().with_company(deposit.company_id)
        claims = deposit.claim_ids
        claims._check_awaited(deposit)
        # whatever the client sent
        account, journal = self.account_id.sudo(), self.journal_id.sudo()
        missing = self.amount_left if self.rest == "forfeited" else 0.0
        if self.is_different and account.internal_group not in ("income", "expense"):
            raise UserError(
                self.env._("Choose the account that the difference is booked on.")
            )
        if self.amount or not missing:
            if (
                journal.type not in ("bank", "cash")
                or journal.company_id not in deposit.company_id.parent_ids
            ):
                raise UserError(
                    self.env._(
                        "%(journal)s receives no money of %(company)s: choose a bank "
                        "or cash journal.",
                        journal=journal.name,
                        company=deposit.company_id.name,
                    )
                )
            claims._receive(deposit, journal, self.date, self.amount, account)
        if missing:
            claims._forfeit(deposit, missing, self.date, account)
        return self._close()
