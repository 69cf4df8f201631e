from odoo import fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    wanted_on = fields.Date(
        copy=False,
        groups="base.group_user",
        help="The day on which the customer wants these goods. Empty: when the order "
        "is needed, or what its delivery date said before anything was told.",
    )
    promise_ids = fields.One2many(
        "supply.promise", "sale_line_id", readonly=True, groups="base.group_user"
    )
