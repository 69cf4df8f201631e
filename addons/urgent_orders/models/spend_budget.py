from odoo import api, models
from odoo.tools import SQL


class SpendBudget(models.Model):
    """Whether there are open budgets is asked together with rules of approval."""

    _name = "spend.budget"
    _inherit = ["spend.budget", "approval.rule.mixin"]

    @api.model
    def _get_use_query(self):
        state = SQL.identifier("state", to_flush=self._fields["state"])
        return SQL(
            "SELECT '' WHERE EXISTS (SELECT FROM spend_budget WHERE %s = 'open')", state
        )
