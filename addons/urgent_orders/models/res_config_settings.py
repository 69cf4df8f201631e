from odoo import fields, models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    portal_urgency = fields.Boolean(related="company_id.portal_urgency", readonly=False)
