from datetime import timedelta
from fractions import Fraction

from odoo import api, fields, models
from odoo.tools import SQL

from ..audit import BudgetLine, Item, Sums, open_part
from .spend_ledger import BALANCE

#: Lines of documents that are read at once: memory is that of one batch.
BATCH = 500

#: What a document's line takes, by the state of its order.
KINDS = {"to approve": "reserve", "purchase": "commit"}

#: Whether the entry ``move`` says once more what bills and receipts have said.
IS_REPEATED = """
    move.tax_cash_basis_rec_id IS NOT NULL
    OR move.tax_cash_basis_origin_move_id IS NOT NULL
    OR EXISTS (SELECT FROM res_company AS company
                WHERE company.id = move.company_id
                  AND company.account_stock_journal_id = move.journal_id)
    OR EXISTS (SELECT FROM account_move_line AS item
                 JOIN account_account AS its ON its.id = item.account_id
                WHERE item.move_id = move.id
                  AND its.account_type = 'equity_unaffected')
       AND NOT EXISTS (SELECT FROM res_company AS company
                        WHERE company.account_opening_move_id = move.id)
    OR move.move_type = 'entry'
       AND (SELECT COALESCE(SUM(item.balance), 0) <> 0
               AND COALESCE(SUM(item.balance), 0)
                   + COALESCE((SELECT SUM(cost.balance)
                                 FROM account_move_line AS cost
                                 JOIN account_account AS its
                                   ON its.id = cost.account_id
                                WHERE cost.move_id = move.id
                                  AND its.account_type IN ('expense',
                                      'expense_other', 'expense_direct_cost')), 0)
                   = 0
              FROM account_move_line AS item
             WHERE item.move_id = move.id
               AND item.account_id IN %(stock)s)
    OR EXISTS (SELECT FROM res_company AS company
                WHERE company.id = move.company_id
                  AND company.currency_exchange_journal_id = move.journal_id
                  AND bill.account_id IN (company.expense_currency_exchange_account_id,
                                          company.income_currency_exchange_account_id))
"""


#: How much of a tax a line of a bill bears, against the others that have it.
WEIGHT = """
    CASE levied.amount_type
    WHEN 'fixed' THEN %(line)s.quantity * sign(%(line)s.balance)
    ELSE %(line)s.balance * %(line)s.deductible_amount::numeric END
"""


