from odoo import api, fields, models
from odoo.exceptions import UserError


class DepositRefund(models.TransientModel):
    """The vendor's money has come back."""

    _name = "deposit.refund"
    _description = "Register Refund"

    deposit_id = fields.Many2one("supplier.deposit", required=True, readonly=True)
    company_id = fields.Many2one(related="deposit_id.company_id", related_sudo=False)
    currency_id = fields.Many2one(related="deposit_id.currency_id", related_sudo=False)
    partner_id = fields.Many2one(related="deposit_id.partner_id", related_sudo=False)
    order_id = fields.Many2one(related="deposit_id.order_id", related_sudo=False)
    amount_owed = fields.Monetary(string="Vendor Owes", compute="_compute_amount_owed")
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

    def action_confirm(self):
        """Post the receipt and match it with the deposit.

        :raises UserError: when less is open
        """
        self.ensure_one()
        deposit = self.deposit_id
        deposit._check_role("account.group_account_invoice")
        self._check_journal()
        deposit = deposit.sudo().with_company(deposit.company_id)
        deposit._register_refund(self.journal_id.sudo(), self.date, self.amount)
        return {"type": "ir.actions.act_window_close"}

    def _check_journal(self):
        """Refuse what receives no money of the company, whatever the client sent.

        :raises UserError:
        """
        self.ensure_one()
        journal = self.journal_id.sudo()
        if (
            journal.type not in ("bank", "cash")
            or journal.company_id not in self.company_id.sudo().parent_ids
        ):
            raise UserError(
                self.env._(
                    "%(journal)s receives no money of %(company)s: choose a bank or "
                    "cash journal.",
                    journal=journal.name,
                    company=self.company_id.name,
                )
            )

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Register Refund"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
