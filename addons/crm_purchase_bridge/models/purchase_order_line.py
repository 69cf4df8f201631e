from odoo import fields, models


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    confirmed_arrival = fields.Datetime(
        string="Arrival When Ordered",
        readonly=True,
        copy=False,
        groups="base.group_user",
        help="When the goods were expected as they were ordered. The expected arrival "
        "moves when the vendor is late; this does not, so that one sees how late.",
    )
