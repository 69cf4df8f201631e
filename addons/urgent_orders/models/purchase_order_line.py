from odoo import api, models

#: Fields that tie a line to the customer's order it serves.
CUSTOMER_LINKS = {"move_dest_ids", "sale_line_id"}


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        served = [
            line.id
            for line, vals in zip(lines, vals_list, strict=True)
            if any(vals.get(link) for link in CUSTOMER_LINKS)
        ]
        self.browse(served).order_id._inherit_urgency()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if not CUSTOMER_LINKS.isdisjoint(vals):
            self.order_id._inherit_urgency()
        return result
