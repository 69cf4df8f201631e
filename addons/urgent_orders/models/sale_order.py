from odoo import models

#: Changes that the purchase orders behind a sale order follow.
INHERITED = {"urgency_level_id", "urgency_reason", "needed_by"}


class SaleOrder(models.Model):
    _name = "sale.order"
    _inherit = ["sale.order", "urgency.mixin"]

    def write(self, vals):
        result = super().write(vals)
        if not INHERITED.isdisjoint(vals):
            self.sudo()._get_purchase_orders()._inherit_urgency()
        if vals.get("state") == "cancel":
            self._urgency_not_plain()._dismiss_urgency_notices()
        return result
