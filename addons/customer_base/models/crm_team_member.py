from odoo import models


class CrmTeamMember(models.Model):
    """Who is led, likewise."""

    _name = "crm.team.member"
    _inherit = ["crm.team.member", "customer.leading"]

    _leading_fields = frozenset({"crm_team_id", "user_id", "active"})
