from odoo import models
from odoo.tools import format_amount, format_date


class PurchaseOrder(models.Model):
    """What an order does to budgets decides who approves it.

    ``budget_state`` can be a condition of approval rules: an order over budget goes to
    a higher level at once. Approvers read the figures before they decide.
    """

    _inherit = "purchase.order"

    def write(self, vals):
        """A new buyer may bring a new department, which is one of the terms."""
        if "user_id" not in vals or not self._approval_in_use():
            return super().write(vals)
        with self._approval_watching():
            return super().write(vals)

    def _approval_is_tolerated(self, process, approved, current):
        """No tolerance leads over a budget past those whom that concerns."""
        if not super()._approval_is_tolerated(process, approved, current):
            return False
        if self.budget_state in ("none", "within"):
            return True
        rule = self.env["approval.rule"]._match(self).get(self.id)
        return not rule or rule == process.rule_id

    def _approval_settle(self, before):
        """Let the budgets be settled first: rules ask what the order did to them."""
        self.env["spend.control"]._settle_now()
        return super()._approval_settle(before)

    def _approval_summary(self):
        """Add, for each budget line that is short, what the order takes from it."""
        summary = super()._approval_summary()
        if not self.env["spend.control"]._in_use():
            return summary
        paid_by = [
            (self.env._("Department"), self.department_id.display_name),
            (self.env._("Order Date"), format_date(self.env, self.date_order)),
        ]
        facts = [*summary["facts"], *([k, v] for k, v in paid_by if v)]
        summary = {**summary, "facts": facts}
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
