from odoo import fields, models


class ResCompany(models.Model):
    _name = "res.company"
    _inherit = ["res.company", "purchase.excess.limits"]

    excess_policy = fields.Selection(default="ask", required=True)
    orderless_policy = fields.Selection(
        [("allow", "Let it pass"), ("ask", "Ask for approval"), ("block", "Refuse")],
        string="Without an Order",
        groups="base.group_user",
        default="ask",
        help="What happens to receipts, bill lines and payments that no order stands "
        "behind. "
        "They are asked about where an order of that amount would be.",
    )
