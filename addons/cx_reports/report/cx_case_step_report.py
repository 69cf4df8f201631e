from odoo import fields, models
from odoo.tools import SQL

#: Steps of a case in their order, by the kind of the event that enters them. Keys begin
#: with a digit: groups are sorted by them.
STEPS = {
    "1_question": "question.open",
    "2_opportunity": "lead.made",
    "3_quotation": "sale.quoted",
    "4_order": "sale.confirmed",
    "5_delivery": "sale.delivered_full",
    "6_invoice": "invoice.posted",
}
#: Which events enter steps, as SQL: of invoices those of customers. An index has them.
STEP_EVENTS = f"""
    kind IN ({", ".join(f"'{kind}'" for kind in STEPS.values())})
    AND (kind <> 'invoice.posted' OR parameters->>'move_type' = 'out_invoice')
"""


class CxCaseStepReport(models.Model):
    """Which share of the cases that reach a step get beyond it, from the question to
    the invoice: one row a case and step that it reached.

    A case is an opportunity with its orders, or an order that has none; a lead that
    nobody has qualified is no case yet. For those who may read it; what happened to
    orders that they may not read does not count. No amounts.
    """

    _name = "cx.case.step.report"
    _description = "Case Conversion"
    _inherit = ["cx.cohort.report"]
    _auto = False
    _order = "began_at desc, id desc"
    _rec_name = "case_name"
    _sources = ("lead_id", "sale_id")

    case_name = fields.Char(
        string="Case",
        readonly=True,
        help="The opportunity, or the order that has none.",
    )
    sale_id = fields.Many2one("sale.order", string="Sales Order", readonly=True)
    step = fields.Selection(
        [
            ("1_question", "Question"),
            ("2_opportunity", "Opportunity"),
            ("3_quotation", "Quotation"),
            ("4_order", "Order"),
            ("5_delivery", "Delivery in Full"),
        ],
        readonly=True,
        help="What the case reached. A step that was skipped was not reached; the "
        "invoice has no next step.",
    )
    began_at = fields.Datetime(
        string="Case Began At", readonly=True, help="The first step of the case."
    )
    began_on = fields.Date(
        string="Case Began",
        readonly=True,
        help="The company's day of the first step of the case. Those that began in the "
        "same month are a cohort.",
    )
    entered_at = fields.Datetime(
        string="Reached At",
        help="When the case reached the step for the first time.",
    )
    entered_on = fields.Date(
        string="Reached",
        help="The company's day on which the case reached the step for the first time.",
    )
    went_on_at = fields.Datetime(
        help="When the case first reached a later step, of those that came after it.",
    )
    outcome = fields.Selection(
        help="Lost: it did not go on, and the opportunity was lost or the order "
        "cancelled.",
    )
    conversion_rate = fields.Float(
        string="Case Conversion (%)",
        help="Cases that reached a later step after this one ÷ cases that reached this "
        "one: question, opportunity, quotation, order, delivery in full, customer's "
        "invoice. Those that are still open have not gone on yet. Read it step by "
        "step: a total counts a case as often as it reached steps. Source: events of "
        "the timeline.",
    )

    _depends = {
        "crm.lead": [
            "company_id",
            "name",
            "partner_id",
            "team_id",
            "type",
            "user_id",
            "won_status",
        ],
        "sale.order": ["company_id", "name", "partner_id", "state", "team_id"],
        "timeline.event": ["date", "kind", "lead_id", "parameters", "sale_id"],
    }

    @property
    def _table_query(self):
        """One pass over the events that enter steps, in the order of their index: of
        each case the first and last moments, by step; then a row for each step.

        Whether a case went on follows from these. When it did is looked up where a
        later step began before this one, such as the invoice of a down payment before
        the delivery.
        """
        firsts, lasts = (
            [SQL.identifier(f"{name}_{number}") for number in range(len(STEPS))]
            for name in ("first", "last")
        )
        del lasts[0]  # no step is before it
        began_at = SQL("LEAST(%s)", _list(firsts))
        return SQL(
            """
            SELECT (COALESCE(cases.lead_id, cases.sale_id)::bigint * 2
                    + (cases.lead_id IS NULL)::integer) * 8 + reached.number AS id,
                   cases.lead_id, cases.sale_id,
                   COALESCE(crm_lead.name, sale_order.name) AS case_name,
                   COALESCE(crm_lead.partner_id, sale_order.partner_id) AS partner_id,
                   COALESCE(crm_lead.user_id, sale_order.user_id) AS user_id,
                   COALESCE(crm_lead.team_id, sale_order.team_id) AS team_id,
                   COALESCE(crm_lead.company_id, sale_order.company_id) AS company_id,
                   (%(steps)s::varchar[])[reached.number] AS step,
                   %(began_at)s AS began_at, %(begun)s AS began_on,
                   reached.moment AS entered_at, %(entered)s AS entered_on,
                   %(went_on)s AS went_on_at,
                   CASE WHEN reached.latest >= reached.moment THEN 'on'
                        WHEN crm_lead.won_status = 'lost'
                             OR sale_order.state = 'cancel'
                        THEN 'lost'
                        ELSE 'open' END AS outcome,
                   date_part('epoch', %(went_on)s - reached.moment) / 86400 AS days,
                   COALESCE(reached.latest >= reached.moment, FALSE)::integer * 100.0
                       AS conversion_rate
              FROM (%(of_leads)s UNION ALL %(of_sales)s) cases
         LEFT JOIN crm_lead ON crm_lead.id = cases.lead_id
         LEFT JOIN sale_order ON sale_order.id = cases.sale_id
                   %(zones)s
             CROSS JOIN LATERAL unnest(
                   ARRAY[%(moments)s], ARRAY[%(followings)s], ARRAY[%(latest)s]
                   ) WITH ORDINALITY reached (moment, following, latest, number)
             WHERE reached.moment IS NOT NULL
               AND CASE WHEN cases.lead_id IS NULL
                        THEN sale_order.id IS NOT NULL AND %(sales)s
                        ELSE crm_lead.type = 'opportunity' AND %(leads)s END
            """,
            began_at=began_at,
            begun=self._get_day_sql(began_at),
            entered=self._get_day_sql(SQL("reached.moment")),
            zones=self._get_places_of_days_sql(
                SQL("COALESCE(crm_lead.company_id, sale_order.company_id)")
            ),
            sales=self._get_readable_sql("sale.order"),
            leads=self._get_readable_sql("crm.lead"),
            of_leads=self._get_cases_of_leads_sql(firsts, lasts),
            of_sales=self._get_cases_of_sales_sql(firsts, lasts),
            steps=list(STEPS),
            went_on=self._get_went_on_sql(),
            moments=_list(firsts[:-1]),
            followings=_list(
                SQL("LEAST(%s)", _list(firsts[number:]))
                for number in range(1, len(STEPS))
            ),
            latest=_list(
                SQL("GREATEST(%s)", _list(lasts[number:]))
                for number in range(len(lasts))
            ),
        )

    def _get_went_on_sql(self):
        """Return the first moment at which a case reached a later step, of those that
        came after it reached this one."""
        return SQL(
            """
            CASE WHEN reached.following >= reached.moment THEN reached.following
                 WHEN (reached.latest >= reached.moment) IS NOT TRUE THEN NULL
                 WHEN cases.lead_id IS NULL
                 THEN (%(event)s AND event.lead_id IS NULL
                                 AND event.sale_id = cases.sale_id)
                 ELSE (%(event)s AND event.lead_id = cases.lead_id
                                 AND (event.sale_id IS NULL OR EXISTS (
                                      SELECT FROM sale_order
                                       WHERE sale_order.id = event.sale_id
                                         AND %(sales)s))) END
            """,
            event=SQL(
                """
                SELECT min(event.date) FROM timeline_event event
                 WHERE %s AND event.date >= reached.moment
                   AND event.kind = ANY((%s::varchar[])[reached.number + 1:])
                """,
                SQL(STEP_EVENTS),
                list(STEPS.values()),
            ),
            sales=self._get_readable_sql("sale.order"),
        )

    def _get_cases_of_sales_sql(self, firsts, lasts):
        """Return a query of the orders that have no opportunity.

        :param list firsts: names of the columns with the first moments, by step
        :param list lasts: names of those with the last ones, but for the first step
        """
        return SQL(
            """
            SELECT NULL::integer AS lead_id, event.sale_id, %(moments)s
              FROM timeline_event event
             WHERE %(events)s AND event.lead_id IS NULL
          GROUP BY event.lead_id, event.sale_id
            """,
            moments=self._get_moments_sql(firsts, lasts),
            events=SQL(STEP_EVENTS),
        )

    def _get_cases_of_leads_sql(self, firsts, lasts):
        """Return a query of opportunities with those of their orders that the reader
        may read, likewise."""
        return SQL(
            """
            SELECT part.lead_id, NULL::integer AS sale_id, %(moments)s
              FROM (
                SELECT event.lead_id, event.sale_id, %(own)s
                  FROM timeline_event event
                 WHERE %(events)s AND event.lead_id IS NOT NULL
              GROUP BY event.lead_id, event.sale_id
              ) part
         LEFT JOIN sale_order ON sale_order.id = part.sale_id
             WHERE part.sale_id IS NULL OR %(sales)s
          GROUP BY part.lead_id
            """,
            moments=_list(
                SQL("%s(part.%s) AS %s", SQL(aggregate), name, name)
                for aggregate, names in (("min", firsts), ("max", lasts))
                for name in names
            ),
            own=self._get_moments_sql(firsts, lasts),
            events=SQL(STEP_EVENTS),
            sales=self._get_readable_sql("sale.order"),
        )

    def _get_moments_sql(self, firsts, lasts):
        return _list(
            SQL(
                "%s(event.date) FILTER (WHERE event.kind = %s) AS %s",
                SQL(aggregate),
                kind,
                name,
            )
            for aggregate, names in (("min", firsts), ("max", lasts))
            for kind, name in zip(
                list(STEPS.values())[-len(names) :], names, strict=True
            )
        )


def _list(parts):
    return SQL(", ").join(parts)
