from odoo import api, models
from odoo.tools import formatLang


class DepositRuleLine(models.Model):
    _inherit = "deposit.rule.line"

    @api.depends("name", "percent", "amount", "amount_type")
    @api.depends_context("lang")
    def _compute_display_name(self):
        """Say how much it is: lists of rules show deposits by name only."""
        for line in self:
            share = self._format_percent(line.percent)
            if line.amount_type == "fixed":
                share = formatLang(self.env, line.amount, currency_obj=line.currency_id)
            line.display_name = f"{line.name}: {share}"

    @api.model
    def _format_percent(self, percent):
        """Return a percentage in words, without decimals that say nothing."""
        digits = 0 if percent == int(percent) else 2
        return self.env._(
            "%(percent)s %%", percent=formatLang(self.env, percent, digits=digits)
        )
