from odoo import models

from odoo.addons.spend_budget.models import account_move_line


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    _budget_triggers = account_move_line.AccountMoveLine._budget_triggers | {
        "expense_id"
    }

    def _budget_get_lost(self, taxes):
        """Core reads the price of what an employee has paid with all taxes in it,
        whatever they say."""
        if self.expense_id.payment_mode == "own_account":
            taxes = taxes.with_context(force_price_include=True)
        return super()._budget_get_lost(taxes)
