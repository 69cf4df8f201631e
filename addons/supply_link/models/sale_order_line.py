from odoo import fields, models


class SaleOrderLine(models.Model):
    _inherit = "sale.order.line"

    supply_link_ids = fields.One2many(
        "supply.link",
        "sale_line_id",
        string="Bought For It",
        domain=[("state", "in", ("open", "received"))],
        readonly=True,
        copy=False,
        groups="base.group_user",
    )
