from odoo import models


class UrgencyMixin(models.AbstractModel):
    """How urgency goes down the chain: from the opportunity to quotations, from sale
    orders to purchase orders and deliveries, from purchase orders to receipts.

    A model says from whom it takes urgency and to whom it gives it; what is taken over
    is decided here alone.
    """

    _inherit = "urgency.mixin"

    def _get_urgency_sources(self):
        """Return the orders this one serves, which may be of several models.

        :rtype: list
        """
        return []

    def _get_urgency_heirs(self):
        """Return what serves these orders, as recordsets of the models that do.

        :rtype: list
        """
        return []

    def _prepare_urgency_source(self, source):
        """Return the values that say from which order urgency comes.

        :param source: that order, or nothing
        """
        return {}

    def _urgency_follows(self):
        """Tell whether urgency still matters here."""
        return True

    def _pass_urgency_on(self):
        """Bring what serves these orders up to date."""
        for heirs in self.sudo()._get_urgency_heirs():
            heirs._inherit_urgency()

    def _inherit_urgency(self):
        """Take over the strongest urgency and the earliest need of the orders served.

        Urgency that somebody set by hand stays when it is the stronger one.
        """
        for order in self.sudo().filtered(lambda order: order._urgency_follows()):
            values = order._prepare_inherited_urgency()
            changed = {
                name
                for name, value in values.items()
                if order._fields[name].convert_to_write(order[name], order) != value
            }
            if "urgency_level_id" in changed:
                # with its source, by which it is known not to be chosen by hand
                order.write(values)
            elif changed:
                order.write({name: values[name] for name in changed})

    def _prepare_inherited_urgency(self):
        self.ensure_one()
        sources = self._get_urgency_sources()
        if not sources:
            return {}
        source = max(sources, key=lambda order: order.urgency_level_id.sequence)
        deadlines = [order.needed_by for order in sources if order.needed_by]
        values = {"needed_by": min(deadlines)} if deadlines else {}
        level = source.urgency_level_id
        inherits = self._urgency_is_inherited()
        by_hand = self.is_urgent and not inherits
        if by_hand and self.urgency_level_id.sequence >= level.sequence:
            return values
        if level.is_urgent or inherits:
            values |= {
                "urgency_level_id": level.id,
                "urgency_reason": source.urgency_reason,
                "urgency_user_id": source.urgency_user_id.id,
                "urgency_date": source.urgency_date,
                **self._prepare_urgency_source(source if level.is_urgent else None),
            }
        return values

    def _urgency_is_inherited(self):
        """Tell whether the urgency comes from another order."""
        self.ensure_one()
        return any(self[name] for name in self._prepare_urgency_source(None))
