from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    budget_missing_policy = fields.Selection(
        related="company_id.budget_missing_policy", readonly=False
    )
