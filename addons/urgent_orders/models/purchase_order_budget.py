from odoo import models
from odoo.tools import format_amount


class PurchaseOrder(models.Model):
    """What an order does to budgets decides who approves it.

    ``budget_state`` can be a condition of approval rules: an order over budget goes to
    a higher level at once. Approvers read the figures before they decide.
    """

    _inherit = "purchase.order"

    def _approval_settle(self, before):
        """Let the budgets be settled first: rules ask what the order did to them."""
        self.env["spend.control"]._settle_now()
        return super()._approval_settle(before)

    def _approval_summary(self):
        """Add, for each budget line that is short, what the order takes from it."""
        summary = super()._approval_summary()
        if not self.env["spend.control"]._in_use():
            return summary
        rows = self._budget_impacts()[self]
        if not rows:
            return summary
        names = dict(self._fields["budget_state"]._description_selection(self.env))
        facts = [[self.env._("Budget"), names[self.budget_state]]]
        facts += [
            [row["line"].display_name, self._describe_shortage(row)]
            for row in rows
            if row["verdict"] != "within"
        ]
        return {**summary, "facts": [*summary["facts"], *facts]}

    def _describe_shortage(self, row):
        """Return one line of ``_budget_impacts`` in words."""
        money = {
            name: format_amount(self.env, row[name], self.company_id.currency_id)
            for name in ("amount", "before", "after")
        }
        return self.env._(
            "takes %(amount)s of %(before)s that were left: %(after)s", **money
        )
