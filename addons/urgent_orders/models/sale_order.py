from odoo import api, fields, models


class SaleOrder(models.Model):
    """Takes urgency from its opportunity, gives it to all that serves the order."""

    _name = "sale.order"
    _inherit = ["sale.order", "urgency.mixin"]

    urgency_source_id = fields.Many2one(
        "crm.lead",
        string="Urgent For",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
        help="The opportunity this urgency comes from.",
    )

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        orders.filtered("opportunity_id")._inherit_urgency()
        return orders

    def write(self, vals):
        result = super().write(vals)
        if vals.get("opportunity_id"):
            self._inherit_urgency()
        elif "opportunity_id" in vals:
            self._lose_inherited_urgency()
        if vals.get("state") == "cancel":
            self._urgency_not_plain()._dismiss_urgency_notices()
        return result

    def _lose_inherited_urgency(self):
        """What came from an opportunity goes with it: it took no slot of a quota."""
        for order in self.sudo()._urgency_not_plain():
            if order._urgency_is_inherited():
                order.write(
                    {
                        "urgency_level_id": self._default_urgency_level_id(),
                        **order._prepare_urgency_source(None),
                    }
                )

    def _action_confirm(self):
        result = super()._action_confirm()
        self._urgency_not_plain().filtered("is_urgent")._urgency_takes_supply()
        return result

    def _get_supply_moves(self):
        confirmed = self.filtered(lambda order: order.state == "sale")
        return confirmed.order_line.move_ids

    def _urgency_follows(self):
        return self.state != "cancel"

    def _get_urgency_sources(self):
        return list(self.opportunity_id)

    def _prepare_urgency_source(self, source):
        return {"urgency_source_id": bool(source) and source.id}

    def _get_urgency_heirs(self):
        references = self.stock_reference_ids
        return [
            self._get_purchase_orders(),
            self.picking_ids | references.move_ids.picking_id,
        ]

    # ------------------------------------------------------------
    # CONFIRMATION: what is urgent already takes supply, too
    # ------------------------------------------------------------

    def action_confirm_urgent(self):
        """Confirm an order from its form, or list first who becomes late.

        Only the form asks: code, customers and imports call ``action_confirm``.
        """
        self.ensure_one()
        self.check_access("write")
        if self._get_displaced_by_confirming():
            return self.env["urgency.confirmation"]._open(self)
        return self.action_confirm()

    def _get_displaced_by_confirming(self):
        """Return who would become late through this quotation's urgency.

        :return: see ``urgency.displacement._summarize``
        """
        self.ensure_one()
        if not self.is_urgent or self.state not in ("draft", "sent"):
            return []
        planned = self.order_line._get_planned_demands()
        pairs = self.env["stock.move"].sudo()._find_displaced_by(planned)
        return self.env["urgency.displacement"].sudo()._summarize(pairs)
