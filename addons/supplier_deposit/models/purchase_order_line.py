from odoo import api, models

from ..readings import is_down_payment

#: Fields that change what an order comes to, or when it arrives.
TERMS = {
    "product_qty",
    "price_unit",
    "discount",
    "tax_ids",
    "product_uom_id",
    "date_planned",
}


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._deposit_follow()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if not TERMS.isdisjoint(vals):
            self._deposit_follow()
        return result

    def unlink(self):
        if not self.env["supplier.deposit"]._is_in_use():
            return super().unlink()
        orders = self.order_id
        result = super().unlink()
        orders._deposit_follow_terms()
        return result

    def _deposit_follow(self):
        lines = self.filtered(lambda line: not is_down_payment(line))
        if lines and self.env["supplier.deposit"]._is_in_use():
            lines.order_id._deposit_follow_terms()
