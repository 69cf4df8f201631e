from odoo import api, models

from .res_partner import NO_CUSTOMER


class ResUsers(models.Model):
    _inherit = "res.users"

    @api.model_create_multi
    def create(self, vals_list):
        users = super(ResUsers, self.with_context(**NO_CUSTOMER)).create(vals_list)
        return users.with_env(self.env)
