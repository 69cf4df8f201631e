from odoo import fields, models


class SupplyState(models.Model):
    """Whoever sees which order waits for goods sees how urgent it is."""

    _inherit = "supply.state"

    urgency_level_id = fields.Many2one(
        related="order_id.urgency_level_id", string="Urgency"
    )
    needed_by = fields.Datetime(related="order_id.needed_by")
