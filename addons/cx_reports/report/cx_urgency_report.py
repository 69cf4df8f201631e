from odoo import fields, models
from odoo.tools import SQL


class CxUrgencyReport(models.Model):
    """How many orders are urgent, and whom they cost something: one row an order.

    For those who may read the order. No amounts.
    """

    _name = "cx.urgency.report"
    _description = "Urgent Share and Displaced Orders"
    _named_customers = (["partner_id"], "user_id")
    _inherit = ["cx.report"]
    _auto = False
    _order = "ordered_on desc, id desc"
    _rec_name = "order_id"
    _sources = ("order_id",)

    order_id = fields.Many2one("sale.order", string="Sales Order", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    urgency_level_id = fields.Many2one("urgency.level", string="Urgency", readonly=True)
    is_urgent = fields.Boolean(string="Urgent", readonly=True)
    ordered_on = fields.Date(
        string="Ordered", readonly=True, help="The company's day of the order."
    )
    ordered_at = fields.Datetime(readonly=True, help="The moment of the order.")
    urgent_rate = fields.Float(
        string="Urgent Share (%)",
        readonly=True,
        aggregator="avg",
        help="Confirmed orders that are urgent ÷ confirmed orders, by the level they "
        "have now. Source: sales orders.",
    )
    displaced = fields.Integer(
        string="Orders It Displaced",
        readonly=True,
        help="Other orders that became late because this one was marked urgent, each "
        "once. Source: displaced orders.",
    )
    was_displaced = fields.Integer(
        string="Times Displaced",
        readonly=True,
        help="How often this order became late because of an urgent one. Source: "
        "displaced orders.",
    )

    _depends = {
        "sale.order": [
            "company_id",
            "date_order",
            "partner_id",
            "state",
            "team_id",
            "urgency_level_id",
            "user_id",
        ],
        "urgency.level": ["is_urgent"],
        "urgency.displacement": [
            "cause_id",
            "cause_model",
            "document_id",
            "document_model",
        ],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            WITH zones AS (%(zones)s),
            causes AS (
                -- once, though it was marked urgent first, and then critical
                SELECT cause_id,
                       count(DISTINCT (document_model, document_id))::integer AS number
                  FROM urgency_displacement
                 WHERE cause_model = 'sale.order' GROUP BY cause_id
            ),
            victims AS (
                SELECT document_id, count(*)::integer AS number
                  FROM urgency_displacement
                 WHERE document_model = 'sale.order' GROUP BY document_id
            )
            SELECT sale_order.id, sale_order.id AS order_id, sale_order.partner_id,
                   sale_order.user_id, sale_order.team_id, sale_order.company_id,
                   sale_order.urgency_level_id,
                   %(is_urgent)s AS is_urgent, %(day)s AS ordered_on,
                   sale_order.date_order AS ordered_at,
                   %(is_urgent)s::integer * 100.0 AS urgent_rate,
                   COALESCE(causes.number, 0) AS displaced,
                   COALESCE(victims.number, 0) AS was_displaced
              FROM sale_order
              JOIN zones ON zones.company_id = sale_order.company_id
         LEFT JOIN urgency_level level ON level.id = sale_order.urgency_level_id
         LEFT JOIN causes ON causes.cause_id = sale_order.id
         LEFT JOIN victims ON victims.document_id = sale_order.id
             WHERE sale_order.state = 'sale' AND %(readable)s
            """,
            zones=self._get_zones_sql(),
            is_urgent=SQL("COALESCE(level.is_urgent, FALSE)"),
            day=self._get_day_sql(SQL("sale_order.date_order")),
            readable=self._get_readable_sql("sale.order"),
        )
