from collections import namedtuple

from odoo import api, models
from odoo.tools import SQL, format_amount, format_date, formatLang

from ..prices import judge_price

#: Of how many orders with the same amount, of each contact of the vendor, the goods are
#: compared.
CANDIDATES = 20
#: Among how many of a product's newest lines the last price is looked for.
NEWEST = 100
#: Of how many lines of an order the price is named.
NAMED = 2

#: A price that is far from the last one: line, kind (see ``prices.judge_price``), price
#: of a unit of the line, the last order, what the unit cost there in its currency, and
#: how many times the one is the other, at that order's rate.
Jump = namedtuple("Jump", "line kind price last old ratio")

#: A line and the last price of its product: its own price, discount in percent, if it
#: buys something that costs money, and ids of taxes; the last order, what a unit of the
#: line cost there, and the rate of the one currency in the other, if there are two.
Priced = namedtuple(
    "Priced", "id order_id price discount is_paid taxes last_id last rate"
)


class PurchasePrecedent(models.AbstractModel):
    """What other orders tell whoever decides about an order: that it is there twice,
    that it repeats a rejected one (``purchase_repeat.py``), that its prices are far
    from the last, or that it is a part of more (``purchase_split.py``).

    One statement each for all orders of a page, see the indexes of orders and lines.
    Nothing is refused: approvers look, and decide. Names and figures of another order
    are for who may read it; everybody else is told that there is something.
    """

    _name = "purchase.precedent"
    _description = "What Other Orders Tell"

    @api.model
    def _warn(self, orders):
        """Return what approvers should stop at.

        :param orders: ``purchase.order`` records, as the system
        :return: see ``approval.document._approval_comparisons``
        :rtype: dict
        """
        twins, rejected = self._find_duplicates(orders)
        repeated = self._find_repeated(rejected)
        jumps, splits = self._find_jumps(orders), self._find_splits(orders)
        others = orders.browse(twin.id for twin in twins.values())
        others = others.union(*(other for other, _request in repeated.values()))
        others |= orders.browse(
            jump.last.id for found in jumps.values() for jump in found
        )
        others = others.union(*(parts for _lim, _rule, parts, _sum in splits.values()))
        readable = others._approval_readable_by(self.env.user) if others else others
        doubles = self._tell_duplicates(twins, readable)
        repeats = self._tell_repeated(repeated, readable)
        return {
            order: [
                *doubles.get(order, ()),
                *repeats.get(order, ()),
                *self._tell_split(order, splits.get(order), readable),
                *self._tell_jumps(jumps.get(order), readable),
            ]
            for order in orders
        }

    # ------------------------------------------------------------
    # THE SAME ORDER TWICE
    # ------------------------------------------------------------

    @api.model
    def _find_duplicates(self, orders):
        """Return the newest order that was made within some days of each, of the same
        vendor, goods, quantities and amount, and that waits or is confirmed.

        Quantities are compared in the unit that their UoM is made of. Services with
        another text are other services.

        What may repeat a rejected order is found on the way: it is compared only where
        something of the vendor was rejected.

        :return: ``purchase.order`` records by order, those without one are left out;
            and ``[(id, id of a rejected request), …]``, see :meth:`_get_rejected_sql`
        :rtype: tuple
        """
        watched = orders.filtered("company_id.purchase_duplicate_days")
        if not watched:
            return {}, []
        self._flush()
        rows = self.env.execute_query(
            SQL(
                """
                WITH pairs AS MATERIALIZED (
                    SELECT mine.id AS mine_id, other.id AS other_id
                      FROM %(beside)s
                ), goods AS MATERIALIZED (
                    SELECT order_id,
                           ARRAY_AGG(CONCAT(product, ':', quantity, ':', text)
                                     ORDER BY product, quantity, text) AS list
                      FROM (
                           SELECT line.order_id,
                                  line.product_id AS product,
                                  CASE WHEN template.type = 'service' THEN line.name END
                                      AS text,
                                  ROUND(SUM(line.product_qty * uom.factor)::numeric, 6)
                                      AS quantity
                             FROM purchase_order_line AS line
                             JOIN uom_uom AS uom ON uom.id = line.product_uom_id
                             JOIN product_product AS product
                               ON product.id = line.product_id
                             JOIN product_template AS template
                               ON template.id = product.product_tmpl_id
                            WHERE line.order_id IN (
                                  SELECT mine_id FROM pairs
                                  UNION
                                  SELECT other_id FROM pairs)
                              AND line.product_qty != 0
                            GROUP BY 1, 2, 3
                           ) AS bought
                     GROUP BY order_id
                )
                SELECT mine_id, MAX(other_id), NULL::integer
                  FROM pairs
                  JOIN goods AS mine ON mine.order_id = mine_id
                  JOIN goods AS other ON other.order_id = other_id
                 WHERE mine.list = other.list
                 GROUP BY mine_id
                 UNION ALL
                SELECT repeating.mine_id, NULL, repeating.rejected_id
                  FROM (%(rejected)s) AS repeating (mine_id, rejected_id)
                """,
                rejected=self._get_rejected_sql(watched),
                beside=self._get_beside_sql(
                    watched,
                    "purchase_duplicate_days",
                    SQL(
                        "candidate.amount_total = mine.amount_total"
                        " AND candidate.currency_id = mine.currency_id AND %s",
                        self._get_related_sql(),
                    ),
                    CANDIDATES,
                ),
            )
        )
        twins = {
            orders.browse(id_): orders.browse(twin) for id_, twin, _ in rows if twin
        }
        return twins, [(id_, rejected) for id_, _, rejected in rows if rejected]

    @api.model
    def _get_beside_sql(self, orders, setting, condition, limit):
        """Return the tables of a query: orders (``mine``), each with those beside it
        (``other``: *id* and *amount*): of the same vendor and company, made within some
        days of it, that wait or are confirmed and cost something.

        :param str setting: field of the company that says within how many days
        :param condition: SQL, which others count (``candidate``)
        :param int limit: how many count, of each contact of the vendor
        """
        return SQL(
            """
            UNNEST(%(ids)s, %(days)s) AS watched (id, days)
            JOIN purchase_order AS mine ON mine.id = watched.id
            JOIN res_partner AS vendor ON vendor.id = mine.partner_id
            JOIN res_partner AS contact
              ON contact.commercial_partner_id = vendor.commercial_partner_id
            JOIN LATERAL (
                 SELECT candidate.id, %(amount)s AS amount
                   FROM purchase_order AS candidate
                  WHERE candidate.partner_id = contact.id
                    AND candidate.amount_total > 0
                    AND candidate.state IN ('to approve', 'purchase')
                    AND candidate.company_id = mine.company_id
                    AND candidate.id != mine.id
                    AND candidate.create_date
                        > mine.create_date - watched.days * INTERVAL '1 day'
                    AND candidate.create_date
                        < mine.create_date + watched.days * INTERVAL '1 day'
                    AND %(condition)s
                  ORDER BY candidate.create_date DESC
                  LIMIT %(limit)s
                 ) AS other ON TRUE
            """,
            ids=orders.ids,
            days=[order.company_id[setting] for order in orders],
            amount=self._get_amount_sql("candidate"),
            condition=condition,
            limit=limit,
        )

    @api.model
    def _get_amount_sql(self, alias):
        """Return the total of an order in the currency of its company."""
        order = SQL.identifier(alias)
        return SQL(
            "%(order)s.amount_total / COALESCE(NULLIF(%(order)s.currency_rate, 0), 1)",
            order=order,
        )

    @api.model
    def _get_related_sql(self):
        """Return whether two orders that look the same can be one and the same need:
        those that name two sources, such as two customers' orders, are two."""
        return SQL(
            "(mine.origin = candidate.origin OR COALESCE(mine.origin, '') = ''"
            " OR COALESCE(candidate.origin, '') = '') AND %s",
            self._get_apart_sql(),
        )

    @api.model
    def _get_apart_sql(self):
        """Return whether two orders of a vendor stand each for themselves, so that both
        may be ordered."""
        return SQL("TRUE")

    @api.model
    def _tell_duplicates(self, twins, readable):
        """Return what there is to know of orders that are there twice.

        :param dict twins: the other of each order
        :return: by order, as :meth:`_warn`
        """
        labels, mark = {}, self.env._("the same order twice?")
        if readable:
            labels = dict(readable._fields["state"]._description_selection(self.env))
        known, days, told = set(readable._ids), {}, {}
        for order, twin in twins.items():
            if twin.id not in known:
                text = self.env._(
                    "Another order has the same vendor, goods and amount."
                )
            else:
                day = twin.company_id._approval_day(twin.create_date)
                if day not in days:
                    days[day] = format_date(self.env, day)
                text = self.env._(
                    "%(order)s of %(day)s has the same vendor, goods and amount "
                    "(%(state)s).",
                    order=twin.name,
                    day=days[day],
                    state=labels[twin.state],
                )
            told[order] = [(mark, text)]
        return told

    # ------------------------------------------------------------
    # PRICES FAR FROM THE LAST
    # ------------------------------------------------------------

    @api.model
    def _find_jumps(self, orders):
        """Return the lines whose price is far above or below the last one that was
        confirmed.

        :return: by order, the farthest first, ``[Jump, …]``; those without any are left
            out
        :rtype: dict
        """
        found = {}
        rows = [row for row in self._find_order_prices(orders) if row.is_paid]
        for jump in self._compare_prices(orders, rows, only_far=True):
            found.setdefault(jump.line.order_id, []).append(jump)
        for jumps in found.values():
            jumps.sort(
                key=lambda jump: (-max(jump.ratio, 1 / jump.ratio), jump.line.id)
            )
        return found

    @api.model
    def _compare_prices(self, orders, rows, only_far=False):
        """Set the prices of lines beside the last ones that were confirmed.

        Prices are compared without discount and taxes, per unit that the UoM is made
        of, whoever the vendor was: with the last one in the same currency, else with
        the last one in another, at the rates of both orders.

        Lines are read only where there is something to say of them.

        :param orders: ``purchase.order`` records, whose lines they are
        :param rows: what to compare, see :meth:`_find_order_prices`
        :param bool only_far: leave out what is not far, and has no kind
        :return: ``[Jump, …]``; what was never bought before is left out
        """
        rises = {order.id: order.company_id.purchase_price_rise for order in orders}
        # each is read together with the others, if at all
        lines = orders.env["purchase.order.line"].browse(row.id for row in rows)
        last_orders = orders.browse(dict.fromkeys(row.last_id for row in rows))
        last_orders = {order.id: order for order in last_orders}
        found, included = [], {}
        for row, line in zip(rows, lines, strict=True):
            taxes = tuple(row.taxes)
            if taxes not in included:
                included[taxes] = self._has_price_of(taxes)
            price = float(row.price) * (1 - float(row.discount or 0) / 100)
            if included[taxes]:
                price = line._flow_price(line.price_unit, line.discount, line.tax_ids)
            old, is_foreign = float(row.last), row.rate is not None
            last = old / float(row.rate) if is_foreign else old
            kind = judge_price(price, last, rises[row.order_id], is_foreign)
            if (kind or not only_far) and not line._approval_is_advance():
                order = last_orders[row.last_id]
                found.append(Jump(line, kind, price, order, old, price / last))
        return found

    @api.model
    def _has_price_of(self, tax_ids):
        """Tell whether one of these taxes is a part of prices."""
        taxes = self.env["account.tax"].sudo().browse(tax_ids)
        return any(taxes.flatten_taxes_hierarchy().mapped("price_include"))

    @api.model
    def _find_order_prices(self, orders):
        """Return what was paid last for all that is on orders, where their company
        wants to know: once for all that a card says of it.

        :param orders: ``purchase.order`` records
        :return: ``[Priced, …]``, see :meth:`_find_last_prices`
        """
        watched = orders.filtered("company_id.purchase_price_rise")
        known = self.env["approval.card"]._get_known().setdefault(self._name, {})
        if missing := tuple(id_ for id_ in watched._ids if id_ not in known):
            known.update((id_, []) for id_ in missing)
            condition = SQL("line.order_id IN %s AND line.product_qty != 0", missing)
            for row in self._find_last_prices(condition):
                known[row.order_id].append(row)
        return [row for id_ in watched._ids for row in known[id_]]

    @api.model
    def _find_last_prices(self, condition):
        """Return what was paid last for the products of lines.

        Many lines of a page buy the same. The last price of a product, in a currency
        and a kind of unit, is looked for once for all of them, whose order it may be.
        For a line of that very order, or where lines of the own order pushed it out of
        the newest, it is looked for once more, without them.

        :param condition: SQL, of which lines (``line``)
        :return: ``[Priced, …]``; what was never bought before is left out
        """
        self._flush()
        query = self._get_shared_prices_sql(self._get_lines_sql(condition))
        rows = self.env.execute_query(query)
        found = [Priced(*row) for *row, is_sure in rows if is_sure]
        doubtful = tuple(row[0] for *row, is_sure in rows if not is_sure)
        if doubtful:
            mine = self._get_lines_sql(SQL("line.id IN %s", doubtful))
            rows = self.env.execute_query(self._get_own_prices_sql(mine))
            found += [Priced(*row) for row in rows]
        return found

    @api.model
    def _get_lines_sql(self, condition):
        """Return a query for lines, and what their last price depends on."""
        return SQL(
            """
            SELECT line.id, line.order_id, line.product_id, line.company_id,
                   line.price_unit, line.discount, ordered.currency_id, uom.factor,
                   line.product_qty * line.price_unit
                   * (100 - COALESCE(line.discount, 0)) > 0 AS is_paid,
                   COALESCE(NULLIF(ordered.currency_rate, 0), 1) AS rate,
                   SPLIT_PART(uom.parent_path, '/', 1) AS unit
              FROM purchase_order_line AS line
              JOIN purchase_order AS ordered ON ordered.id = line.order_id
              JOIN uom_uom AS uom ON uom.id = line.product_uom_id
             WHERE %s
            """,
            condition,
        )

    @api.model
    def _get_taxes_sql(self, alias):
        """Return the ids of the taxes of a line."""
        taxes = self.env["purchase.order.line"]._fields["tax_ids"]
        return SQL(
            "ARRAY(SELECT %(tax)s FROM %(taxes)s WHERE %(line)s = %(id)s ORDER BY 1)",
            tax=SQL.identifier(taxes.column2),
            taxes=SQL.identifier(taxes.relation),
            line=SQL.identifier(taxes.column1),
            id=SQL.identifier(alias, "id"),
        )

    @api.model
    def _get_shared_prices_sql(self, mine):
        """Return a query for the last price of each line, and whether it is sure.

        :param mine: SQL, see :meth:`_get_lines_sql`
        """
        newest = SQL("%s + (SELECT MAX(own.lines) FROM own)", NEWEST)
        return SQL(
            """
            WITH mine AS MATERIALIZED (%(mine)s), own AS MATERIALIZED (
                SELECT COUNT(*) AS lines
                  FROM purchase_order_line
                 WHERE order_id IN (SELECT order_id FROM mine)
                 GROUP BY order_id, product_id
            ), prices AS MATERIALIZED (
                SELECT product.*,
                       COALESCE(same.order_id, other.order_id) AS last_id,
                       COALESCE(same.price, other.price) AS price,
                       COALESCE(same.place, other.place) AS place,
                       other.rate AS other_rate
                  FROM (SELECT DISTINCT product_id, company_id, currency_id, unit
                          FROM mine) AS product
                  %(last)s
            )
            SELECT mine.id, mine.order_id, mine.price_unit, mine.discount,
                   mine.is_paid, %(taxes)s,
                   prices.last_id, prices.price * mine.factor,
                   prices.other_rate / mine.rate,
                   prices.last_id != mine.order_id AND prices.place <= %(limit)s
              FROM mine
              JOIN prices USING (product_id, company_id, currency_id, unit)
             WHERE prices.last_id IS NOT NULL
            """,
            mine=mine,
            taxes=self._get_taxes_sql("mine"),
            last=self._get_last_prices_sql(SQL("TRUE"), newest),
            limit=NEWEST,
        )

    @api.model
    def _get_own_prices_sql(self, mine):
        """Return a query for the last price of each line, in other orders than its own.

        :param mine: SQL, see :meth:`_get_lines_sql`
        """
        return SQL(
            """
            SELECT product.id, product.order_id, product.price_unit, product.discount,
                   product.is_paid, %(taxes)s,
                   COALESCE(same.order_id, other.order_id),
                   COALESCE(same.price, other.price) * product.factor,
                   other.rate / product.rate
              FROM (%(mine)s) AS product
              %(last)s
             WHERE COALESCE(same.order_id, other.order_id) IS NOT NULL
            """,
            mine=mine,
            taxes=self._get_taxes_sql("product"),
            last=self._get_last_prices_sql(
                SQL("old.order_id != product.order_id"), SQL("%s", NEWEST)
            ),
        )

    @api.model
    def _get_last_prices_sql(self, condition, newest):
        """Return joins with the last confirmed price of a *product* in its currency
        (``same``), else in another (``other``).

        :param condition: SQL, which lines (``old``) count
        :param newest: SQL, among how many
        """
        currency = SQL("old_order.currency_id = product.currency_id")
        other = SQL(
            "same.order_id IS NULL AND old_order.currency_id != product.currency_id"
        )
        same, other = (
            self._get_last_price_sql(each, condition, newest)
            for each in (currency, other)
        )
        return SQL(
            """
            LEFT JOIN LATERAL (%s) AS same ON TRUE
            LEFT JOIN LATERAL (%s) AS other ON TRUE
            """,
            same,
            other,
        )

    @api.model
    def _get_last_price_sql(self, orders, lines, newest):
        """Return a query for the last confirmed price of a *product*: *price* of the
        unit that UoMs are made of, *order_id*, *rate* of its currency, and at which
        *place* among the newest lines it stands.

        :param orders: SQL, which orders (``old_order``) count
        :param lines: SQL, which lines (``old``) count
        :param newest: SQL, among how many of them
        """
        return SQL(
            """
            SELECT recent.order_id, recent.price, recent.place,
                   COALESCE(NULLIF(old_order.currency_rate, 0), 1) AS rate
              FROM (
                   SELECT old.id, old.order_id, old.price_subtotal
                          / (old.product_qty * old_uom.factor) AS price,
                          ROW_NUMBER() OVER (ORDER BY old.id DESC) AS place
                     FROM purchase_order_line AS old
                     JOIN uom_uom AS old_uom ON old_uom.id = old.product_uom_id
                    WHERE old.product_id = product.product_id
                      AND old.company_id = product.company_id
                      AND old.price_subtotal > 0
                      AND old.product_qty > 0
                      AND SPLIT_PART(old_uom.parent_path, '/', 1) = product.unit
                      AND %(lines)s
                    ORDER BY old.id DESC
                    LIMIT %(newest)s
                   ) AS recent
              JOIN purchase_order AS old_order ON old_order.id = recent.order_id
             WHERE old_order.state = 'purchase'
               AND %(orders)s
             ORDER BY recent.id DESC
             LIMIT 1
            """,
            newest=newest,
            lines=lines,
            orders=orders,
        )

    @api.model
    def _tell_jumps(self, jumps, readable):
        if not jumps:
            return []
        told = [jump for jump in jumps if jump.last in readable]
        if not told:
            return [self._tell_hidden_jump(jumps[0])]
        named = told[:NAMED]
        marks = {}
        for jump in named:
            marks.setdefault(jump.kind, self._mark_jump(jump))
        warnings = [(marks[jump.kind], self._tell_jump(jump)) for jump in named]
        if len(jumps) > len(named):
            text = self.env._("and %s more prices", len(jumps) - len(named))
            warnings.append((warnings[0][0], text))
        return warnings

    @api.model
    def _note_prices(self, shown):
        """Return how prices are to the last ones, in a few words; what was paid in
        another currency is no measure of some per cent.

        :param dict shown: the lines on a card, by order
        :return: by order, texts by place of the line; where the user may not read the
            last order nothing is said
        :rtype: dict
        """
        places = {
            line: number
            for lines in shown.values()
            for number, line in enumerate(lines)
        }
        asked = {line.id for line in places}
        orders = self.env["purchase.order"].union(*shown)
        rows = [row for row in self._find_order_prices(orders) if row.id in asked]
        near = [
            jump
            for jump in self._compare_prices(orders, rows)
            if jump.last.currency_id == jump.line.currency_id
        ]
        last = self.env["purchase.order"].union(*(jump.last for jump in near))
        readable = last._approval_readable_by(self.env.user) if last else last
        notes = {}
        for jump in near:
            if jump.last.id in readable.ids:
                text = self._note_price(jump.ratio)
                notes.setdefault(jump.line.order_id, {})[places[jump.line]] = text
        return notes

    @api.model
    def _note_price(self, ratio):
        share = round((ratio - 1) * 100)
        if not share:
            return self.env._("as last time")
        return self.env._("%s %% against last time", f"{share:+d}")

    @api.model
    def _mark_jump(self, jump):
        if jump.kind == "above":
            share = f"{(jump.ratio - 1) * 100:.0f}"
            return self.env._("price %s %% above the last", share)
        if jump.kind == "below":
            times = formatLang(self.env, 1 / jump.ratio, digits=0)
            return self.env._("price %s times lower than the last", times)
        return self.env._("price in the wrong currency?")

    @api.model
    def _tell_hidden_jump(self, jump):
        """Say no figure of an order that the user may not read."""
        product = jump.line.product_id.display_name
        if jump.kind == "above":
            return (
                self.env._("price far above the last"),
                self.env._(
                    "%(product)s: far above what was paid last.", product=product
                ),
            )
        if jump.kind == "below":
            return (
                self.env._("price far below the last"),
                self.env._(
                    "%(product)s: far below what was paid last.", product=product
                ),
            )
        return (
            self._mark_jump(jump),
            self.env._(
                "%(product)s: far from what was paid last, in another currency.",
                product=product,
            ),
        )

    @api.model
    def _tell_jump(self, jump):
        line, last = jump.line, jump.last
        return self.env._(
            "%(product)s: %(price)s per %(unit)s, %(old)s on %(day)s (%(order)s, "
            "%(vendor)s).",
            product=line.product_id.display_name,
            price=format_amount(self.env, jump.price, line.order_id.currency_id),
            unit=line.product_uom_id.name,
            old=format_amount(self.env, jump.old, last.currency_id),
            day=format_date(
                self.env,
                last.company_id._approval_day(last.date_approve or last.create_date),
            ),
            order=last.name,
            vendor=last.partner_id.display_name,
        )

    # ------------------------------------------------------------
    # DATABASE
    # ------------------------------------------------------------

    @api.model
    def _get_read_fields(self):
        """Return the fields that the statements read, by model."""
        return {
            "approval.process": [
                "closed_at",
                "company_id",
                "res_id",
                "res_model",
                "state",
                "submitted_at",
                "terms",
            ],
            "purchase.order": [
                "amount_total",
                "approval_process_id",
                "company_id",
                "currency_id",
                "currency_rate",
                "origin",
                "partner_id",
                "state",
            ],
            "purchase.order.line": [
                "company_id",
                "discount",
                "name",
                "order_id",
                "price_subtotal",
                "price_unit",
                "product_id",
                "product_qty",
                "product_uom_id",
                "tax_ids",
            ],
        }

    @api.model
    def _flush(self):
        for model, names in self._get_read_fields().items():
            self.env[model].flush_model(names)
