from odoo import models


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

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

    def action_view_supply_waiting(self):
        """Show who waits for the goods of these orders."""
        return self.env["supply.waiting"]._open(self.order_line)
