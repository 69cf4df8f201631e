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

    A case is an opportunity with its orders, or an order that has none. For those who
    may read it; what happened to orders that they may not read does not count. No
    amounts.
    """

    _name = "cx.case.step.report"
    _description = "Case Conversion"
    _inherit = ["cx.cohort.report"]
    _auto = False
    _order = "began_at desc, id desc"
    _rec_name = "case_name"

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
        string="Case Began",
        readonly=True,
        help="The first step of the case. Those that began in the same month are a "
        "cohort.",
    )
    entered_at = fields.Datetime(
        string="Reached",
        help="When the case reached the step for the first time.",
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
        "invoice. Those that are still open have not gone on yet. Source: events of "
        "the timeline.",
    )

    _depends = {
        "crm.lead": [
            "company_id",
            "name",
            "partner_id",
            "team_id",
            "user_id",
            "won_status",
        ],
        "sale.order": ["company_id", "name", "partner_id", "state", "team_id"],
        "timeline.event": ["date", "kind", "lead_id", "parameters", "sale_id"],
    }

    @property
    def _table_query(self):
        """One pass over the events that enter steps: of each case the first moments in
        the order of steps; then a row for each of them."""
        sales = self._get_readable_sql("sale.order", SQL("event.sale_id"))
        return SQL(
            """
            SELECT (COALESCE(cases.lead_id, cases.sale_id)::bigint * 2
                    + (cases.lead_id IS NULL)::integer) * 8 + reached.number AS id,
                   cases.lead_id, cases.sale_id,
                   COALESCE(lead.name, sale.name) AS case_name,
                   COALESCE(lead.partner_id, sale.partner_id) AS partner_id,
                   COALESCE(lead.user_id, sale.user_id) AS user_id,
                   COALESCE(lead.team_id, sale.team_id) AS team_id,
                   COALESCE(lead.company_id, sale.company_id) AS company_id,
                   (%(steps)s::varchar[])[reached.number] AS step,
                   cases.began_at, reached.moment AS entered_at,
                   following.moment AS went_on_at,
                   CASE WHEN following.moment IS NOT NULL THEN 'on'
                        WHEN lead.won_status = 'lost' OR sale.state = 'cancel'
                        THEN 'lost'
                        ELSE 'open' END AS outcome,
                   date_part('epoch', following.moment - reached.moment) / 86400
                       AS days,
                   (following.moment IS NOT NULL)::integer * 100.0 AS conversion_rate
              FROM (
                SELECT event.lead_id,
                       CASE WHEN event.lead_id IS NULL THEN event.sale_id END
                           AS sale_id,
                       min(event.date) AS began_at, ARRAY[%(firsts)s] AS firsts
                  FROM timeline_event event
                 WHERE %(events)s
                   AND (event.sale_id IS NOT NULL AND %(sales)s
                        OR event.sale_id IS NULL AND event.lead_id IS NOT NULL)
              GROUP BY 1, 2
              ) cases
         LEFT JOIN crm_lead lead ON lead.id = cases.lead_id
         LEFT JOIN sale_order sale ON sale.id = cases.sale_id
             CROSS JOIN LATERAL unnest(cases.firsts)
                   WITH ORDINALITY reached (moment, number)
             CROSS JOIN LATERAL (
                SELECT min(later) FROM unnest(cases.firsts[reached.number + 1:]) later
                 WHERE later >= reached.moment
             ) following (moment)
             WHERE reached.moment IS NOT NULL
               AND reached.number < %(last)s
               AND CASE WHEN cases.lead_id IS NULL THEN sale.id IS NOT NULL
                        ELSE %(leads)s END
            """,
            steps=list(STEPS),
            firsts=SQL(", ").join(
                SQL("min(event.date) FILTER (WHERE event.kind = %s)", kind)
                for kind in STEPS.values()
            ),
            events=SQL(STEP_EVENTS),
            sales=sales,
            last=len(STEPS),
            leads=self._get_readable_sql("crm.lead", SQL("lead.id"))
            if not self.env.su
            else SQL("lead.id IS NOT NULL"),
        )
