from odoo import fields, models


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    supply_link_count = fields.Integer(compute="_compute_supply_link_count")

    def _compute_supply_link_count(self):
        counts = dict(
            self.env["supply.link"]._read_group(
                [("purchase_line_id", "in", self.order_line.ids)],
                ["purchase_id"],
                ["__count"],
            )
        )
        for order in self:
            order.supply_link_count = counts.get(order, 0)

    def write(self, vals):
        """Quotations of one group compete with each other."""
        result = super().write(vals)
        if "purchase_group_id" in vals:
            self.env["supply.link"]._follow(self.order_line)
        return result

    def button_cancel(self):
        """Odoo forgets whom the order served: the links keep it."""
        result = super().button_cancel()
        self.env["supply.link"]._follow(self.order_line)
        return result
