from odoo import models


class ApprovalRule(models.Model):
    """A rule may be stricter or looser than its company about what exceeds orders."""

    _name = "approval.rule"
    _inherit = ["approval.rule", "purchase.excess.limits"]
