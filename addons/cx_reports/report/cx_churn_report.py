from odoo import fields, models
from odoo.tools import SQL

#: Whole months that are looked at, the last ones.
MONTHS = 12
#: A customer is quiet for so many days at least, or so many of their own gaps.
QUIET_DAYS, QUIET_GAPS = 90, 3


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
        string="Days With Orders", readonly=True, help="Before the month."
    )
    gap_days = fields.Float(
        string="Own Gap (Days)",
        readonly=True,
        aggregator="median",
        help="The median of the days between the customer's purchases until then.",
    )
    quiet_days = fields.Float(
        string="Counts as Gone After (Days)",
        readonly=True,
        aggregator="median",
        help="90 days, or three times the customer's own median gap if that is more.",
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

    @property
    def _table_query(self):
        return SQL(
            """
            WITH zones AS (%(zones)s),
            days AS (
                SELECT DISTINCT sale.company_id, customer.commercial_partner_id,
                       %(day)s AS day
                  FROM sale_order sale
                  JOIN res_partner customer ON customer.id = sale.partner_id
                  JOIN zones ON zones.company_id = sale.company_id
                 WHERE sale.state = 'sale' AND %(readable)s
            ),
            gaps AS (
                SELECT days.*,
                       day - lag(day) OVER (PARTITION BY company_id,
                                            commercial_partner_id ORDER BY day) AS gap
                  FROM days
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
            ),
            customers AS (
                SELECT gaps.company_id, gaps.commercial_partner_id, months.starts,
                       months.ends, max(gaps.day) AS last_on, count(*) AS orders,
                       percentile_cont(0.5) WITHIN GROUP (ORDER BY gaps.gap) AS gap
                  FROM gaps
                  JOIN months ON months.company_id = gaps.company_id
                             AND gaps.day < months.starts
              GROUP BY gaps.company_id, gaps.commercial_partner_id, months.starts,
                       months.ends
            ),
            active AS (
                SELECT customers.*, quiet.days AS quiet_days,
                       customers.ends - customers.last_on > quiet.days
                           AND NOT EXISTS (
                               SELECT FROM days
                                WHERE days.company_id = customers.company_id
                                  AND days.commercial_partner_id
                                      = customers.commercial_partner_id
                                  AND days.day >= customers.starts
                                  AND days.day < customers.ends
                           ) AS is_gone
                  FROM customers
                 CROSS JOIN LATERAL (
                    SELECT GREATEST(%(quiet)s, %(times)s * COALESCE(customers.gap, 0))
                 ) quiet (days)
                 WHERE customers.starts - customers.last_on <= quiet.days
            )
            SELECT %(id)s AS id,
                   active.commercial_partner_id AS partner_id, active.company_id,
                   active.starts AS month, active.last_on, active.orders,
                   active.gap AS gap_days, active.quiet_days, active.is_gone,
                   active.is_gone::integer * 100.0 AS churn_rate
              FROM active
            """,
            zones=self._get_zones_sql(),
            day=self._get_day_sql(SQL("sale.date_order")),
            readable=self._get_readable_sql("sale.order", SQL("sale.id")),
            months=MONTHS,
            quiet=QUIET_DAYS,
            times=QUIET_GAPS,
            # no number of the row: for it the database would need all months
            id=SQL(
                """
                (extract(year FROM active.starts) * 12
                 + extract(month FROM active.starts))::bigint * 1000000000000
                + active.company_id::bigint * 1000000000
                + active.commercial_partner_id
                """
            ),
        )
