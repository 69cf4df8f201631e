from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    supply_overdue_days = fields.Integer(
        related="company_id.supply_overdue_days", readonly=False
    )
