from odoo import api, models


class HrDepartment(models.Model):
    """Who manages: their customers are found anew when it changes."""

    _inherit = "hr.department"

    @api.model_create_multi
    def create(self, vals_list):
        departments = super().create(vals_list)
        self.env.registry.clear_cache()
        return departments

    def write(self, vals):
        result = super().write(vals)
        if not {"manager_id", "active"}.isdisjoint(vals):
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
