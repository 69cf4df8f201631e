from odoo import api, models

from odoo.addons.supply_link.models.purchase_order_line import TIES


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        served = [
            line.id
            for line, vals in zip(lines, vals_list, strict=True)
            if any(vals.get(tie) for tie in TIES)
        ]
        self.browse(served).order_id._inherit_urgency()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if not TIES.isdisjoint(vals):
            self.order_id._inherit_urgency()
        return result
