from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def _get_purchase_orders(self):
        """Odoo forgets which purchases serve an order when quotations are merged."""
        purchases = super()._get_purchase_orders()
        return purchases | self.order_line.supply_link_ids.purchase_id

    def action_view_supply_waiting(self):
        """Show where the goods of these orders come from."""
        return self.env["supply.waiting"]._open(self.order_line)
