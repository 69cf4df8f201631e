from ast import literal_eval

from odoo import api, models, tools

#: Key among what the transaction remembers.
MEMO = "supplier_deposit.rules"


class DepositRule(models.Model):
    """Which rule an order falls under, at next to no cost where there is none."""

    _inherit = "deposit.rule"

    def _forget(self):
        """Drop what is remembered of the rules; they have just changed."""
        self.env.cr.cache.pop(MEMO, None)
        self.env.registry.clear_cache()

    @api.model
    def _is_in_use(self):
        """Tell whether a rule exists, archived ones included: those may have deposits.

        *Yes* is cached for the process, *no* for the transaction only: another thread
        could refill a cached *no* from an old snapshot.
        """
        memo = self.env.cr.cache.setdefault(MEMO, {})
        if "in_use" not in memo:
            try:
                memo["in_use"] = self._find_any()
            except LookupError:
                memo["in_use"] = False
        return memo["in_use"]

    @api.model
    @tools.ormcache()
    def _find_any(self):
        rules = self.sudo().with_context(active_test=False)
        if not rules.search_count([], limit=1):
            raise LookupError  # which is not cached
        return True

    @api.model
    def _match(self, orders):
        """Find the rule of each order.

        :param orders: ``purchase.order``
        :return: the first rule that matches, by order id; others are left out
        """
        found = {}
        orders = orders._approval_neutral()
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
        memo = self.env.cr.cache.setdefault(MEMO, {})
        if company.id not in memo:
            rules = self._engine().search(
                [("company_id", "in", company.parent_ids.ids), ("active", "=", True)]
            )
            memo[company.id] = rules.ids
        return self._engine().browse(memo[company.id])

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
        if self.amount_min and order._approval_amount() < self.amount_min:
            return False
        return bool(order.filtered_domain(literal_eval(self.domain)))
