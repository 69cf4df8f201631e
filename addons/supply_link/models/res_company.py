from odoo import fields, models


class ResCompany(models.Model):
    _inherit = "res.company"

    supply_overdue_days = fields.Integer(
        string="Overdue Receipts Without Date After",
        default=10,
        groups="base.group_user",
        help="A receipt that is overdue is expected on the next open day. After so "
        "many days nobody believes that any more: it has no date.",
    )
