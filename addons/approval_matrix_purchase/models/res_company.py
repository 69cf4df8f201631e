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
    purchase_duplicate_days = fields.Integer(
        string="Same Order Twice",
        default=7,
        groups="base.group_user",
        help="Approvers are warned of an order that was made within so many days of "
        "another one with the same vendor, goods and amount, or whatever the amount if "
        "that was rejected. Zero: never.",
    )
    purchase_split_days = fields.Integer(
        string="Split Below a Limit",
        default=7,
        groups="base.group_user",
        help="Approvers are warned of orders of one vendor, made within so many days, "
        "that reach together the amount from which another approval rule applies. "
        "Zero: never.",
    )
    purchase_price_rise = fields.Float(
        string="Price Above the Last (%)",
        default=20.0,
        groups="base.group_user",
        help="Approvers are warned of prices that are so much above the last confirmed "
        "one, per cent, and of those that are a fifth of it or less. Zero: never.",
    )

    _purchase_duplicate_days_range = models.Constraint(
        "CHECK (purchase_duplicate_days BETWEEN 0 AND 366)",
        "Orders are compared with those of up to 366 days.",
    )
    _purchase_split_days_range = models.Constraint(
        "CHECK (purchase_split_days BETWEEN 0 AND 366)",
        "Orders are added up within up to 366 days.",
    )
    _purchase_price_rise_range = models.Constraint(
        "CHECK (purchase_price_rise >= 0)",
        "A price is warned of from 0 % above the last.",
    )
