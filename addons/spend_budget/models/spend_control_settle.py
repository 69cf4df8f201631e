from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from odoo import api, models
from odoo.exceptions import UserError
from odoo.tools import SQL

from ..shares import Criteria, bear, remaining, split, to_units

#: Names of the balances by kind of entry.
BALANCE = {"reserve": "reserved", "commit": "committed", "actual": "actual"}


@dataclass
class Measure:
    """What a document's line is worth to budgets, as it is now.

    :param kind: where its money belongs: reserve, commit or actual
    :param amount: all of it, in company currency
    :param left: quantity ordered and quantity billed, for orders
    :param carried: ids of budgets it was carried from and to
    """

    company: object
    date: date
    amount: float
    distribution: dict | None
    department: str
    category: str
    kind: str
    left: tuple[float, float] | None = None
    carried: dict = field(default_factory=dict)

    def take(self, units):
        """Return how much of its share the line takes: what is not billed yet."""
        return remaining(units, *self.left) if self.left else units


class SpendControl(models.AbstractModel):
    _inherit = "spend.control"

    # ------------------------------------------------------------
    # SETTLE
    # ------------------------------------------------------------

    @api.model
    def _settle(self, watch):
        """Bring the ledger up to what the documents of a watch have become."""
        orders = self.env["purchase.order"].browse(watch.orders).exists()
        lines = self.env["purchase.order.line"].browse(sorted(watch.order_lines))
        alive = orders.order_line | lines.exists()
        covered = (orders | alive.order_id).filtered(
            lambda order: self._covers(order.company_id)
        )
        if not (covered or watch.move_lines or watch.order_lines):
            return
        moves = self.env["account.move.line"].browse(sorted(watch.move_lines))
        ids = sorted({*lines.ids, *alive.ids})
        postings, targets = self._get_postings(alive, ids, watch)
        postings += self._get_postings(moves.exists(), moves.ids, watch)[0]
        verdicts = self._post(postings) if postings else {}
        covered._budget_settled(targets, verdicts)

    @api.model
    def _get_postings(self, sources, ids, watch):
        """Return what must be entered so that the ledger fits the documents.

        :param sources: lines of documents as they are now
        :param ids: theirs, and those of lines that were deleted
        :return: list of ``(source, line id, {kind: units}, number, reason)``, where the
            source is ``(model, id)``, and what ``_get_targets`` says
        """
        postings = []
        targets = self._get_targets(sources)
        holdings = self._get_holdings(sources._name, ids) if ids else {}
        alive = set(sources._ids)
        for source_id in ids:
            wanted = targets.get(source_id, {})
            held = holdings.get(source_id, {})
            for line_id in sorted({*wanted, *held}):
                kinds, number = held.get(line_id, ({}, 0))
                moved = _difference(kinds, wanted.get(line_id, {}))
                if not moved:
                    continue
                reason = watch.reason or "deleted"
                if not watch.reason and source_id in alive:
                    had = {
                        kind
                        for each, _last in held.values()
                        for kind in each
                        if each[kind]
                    }
                    source = sources.browse(source_id)
                    reason = source._budget_reason(had, bool(watch.move_lines))
                source = (sources._name, source_id)
                postings.append((source, line_id, moved, number, reason))
        return postings, targets

    @api.model
    def _get_targets(self, sources):
        """Return what the sources should hold now.

        :return: by source id and line id, units by kind, also where it is nothing
            (any more) on a line that the source meets
        """
        measures = sources._budget_measures()
        return {
            source_id: {
                line_id: {measures[source_id].kind: measures[source_id].take(units)}
                for line_id, units in borne.items()
            }
            for source_id, borne in self._get_borne(measures).items()
        }

    @api.model
    def _get_borne(self, measures):
        """Return which open budget lines bear the whole of each measure.

        :param measures: by any key, the :class:`Measure`
        :return: by the same key and line id, units
        """
        if not measures:
            return {}
        distributions = [measure.distribution for measure in measures.values()]
        plans = self._get_plans(distributions)
        budgets = self._get_open_lines(measures.values(), plans)
        result = {}
        for key, measure in measures.items():
            lines = [
                criteria
                for (company, start, end, budget), criteria in budgets.items()
                if company in self._ancestors(measure.company)
                and budget not in measure.carried.get("from", ())
                and (
                    start <= measure.date <= end
                    or budget in measure.carried.get("to", ())
                )
            ]
            if not lines:
                continue
            try:
                result[key] = bear(
                    to_units(measure.amount, measure.company.currency_id.rounding),
                    split(measure.distribution, plans),
                    lines,
                    measure.department,
                    measure.category,
                )
            except ValueError:
                raise UserError(
                    self.env._(
                        "The price, quantity or analytic distribution of a line makes "
                        "no sense: no budget can be charged with it."
                    )
                ) from None
        return result

    @api.model
    def _get_plans(self, distributions):
        """Return the plan of every analytic account in the distributions."""
        ids = {
            int(part)
            for distribution in distributions
            for key in distribution or {}
            for part in str(key).split(",")
            if part.strip().isdigit() and int(part) < 2**31
        }
        if not ids:
            return {}
        accounts = self.env["account.analytic.account"].with_context(active_test=False)
        found = accounts.search_fetch([("id", "in", sorted(ids))], ["root_plan_id"])
        return {account.id: account.root_plan_id.id for account in found}

    @api.model
    def _get_open_lines(self, measures, accounts):
        """Return the lines of open budgets that could meet the measures.

        :param accounts: ids of the analytic accounts the measures have
        :return: criteria by ``(company id, start, end, budget id)``
        """
        for model in ("spend.budget", "spend.budget.line"):
            self.env[model].flush_model()
        dates = [measure.date for measure in measures]
        carried = {
            budget for measure in measures for budget in measure.carried.get("to", ())
        }
        companies = {
            ancestor
            for measure in measures
            for ancestor in self._ancestors(measure.company)
        }
        rows = self.env.execute_query(
            SQL(
                """
                SELECT budget.company_id, budget.date_from, budget.date_to, budget.id,
                       line.id, line.sequence, line.account_id,
                       department.parent_path, category.parent_path
                  FROM spend_budget_line AS line
                  JOIN spend_budget AS budget ON budget.id = line.budget_id
             LEFT JOIN hr_department AS department
                    ON department.id = line.department_id
             LEFT JOIN product_category AS category ON category.id = line.category_id
                 WHERE budget.state = 'open'
                   AND budget.company_id IN %(companies)s
                   AND (budget.id IN %(carried)s
                        OR (budget.date_from <= %(last)s
                            AND budget.date_to >= %(first)s))
                   AND (line.account_id IS NULL OR line.account_id IN %(accounts)s)
                """,
                companies=tuple(companies),
                carried=tuple(carried) or (0,),
                first=min(dates),
                last=max(dates),
                accounts=tuple(accounts) or (0,),
            )
        )
        found = defaultdict(list)
        for *budget, line_id, sequence, account, department, category in rows:
            found[tuple(budget)].append(
                Criteria(line_id, sequence, account, department or "", category or "")
            )
        return found

    @api.model
    def _get_holdings(self, model, source_ids):
        """Return what the ledger has of the sources on lines of open budgets.

        What is left on a closed budget stays there: only carrying it forward moves it.

        :return: by source id and line id, units by kind and the last number used
        """
        self.env["spend.entry"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT entry.source_id, entry.line_id, entry.kind,
                       SUM(entry.amount), MAX(entry.number), entry.company_id
                  FROM spend_entry AS entry
                  JOIN spend_budget AS budget ON budget.id = entry.budget_id
                 WHERE entry.source_model = %(model)s
                   AND entry.source_id IN %(ids)s
                   AND budget.state = 'open'
              GROUP BY entry.source_id, entry.line_id, entry.kind, entry.company_id
                """,
                model=model,
                ids=tuple(source_ids),
            )
        )
        held = defaultdict(dict)
        for source_id, line_id, kind, amount, number, company_id in rows:
            rounding = self.env["res.company"].browse(company_id).currency_id.rounding
            kinds, last = held[source_id].get(line_id, ({}, 0))
            kinds[kind] = to_units(float(amount), rounding)
            held[source_id][line_id] = (kinds, max(last, number))
        return held


def _difference(held, wanted):
    """Return what must be added to what is held, by kind, to get what is wanted."""
    moved = {kind: wanted.get(kind, 0) - held.get(kind, 0) for kind in BALANCE}
    return {kind: units for kind, units in moved.items() if units}
