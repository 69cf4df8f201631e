from odoo import fields, models

from .purchase_price import HIDDEN


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    promise_beside_forecast = fields.Boolean(
        related="company_id.promise_beside_forecast", readonly=False
    )
    hides_purchase_prices = fields.Boolean(config_parameter=HIDDEN)
