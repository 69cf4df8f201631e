from odoo import api, models


class UrgencyNotice(models.AbstractModel):
    _inherit = "urgency.notice"

    @api.model
    def _get_place(self, order, user, can_open):
        """Buyers, who may not open a customer's order, buy for it on the hot list."""
        place = super()._get_place(order, user, can_open)
        if can_open or not user.has_group("purchase.group_purchase_user"):
            return place
        return self.env._("Open the hot list"), f"{order.get_base_url()}/odoo/hot-list"
