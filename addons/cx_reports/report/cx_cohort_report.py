from odoo import fields, models


class CxCohortReport(models.AbstractModel):
    """What reports share about who got how far: one row a step that was reached.

    For those who may read the case. No amounts.
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
    went_on_at = fields.Datetime(string="Went On", readonly=True)
    outcome = fields.Selection(
        [("on", "Went On"), ("open", "Still Open"), ("lost", "Lost")], readonly=True
    )
    days = fields.Float(
        string="Days to the Next Step",
        readonly=True,
        aggregator="median",
        help="Calendar time from reaching the step to going on. Of several: the median "
        "of those that went on.",
    )
    conversion_rate = fields.Float(readonly=True, aggregator="avg")
