from odoo import models


class HrDepartment(models.Model):
    """Who manages: their customers are found anew when it changes."""

    _name = "hr.department"
    _inherit = ["hr.department", "customer.leading"]

    _leading_fields = frozenset({"manager_id", "active"})
