from odoo import api, models
from odoo.tools import SQL, format_amount, format_date

#: Of how many orders with the same amount, of each contact of the vendor, the goods are
#: compared.
CANDIDATES = 20
#: Among how many of a product's newest lines the last price is looked for.
NEWEST = 100
#: Of how many lines of an order the price is named.
NAMED = 2


class PurchasePrecedent(models.AbstractModel):
    """What other orders tell whoever decides about an order: that it is there twice,
    that its prices are far above the last, or that it is a part of more, see
    ``purchase_split.py``.

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
        twins, rises = self._find_duplicates(orders), self._find_rises(orders)
        splits = self._find_splits(orders)
        others = orders.browse(twin.id for twin in twins.values())
        others |= orders.browse(
            last.id for found in rises.values() for _line, _price, last, _old in found
        )
        others = others.union(*(parts for _lim, _rule, parts, _sum in splits.values()))
        readable = others._approval_readable_by(self.env.user) if others else others
        return {
            order: [
                *self._tell_duplicate(twins.get(order), readable),
                *self._tell_split(order, splits.get(order), readable),
                *self._tell_rises(rises.get(order), readable),
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

        :return: ``purchase.order`` records by order; those without one are left out
        :rtype: dict
        """
        watched = orders.filtered("company_id.purchase_duplicate_days")
        if not watched:
            return {}
        self._flush()
        rows = self.env.execute_query(
            SQL(
                """
                WITH pairs AS MATERIALIZED (
                    SELECT mine.id AS mine_id, other.id AS other_id
                      FROM UNNEST(%(ids)s, %(days)s) AS watched (id, days)
                      JOIN purchase_order AS mine ON mine.id = watched.id
                      JOIN res_partner AS vendor ON vendor.id = mine.partner_id
                      JOIN res_partner AS contact
                        ON contact.commercial_partner_id = vendor.commercial_partner_id
                      JOIN LATERAL (
                           SELECT candidate.id
                             FROM purchase_order AS candidate
                            WHERE candidate.partner_id = contact.id
                              AND candidate.amount_total = mine.amount_total
                              AND candidate.state IN ('to approve', 'purchase')
                              AND candidate.company_id = mine.company_id
                              AND candidate.currency_id = mine.currency_id
                              AND candidate.id != mine.id
                              AND candidate.create_date
                                  > mine.create_date - watched.days * INTERVAL '1 day'
                              AND candidate.create_date
                                  < mine.create_date + watched.days * INTERVAL '1 day'
                              AND %(related)s
                            ORDER BY candidate.create_date DESC
                            LIMIT %(limit)s
                           ) AS other ON TRUE
                     WHERE mine.amount_total > 0
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
                SELECT mine_id, MAX(other_id)
                  FROM pairs
                  JOIN goods AS mine ON mine.order_id = mine_id
                  JOIN goods AS other ON other.order_id = other_id
                 WHERE mine.list = other.list
                 GROUP BY mine_id
                """,
                ids=watched.ids,
                days=[order.company_id.purchase_duplicate_days for order in watched],
                related=self._get_related_sql(),
                limit=CANDIDATES,
            )
        )
        return {orders.browse(id_): orders.browse(twin) for id_, twin in rows}

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
        may be ordered and neither follows from an agreement."""
        return SQL("TRUE")

    @api.model
    def _tell_duplicate(self, twin, readable):
        if not twin:
            return []
        if twin not in readable:
            text = self.env._("Another order has the same vendor, goods and amount.")
        else:
            labels = dict(twin._fields["state"]._description_selection(self.env))
            text = self.env._(
                "%(order)s of %(day)s has the same vendor, goods and amount "
                "(%(state)s).",
                order=twin.name,
                day=format_date(
                    self.env, twin.company_id._approval_day(twin.create_date)
                ),
                state=labels[twin.state],
            )
        return [(self.env._("the same order twice?"), text)]

    # ------------------------------------------------------------
    # PRICES FAR ABOVE THE LAST
    # ------------------------------------------------------------

    @api.model
    def _find_rises(self, orders):
        """Return the lines whose price is far above the last one that was confirmed.

        Prices are compared without discount and taxes, per unit that the UoM is made
        of, in the same currency, whoever the vendor was.

        :return: by order, the steepest first, ``[(line, price, last order, its price),
            …]``: both prices of one UoM of the line; those without any are left out
        :rtype: dict
        """
        prices = {}
        for order in orders.filtered("company_id.purchase_price_rise"):
            for line in order._approval_get_bought():
                if line.product_id and not line._approval_is_advance():
                    prices[line] = line._flow_price(
                        line.price_unit, line.discount, line.tax_ids
                    )
        if not prices:
            return {}
        self._flush()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, last.order_id, last.price * uom.factor
                  FROM UNNEST(%(ids)s, %(prices)s::float8[], %(rises)s::float8[])
                       AS mine (id, price, rise)
                  JOIN purchase_order_line AS line ON line.id = mine.id
                  JOIN purchase_order AS ordered ON ordered.id = line.order_id
                  JOIN uom_uom AS uom ON uom.id = line.product_uom_id
                  JOIN LATERAL (
                       SELECT recent.order_id, recent.price
                         FROM (
                              SELECT old.id, old.order_id, old.price_subtotal
                                     / (old.product_qty * old_uom.factor) AS price
                                FROM purchase_order_line AS old
                                JOIN uom_uom AS old_uom
                                  ON old_uom.id = old.product_uom_id
                               WHERE old.product_id = line.product_id
                                 AND old.company_id = line.company_id
                                 AND old.order_id != line.order_id
                                 AND old.price_subtotal > 0
                                 AND old.product_qty > 0
                                 AND SPLIT_PART(old_uom.parent_path, '/', 1)
                                     = SPLIT_PART(uom.parent_path, '/', 1)
                               ORDER BY old.id DESC
                               LIMIT %(newest)s
                              ) AS recent
                         JOIN purchase_order AS old_order
                           ON old_order.id = recent.order_id
                        WHERE old_order.state = 'purchase'
                          AND old_order.currency_id = ordered.currency_id
                        ORDER BY recent.id DESC
                        LIMIT 1
                       ) AS last ON TRUE
                 WHERE mine.price
                       >= last.price * uom.factor * (1 + mine.rise / 100) * (1 - 1e-9)
                """,
                ids=[line.id for line in prices],
                prices=list(prices.values()),
                rises=[line.company_id.purchase_price_rise for line in prices],
                newest=NEWEST,
            )
        )
        found, lines = {}, {line.id: line for line in prices}
        for line_id, order_id, old in rows:
            line = lines[line_id]
            rise = (line, prices[line], orders.browse(order_id), float(old))
            found.setdefault(line.order_id, []).append(rise)
        for rises in found.values():
            rises.sort(key=lambda rise: (-rise[1] / rise[3], rise[0].id))
        return found

    @api.model
    def _tell_rises(self, rises, readable):
        if not rises:
            return []
        told = [rise for rise in rises if rise[2] in readable]
        if not told:
            text = self.env._(
                "%(product)s: far above what was paid last.",
                product=rises[0][0].product_id.display_name,
            )
            return [(self.env._("price far above the last"), text)]
        texts = [self._tell_rise(*rise) for rise in told[:NAMED]]
        if len(rises) > len(texts):
            texts.append(self.env._("and %s more prices", len(rises) - len(texts)))
        _line, price, _order, old = told[0]
        mark = self.env._(
            "price %s %% above the last", f"{(price / old - 1) * 100:.0f}"
        )
        return [(mark, text) for text in texts]

    @api.model
    def _tell_rise(self, line, price, order, old):
        currency = line.order_id.currency_id
        return self.env._(
            "%(product)s: %(price)s per %(unit)s, %(old)s on %(day)s (%(order)s, "
            "%(vendor)s).",
            product=line.product_id.display_name,
            price=format_amount(self.env, price, currency),
            unit=line.product_uom_id.name,
            old=format_amount(self.env, old, currency),
            day=format_date(
                self.env,
                order.company_id._approval_day(order.date_approve or order.create_date),
            ),
            order=order.name,
            vendor=order.partner_id.display_name,
        )

    # ------------------------------------------------------------
    # DATABASE
    # ------------------------------------------------------------

    @api.model
    def _get_read_fields(self):
        """Return the fields that the statements read, by model."""
        return {
            "purchase.order": [
                "amount_total",
                "company_id",
                "currency_id",
                "currency_rate",
                "origin",
                "partner_id",
                "state",
            ],
            "purchase.order.line": [
                "company_id",
                "name",
                "order_id",
                "price_subtotal",
                "product_id",
                "product_qty",
                "product_uom_id",
            ],
        }

    @api.model
    def _flush(self):
        for model, names in self._get_read_fields().items():
            self.env[model].flush_model(names)
