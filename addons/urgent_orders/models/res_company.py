from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    portal_urgency = fields.Boolean(
        string="Customers May Ask for Urgency",
        groups="base.group_user",
        help="Customers find a form on their orders in the portal; sales decides.",
    )
