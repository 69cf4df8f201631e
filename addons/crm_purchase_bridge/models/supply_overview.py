from odoo import api, fields, models
from odoo.exceptions import AccessError
from odoo.tools import SQL

#: Who sees sale amounts here; whoever buys sees counts.
OF_AMOUNTS = "sales_team.group_sale_manager"
#: Who may look at the page.
READERS = (OF_AMOUNTS, "purchase.group_purchase_manager")

#: A promise that is broken, or may be.
AT_RISK = ("late", "unknown", "unsafe")
#: What is open of confirmed orders.
OPEN = [("is_open", "=", True), ("is_ordered", "=", True)]

#: What is still to be delivered of an order line, in the currency of the order. Of most
#: lines it is all: they need no arithmetic.
LEFT = """
    CASE WHEN line.product_uom_qty <= 0 THEN 0
         WHEN COALESCE(line.qty_delivered, 0) = 0 THEN line.price_subtotal
         ELSE line.price_subtotal
              * GREATEST(1 - line.qty_delivered / line.product_uom_qty, 0)
     END
"""
#: The same in the company's currency: only orders in another one are asked for their
#: rate.
VALUE = f"""
    SUM(CASE WHEN line.currency_id = %(currency)s THEN {LEFT}
             ELSE {LEFT} / (SELECT COALESCE(NULLIF(sale.currency_rate, 0), 1)
                              FROM sale_order sale
                             WHERE sale.id = line.order_id)
         END)
"""


class SupplyOverview(models.AbstractModel):
    """How promises stand, on one page: what is at risk, what was kept, who has it.

    Nothing is kept here. Each figure comes with the domain of its rows, so that whoever
    reads it can open exactly those.
    """

    _name = "supply.overview"
    _description = "How Promises Stand"

    @api.model
    @api.readonly
    def get_figures(self):
        """Return all figures of the current company.

        Amounts are those of the sale, without taxes, of what is still to be delivered;
        who does not lead sales gets none.

        :return: *groups*, each with its *rows*: *label*, *lines*, *orders* and *amount*
            (or nothing), and the *domain* of the ``supply.promise`` records it counts
        :raises AccessError: for who leads neither sales nor purchasing
        :rtype: dict
        """
        user = self.env.user
        if not any(user.has_group(group) for group in READERS):
            raise AccessError(
                self.env._("Managers of sales and of purchasing see this page.")
            )
        sees_amounts = user.has_group(OF_AMOUNTS)
        return {
            "currency_id": sees_amounts and self.env.company.currency_id.id,
            "groups": [
                {
                    "key": "risk",
                    "title": self.env._("Open Orders at Risk"),
                    "help": self.env._(
                        "Goods still to be delivered whose promise is broken, or not "
                        "safe."
                    ),
                    "rows": self._count("risk", AT_RISK, sees_amounts),
                },
                {
                    "key": "kept",
                    "title": self.env._("Promises of This Month"),
                    "help": self.env._(
                        "What customers were told to have by a day of this month that "
                        "is over, and whether all of it was delivered by the end of it."
                    ),
                    "rows": self._count_kept(),
                },
                {
                    "key": "holder_kind",
                    "title": self.env._("Who Has It in Hand"),
                    "help": self.env._("All open order lines, by who acts next."),
                    "rows": self._count("holder_kind", None, False),
                },
            ],
        }

    @api.model
    def _count(self, name, only, with_amounts):
        """Count open lines by a field of their promise.

        :param only: these values, in this order; nothing: all that there are
        :param with_amounts: what they are worth, too
        """
        promises = self.env["supply.promise"].sudo()
        promises.flush_model()
        amount = SQL("NULL")
        join = SQL()
        if with_amounts:
            for model in ("sale.order", "sale.order.line"):
                self.env[model].flush_model()
            amount = SQL(VALUE, currency=self.env.company.currency_id.id)
            join = SQL("JOIN sale_order_line line ON line.id = promise.sale_line_id")
        orders = SQL("COUNT(DISTINCT promise.order_id)") if only else SQL("NULL")
        field = SQL.identifier("promise", name)
        found = {
            value: counts
            for value, *counts in self.env.execute_query(
                SQL(
                    """
                    SELECT %(field)s, COUNT(*), %(orders)s, %(amount)s
                      FROM supply_promise promise
                           %(join)s
                     WHERE promise.is_open
                       AND promise.is_ordered
                       AND promise.company_id = %(company)s
                       AND %(only)s
                  GROUP BY 1
                  ORDER BY 2 DESC
                    """,
                    field=field,
                    orders=orders,
                    amount=amount,
                    join=join,
                    company=self.env.company.id,
                    only=SQL("%s IN %s", field, only) if only else SQL("TRUE"),
                )
            )
        }
        labels = dict(promises._fields[name]._description_selection(self.env))
        return [
            {
                "key": value or "",
                "label": labels.get(value) or self.env._("Nobody"),
                "lines": found.get(value, (0, 0, 0))[0],
                "orders": found.get(value, (0, 0, 0))[1],
                "amount": float(found.get(value, (0, 0, 0))[2] or 0)
                if with_amounts
                else None,
                "domain": [*OPEN, *self._of_company(), (name, "=", value or False)],
            }
            for value in only or found
        ]

    @api.model
    def _count_kept(self):
        """Count what was promised for a day of this month that is over."""
        today = self.env.company._approval_day()
        domain = [
            *self._of_company(),
            ("is_ordered", "=", True),
            ("told_on", ">=", fields.Date.to_string(today.replace(day=1))),
            ("told_on", "<", fields.Date.to_string(today)),
        ]
        found = self.env["supply.promise"].sudo()._count_kept(domain)
        labels = {True: self.env._("Kept"), False: self.env._("Not Kept")}
        return [
            {
                "key": "kept" if kept else "missed",
                "label": labels[kept],
                "lines": lines,
                "orders": orders,
                "amount": None,
                "domain": [*domain, ("was_kept", "=", kept)],
            }
            for kept in labels
            for lines, orders in [found.get(kept, (0, 0))]
        ]

    @api.model
    def _of_company(self):
        return [("company_id", "=", self.env.company.id)]
