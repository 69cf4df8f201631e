import json
from collections import defaultdict
from decimal import Decimal

from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL, split_every

from odoo.addons.approval_matrix.system import as_system

from ..measure import Measure, difference, reachable
from ..shares import bear, to_units
from .account_move_line import EXPENSES, SIGNS
from .spend_control import BATCH as DOCUMENTS
from .spend_control import Touched

#: Items that are read at once: memory and a transaction are those of one batch.
BATCH = 20_000

MODEL = "account.move.line"


class SpendBulk(models.AbstractModel):
    """Brings the ledger up to many journal items at once.

    What a budget finds in the books when it opens may be a year of a company. The rules
    are those of ``account.move.line._budget_measures``; here they are asked once for
    all items that are alike, and of rows instead of records. What a row cannot say, the
    record is asked.
    """

    _name = "spend.bulk"
    _description = "Budgets of Many Journal Items"

    @api.model
    def _count(self, budget):
        """Return how many items a budget could meet."""
        query = self.env[MODEL]._search(self.env[MODEL]._get_budget_domain(budget))
        ((number,),) = self.env.execute_query(query.select(SQL("COUNT(*)")))
        return number

    @api.model
    def _get_postings(self, budget, after, size=BATCH):
        """Return what must be entered for the next items that a budget could meet.

        :param after: id of the last item that was looked at
        :return: postings, see ``spend.control._get_postings``, what their sources are
            called, and the id of the last item looked at; none when there are no more
        """
        rows = self._read(budget, after, size)
        if not rows:
            return [], {}, None
        targets = self._get_targets(rows)
        held = self.env["spend.control"]._get_holdings(
            MODEL, [row["id"] for row in rows]
        )
        postings, names = [], {}
        for row in rows:
            wanted, has = targets.get(row["id"], {}), held.get(row["id"], {})
            if not (wanted or has):
                continue
            source = (MODEL, row["id"])
            for line_id in sorted({*wanted, *has}):
                kinds, number = has.get(line_id, ({}, 0))
                asked = {"actual": wanted[line_id]} if line_id in wanted else {}
                try:
                    moved = difference(kinds, reachable(kinds, asked))
                except OverflowError:
                    Control = self.env["spend.control"]
                    item = self.env[MODEL].browse(row["id"])
                    raise Control._get_too_large(item, item.id) from None
                if moved:
                    postings.append((source, line_id, moved, number, "synchronised"))
                    names[source] = (row["document"], row["description"])
        return postings, names, rows[-1]["id"]

    # ------------------------------------------------------------
    # WHOLE BUDGETS
    # ------------------------------------------------------------

    @api.model
    def _synchronise(self, budget):
        """Enter what documents of the budget's period, and those it holds money of,
        differ from the ledger."""
        self = as_system(self)
        self._synchronise_documents(budget)
        after = 0
        while after is not None:
            after = self._synchronise_items(budget, after)

    @api.model
    def _synchronise_documents(self, budget):
        """Do it for lines of orders, and for items that are not posted any more."""
        for model, sources in self._get_sources_of(budget).items():
            for ids in split_every(DOCUMENTS, sources):
                touched = Touched("synchronised")
                touched.lines[model].update(ids)
                self.env["spend.control"]._update_ledger(touched)

    @api.model
    def _synchronise_items(self, budget, after):
        """Do it for the next batch of posted items.

        :return: id of the last one, or ``None`` when there are no more
        """
        postings, names, last = self._get_postings(budget, after)
        if postings:
            self.env["spend.ledger"]._post(postings, names)
        return last

    @api.model
    def _get_sources_of(self, budget):
        """Return the ids of the lines of orders that concern a budget, and of the items
        that are not what they were when it counted them.

        Items that are posted are too many to be listed.

        :return: ids by model
        """
        orders = self.env["purchase.order.line"]
        met = orders._search(orders._get_budget_domain(budget))
        holders = self.env["spend.control"]._get_holders(orders._name, budget)
        return {
            orders._name: sorted({*met, *holders}),
            MODEL: self._get_left_over(budget),
        }

    # ------------------------------------------------------------
    # ITEMS
    # ------------------------------------------------------------

    @api.model
    def _read(self, budget, after, size):
        """Return the next items that the budget could meet, by rising id."""
        Item = self.env[MODEL]
        self.env.flush_all()
        items = Item._search(
            Item._get_budget_domain(budget) & Domain("id", ">", after),
            order="id",
            limit=size,
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT item.id, item.move_id, item.company_id AS company, item.date,
                       move.move_type, move.journal_id,
                       move.tax_cash_basis_rec_id, move.tax_cash_basis_origin_move_id,
                       item.display_type, item.account_id AS ledger,
                       account.account_type,
                       item.analytic_distribution::text AS distribution,
                       item.balance::text AS balance,
                       template.categ_id AS category,
                       CASE WHEN ordered.id IS NULL THEN move.budget_department_id
                            ELSE ordered.department_id END AS department,
                       CASE WHEN ordered.id IS NULL THEN move.invoice_user_id
                            ELSE ordered.user_id END AS buyer,
                       EXISTS (SELECT FROM account_move_line_account_tax_rel AS tax
                                WHERE tax.account_move_line_id = item.id)
                       OR item.deductible_amount <> 100 AS is_special,
                       %(is_advance)s AS is_advance,
                       move.name AS document,
                       split_part(item.name, E'\\n', 1) AS description
                  FROM account_move_line AS item
                  JOIN account_move AS move ON move.id = item.move_id
                  JOIN account_account AS account ON account.id = item.account_id
             LEFT JOIN purchase_order_line AS line ON line.id = item.purchase_line_id
             LEFT JOIN purchase_order AS ordered ON ordered.id = line.order_id
             LEFT JOIN product_product AS product ON product.id = item.product_id
             LEFT JOIN product_template AS template
                    ON template.id = product.product_tmpl_id
                 WHERE item.id IN %(items)s
              ORDER BY item.id
                """,
                items=items.subselect(),
                is_advance=self._is_advance(),
            )
        )
        names = [column.name for column in self.env.cr.description or ()]
        return [dict(zip(names, row, strict=True)) for row in rows]

    @api.model
    def _is_advance(self):
        """Return the condition for the items ``item`` that pay in advance; see
        ``account.move.line._budget_get_advances``."""
        return SQL("FALSE")

    @api.model
    def _get_left_over(self, budget):
        """Return the ids of items that the budget holds money of, and that it could not
        meet any more: they were taken back, moved or deleted."""
        Item = self.env[MODEL]
        met = Item._search(Item._get_budget_domain(budget))
        self.env["spend.entry"].flush_model()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT source_id FROM spend_entry
                 WHERE budget_id = %s AND source_model = %s
                EXCEPT %s
                """,
                budget.id,
                MODEL,
                met.subselect(),
            )
        )
        return sorted(source_id for (source_id,) in rows)

    # ------------------------------------------------------------
    # TARGETS
    # ------------------------------------------------------------

    @api.model
    def _get_targets(self, rows):
        """Return what the items should hold.

        :return: by id of the item, units by id of the budget line
        """
        Control = self.env["spend.control"]
        skipped = self._get_skipped(rows)
        measures, alike = {}, {}
        paths = _Paths(self.env)
        for row in rows:
            if row["id"] in skipped:
                continue
            is_named_only = not self._is_expense(row)
            department = paths.get_department(row)
            key = (
                *(row["company"], row["date"], row["distribution"], department),
                *(row["category"], row["ledger"], is_named_only),
            )
            alike[row["id"]] = key
            if key not in measures:
                company = self.env["res.company"].browse(row["company"])
                measures[key] = Measure(
                    companies=Control._ancestors(company),
                    rounding=company.currency_id.rounding,
                    date=row["date"],
                    amount=0.0,
                    distribution=json.loads(row["distribution"] or "null"),
                    department=department,
                    category=paths.get_category(row["category"]),
                    kind="actual",
                    ledger=row["ledger"],
                    is_named_only=is_named_only,
                )
        assigned = Control._deal(measures, Measure.assign)
        costs = self._get_costs(rows)
        targets = {}
        for row in rows:
            key = alike.get(row["id"])
            who = assigned.get(key)
            if who:
                amount = costs.get(row["id"], row["balance"])
                units = to_units(Decimal(amount), measures[key].rounding)
                targets[row["id"]] = bear(units, who)
        return targets

    @api.model
    def _get_costs(self, rows):
        """Return the costs of lines of bills with taxes or a private part, by id: the
        records know which taxes are lost."""
        ids = [row["id"] for row in rows if row["is_special"] and self._is_billed(row)]
        items = self.env[MODEL].browse(ids)
        return {item.id: repr(item._budget_get_cost()) for item in items}

    @api.model
    def _is_billed(self, row):
        return row["move_type"] in SIGNS and row["display_type"] == "product"

    @api.model
    def _is_expense(self, row):
        """See ``account.move.line._budget_is_expense``."""
        return (
            self._is_billed(row)
            or row["account_type"] in EXPENSES
            or (row["display_type"] == "discount" and row["move_type"] in SIGNS)
        )

    @api.model
    def _get_skipped(self, rows):
        """Return the ids of the items that do not count."""
        skipped = {row["id"] for row in rows if row["is_advance"]}
        others = [row for row in rows if not self._is_billed(row)]
        repeated = self._get_repeated(others)
        companies = self.env["res.company"].browse({row["company"] for row in others})
        exchange = {
            company.id: (
                company.currency_exchange_journal_id.id,
                company.expense_currency_exchange_account_id.ids
                + company.income_currency_exchange_account_id.ids,
            )
            for company in companies
        }
        for row in others:
            journal, accounts = exchange[row["company"]]
            is_exchange = row["journal_id"] == journal and row["ledger"] in accounts
            if is_exchange or row["move_id"] in repeated:
                skipped.add(row["id"])
        return skipped

    @api.model
    def _get_repeated(self, rows):
        """Return the ids of the entries that repeat what documents have said, see
        ``account.move.line._budget_get_repeating``."""
        move_ids = {row["move_id"] for row in rows}
        if not move_ids:
            return set()
        companies = self.env["res.company"].browse({row["company"] for row in rows})
        stock = set(companies.account_stock_journal_id.ids)
        accounts = self.env["account.account"].with_context(active_test=False)
        results = accounts.search([("account_type", "=", "equity_unaffected")])
        repeated = {
            move_id
            for (move_id,) in self.env.execute_query(
                SQL(  # by account: few entries close a year, however many there are
                    """
                    SELECT DISTINCT move_id FROM account_move_line
                     WHERE account_id IN %s AND move_id IN %s
                    """,
                    tuple(results.ids) or (0,),
                    tuple(move_ids),
                )
            )
        }
        repeated.difference_update(companies.account_opening_move_id.ids)
        repeated |= self._get_moving_goods(move_ids)
        for row in rows:
            if (
                row["tax_cash_basis_rec_id"]
                or row["tax_cash_basis_origin_move_id"]
                or row["journal_id"] in stock
            ):
                repeated.add(row["move_id"])
        return repeated

    @api.model
    def _get_moving_goods(self, move_ids):
        """Return the ids of the entries that only move worth between expenses and goods
        in stock, see ``account.move.line._budget_get_moving_goods``."""
        stock = self.env["spend.budget"]._get_stock_accounts()
        if not stock:
            return set()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT item.move_id
                  FROM account_move_line AS item
                  JOIN account_move AS move ON move.id = item.move_id
                  JOIN account_account AS account ON account.id = item.account_id
                 WHERE move.move_type = 'entry'
                   AND item.move_id IN (SELECT move_id FROM account_move_line
                                         WHERE account_id IN %(stock)s
                                           AND move_id IN %(moves)s)
              GROUP BY item.move_id
                HAVING SUM(item.balance) FILTER (WHERE account.id IN %(stock)s) <> 0
                   AND SUM(item.balance) FILTER (WHERE account.id IN %(stock)s
                           OR account.account_type IN %(expenses)s) = 0
                """,
                stock=tuple(stock),
                moves=tuple(move_ids),
                expenses=EXPENSES,
            )
        )
        return {move_id for (move_id,) in rows}


class _Paths:
    """Paths of departments and categories, asked once each."""

    def __init__(self, env):
        self.env = env
        self.paths = defaultdict(dict)

    def get_category(self, category_id):
        return self._get("product.category", category_id)

    def get_department(self, row):
        """Return the path of who pays for an item: of its document, or of whose it is,
        but for entries that are nobody's."""
        if row["department"]:
            return self._get("hr.department", row["department"])
        if not row["buyer"] or row["move_type"] not in SIGNS:
            return ""
        known, key = self.paths["buyer"], (row["buyer"], row["company"])
        if key not in known:
            user = self.env["res.users"].browse(row["buyer"])
            company = self.env["res.company"].browse(row["company"])
            known[key] = user._budget_department(company).parent_path or ""
        return known[key]

    def _get(self, model, record_id):
        known = self.paths[model]
        if record_id and record_id not in known:
            known[record_id] = self.env[model].browse(record_id).parent_path or ""
        return known.get(record_id, "")
