from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount, formatLang


class DepositPayment(models.TransientModel):
    """The cashier's list: what is due, posted together."""

    _name = "deposit.payment"
    _description = "Pay Deposits"

    date = fields.Date(required=True, default=fields.Date.context_today)
    deposit_ids = fields.Many2many("supplier.deposit", string="Deposits", required=True)
    totals = fields.Html(string="By Bank", compute="_compute_totals", sanitize=False)
    summary = fields.Char(string="Total", compute="_compute_summary")

    @api.depends("deposit_ids")
    def _compute_summary(self):
        for wizard in self:
            totals = wizard.deposit_ids.grouped("currency_id").items()
            wizard.summary = " + ".join(
                format_amount(self.env, sum(deposits.mapped("amount")), currency)
                for currency, deposits in totals
            )

    @api.depends("deposit_ids")
    def _compute_totals(self):
        for wizard in self:
            wizard.totals = wizard._render_totals()

    def _render_totals(self):
        """Return a line for each bank journal and currency: how many, how much."""
        self.ensure_one()
        groups = self.deposit_ids.grouped(
            lambda deposit: (deposit.journal_id, deposit.currency_id)
        )
        rows = Markup()
        for (journal, currency), deposits in groups.items():
            amount = sum(deposits.mapped("amount"))
            rows += Markup(
                "<tr><td>{}</td><td class='text-end text-muted'>{}</td>"
                "<td class='text-end text-nowrap fw-bold'>{}</td></tr>"
            ).format(
                journal.display_name or self.env._("No bank journal"),
                self.env._("%(number)s deposits", number=len(deposits))
                if len(deposits) != 1
                else self.env._("1 deposit"),
                formatLang(self.env, amount, currency_obj=currency),
            )
        if not rows:
            return False
        return Markup(
            "<table class='table table-sm mb-0'><tbody>{}</tbody></table>"
        ).format(rows)

    def action_print(self):
        """Print the payment order, before or instead of posting."""
        self.ensure_one()
        return self.deposit_ids.action_print_payment_order()

    def action_confirm(self):
        """Post what is due, all of it or nothing.

        :raises UserError: names the deposit that cannot be paid
        """
        self.ensure_one()
        deposits = self.deposit_ids
        deposits._check_role("account.group_account_invoice")
        if not deposits:
            raise UserError(self.env._("Choose the deposits to pay."))
        for company, group in deposits.grouped("company_id").items():
            # by the cashier's own hand and rights: they answer for the payment
            group.sudo().with_company(company)._post_payments(self.date)
        return {"type": "ir.actions.act_window_close"}

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Pay Deposits"),
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }
