from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from babel.dates import format_skeleton

from odoo import api, fields, models
from odoo.tools import SQL, formatLang
from odoo.tools.misc import babel_locale_parse, get_lang

#: Who deals with the goods, or with all customers: they read all names, as the record
#: rules of links and states say.
READERS_OF_ALL = (
    "purchase.group_purchase_user",
    "sales_team.group_sale_salesman_all_leads",
    "stock.group_stock_user",
)


class Waiting(NamedTuple):
    """An order line that waits for a purchase line.

    :param is_exact: the goods were bought for it; else it gets them by its turn
    :param quantity: in the product's unit
    """

    sale_line: int
    order_name: str
    customer: int
    customer_name: str
    quantity: float
    needed_on: datetime
    is_exact: bool


class SupplyCustomers(models.AbstractModel):
    """The customers behind purchase lines, in a few words for a column.

    Whoever must not read an order does not read its customer here: one salesperson's
    customers are no news for another one.
    """

    _name = "supply.customers"
    _description = "Customers Behind Purchase Lines"

    @api.model
    def _describe(self, lines):
        """Return who waits for the goods of purchase lines: a few words, and all of
        them, one below the other.

        One query, however many lines there are, and whether somebody waits or not.

        :param lines: ``purchase.order.line`` records
        :return: pairs of texts by id of the line; lines without customers are left out
        :rtype: dict
        """
        found = self._read(lines.ids)
        marks = self._get_marks(
            {row.sale_line for rows in found.values() for row in rows}
        )
        return {
            line: (self._sum_up(rows, marks), self._list(rows, marks))
            for line, rows in found.items()
        }

    @api.model
    def _get_marks(self, sale_lines):
        """Return what else matters about order lines; addons above know.

        :param set sale_lines: ids of ``sale.order.line``
        :return: words by id
        :rtype: dict
        """
        return {}

    # ------------------------------------------------------------
    # WHOSE CUSTOMERS MAY BE READ
    # ------------------------------------------------------------

    @api.model
    def _reads_all(self):
        user = self.env.user
        return any(user.has_group(group) for group in READERS_OF_ALL)

    @api.model
    def _get_readable(self, orders):
        """Return those of the orders whose customers the user may read.

        :param orders: ``sale.order``
        """
        if self._reads_all():
            return orders
        mine = (self.env.user, self.env["res.users"])
        return orders.filtered(lambda order: order.sudo().user_id in mine)

    @api.model
    def _get_readable_sql(self):
        """Return the same as a condition on a table ``sale``."""
        if self._reads_all():
            return SQL("TRUE")
        return SQL("(sale.user_id IS NULL OR sale.user_id = %s)", self.env.uid)

    # ------------------------------------------------------------
    # READING
    # ------------------------------------------------------------

    @api.model
    def _read(self, line_ids):
        """Return who waits for which purchase line, who needs the goods first first.

        What is bought for an order is in links. Of the common stock the stored states
        name the purchase that an order line gets its last goods from.
        """
        if not line_ids:
            return {}
        links, states = self.env["supply.link"], self.env["supply.state"]
        links.flush_model(["purchase_line_id", "sale_line_id", "quantity", "state"])
        states.flush_model(["purchase_line_id", "sale_line_id", "method"])
        links._flush_needed()
        self.env["sale.order"].flush_model(["name", "partner_id", "user_id"])
        self.env["sale.order.line"].flush_model(["order_id"])
        self.env["res.partner"].flush_model(["commercial_partner_id", "name"])
        self.env.cr.execute(
            SQL(
                """
                WITH waiting AS (
                    SELECT purchase_line_id, sale_line_id, sum(quantity) AS quantity,
                           TRUE AS is_exact
                      FROM supply_link
                     WHERE purchase_line_id = ANY(%(lines)s)
                       AND state IN ('open', 'received')
                       AND kind <> 'candidate'
                     GROUP BY purchase_line_id, sale_line_id
                     UNION ALL
                    SELECT purchase_line_id, sale_line_id, NULL, FALSE
                      FROM supply_state
                     WHERE purchase_line_id = ANY(%(lines)s)
                       AND method IN ('incoming', 'none')
                )
                SELECT waiting.purchase_line_id, waiting.sale_line_id, sale.name,
                       customer.id, customer.name, waiting.quantity, %(needed)s,
                       waiting.is_exact
                  FROM waiting
                  JOIN sale_order_line sale_line ON sale_line.id = waiting.sale_line_id
                  JOIN sale_order sale ON sale.id = sale_line.order_id
                  JOIN res_partner partner ON partner.id = sale.partner_id
                  JOIN res_partner customer
                    ON customer.id = COALESCE(
                           partner.commercial_partner_id, partner.id)
                 WHERE %(is_readable)s
                 ORDER BY NOT waiting.is_exact, 7, waiting.sale_line_id
                """,
                lines=list(line_ids),
                needed=links._get_needed(),
                is_readable=self._get_readable_sql(),
            )
        )
        found = defaultdict(list)
        for line, *values in self.env.cr.fetchall():
            found[line].append(Waiting(*values))
        return found

    # ------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------

    @api.model
    def _sum_up(self, rows, marks):
        """Return a few words: the customer, or how many there are."""
        exact = [row for row in rows if row.is_exact]
        shown = exact or rows
        customers = {row.customer for row in shown}
        if len(customers) > 1:
            who = self.env._("%(number)s customers", number=len(customers))
        else:
            who = shown[0].customer_name
            if exact:
                total = sum(row.quantity for row in exact)
                who = f"{who} × {self._format_quantity(total)}"
        if not exact:
            who = self.env._("By turn: %(who)s", who=who)
        mark = next(filter(None, (marks.get(row.sale_line) for row in shown)), "")
        return " · ".join(
            filter(None, (who, self._format_due(shown[0].needed_on), mark))
        )

    @api.model
    def _list(self, rows, marks):
        """Return a line for each customer's order."""
        texts = []
        for row in rows:
            who = f"{row.customer_name} ({row.order_name})"
            if row.is_exact:
                who = f"{who} × {self._format_quantity(row.quantity)}"
            else:
                who = self.env._("By turn: %(who)s", who=who)
            due = self._format_due(row.needed_on)
            texts.append(" · ".join(filter(None, (who, due, marks.get(row.sale_line)))))
        return "\n".join(texts)

    @api.model
    def _format_due(self, moment):
        if not moment:
            return ""
        return self.env._("due %(date)s", date=self._format_day(moment))

    @api.model
    def _format_day(self, moment):
        """Return day and month as the user writes them."""
        day = fields.Datetime.context_timestamp(self, moment).date()
        locale = babel_locale_parse(get_lang(self.env).code)
        return format_skeleton("Md", day, locale=locale)

    @api.model
    def _format_quantity(self, quantity):
        digits = 0 if float(quantity).is_integer() else 2
        return formatLang(self.env, quantity, digits=digits)
