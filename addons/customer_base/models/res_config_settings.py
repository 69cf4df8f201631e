from odoo import api, fields, models

from .own_customers import FILLING, ON, SEE_UNOWNED, STATE


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    same_customer_action = fields.Selection(
        related="company_id.same_customer_action", readonly=False, required=True
    )
    has_tidy_customers = fields.Boolean(
        related="company_id.has_tidy_customers", readonly=False
    )
    own_customers = fields.Boolean(string="Own Customers Only")
    own_customers_state = fields.Char()
    see_unowned_customers = fields.Boolean(
        string="Customers Nobody Owns", config_parameter=SEE_UNOWNED
    )

    @api.private
    @api.model
    def get_values(self):
        values = super().get_values()
        state = self.env["ir.config_parameter"].sudo().get_param(STATE)
        return {
            **values,
            "own_customers": state in (FILLING, ON),
            "own_customers_state": state or "",
        }

    @api.private
    def set_values(self):
        result = super().set_values()
        self.env["customer.access"]._switch(self.own_customers)
        return result
