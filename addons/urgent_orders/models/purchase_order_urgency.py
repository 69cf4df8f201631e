from odoo import fields, models

from .urgency_mixin import ACTIVITY_TYPE


class PurchaseOrder(models.Model):
    """Urgency comes from the customers' orders that a purchase order serves."""

    _name = "purchase.order"
    _inherit = ["purchase.order", "urgency.mixin"]

    urgency_source_id = fields.Many2one(
        "sale.order",
        string="Urgent For",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
        help="The customer's order this urgency comes from.",
    )

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") in ("purchase", "cancel"):
            self._urgency_not_plain()._dismiss_urgency_notices()
        return result

    def _urgency_raised(self):
        """Whoever has the to-do here needs none on the customer's order any more."""
        result = super()._urgency_raised()
        for order in self.sudo().filtered("urgency_source_id"):
            to_dos = order.activity_search([ACTIVITY_TYPE])
            for user in to_dos.user_id:
                order.urgency_source_id.activity_unlink(
                    [ACTIVITY_TYPE], user_id=user.id
                )
        return result

    def _inherit_urgency(self):
        """Take over the strongest urgency and the earliest need of the customers.

        Urgency that a buyer set by hand stays when it is the stronger one.
        """
        for order in self.sudo().filtered(lambda order: order.state != "cancel"):
            values = order._prepare_inherited_urgency()
            changed = {
                name: value
                for name, value in values.items()
                if order._fields[name].convert_to_write(order[name], order) != value
            }
            if changed:
                order.write(changed)

    def _prepare_inherited_urgency(self):
        self.ensure_one()
        sources = self._get_sale_orders().filtered(lambda sale: sale.state != "cancel")
        if not sources:
            return {}
        source = max(sources, key=lambda sale: sale.urgency_level_id.sequence)
        deadlines = [sale.needed_by for sale in sources if sale.needed_by]
        values = {"needed_by": min(deadlines)} if deadlines else {}
        by_hand = not self.urgency_source_id and self.is_urgent
        level = source.urgency_level_id
        if by_hand and self.urgency_level_id.sequence >= level.sequence:
            return values
        if level.is_urgent or self.urgency_source_id:
            values |= {
                "urgency_level_id": level.id,
                "urgency_reason": source.urgency_reason,
                "urgency_source_id": level.is_urgent and source.id,
                "urgency_user_id": source.urgency_user_id.id,
                "urgency_date": source.urgency_date,
            }
        return values

    def _get_urgency_assignees(self, readers):
        """The buyer and the purchasing managers; without a buyer all who are told."""
        if self.user_id not in readers:
            return super()._get_urgency_assignees(readers)
        managers = readers.filtered(
            lambda user: user.has_group("purchase.group_purchase_manager")
        )
        return self.user_id | managers
