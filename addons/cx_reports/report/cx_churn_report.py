from odoo import fields, models
from odoo.tools import SQL

#: Whole months that are looked at, the last ones.
MONTHS = 12
#: A customer is quiet for so many days at least, or so many of their own gaps.
QUIET_DAYS, QUIET_GAPS = 90, 3
#: So many ids a table of Odoo's can have.
IDS = 2**31


class CxChurnReport(models.Model):
    """Which customers stay away: one row a customer and month of the last twelve whole
    ones in which they were active at its start.

    For those who may read all orders: with some of them, all would be wrong.
    """

    _name = "cx.churn.report"
    _description = "Churn"
    _inherit = ["cx.report"]
    _auto = False
    _order = "month desc, last_on, id"
    _rec_name = "partner_id"

    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    month = fields.Date(readonly=True, help="Its first day.")
    last_on = fields.Date(
        string="Last Purchase",
        readonly=True,
        help="The last day of a confirmed order before the month.",
    )
    orders = fields.Integer(
        string="Days With Orders",
        readonly=True,
        help="Days before the month on which the customer ordered something that was "
        "confirmed. Source: confirmed sales orders.",
    )
    gap_days = fields.Float(
        string="Own Gap (Days)",
        readonly=True,
        aggregator="median",
        help="The median of the days between the customer's purchases until then. "
        "Source: confirmed sales orders.",
    )
    quiet_days = fields.Float(
        string="Counts as Gone After (Days)",
        readonly=True,
        aggregator="median",
        help="90 days, or three times the customer's own median gap if that is more. "
        "Source: confirmed sales orders.",
    )
    is_gone = fields.Boolean(string="Gone", readonly=True)
    churn_rate = fields.Float(
        string="Churn (%)",
        readonly=True,
        aggregator="avg",
        help="Customers active at the start of the month who had bought nothing for "
        "max(90 days, 3 × their own median gap) by its end ÷ customers active at its "
        "start. Newcomers are out. Customers are companies with all their contacts. "
        "Source: confirmed sales orders, by the company's day.",
    )

    _depends = {
        "sale.order": ["company_id", "date_order", "partner_id", "state"],
        "res.partner": ["commercial_partner_id"],
    }

    def action_open_source(self):
        """Open the confirmed orders of the customer, with all contacts."""
        self.ensure_one()
        return {
            "type": "ir.actions.act_window",
            "name": self.partner_id.display_name,
            "res_model": "sale.order",
            "views": [(False, "list"), (False, "form")],
            "domain": [
                ("partner_id.commercial_partner_id", "=", self.partner_id.id),
                ("company_id", "=", self.company_id.id),
                ("state", "=", "sale"),
            ],
        }

    def _field_to_sql(self, alias, field_expr, query=None):
        """The median of the gaps is counted where a row is shown, from its days: for
        all rows of a year it takes longer than all else."""
        if field_expr not in ("gap_days", "quiet_days"):
            return super()._field_to_sql(alias, field_expr, query)
        days, orders = (SQL.identifier(alias, name) for name in ("days", "orders"))
        gap = self._get_gap_sql(days, orders)
        if field_expr == "gap_days":
            return gap
        return SQL("GREATEST(%s, %s * COALESCE(%s, 0))", QUIET_DAYS, QUIET_GAPS, gap)

    def _get_gap_sql(self, days, count):
        """Return the median of the days between purchases.

        :param SQL days: an array of days, in their order
        :param SQL count: how many of them count, from the first
        """
        return SQL(
            """
            (SELECT PERCENTILE_CONT(0.5) WITHIN GROUP (
                        ORDER BY %(days)s[place] - %(days)s[place - 1])
               FROM generate_series(2, %(count)s) place)
            """,
            days=days,
            count=count,
        )

    @property
    def _table_query(self):
        """The days of a customer are an array in their order: what was before a month
        is its beginning, found by binary search.

        The median of the gaps is asked last: who bought less than 90 days ago is
        active and not gone, whatever it is.
        """
        return SQL(
            """
            WITH zones AS (%(zones)s),
            customers AS (
                SELECT sale_order.company_id, customer.commercial_partner_id,
                       array_agg(DISTINCT %(day)s) AS days
                  FROM sale_order
                  JOIN res_partner customer ON customer.id = sale_order.partner_id
                  JOIN zones ON zones.company_id = sale_order.company_id
                 WHERE sale_order.state = 'sale' AND %(readable)s
              GROUP BY sale_order.company_id, customer.commercial_partner_id
            ),
            months AS (
                SELECT zones.company_id, month::date AS starts,
                       (month + INTERVAL '1 month')::date AS ends
                  FROM zones
                 CROSS JOIN LATERAL generate_series(
                       date_trunc('month', zones.today::timestamp)
                           - %(months)s * INTERVAL '1 month',
                       date_trunc('month', zones.today::timestamp)
                           - INTERVAL '1 month',
                       INTERVAL '1 month') month
            )
            SELECT %(id)s AS id,
                   customers.commercial_partner_id AS partner_id,
                   customers.company_id, months.starts AS month, last.day AS last_on,
                   number.before AS orders, customers.days,
                   gone.yes AS is_gone, gone.yes::integer * 100.0 AS churn_rate
              FROM customers
              JOIN months ON months.company_id = customers.company_id
             CROSS JOIN LATERAL (
                SELECT width_bucket(months.starts - 1, customers.days),
                       width_bucket(months.ends - 1, customers.days)
             ) number (before, after)
             CROSS JOIN LATERAL (
                SELECT customers.days[number.before]
             ) last (day)
             CROSS JOIN LATERAL (
                SELECT CASE WHEN number.after > number.before
                                 OR months.ends - last.day <= %(quiet)s
                            THEN FALSE
                            ELSE months.ends - last.day > %(gaps)s END
             ) gone (yes)
             WHERE number.before > 0
               AND CASE WHEN months.starts - last.day <= %(quiet)s
                        THEN TRUE
                        ELSE months.starts - last.day <= %(gaps)s END
            """,
            zones=self._get_zones_sql(),
            day=self._get_day_sql(SQL("sale_order.date_order")),
            readable=self._get_readable_sql("sale.order"),
            months=MONTHS,
            quiet=QUIET_DAYS,
            gaps=SQL(
                "%s * COALESCE(%s, 0)",
                QUIET_GAPS,
                self._get_gap_sql(SQL("customers.days"), SQL("number.before")),
            ),
            # no number of the row: for it the database would need all months. A browser
            # reads numbers up to 2^53: months of a year, ids of customers, companies
            id=SQL(
                """
                (customers.company_id * 12::bigint
                 + date_part('month', months.starts)::integer - 1) * %s
                + customers.commercial_partner_id
                """,
                IDS,
            ),
        )
