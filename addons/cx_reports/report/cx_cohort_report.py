from odoo import fields, models
from odoo.tools import SQL


class CxCohortReport(models.AbstractModel):
    """What reports share about who got how far: one row a step that was reached.

    For those who may read the case. No amounts. Cohorts are months of the company, not
    of the reader's time zone: all readers count the same.
    """

    _name = "cx.cohort.report"
    _description = "Report on Cohorts"
    _inherit = ["cx.report"]

    lead_id = fields.Many2one("crm.lead", string="Opportunity", readonly=True)
    partner_id = fields.Many2one("res.partner", string="Customer", readonly=True)
    user_id = fields.Many2one("res.users", string="Salesperson", readonly=True)
    team_id = fields.Many2one("crm.team", string="Sales Team", readonly=True)
    company_id = fields.Many2one("res.company", readonly=True)
    entered_at = fields.Datetime(readonly=True)
    entered_on = fields.Date(readonly=True)
    went_on_at = fields.Datetime(string="Went On", readonly=True)
    outcome = fields.Selection(
        [("on", "Went On"), ("open", "Still Open"), ("lost", "Lost")], readonly=True
    )
    days = fields.Float(
        string="Days to the Next Step",
        readonly=True,
        aggregator="median",
        help="Calendar time from reaching the step to going on. Of several: the median "
        "of those that went on. Source: events of the timeline.",
    )
    conversion_rate = fields.Float(readonly=True, aggregator="avg")

    def _get_places_of_days_sql(self, company):
        """Return the join that gives each row its time zone, as ``zones.zone``. Where
        no day is asked for, the database leaves it out: a company is there once.

        :param SQL company: of the row; without one, days are those of the reader's
        """
        return SQL(
            """
            LEFT JOIN (
                SELECT company_id, min(zone) AS zone FROM (%s) place GROUP BY company_id
            ) zones ON zones.company_id = COALESCE(%s, %s)
            """,
            self._get_zones_sql(),
            company,
            self.env.company.id,
        )
