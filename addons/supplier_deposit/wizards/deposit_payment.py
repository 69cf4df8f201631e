from odoo import api, fields, models
from odoo.exceptions import UserError


class DepositPayment(models.TransientModel):
    """The cashier's list: what is due, posted together."""

    _name = "deposit.payment"
    _description = "Pay Deposits"
    _inherit = ["deposit.wizard"]

    date = fields.Date(required=True, default=fields.Date.context_today)
    deposit_ids = fields.Many2many("supplier.deposit", string="Deposits", required=True)
    totals = fields.Html(string="By Bank", compute="_compute_totals", sanitize=False)
    summary = fields.Char(string="Total", compute="_compute_totals")
    notice = fields.Char(compute="_compute_notice")

    @api.depends("deposit_ids")
    def _compute_notice(self):
        """Warn of money that was paid to the vendors by hand: it may be the same."""
        for wizard in self:
            deposits = wizard.deposit_ids._filtered_access("read").sudo()
            doubtful = deposits.filtered(
                lambda deposit: deposit.stage == "due" and deposit._find_adoptable()
            )
            wizard.notice = bool(doubtful) and self.env._(
                "Money was paid to the vendor by hand already: see “Paid by Hand” on "
                "%s before you pay again.",
                ", ".join(doubtful.mapped("name")),
            )

    @api.depends("deposit_ids")
    def _compute_totals(self):
        """Add up by bank journal and currency."""
        for wizard in self:
            deposits = wizard.deposit_ids
            wizard.summary = " + ".join(
                wizard._add_up(group)
                for group in deposits.grouped("currency_id").values()
            )
            groups = deposits.grouped(lambda d: (d.journal_id, d.currency_id))
            wizard.totals = bool(groups) and self.env["ir.qweb"]._render(
                "supplier_deposit.deposit_payment_totals",
                {"groups": [(key[0], g, self._add_up(g)) for key, g in groups.items()]},
            )

    @api.model
    def _add_up(self, deposits):
        """Return in words what is left to pay of deposits in one currency."""
        amount = sum(deposits.mapped("amount_unpaid"))
        return deposits.currency_id.format(amount)

    def action_print(self):
        """Print the payment order, before or instead of posting."""
        self.ensure_one()
        return self.deposit_ids.action_print_payment_order()

    def action_confirm(self):
        """Post what is due, all of it or nothing."""
        self.ensure_one()
        deposits = self.deposit_ids
        deposits._check_role("account.group_account_invoice")
        if not deposits:
            raise UserError(self.env._("Choose the deposits to pay."))
        for company, group in deposits.grouped("company_id").items():
            # by the cashier's own hand and rights: they answer for the payment
            group.sudo().with_company(company)._post_payments(self.date)
        return self._close()
