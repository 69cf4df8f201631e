from odoo import api, fields, models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    supply_customers = fields.Char(
        string="Who Waits",
        compute="_compute_supply_customers",
        groups="base.group_user",
        help="The customers who wait for what comes with this receipt.",
    )

    @api.depends("move_ids.purchase_line_id")
    @api.depends_context("lang", "tz", "uid")
    def _compute_supply_customers(self):
        bought = {picking: picking.sudo().move_ids.purchase_line_id for picking in self}
        lines = self.env["purchase.order.line"].sudo().union(*bought.values())
        told = self.env["supply.customers"]._describe(lines)
        for picking in self:
            words = (told.get(line.id, ("", ""))[0] for line in bought[picking])
            picking.supply_customers = ", ".join(filter(None, dict.fromkeys(words)))
