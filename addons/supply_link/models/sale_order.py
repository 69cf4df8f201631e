from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def action_view_supply_waiting(self):
        """Show where the goods of these orders come from."""
        return self.env["supply.waiting"]._open(self.order_line)
