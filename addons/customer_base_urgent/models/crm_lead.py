from odoo import api, models


class CrmLead(models.Model):
    _inherit = "crm.lead"

    @api.model_create_multi
    def create(self, vals_list):
        return super().create([self._begin_with_level(vals) for vals in vals_list])

    @api.onchange("partner_id")
    def _onchange_partner_urgency(self):
        self._follow_level()
