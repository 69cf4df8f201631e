from odoo import models
from odoo.fields import Domain


class StockForecasted(models.AbstractModel):
    _inherit = "stock.forecasted_product_product"

    def _get_report_header(self, product_template_ids, product_ids, wh_location_ids):
        """Requests for quotation are told beside the forecast. What a receipt brings of
        an order that went back to its approvers is in the forecast already."""
        result = super()._get_report_header(
            product_template_ids, product_ids, wh_location_ids
        )
        if not self.env["purchase.order"]._approval_in_use():
            return result
        domain = self._approval_requested_domain(product_template_ids, product_ids)
        lines = self.env["purchase.order.line"].sudo()
        found = lines._approval_search_reopened(domain)
        for product, reopened in found.grouped("product_id").items():
            shown = result["product"][product.id]
            quantity = sum(line._approval_get_procured() for line in reopened)
            shown["draft_purchase_qty"]["in"] -= quantity
            shown["qty"]["in"] -= quantity
            requested = lines.search(domain & Domain("product_id", "=", product.id))
            asking = requested.filtered(
                lambda line: (
                    not line.product_uom_id.is_zero(
                        line.product_uom_qty - line._approval_get_procured()
                    )
                )
            ).order_id
            shown["draft_purchase_orders"] = [
                order
                for order in shown.get("draft_purchase_orders", [])
                if order["id"] in asking.ids
            ]
        return result

    def _approval_requested_domain(self, product_template_ids, product_ids):
        """Return the order lines that the report adds up as requested."""
        domain = Domain("state", "in", ("draft", "sent", "to approve"))
        domain &= Domain(
            self._product_purchase_domain(product_template_ids, product_ids)
        )
        warehouse = self.env["stock.warehouse"].browse(
            self.env.context.get("warehouse_id") or ()
        )
        if warehouse:
            domain &= Domain("order_id.picking_type_id.warehouse_id", "=", warehouse.id)
        company = warehouse.company_id or self.env.company
        return domain & Domain("company_id", "=", company.id)
