from collections import defaultdict
from contextlib import contextmanager
from decimal import Decimal

from odoo import api, models
from odoo.exceptions import UserError, ValidationError
from odoo.tools import SQL, format_amount, formatLang

from odoo.addons.approval_matrix.system import as_system
from odoo.addons.approval_matrix.watch import Judge, watching

from ..measure import Budget, Measure, difference, reachable
from ..shares import Criteria, from_units, is_exact, to_units
from .spend_budget import MISSING_POLICIES
from .spend_entry import SOURCES
from .spend_ledger import VERDICTS

#: Documents compared at once, when there are many.
BATCH = 500


class SpendControl(models.AbstractModel):
    """The engine between documents and budgets.

    The overrides of orders and bills note in a watch, see ``approval_matrix.watch``,
    which lines they touch. When the outermost call ends the ledger is brought up to
    what the documents have become, all at once: the same for every state and change.
    """

    _name = "spend.control"
    _description = "Budget Control"

    # ------------------------------------------------------------
    # IN USE
    # ------------------------------------------------------------

    @api.model
    def _in_use(self):
        """Return the ids of the companies with an open budget.

        :rtype: set-like
        """
        return self.env["spend.budget"]._get_periods().keys()

    @api.model
    def _covers(self, company):
        """Tell whether an open budget of the company or one above it exists."""
        in_use = self._in_use()
        return bool(in_use) and not in_use.isdisjoint(self._ancestors(company))

    @api.model
    def _is_open_on(self, company, day):
        """Tell whether an open budget of the company or one above it holds a day."""
        periods = self.env["spend.budget"]._get_periods()
        return any(
            start <= day <= end
            for ancestor in self._ancestors(company)
            for start, end, _policy in periods.get(ancestor, ())
        )

    @api.model
    def _ancestors(self, company):
        """Return the ids of a company and of those above it; of none, while a form
        has no company yet."""
        path = company.sudo().parent_path or ""
        return frozenset(int(part) for part in path.split("/")[:-1])

    # ------------------------------------------------------------
    # WHILE IT IS TYPED IN
    # ------------------------------------------------------------

    @api.model
    def _check_can_count(self, line, document, quantity):
        """Refuse a barcode that was scanned into the quantity while it is typed in, not
        when approvers have it before them.

        What depends on rates and taxes, and sums, are judged with the ledger.

        :param line: of a purchase order or bill, in the currency of its document
        :param document: which the line is of
        :param float quantity: of the line, in its unit
        :raise ValidationError: if no budget could count the amount exactly
        """
        amount = line.price_unit * (1 - line.discount / 100) * quantity
        currency = document.currency_id
        rounding = currency.rounding or document.company_id.currency_id.rounding
        if not is_exact(amount, rounding):
            raise ValidationError(
                self.env._(
                    "%(document)s, “%(line)s”: a quantity of %(quantity)s at %(price)s "
                    "is too large for any budget to count it exactly. Correct the "
                    "quantity or price.",
                    document=document.display_name,
                    line=(line.name or "").split("\n")[0],
                    quantity=formatLang(self.env, quantity),
                    price=formatLang(self.env, line.price_unit),
                )
            )

    # ------------------------------------------------------------
    # WATCH
    # ------------------------------------------------------------

    @api.model
    @contextmanager
    def _watching(self, records=None, vals=None):
        """Bring the ledger up to what the block did, when the outermost call ends.

        The block gets the :class:`Touched` to note more in; nothing, where no budget
        is open or the values do not matter to any.

        :param records: documents or lines that the block changes
        :param vals: what it writes to them; without, it deletes them
        """
        matters = vals is None or not records._budget_triggers.isdisjoint(vals)
        if not matters or not self._in_use():
            yield None
            return
        with watching(self.env, BudgetJudge) as judge:
            if records:
                records._budget_touch(judge.touched, vals)
            yield judge.touched
            if vals is not None:
                records._budget_touch(judge.touched, {})  # where they are now

    @api.model
    def _update_ledger(self, touched):
        """Bring the ledger up to what the documents have become.

        :param touched: a :class:`Touched`
        """
        self = as_system(self, for_texts=True)
        orders = self.env["purchase.order"].browse(touched.orders).exists()
        lines, moves = (
            self.env[model].browse(sorted(ids)) for model, ids in touched.lines.items()
        )
        alive = orders.order_line | lines.exists()
        covered = (orders | alive.order_id).filtered(
            lambda order: self._covers(order.company_id)
        )
        bills = self.env["account.move"].browse(touched.missing).exists()
        if not (covered or lines or moves or bills):
            return
        ids = sorted({*lines.ids, *alive.ids})
        postings, targets = self._get_postings(alive, ids, touched)
        billed = moves.exists()
        postings += self._get_postings(billed, moves.ids, touched)[0]
        verdicts = self.env["spend.ledger"]._post(postings) if postings else {}
        missing = covered._budget_judge_missing(touched.states)
        bills._budget_judge_missing(touched.missing)
        for sources in (billed, alive):
            sources._budget_judged(verdicts)
        covered._budget_update(targets, verdicts, missing)

    # ------------------------------------------------------------
    # TARGETS: what documents should hold
    # ------------------------------------------------------------

    @api.model
    def _get_postings(self, sources, ids, touched):
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
                try:
                    moved = difference(kinds, reachable(kinds, wanted.get(line_id, {})))
                except OverflowError:
                    raise self._get_too_large(sources, source_id) from None
                if not moved:
                    continue
                reason = touched.reason or "deleted"
                if not touched.reason and source_id in alive:
                    had = {
                        kind
                        for each, _last in held.values()
                        for kind in each
                        if each[kind]
                    }
                    source = sources.browse(source_id)
                    reason = source._budget_reason(
                        had, bool(touched.lines["account.move.line"])
                    )
                source = (sources._name, source_id)
                postings.append((source, line_id, moved, number, reason))
        return postings, targets

    @api.model
    def _get_too_large(self, sources, source_id):
        """Return the error for a line that costs more than can be counted."""
        names = self.env["spend.ledger"]._get_names(sources._name, source_id, sources)
        document, description = names
        return UserError(
            self.env._(
                "%(document)s, “%(line)s”: the amount is too large for any budget to "
                "count it exactly. Correct its quantity or price.",
                document=document,
                line=description,
            )
        )

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

        :param measures: by any key, the ``measure.Measure``
        :return: by the same key and line id, units
        """
        return self._deal(measures, Measure.bear)

    @api.model
    def _deal(self, measures, deal):
        """Return what a method of ``measure.Measure`` says, where it says something.

        :raises UserError: for an amount or a distribution that makes no sense
        """
        if not measures:
            return {}
        plans = self._get_plans([each.distribution for each in measures.values()])
        budgets = self._get_open_lines(measures.values(), plans)
        try:
            dealt = {
                key: deal(measure, budgets, plans) for key, measure in measures.items()
            }
        except ValueError:
            raise UserError(
                self.env._(
                    "The price, quantity or analytic distribution of a line makes "
                    "no sense: no budget can be charged with it."
                )
            ) from None
        return {key: found for key, found in dealt.items() if found}

    @api.model
    def _get_plans(self, distributions):
        """Return the plan of every analytic account in the distributions."""
        ids = self._get_account_ids(distributions)
        if not ids:
            return {}
        accounts = self.env["account.analytic.account"].with_context(active_test=False)
        found = accounts.search_fetch([("id", "in", sorted(ids))], ["root_plan_id"])
        return {account.id: account.root_plan_id.id for account in found}

    @api.model
    def _get_account_ids(self, distributions, known=None):
        """Return the ids of the analytic accounts that distributions name.

        :param known: only these
        """
        return {
            int(part)
            for distribution in distributions
            for key in distribution or {}
            for part in str(key).split(",")
            if part.strip().isdigit()
            and int(part) < 2**31
            and (known is None or int(part) in known)
        }

    @api.model
    def _get_open_lines(self, measures, accounts):
        """Return the lines of open budgets that could meet the measures.

        :param accounts: ids of the analytic accounts the measures have
        :return: the criteria of their lines by ``measure.Budget``
        """
        for model in ("spend.budget", "spend.budget.line"):
            self.env[model].flush_model()
        dates = [measure.date for measure in measures]
        carried = {
            budget for measure in measures for budget in measure.carried.get("to", ())
        }
        companies = frozenset().union(*(measure.companies for measure in measures))
        rows = self.env.execute_query(
            SQL(
                """
                SELECT budget.company_id, budget.date_from, budget.date_to, budget.id,
                       line.id, line.sequence, line.account_id,
                       COALESCE(department.parent_path, ''),
                       COALESCE(category.parent_path, ''),
                       line.general_account_id, line.date_from, line.date_to
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
                   AND (line.general_account_id IS NULL
                        OR line.general_account_id IN %(ledgers)s)
                """,
                companies=tuple(companies),
                carried=tuple(carried) or (0,),
                first=min(dates),
                last=max(dates),
                accounts=tuple(accounts) or (0,),
                ledgers=tuple({each.ledger for each in measures if each.ledger} or {0}),
            )
        )
        found = defaultdict(list)
        for company, start, end, budget_id, *criteria in rows:
            found[Budget(company, start, end, budget_id)].append(Criteria(*criteria))
        return found

    @api.model
    def _get_holdings(self, model, source_ids):
        """Return what the ledger has of the sources on lines of open budgets.

        What is left on a closed budget stays there: only carrying it forward moves it.

        :return: by source id and line id, units by kind and the last number used
        """
        self.env["spend.budget"].flush_model(["state"])
        self.env["spend.entry"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT entry.source_id, entry.line_id, entry.kind,
                       SUM(entry.amount)::text, MAX(entry.number)
                  FROM spend_entry AS entry
                  JOIN spend_budget AS budget ON budget.id = entry.budget_id
                 WHERE entry.source_model = %(model)s
                   AND entry.source_id IN %(ids)s
                   AND budget.state = 'open'
              GROUP BY entry.source_id, entry.line_id, entry.kind
                """,
                model=model,
                ids=tuple(source_ids) or (0,),
            )
        )
        lines = self.env["spend.budget.line"].browse({row[1] for row in rows})
        roundings = {line.id: line.currency_id.rounding for line in lines}
        held = defaultdict(dict)
        for source_id, line_id, kind, amount, number in rows:
            kinds, last = held[source_id].get(line_id, ({}, 0))
            kinds[kind] = to_units(Decimal(amount), roundings[line_id])
            held[source_id][line_id] = (kinds, max(last, number))
        return held

    # ------------------------------------------------------------
    # MISSING: what no budget line is for
    # ------------------------------------------------------------

    @api.model
    def _wants_missing(self, company):
        """Tell whether it matters to anybody what no line is for: if not, it must cost
        nothing."""
        periods = self.env["spend.budget"]._get_periods()
        return self._covers(company) and (
            company.sudo().budget_missing_policy not in (False, "nothing")
            or any(
                policy not in (None, "nothing")
                for ancestor in self._ancestors(company)
                for _start, _end, policy in periods.get(ancestor, ())
            )
        )

    @api.model
    def _get_missing_policy(self, company, day):
        """Return what is to happen on a day where no line is for something: what the
        budgets of that day say, the strictest first, else the company."""
        periods = self.env["spend.budget"]._get_periods()
        policies = [
            policy
            for ancestor in self._ancestors(company)
            for start, end, policy in periods.get(ancestor, ())
            if policy and start <= day <= end
        ]
        order = [policy for policy, _label in MISSING_POLICIES]
        return max(
            policies or [company.sudo().budget_missing_policy or "nothing"],
            key=order.index,
        )

    @api.model
    def _get_missing(self, measures, companies):
        """Return what no budget line is for, where that matters.

        :param measures: by any key, the ``measure.Measure``
        :param companies: by key, whose it is
        :return: by key, the units and what the company wants then
        """
        policies = {
            key: self._get_missing_policy(companies[key], measure.date)
            for key, measure in measures.items()
        }
        asked = {
            key: measure
            for key, measure in measures.items()
            if policies[key] != "nothing"
        }
        return {
            key: (taken, policies[key])
            for key, units in self._deal(asked, Measure.leave).items()
            if (taken := measures[key].take(units)) > 0
        }

    @api.model
    def _sum_missing(self, found):
        """Return all units and the strictest policy of what ``_get_missing`` found."""
        order = [policy for policy, _label in MISSING_POLICIES]
        units, policies = zip(*found, strict=True)
        return sum(units), max(policies, key=order.index)

    @api.model
    def _describe_missing(self, found):
        """Return the sentences that say what no budget line is for, and who could add
        one.

        :param found: see ``spend.document._budget_get_missing``
        :return: by document
        """
        firsts = {document: lines[0] for document, (lines, *_rest) in found.items()}
        plans = self._get_plans(
            [line.analytic_distribution for line in firsts.values()]
        )
        managers = {
            company: self._describe_managers(company)
            for company in {document.company_id for document in firsts}
        }
        texts = {}
        for document, source in firsts.items():
            company = document.company_id
            _lines, units, _policy = found[document]
            amount = float(from_units(units, company.currency_id.rounding))
            accounts = self.env["account.analytic.account"].browse(
                sorted(self._get_account_ids([source.analytic_distribution], plans))
            )
            criteria = [
                source.product_id.categ_id.display_name,
                source._budget_get_department().display_name,
                *accounts.mapped("display_name"),
            ]
            texts[document] = self.env._(
                "No budget line is for %(amount)s of this (%(criteria)s). "
                "One can be added by: %(managers)s.",
                amount=format_amount(self.env, amount, company.currency_id),
                criteria=", ".join(filter(None, criteria)) or source.display_name,
                managers=managers[company],
            )
        return texts

    @api.model
    def _describe_managers(self, company):
        managers = self.env["spend.budget"]._get_managers(company)[:4]
        return ", ".join(managers.mapped("name")) or self.env._(
            "nobody, for there is no budget manager"
        )

    # ------------------------------------------------------------
    # WHOLE BUDGETS
    # ------------------------------------------------------------

    @api.model
    def _get_holders(self, model, budget, **options):
        """Return the ids of the sources that the budget has entries of."""
        groups = self.env["spend.entry"]._read_group(
            [("source_model", "=", model), ("budget_id", "in", budget.ids)],
            ["source_id"],
            **options,
        )
        return [source_id for (source_id,) in groups]

    @api.model
    def _get_open_order_lines(self, budget):
        """Return the lines of orders that still hold money of a budget."""
        lines = self.env["purchase.order.line"]
        holding = [("amount:sum", ">", 0)]
        ids = self._get_holders(lines._name, budget, having=holding)
        return lines.browse(ids).exists()

    # ------------------------------------------------------------
    # IMPACT
    # ------------------------------------------------------------

    @api.model
    def _get_impact_rows(self, asked, held):
        """Return what a document asks of each budget line, and what that leaves.

        :param asked: units by line id
        :param held: units by line id that the document itself holds already
        :return: see ``spend.document._budget_impacts``
        """
        rows = []
        lines = self.env["spend.budget.line"].browse(sorted(asked))
        for line in lines.sorted(
            lambda line: (line.budget_id.id, line.sequence, line.id)
        ):
            rounding = line.currency_id.rounding
            amount = float(from_units(asked[line.id], rounding))
            before = line.available + float(from_units(held.get(line.id, 0), rounding))
            after = before - amount
            limit = line.limit_amount - line.amount
            exceeds = line.currency_id.compare_amounts(after, -limit) < 0
            rows.append(
                {
                    "line": line,
                    "amount": amount,
                    "before": before,
                    "after": after,
                    "limit": line.limit_amount,
                    "verdict": VERDICTS[line.control]
                    if exceeds and amount > 0
                    else "within",
                }
            )
        return rows


