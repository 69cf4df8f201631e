from markupsafe import Markup

from odoo import api, fields, models
from odoo.tools import formatLang


class DepositPayment(models.TransientModel):
    """What the cashier compares with the bank before pressing the button."""

    _inherit = "deposit.payment"

    totals = fields.Html(string="By Bank", compute="_compute_totals", sanitize=False)

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
