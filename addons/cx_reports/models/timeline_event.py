from odoo import models


class TimelineEvent(models.Model):
    """Which opportunities entered a stage in a period is asked of few events."""

    _inherit = "timeline.event"

    _stage_index = models.Index("(date) WHERE kind = 'lead.stage'")
