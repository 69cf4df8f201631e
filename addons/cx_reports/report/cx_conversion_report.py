from odoo import fields, models
from odoo.tools import SQL


class CxConversionReport(models.Model):
    """Which share of the opportunities that enter a stage get beyond it: one row an
    opportunity and stage that it entered. Stages follow each other as on the screen, in
    the language in which they were made.

    For those who may read the opportunity. No amounts.
    """

    _name = "cx.conversion.report"
    _description = "Step Conversion"
    _inherit = ["cx.cohort.report"]
    _auto = False
    _order = "entered_at desc, id desc"
    _rec_name = "lead_id"
    _sources = ("lead_id",)

    stage_id = fields.Many2one(
        "crm.stage",
        string="Step",
        readonly=True,
        help="The stage that the opportunity entered. A stage that was skipped was not "
        "entered; won has no next step.",
    )
    entered_at = fields.Datetime(
        help="When the opportunity entered the stage for the first time.",
    )
    entered_on = fields.Date(
        string="Entered",
        help="The company's day on which the opportunity entered the stage for the "
        "first time. Those that enter a stage in the same month are a cohort.",
    )
    went_on_at = fields.Datetime(
        help="When it first entered a later stage, or was won, after that.",
    )
    outcome = fields.Selection(
        help="Went on: it entered a later stage, or was won, after it entered this "
        "one.",
    )
    conversion_rate = fields.Float(
        string="Step Conversion (%)",
        help="Opportunities that entered a later stage, or were won, after they "
        "entered this one ÷ opportunities that entered it, by when they entered. Those "
        "that are still open have not gone on yet. Source: events of opportunities.",
    )

    _depends = {
        "crm.lead": [
            "company_id",
            "partner_id",
            "team_id",
            "type",
            "user_id",
            "won_status",
        ],
        "crm.stage": ["is_won", "name", "sequence"],
        "timeline.event": ["date", "kind", "lead_id", "parameters"],
    }

    @property
    def _table_query(self):
        return SQL(
            """
            SELECT entry.id, entry.lead_id, lead.partner_id, lead.user_id, lead.team_id,
                   lead.company_id, stage.id AS stage_id, entry.date AS entered_at,
                   %(day)s AS entered_on, following.date AS went_on_at,
                   CASE WHEN following.date IS NOT NULL THEN 'on'
                        WHEN lead.won_status = 'lost' THEN 'lost'
                        ELSE 'open' END AS outcome,
                   date_part('epoch', following.date - entry.date) / 86400 AS days,
                   (following.date IS NOT NULL)::integer * 100.0 AS conversion_rate
              FROM timeline_event entry
              JOIN crm_lead lead ON lead.id = entry.lead_id
              JOIN crm_stage stage ON stage.id = %(entered)s
                   %(zones)s
             CROSS JOIN LATERAL (
                SELECT min(later.date)
                  FROM timeline_event later
             LEFT JOIN crm_stage beyond ON beyond.id = %(reached)s
                 WHERE later.lead_id = entry.lead_id
                   AND (later.date, later.id) > (entry.date, entry.id)
                   AND (later.kind = 'lead.won'
                        OR (beyond.sequence, beyond.name->>'en_US', beyond.id)
                           > (stage.sequence, stage.name->>'en_US', stage.id))
             ) following (date)
             WHERE entry.kind = 'lead.stage'
               AND lead.type = 'opportunity'
               AND NOT COALESCE(stage.is_won, FALSE)
               AND NOT EXISTS (
                    SELECT FROM timeline_event earlier
                     WHERE earlier.lead_id = entry.lead_id
                       AND earlier.kind = 'lead.stage'
                       AND earlier.parameters->>'now' = entry.parameters->>'now'
                       AND (earlier.date, earlier.id) < (entry.date, entry.id))
               AND %(readable)s
            """,
            day=self._get_day_sql(SQL("entry.date")),
            zones=self._get_places_of_days_sql(SQL("lead.company_id")),
            entered=self._get_stage_sql("entry"),
            reached=self._get_stage_sql("later"),
            readable=self._get_readable_sql(
                "crm.lead", SQL("entry.lead_id"), is_reference=True
            ),
        )

    def _get_stage_sql(self, event):
        """Return the stage that an event tells, if it tells one: what else has phases
        calls them by name."""
        return SQL(
            "CASE WHEN %(event)s.kind = 'lead.stage'"
            " THEN (%(event)s.parameters->>'now')::integer END",
            event=SQL.identifier(event),
        )
