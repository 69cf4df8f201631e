from ast import literal_eval

from odoo import api, models

from odoo.addons.approval_matrix.system import as_system


class DepositRule(models.Model):
    """Which rule an order falls under, or none."""

    _inherit = "deposit.rule"

    @api.model
    def _match(self, orders):
        """Find the rule of each order.

        :param orders: ``purchase.order``
        :return: the first rule that matches, by order id; others are left out
        """
        found = {}
        orders = as_system(orders)
        for company, group in orders.grouped("company_id").items():
            rules = self._get_active(company)
            for order in group.with_company(company) if rules else ():
                for rule in rules:
                    if rule._covers(order):
                        found[order.id] = rule
                        break
        return found

    @api.model
    def _get_active(self, company):
        """Return the rules of a company and of those above it, in their order."""
        memo = self._get_memo()
        key = ("active", company.id)
        if key not in memo:
            domain = [
                ("company_id", "in", company.parent_ids.ids),
                ("active", "=", True),
            ]
            rules = self._engine().search_fetch(domain, ["amount_min", "domain"])
            memo[key] = rules.ids
        return self._engine().browse(memo[key])

    @api.model
    def _engine(self):
        """Return the model with the system's rights and nothing of the caller's
        context."""
        return self.browse().with_env(self.env(su=True, context={}))

    def _covers(self, order):
        """Tell whether an order falls under the rule.

        :param order: ``purchase.order`` with the system's rights
        """
        self.ensure_one()
        # first what costs no query
        if self.amount_min and order._approval_amount() < self.amount_min:
            return False
        vendors = order.partner_id | order.partner_id.commercial_partner_id
        if self.partner_ids and not self.partner_ids & vendors:
            return False
        if self.partner_tag_ids and not self.partner_tag_ids & vendors.category_id:
            return False
        if self.urgency_level_ids and order.urgency_level_id not in (
            self.urgency_level_ids
        ):
            return False
        if self.product_category_ids and not order.order_line.filtered_domain(
            [("product_id.categ_id", "child_of", self.product_category_ids.ids)]
        ):
            return False
        return bool(order.filtered_domain(literal_eval(self.domain)))
