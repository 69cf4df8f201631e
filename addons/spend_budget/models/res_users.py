from odoo import models


class ResUsers(models.Model):
    _inherit = "res.users"

    def _budget_department(self, company):
        """Return the department in which the user works for a company, or nothing."""
        user = self.sudo().with_company(company)
        return user.employee_id.department_id.with_env(self.env)
