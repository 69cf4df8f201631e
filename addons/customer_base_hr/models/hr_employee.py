from odoo import models


class HrEmployee(models.Model):
    """Whose log-in a manager has, and whether they are still here, likewise."""

    _name = "hr.employee"
    _inherit = ["hr.employee", "customer.leading"]

    _leading_fields = frozenset({"user_id", "active"})
