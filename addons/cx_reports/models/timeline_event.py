from odoo import models

from ..report.cx_case_step_report import STEP_EVENTS


class TimelineEvent(models.Model):
    """Which opportunities entered a stage in a period is asked of few events, which
    steps cases took of an index alone, and which orders are deleted of the few that
    are."""

    _inherit = "timeline.event"

    _gone_index = models.Index("(sale_id) WHERE kind = 'sale.gone'")
    _stage_index = models.Index("(date) WHERE kind = 'lead.stage'")
    _steps_index = models.Index(f"(lead_id, sale_id, kind, date) WHERE {STEP_EVENTS}")
