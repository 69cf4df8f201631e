from odoo import api, models


class SupplyChange(models.Model):
    _inherit = "supply.change"

    @api.model
    def _supply_changed(self, products, sale_lines, purchase_lines):
        """What changed past Odoo's methods, in SQL too, still passes urgency on."""
        result = super()._supply_changed(products, sale_lines, purchase_lines)
        orders = purchase_lines.order_id
        sales = sale_lines.order_id | purchase_lines.supply_link_ids.sale_id
        if sales._urgency_matters() or orders._urgency_matters():
            orders._inherit_urgency()
            orders.picking_ids._inherit_urgency()
        return result
