from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    same_customer_action = fields.Selection(
        related="company_id.same_customer_action", readonly=False, required=True
    )
    has_tidy_customers = fields.Boolean(
        related="company_id.has_tidy_customers", readonly=False
    )
