from odoo import api, models
from odoo.tools import SQL, format_amount

from odoo.addons.approval_matrix.system import as_system

from ..splitting import find_split

#: How many of the newest orders of each contact of the vendor are added up.
ADDED = 100
#: How many of them are named.
NAMED = 3
#: And of how many a row of a list.
NAMED_IN_ROWS = 1


class PurchasePrecedent(models.AbstractModel):
    """What is bought in parts: each order is below a limit that they reach together.

    The limits are the amounts at which another rule begins to apply to the order.
    Amounts are totals in the company's currency, at the rate of each order's date.
    """

    _inherit = "purchase.precedent"

    @api.model
    def _find_splits(self, orders):
        """Return the orders beside each with which it reaches a limit that it does not
        reach alone, nor do they: those of the same vendor and company that were made
        within some days of it, and wait or are confirmed. Whoever made them.

        :param orders: ``purchase.order`` records, as the system
        :return: by order ``(limit, rule, other orders, total)``; limit and total in
            the currency of the company, the largest other first; those without any are
            left out
        :rtype: dict
        """
        splits = {}
        watched = orders.filtered("company_id.purchase_split_days")
        for company, group in watched.grouped("company_id").items():
            rules = self.env["approval.rule"]._get_rules(group, company)
            limits = {
                amount
                for rule in rules
                for amount in (rule.amount_min, rule.amount_max)
                if amount
            }
            if not limits:
                continue
            found = {
                order: amounts
                for order, amounts in self._find_beside(group).items()
                if self._may_reach(limits, *amounts)
            }
            if not found:
                continue
            near = orders.browse().union(*found)
            suitable = self._match_conditions(rules, company, near)
            for order, (own, others) in found.items():
                split = find_split(own, others, limits, self._chooser(order, suitable))
                if split:
                    limit, rule, below = split
                    total = own + sum(others[id_] for id_ in below)
                    below.sort(key=others.get, reverse=True)
                    splits[order] = (limit, rule, orders.browse(below), total)
        return splits

    @api.model
    def _may_reach(self, limits, own, others):
        total = own + sum(others.values())
        return any(own < limit <= total for limit in limits)

    @api.model
    def _match_conditions(self, rules, company, orders):
        """Return which orders of a company meet the condition of each rule, by their
        ids; the rules are in their order."""
        judged = as_system(orders).with_company(company)
        return {rule: set(rule._filter_matching(judged).ids) for rule in rules}

    @api.model
    def _chooser(self, order, suitable):
        """Return a function for the rule that an order of some amount would have, if
        it is another one than that of its request."""
        asked = order.approval_process_id.rule_id

        def choose(amount):
            for rule, ids in suitable.items():
                if order.id in ids and rule._covers(amount):
                    return rule if rule != asked else None
            return None

        return choose

    @api.model
    def _find_beside(self, orders):
        """Return what each order comes to, and those beside it.

        :return: by order ``(amount, amounts of the others by id, the newest first)``,
            in the currency of the company; those without others are left out
        :rtype: dict
        """
        self._flush()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT mine.id, %(mine)s,
                       ARRAY_AGG(other.id ORDER BY other.id DESC),
                       ARRAY_AGG(other.amount ORDER BY other.id DESC)
                  FROM %(beside)s
                 GROUP BY mine.id
                """,
                mine=self._get_amount_sql("mine"),
                beside=self._get_beside_sql(
                    orders, "purchase_split_days", self._get_apart_sql(), ADDED
                ),
            )
        )
        found = {}
        for id_, own, others, amounts in rows:
            order = orders.browse(id_)
            rounded = order.company_id.currency_id.round
            amounts = [rounded(amount) for amount in amounts]
            beside = dict(zip(others, amounts, strict=True))
            found[order] = (rounded(own), beside)
        return found

    @api.model
    def _tell_splits(self, orders):
        """Return what there is to know of orders that reach a limit with others.

        :param orders: ``purchase.order`` records, with the system's rights
        :return: ``(sentences, the same in a row of a list)`` by order; those that
            reach none are left out
        :rtype: dict
        """
        splits = self._find_splits(orders)
        others = orders.browse().union(*(split[2] for split in splits.values()))
        readable = others._approval_readable_by(self.env.user) if others else others
        return {
            order: (text, self._sum_up_split(order, split, readable))
            for order, split in splits.items()
            for _mark, text in self._tell_split(order, split, readable)
        }

    @api.model
    def _sum_up_split(self, order, split, readable):
        """Return with which orders it reaches which limit, and who was not asked: what
        there is room for in a row of a list."""
        limit, rule, others, total = split
        told = [other.name for other in others if other in readable]
        names = told[:NAMED_IN_ROWS]
        if len(others) > len(names):
            names.append(self.env._("%s more", len(others) - len(names)))
        values = {
            "orders": ", ".join(names),
            "steps": self._name_more_steps(rule, order.approval_process_id.rule_id),
        }
        if len(told) < len(others):
            return self.env._("With %(orders)s. Not asked: %(steps)s", **values)
        currency = order.company_id.currency_id
        return self.env._(
            "%(total)s with %(orders)s. Not asked from %(limit)s on: %(steps)s",
            total=format_amount(self.env, total, currency),
            limit=format_amount(self.env, limit, currency),
            **values,
        )

    @api.model
    def _tell_split(self, order, split, readable):
        if not split:
            return []
        limit, rule, others, total = split
        currency = order.company_id.currency_id
        told = [other for other in others if other in readable]
        names = [self._name_part(other) for other in told[:NAMED]]
        if len(others) > len(names):
            names.append(self.env._("%s more", len(others) - len(names)))
        values = {
            "count": len(others) + 1,
            "days": order.company_id.purchase_split_days,
            "orders": ", ".join(names),
            "steps": self._name_more_steps(rule, order.approval_process_id.rule_id),
        }
        if len(told) < len(others):
            text = self.env._(
                "%(count)s orders of this vendor within %(days)s days (this one, "
                "%(orders)s) together reach the limit from which %(steps)s must "
                "approve.",
                **values,
            )
            return [(self.env._("split below a limit?"), text)]
        text = self.env._(
            "%(count)s orders of this vendor within %(days)s days come to %(total)s "
            "together (this one, %(orders)s): from %(limit)s on, %(steps)s must "
            "approve.",
            total=format_amount(self.env, total, currency),
            limit=format_amount(self.env, limit, currency),
            **values,
        )
        if all(other.create_uid == order.create_uid for other in others):
            maker = self.env._("All were made by %s.", order.create_uid.name)
            text = f"{text} {maker}"
        return [(self.env._("split below a limit?"), text)]

    @api.model
    def _name_part(self, order):
        """Return name and amount of one of the orders, and for what it is."""
        amount = format_amount(self.env, order.amount_total, order.currency_id)
        if not order.origin:
            return f"{order.name}: {amount}"
        return self.env._(
            "%(order)s: %(amount)s for %(origin)s",
            order=order.name,
            amount=amount,
            origin=order.origin,
        )

    @api.model
    def _name_more_steps(self, rule, asked):
        """Return the steps of a rule, without those that another one has as well."""
        rule, asked = (each.with_env(self.env).sudo() for each in (rule, asked))
        known = set(asked.step_ids.mapped("name"))
        names = [step.name for step in rule.step_ids if step.name not in known]
        return ", ".join(dict.fromkeys(names)) or f"“{rule.name}”"