class SpendAudit(models.AbstractModel):
    """Adds up orders and bills afresh, to find what the ledger and the documents it was
    told of agree on, and is wrong all the same.

    It reads the tables itself and knows neither measures nor entries: only what
    ``docs/budgets.md`` says counts. Rates and taxes are Odoo's.
    """

    _name = "spend.audit"
    _description = "Independent Sum of Budgets"

    @api.model
    def _find(self, budgets):
        """Yield where balances of open budgets are not what documents come to.

        :param budgets: those of interest
        :return: generator of ``(budget line id, kind, units of the balance, units of
            the documents)``
        """
        lines = self._get_lines()
        mine = {line.id: line for line in lines if line.budget in budgets.ids}
        if not mine:
            return
        sums = Sums()
        for items in (self._get_orders(lines), self._get_bills(lines)):
            for batch in items:
                plans = self._get_plans(batch)
                for item in batch:
                    sums.add(item, lines, plans)
        yield from self._compare(mine, sums)

    @api.model
    def _compare(self, lines, sums):
        for line_id, *balances in self.env.execute_query(
            SQL(
                "SELECT id, reserved::text, committed::text, actual::text"
                " FROM spend_budget_line WHERE id IN %s ORDER BY id",
                tuple(lines),
            )
        ):
            for kind, balance in zip(BALANCE, balances, strict=True):
                key, unit = (line_id, kind), lines[line_id].unit
                units = Fraction(balance or 0) / unit
                if sums.differs(key, units):
                    yield line_id, kind, units, sums.units.get(key, Fraction(0))

    # ------------------------------------------------------------
    # BUDGETS
    # ------------------------------------------------------------

    @api.model
    def _get_lines(self):
        """Return the lines of all open budgets: others compete for the same money."""
        self.env.flush_all()
        return [
            BudgetLine(*values[:5], Fraction(str(rounding)), *values[5:])
            for *values, rounding in self.env.execute_query(
                SQL(
                    """
                    SELECT line.id, budget.id, budget.company_id, budget.date_from,
                           budget.date_to, line.sequence, line.account_id,
                           line.department_id, line.category_id,
                           line.general_account_id, line.part_from, line.part_to,
                           currency.rounding::text
                      FROM spend_budget_line AS line
                      JOIN spend_budget AS budget ON budget.id = line.budget_id
                      JOIN res_company AS company ON company.id = budget.company_id
                      JOIN res_currency AS currency
                        ON currency.id = company.currency_id
                     WHERE budget.state = 'open'
                    """
                )
            )
        ]

    @api.model
    def _get_plans(self, items):
        """Return the plan of each analytic account that items name."""
        ids = {
            int(text)
            for item in items
            for key in item.distribution or ()
            for text in key.split(",")
            if text.strip().isdigit() and int(text) < 2**31
        }
        return dict(
            self.env.execute_query(
                SQL(
                    """
                    SELECT account.id, split_part(plan.parent_path, '/', 1)::int
                      FROM account_analytic_account AS account
                      JOIN account_analytic_plan AS plan ON plan.id = account.plan_id
                     WHERE account.id IN %s
                    """,
                    tuple(ids) or (0,),
                )
            )
        )

    @api.model
    def _get_paths(self, model, ids):
        """Return the ids from the top of the tree down to each record."""
        records = self.env[model].browse({each for each in ids if each})
        return {
            record.id: tuple(map(int, (record.parent_path or "").split("/")[:-1]))
            for record in records
        }

    @api.model
    def _read(self, query, **values):
        """Yield the rows of a query in batches, by rising id.

        :param query: with ``%(last)s`` and ``%(batch)s``; its first column is the id
        """
        last = 0
        while True:
            rows = self.env.execute_query_dict(
                SQL(query, last=last, batch=BATCH, **values)
            )
            if rows:
                yield rows
                last = rows[-1]["id"]
            if len(rows) < BATCH:
                return

    @api.model
    def _is_advance(self):
        """Return the SQL condition for lines of bills, ``bill``, that pay in advance;
        see ``account.move.line._budget_get_advances``."""
        return SQL("FALSE")

    # ------------------------------------------------------------
    # ORDERS
    # ------------------------------------------------------------

    @api.model
    def _get_orders(self, lines):
        """Yield batches of what is open of orders."""
        for rows in self._read(
            """
            SELECT line.id, line.order_id, ordered.company_id, ordered.state,
                   ordered.date_order, ordered.date_approve, ordered.create_date,
                   ordered.currency_id, ordered.department_id, ordered.user_id,
                   ordered.budget_memo, line.price_unit::text AS price,
                   line.product_id,
                   COALESCE(line.discount, 0)::text AS discount,
                   line.product_qty::text AS quantity, line.analytic_distribution,
                   line.budget_carried, template.categ_id,
                   COALESCE(billed.quantity, 0)::text AS billed,
                   COALESCE(line.rest_closed_qty, 0)::text AS closed,
                   EXISTS (SELECT FROM account_tax_purchase_order_line_rel AS tax
                            WHERE tax.purchase_order_line_id = line.id) AS is_taxed
              FROM purchase_order_line AS line
              JOIN purchase_order AS ordered ON ordered.id = line.order_id
         LEFT JOIN product_product AS product ON product.id = line.product_id
         LEFT JOIN product_template AS template
                ON template.id = product.product_tmpl_id
         LEFT JOIN uom_uom AS unit ON unit.id = line.product_uom_id
         LEFT JOIN LATERAL (
                    SELECT SUM(bill.quantity
                               * CASE move.move_type WHEN 'in_refund' THEN -1 ELSE 1 END
                               * CASE WHEN bill.product_uom_id IS NULL
                                        OR bill.product_uom_id = line.product_uom_id
                                      THEN 1
                                      ELSE (theirs.factor
                                            / COALESCE(unit.factor, 1))::numeric
                                 END) AS quantity
                      FROM account_move_line AS bill
                      JOIN account_move AS move ON move.id = bill.move_id
                 LEFT JOIN uom_uom AS theirs ON theirs.id = bill.product_uom_id
                     WHERE bill.purchase_line_id = line.id
                       AND move.state = 'posted'
                       AND move.move_type IN ('in_invoice', 'in_receipt', 'in_refund')
                       AND NOT (%(is_advance)s)
                   ) AS billed ON TRUE
             WHERE line.id > %(last)s
               AND line.display_type IS NULL
               AND (ordered.state = 'to approve'
                    OR ordered.state = 'purchase'
                   AND (line.budget_carried IS NOT NULL
                        OR ordered.date_order BETWEEN %(first)s AND %(end)s
                        OR ordered.date_approve BETWEEN %(first)s AND %(end)s
                        OR ordered.create_date BETWEEN %(first)s AND %(end)s))
          ORDER BY line.id
             LIMIT %(batch)s
            """,
            is_advance=self._is_advance(),
            first=min(line.start for line in lines) - timedelta(days=1),
            end=max(line.end for line in lines) + timedelta(days=2),
        ):
            yield self._get_order_items(rows, lines)

    @api.model
    def _get_order_items(self, rows, lines):
        """Return what lines of orders take from budgets.

        :param rows: of the statement over order lines
        :param lines: the budget lines that are added up; what is of none of their
            companies is left out
        :rtype: list[Item]
        """
        companies = self._get_paths("res.company", {row["company_id"] for row in rows})
        for row in rows:
            row["companies"] = companies[row["company_id"]]
            row["department"] = self._get_department(row)
        departments = self._get_paths(
            "hr.department", {row["department"] for row in rows}
        )
        categories = self._get_paths(
            "product.category", {row["categ_id"] for row in rows}
        )
        frozen = self._get_left_behind({row["order_id"] for row in rows})
        items = []
        for row in rows:
            if not any(line.company in row["companies"] for line in lines):
                continue
            carried = row["budget_carried"] or {}
            is_named = any(line.ledger for line in lines)
            part = open_part(
                *(Fraction(row[name]) for name in ("quantity", "billed", "closed"))
            )
            items.append(
                Item(
                    kind=KINDS[row["state"]],
                    day=self._get_day(row, lines, frozen),
                    amount=self._get_cost(row) if part else Fraction(0),
                    part=part,
                    companies=row["companies"],
                    departments=departments.get(row["department"], ()),
                    categories=categories.get(row["categ_id"], ()),
                    distribution=row["analytic_distribution"],
                    left=frozenset(carried.get("from", ())),
                    entered=frozenset(carried.get("to", ())),
                    ledger=self._get_account(row) if is_named else None,
                    is_rough=row["is_taxed"],
                )
            )
        return items

    @api.model
    def _get_cost(self, row):
        """Return what an order's line costs in company currency."""
        price = Fraction(row["price"]) * (1 - Fraction(row["discount"]) / 100)
        cost = price * Fraction(row["quantity"])
        if row["is_taxed"]:
            line = self.env["purchase.order.line"].browse(row["id"])
            taxes = line.tax_ids.compute_all(
                float(price),
                currency=line.order_id.currency_id,
                quantity=float(row["quantity"]),
                product=line.product_id,
                partner=line.order_id.partner_id,
            )
            cost = Fraction(taxes["total_void"])
        return max(cost, Fraction(0)) / self._get_rate(row)

    @api.model
    def _get_account(self, row):
        """Return the id of the account that core would write on an order line's bill:
        made in memory only."""
        if not row["product_id"]:
            return None
        order = self.env["purchase.order"].browse(row["order_id"])
        bill = self.env["account.move"].new(
            {
                "move_type": "in_invoice",
                "company_id": row["company_id"],
                "partner_id": order.partner_id.id,
                "fiscal_position_id": order.fiscal_position_id.id,
            }
        )
        line = self.env["account.move.line"].new(
            {
                "move_id": bill.id,
                "product_id": row["product_id"],
                "display_type": "product",
            }
        )
        return line.account_id.id

    @api.model
    def _get_rate(self, row):
        """Return the rate that an order keeps, or Odoo's of its day."""
        company = self.env["res.company"].browse(row["company_id"])
        currency = self.env["res.currency"].browse(row["currency_id"])
        if currency == company.currency_id:
            return Fraction(1)
        day = company._approval_day(row["date_order"])
        kept = (row["budget_memo"] or {}).get("rate")
        if kept and kept[:2] == [currency.id, day.isoformat()]:
            return Fraction(kept[2])
        rate = currency._get_conversion_rate(
            company.currency_id, currency, company, day
        )
        return Fraction(rate)

    @api.model
    def _get_day(self, row, lines, frozen):
        """Return the day whose budgets pay: that of the order, if a budget has it, or
        one that was closed keeps the order; else that of its approval, or today."""
        company = self.env["res.company"].browse(row["company_id"])
        day = company._approval_day(row["date_order"])
        is_open = any(
            line.company in row["companies"] and line.start <= day <= line.end
            for line in lines
        )
        if is_open or row["order_id"] in frozen:
            return day
        now = fields.Datetime.now()
        approved = row["date_approve"] if row["state"] == "purchase" else now
        made = row["create_date"] or now
        return company._approval_day(min(max(approved or made, made), now))

    @api.model
    def _get_left_behind(self, order_ids):
        """Return which orders a closed budget keeps money of."""
        return {
            order_id
            for (order_id,) in self.env.execute_query(
                SQL(
                    """
                    SELECT DISTINCT line.order_id
                      FROM purchase_order_line AS line
                      JOIN spend_entry AS entry
                        ON entry.source_model = 'purchase.order.line'
                       AND entry.source_id = line.id
                      JOIN spend_budget AS budget
                        ON budget.id = entry.budget_id AND budget.state = 'closed'
                     WHERE line.order_id IN %s
                  GROUP BY line.order_id, line.id
                    HAVING SUM(entry.amount) > 0
                    """,
                    tuple(order_ids),
                )
            )
        }

    @api.model
    def _get_department(self, row):
        """Return the id of the department that pays: that of the document, or of whose
        document it is."""
        if row["department_id"] or not row["user_id"]:
            return row["department_id"]
        user = self.env["res.users"].browse(row["user_id"])
        company = self.env["res.company"].browse(row["company_id"])
        return user._budget_department(company).id

    # ------------------------------------------------------------
    # BILLS AND OTHER ENTRIES
    # ------------------------------------------------------------

    @api.model
    def _get_bills(self, lines):
        """Yield batches of what was spent, as the books have it: lines of bills without
        what is private, and items of other kinds or entries on accounts of expenses or
        on those that lines name.

        Taxes that nobody gives back stand on a line of their own, without an account in
        their repartition: each line with that tax bears its part, by its quantity where
        the tax is fixed.
        """
        for rows in self._read(
            """
            SELECT bill.id, move.company_id, move.date,
                   CASE WHEN move.move_type LIKE 'in_%%'
                         AND bill.display_type = 'product'
                        THEN bill.balance * bill.deductible_amount::numeric / 100
                        ELSE bill.balance END::text AS balance,
                   bill.analytic_distribution, template.categ_id,
                   CASE WHEN ordered.id IS NULL THEN move.budget_department_id
                        ELSE ordered.department_id END AS department_id,
                   CASE WHEN ordered.id IS NOT NULL THEN ordered.user_id
                        WHEN move.move_type LIKE 'in_%%' THEN move.invoice_user_id
                         END AS user_id,
                   lost.balance::text AS lost, bill.account_id,
                   move.move_type LIKE 'in_%%'
                   AND bill.display_type IN ('product', 'discount')
                   OR account.account_type LIKE 'expense%%'
                  AND account.account_type <> 'expense_depreciation' AS is_expense
              FROM account_move_line AS bill
              JOIN account_move AS move ON move.id = bill.move_id
              JOIN account_account AS account ON account.id = bill.account_id
         LEFT JOIN purchase_order_line AS line ON line.id = bill.purchase_line_id
         LEFT JOIN purchase_order AS ordered ON ordered.id = line.order_id
         LEFT JOIN product_product AS product ON product.id = bill.product_id
         LEFT JOIN product_template AS template
                ON template.id = product.product_tmpl_id
         LEFT JOIN LATERAL (
                    SELECT SUM(tax.balance * %(bill_weight)s
                               / NULLIF(base.weight, 0)) AS balance
                      FROM account_move_line AS tax
                      JOIN account_tax_repartition_line AS repartition
                        ON repartition.id = tax.tax_repartition_line_id
                       AND repartition.account_id IS NULL
                      JOIN account_tax AS levied ON levied.id = tax.tax_line_id
                      JOIN account_move_line_account_tax_rel AS rel
                        ON rel.account_move_line_id = bill.id
                       AND rel.account_tax_id
                           = COALESCE(tax.group_tax_id, tax.tax_line_id)
         LEFT JOIN LATERAL (
                    SELECT SUM(%(other_weight)s) AS weight
                      FROM account_move_line AS other
                      JOIN account_move_line_account_tax_rel AS its
                        ON its.account_move_line_id = other.id
                       AND its.account_tax_id = rel.account_tax_id
                     WHERE other.move_id = bill.move_id
                       AND other.display_type = 'product'
                   ) AS base ON TRUE
                     WHERE tax.move_id = bill.move_id
                       AND tax.display_type = 'tax'
                       AND bill.display_type = 'product'
                       AND move.move_type LIKE 'in_%%'
                   ) AS lost ON TRUE
             WHERE bill.id > %(last)s
               AND move.state = 'posted'
               AND move.date BETWEEN %(first)s AND %(end)s
               AND CASE WHEN move.move_type LIKE 'in_%%'
                         AND bill.display_type IN ('product', 'tax', 'payment_term',
                                                   'non_deductible_product')
                        THEN bill.display_type = 'product'
                        ELSE bill.display_type <> 'cogs'
                         AND (account.account_type LIKE 'expense%%'
                              AND account.account_type <> 'expense_depreciation'
                              OR account.id IN %(named)s
                              OR move.move_type LIKE 'in_%%'
                             AND bill.display_type = 'discount')
                         AND NOT (%(is_repeated)s)
                    END
               AND NOT (%(is_advance)s)
          ORDER BY bill.id
             LIMIT %(batch)s
            """,
            is_advance=self._is_advance(),
            is_repeated=SQL(IS_REPEATED, stock=self._get_stock_accounts()),
            bill_weight=SQL(WEIGHT, line=SQL("bill")),
            other_weight=SQL(WEIGHT, line=SQL("other")),
            named=tuple({line.ledger for line in lines if line.ledger} or {0}),
            first=min(line.start for line in lines),
            end=max(line.end for line in lines),
        ):
            yield self._get_bill_items(rows)

    @api.model
    def _get_stock_accounts(self):
        """Return the ids of the accounts that goods stand on; at least one that is
        none, for SQL."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT DISTINCT account.id
                  FROM account_account AS account
             LEFT JOIN res_company AS company
                    ON company.account_stock_valuation_id = account.id
             LEFT JOIN stock_location AS place
                    ON place.valuation_account_id = account.id
             LEFT JOIN (product_category AS kind
                        CROSS JOIN LATERAL jsonb_each_text(
                            kind.property_stock_valuation_account_id) AS one)
                    ON one.value = account.id::text
                 WHERE COALESCE(company.id, place.id, kind.id) IS NOT NULL
                   AND account.account_type NOT IN ('expense', 'expense_other',
                                                    'expense_direct_cost')
                """
            )
        )
        return (0, *(account_id for (account_id,) in rows))

    @api.model
    def _get_bill_items(self, rows):
        """Return what journal items take from budgets.

        :param rows: of the statement over journal items
        :rtype: list[Item]
        """
        companies = self._get_paths("res.company", {row["company_id"] for row in rows})
        for row in rows:
            row["department"] = self._get_department(row)
        departments = self._get_paths(
            "hr.department", {row["department"] for row in rows}
        )
        categories = self._get_paths(
            "product.category", {row["categ_id"] for row in rows}
        )
        return [
            Item(
                kind="actual",
                day=row["date"],
                amount=Fraction(row["balance"]) + Fraction(row["lost"] or 0),
                companies=companies[row["company_id"]],
                departments=departments.get(row["department"], ()),
                categories=categories.get(row["categ_id"], ()),
                distribution=row["analytic_distribution"],
                ledger=row["account_id"],
                is_expense=row["is_expense"],
                is_rough=bool(row["lost"]),
            )
            for row in rows
        ]
