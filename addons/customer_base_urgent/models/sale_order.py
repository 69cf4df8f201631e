from odoo import api, models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._begin_with_level(vals) for vals in vals_list])

    @api.onchange("partner_id")
    def _onchange_partner_urgency(self):
        self._follow_level()
