from odoo import models


class CrmTeam(models.Model):
    """Who leads: their customers are found anew when it changes."""

    _name = "crm.team"
    _inherit = ["crm.team", "customer.leading"]

    _leading_fields = frozenset({"user_id", "active"})
