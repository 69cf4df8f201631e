from odoo import models


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _get_quantity_in_progress(self, location_ids=False, warehouse_ids=False):
        """Odoo adds what is asked for to what is on its way, for nothing that is only
        asked for has a receipt yet. An order that went back to its approvers has one:
        what that brings, or brought, is left out here, so that it counts once."""
        by_location, by_warehouse = super()._get_quantity_in_progress(
            location_ids, warehouse_ids
        )
        if not self.env["purchase.order"]._approval_in_use():
            return by_location, by_warehouse
        lines = self.env["purchase.order.line"].sudo()
        domain = self._get_lines_domain(location_ids or [], warehouse_ids or [])
        for line in lines._approval_search_reopened(domain):
            location = (
                line.orderpoint_id.location_id
                or line.location_final_id
                or line.order_id.picking_type_id.default_location_dest_id
            )
            quantity = line._approval_get_procured()
            by_location[line.product_id.id, location.id] -= quantity
            by_warehouse[line.product_id.id, location.warehouse_id.id] -= quantity
        return by_location, by_warehouse
