from ast import literal_eval

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL

#: What is looked at to tell which rule a document falls under.
MATCHED = ("company_id", "domain", "amount_min", "amount_max")


class ApprovalRule(models.Model):
    """Which rule a document falls under, at next to no cost where none does."""

    _inherit = "approval.rule"

    @api.model
    def _is_in_use(self, model):
        """Tell whether a rule exists for a model, archived ones included.

        An archived rule may still have requests running, and a rule that was used
        cannot be deleted: a model without rules never had a request.

        :param str model: technical name
        """
        return super()._is_in_use(model)

    @api.model
    def _get_use_query(self):
        model = SQL.identifier("model", to_flush=self._fields["model"])
        return SQL("SELECT DISTINCT %s FROM approval_rule", model)

    @api.model
    def _get_condition_fields(self, model):
        """Return the fields of the document that conditions of rules look at.

        :rtype: frozenset
        """
        memo = self._get_memo()
        key = ("conditions", model)
        if key not in memo:
            memo[key] = frozenset(
                condition.field_expr.split(".")[0]
                for rule in self._get_active(model)
                for condition in Domain(literal_eval(rule.domain)).iter_conditions()
            )
        return memo[key]

    @api.model
    def _match(self, documents):
        """Find the rule of each document.

        Nothing that callers put into their context counts: neither the language
        names are compared in, nor whether archived rules are found.

        :return: the first rule that matches, by document id; documents without a
            rule are left out
        :rtype: dict
        """
        routes = {}
        documents = documents._approval_neutral()
        by_company = documents.grouped(lambda document: document._approval_company())
        for company, group in by_company.items():
            rules = self._get_rules(group, company)
            if not rules:
                continue
            group = group.with_company(company)
            amounts = {doc.id: doc._approval_threshold_amount() for doc in group}
            for rule in rules:
                group = group.filtered(lambda document: document.id not in routes)
                matching = group.filtered_domain(literal_eval(rule.domain))
                for document in matching:
                    if rule._covers(amounts[document.id]):
                        routes[document.id] = rule
        return routes

    @api.model
    def _get_rules(self, documents, company):
        """Return the rules of a company and of those above it, in their order."""
        companies = company.parent_ids
        return self._get_active(documents._name).filtered(
            lambda rule: not rule.company_id or rule.company_id in companies
        )

    @api.model
    def _get_active(self, model):
        """Return the rules of a model, which cost one query in a transaction."""
        memo = self._get_memo()
        key = ("active", model)
        if key not in memo:
            domain = [("model", "=", model), ("active", "=", True)]
            memo[key] = self.sudo().search_fetch(domain, MATCHED).ids
        return self.sudo().browse(memo[key])

    def _why_not(self, document, amount):
        """Say why the rule does not match; nothing if it does.

        :param document: may be empty: then the condition is not judged
        :param float amount: in company currency
        """
        self.ensure_one()
        if not self._covers(amount):
            return self.env._("the amount is outside its range")
        if document and not document.filtered_domain(literal_eval(self.domain)):
            return self.env._("its condition is not met")
        return False

    def _covers(self, amount):
        """Tell whether an amount in company currency is in the range of the rule."""
        self.ensure_one()
        return (not self.amount_min or self.amount_min <= amount) and (
            not self.amount_max or amount < self.amount_max
        )