class Touched:
    """Which lines of which documents the ledger must be compared with.

    Ids are kept, so that lines deleted meanwhile give back what they hold.

    :param str reason: why the ledger moves, where the documents cannot tell
    """

    def __init__(self, reason=None):
        self.orders = set()
        self.states = {}
        """By id, the state in which each order was before; none of new ones."""
        self.lines = {model: set() for model in SOURCES}
        self.missing = {}
        """By id of each bill that must be judged, the units that no budget line was
        for before: none until it is posted."""
        self.reason = reason

    def see_new_orders(self, orders):
        self.states |= dict.fromkeys(orders.ids)
        self.see_orders(orders)

    def see_orders(self, orders):
        self.orders.update(orders.ids)
        for order in orders.sudo():
            self.states.setdefault(order.id, order.state)

    def see_order_lines(self, lines):
        self.lines["purchase.order.line"].update(lines.ids)
        self.see_orders(lines.order_id)

    def see_missing(self, missing):
        """Note bills before they are changed.

        :param missing: by id, the units that no budget line is for
        """
        self.missing |= missing

    def see_move_lines(self, lines):
        """Note lines of bills, and those of the orders behind them."""
        self.lines["account.move.line"].update(lines.ids)
        self.lines["purchase.order.line"].update(lines.purchase_line_id.ids)


class BudgetJudge(Judge):
    """What one outermost call has touched."""

    sequence = 10

    def __init__(self, env):
        super().__init__(env)
        self.touched = Touched()

    def settle(self):
        self.env["spend.control"]._update_ledger(self.touched)
