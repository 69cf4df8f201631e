from odoo import fields, models


class StockPicking(models.Model):
    """Deliveries take urgency from sale orders, receipts from purchase orders; what
    lies between in the warehouse from whichever it serves."""

    _name = "stock.picking"
    _inherit = ["stock.picking", "urgency.mixin"]

    urgency_source_id = fields.Many2one(
        "sale.order",
        string="Urgent For",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
        help="The customer's order this urgency comes from.",
    )
    urgency_purchase_id = fields.Many2one(
        "purchase.order",
        string="Urgent With",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups="base.group_user",
        help="The purchase order this urgency comes from.",
    )

    #: Which of those that are open are urgent.
    _open_urgency = models.Index(
        "(urgency_level_id) WHERE state NOT IN ('done', 'cancel')"
    )

    def _urgency_follows(self):
        return self.state not in ("done", "cancel")

    def _get_urgency_sources(self):
        self.ensure_one()
        moves = self.move_ids
        references = moves.reference_ids
        sales = moves.sale_line_id.order_id
        if self.picking_type_code == "internal":
            sales |= references.sale_ids
            purchases = references.purchase_ids
        else:
            purchases = moves.purchase_line_id.order_id
            if self.location_dest_id.usage == "customer":
                sales = sales or references.sale_ids
        if self.location_id.usage == "customer":  # coming back
            return []
        sources = purchases if self.location_id.usage == "supplier" else sales
        return [order for order in sources or purchases if order.state != "cancel"]

    def _prepare_urgency_source(self, source):
        if not source:
            return {"urgency_source_id": False, "urgency_purchase_id": False}
        if source._name == "purchase.order":
            return {
                "urgency_source_id": source.urgency_source_id.id,
                "urgency_purchase_id": source.id,
            }
        return {"urgency_source_id": source.id, "urgency_purchase_id": False}

    def _create_backorder_picking(self):
        """What is left to deliver is not less urgent."""
        backorder = super()._create_backorder_picking()
        if self._urgency_not_plain():
            picking = self.sudo()
            backorder.sudo().write(
                {
                    "needed_by": picking.needed_by,
                    "urgency_own": picking.urgency_own,
                    "urgency_source_id": picking.urgency_source_id.id,
                    "urgency_purchase_id": picking.urgency_purchase_id.id,
                    **picking._prepare_urgency_values(),
                }
            )
        return backorder

    def _get_urgency_goods(self):
        return [
            (move.product_id.display_name, move.product_uom_qty, move.product_uom)
            for move in self.move_ids
        ]

    def _get_supply_moves(self):
        return self.move_ids

    def _urgency_takes_supply(self):
        """Where a whole order has become urgent, that order tells."""
        marked = self._urgency_marked_here()
        return super(StockPicking, marked)._urgency_takes_supply()

    def _urgency_raised(self):
        """Who hears of the order need not hear of each of its transfers."""
        marked = self._urgency_marked_here()
        return super(StockPicking, marked)._urgency_raised()

    def _urgency_marked_here(self):
        """Return those that somebody marked, and not an order or picking before."""
        return self.sudo().filtered(
            lambda picking: (
                not picking._urgency_is_inherited()
                and picking.urgency_date != picking.backorder_id.urgency_date
            )
        )

    def _action_done(self):
        """The last delivery of an urgent order ends what people have to do for it."""
        result = super()._action_done()
        sales = self.sudo().sale_id._urgency_not_plain()
        delivered = sales.filtered(lambda sale: sale.delivery_status == "full")
        delivered._dismiss_urgency_notices()
        return result
