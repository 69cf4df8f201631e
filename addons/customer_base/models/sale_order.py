from odoo import api, models


class SaleOrder(models.Model):
    """Whose orders are: customers are seen by more than their owners."""

    _inherit = "sale.order"

    @api.depends("partner_id")
    def _compute_user_id(self):
        """Give orders to whoever makes them, where salespeople see their own customers
        and orders only.

        Odoo gives them to the customer's owner, and then refuses them to the leader of
        that owner, or to who has the customer for some days.
        """
        before = {order: order.user_id for order in self if order._origin.id}
        result = super()._compute_user_id()
        user = self.env.user
        if user and user._has_own_customers_only():
            for order in self:
                if order.user_id and not before.get(order):
                    order.user_id = user
        return result

    @api.depends_context("uid")
    def _compute_duplicated_order_ids(self):
        # Odoo asks the database, past all rules, and fails for what one may not read
        if not self.env.user._has_own_customers_only():
            return super()._compute_duplicated_order_ids()
        result = super(SaleOrder, self.sudo())._compute_duplicated_order_ids()
        for order in self:
            others = order.sudo().duplicated_order_ids.with_env(self.env)
            order.duplicated_order_ids = others._filtered_access("read")
        return result
