from odoo import models


class HrEmployee(models.Model):
    """Whose log-in a manager has, and whether they are still here, likewise."""

    _inherit = "hr.employee"

    def _write_multi(self, vals_list):
        # both may follow from the resource that an employee is
        result = super()._write_multi(vals_list)
        if any(not {"user_id", "active"}.isdisjoint(values) for values in vals_list):
            self.env.registry.clear_cache()
        return result

    def unlink(self):
        result = super().unlink()
        self.env.registry.clear_cache()
        return result
