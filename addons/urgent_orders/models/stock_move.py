from collections import defaultdict

from odoo import api, models

from ..displacement import Demand, Supply, displaced

OPEN = ("waiting", "confirmed", "partially_available", "assigned")


class StockMove(models.Model):
    """What giving priority to some moves takes from others.

    Goods that are reserved stay reserved, as in Odoo itself; what is not handed out yet
    goes to whoever has priority, then by date. Goods bought for one order, and what is
    made or bought to order, take no part.
    """

    _inherit = "stock.move"

    def _assign_picking_post_process(self, new=False):
        result = super()._assign_picking_post_process(new=new)
        if self._serves_urgent_orders():
            self.picking_id._inherit_urgency()
        return result

    def _serves_urgent_orders(self):
        moves = self.sudo()
        references = moves.reference_ids
        orders = (
            [moves.sale_line_id.order_id, moves.purchase_line_id.order_id]
            if moves.sale_line_id or moves.purchase_line_id
            else [references.sale_ids, references.purchase_ids]
        )
        return any(each._urgency_not_plain() for each in orders)

    # ------------------------------------------------------------
    # DISPLACEMENT
    # ------------------------------------------------------------

    def _find_displaced(self):
        """Return the moves that become late when these get priority.

        They may have it already: both ways are played.

        :return: pairs of a move and its ``displacement.Displaced``
        :rtype: list
        """
        raised = self.sudo().filtered(
            lambda move: move.state in OPEN and move._takes_from_stock()
        )
        keys = {(move.location_id.warehouse_id, move.product_id) for move in raised}
        return self._play_priority(keys, set(raised.ids))

    @api.model
    def _find_displaced_by(self, planned):
        """Return the same for what is not a move yet.

        :param dict planned: lists of ``displacement.Demand`` by warehouse and product
        """
        raised = {demand.key for demands in planned.values() for demand in demands}
        return self._play_priority(set(planned), raised, planned)

    @api.model
    def _play_priority(self, keys, raised, planned=None):
        """Return which moves become late, and how, when some demands get priority.

        :param set keys: pairs of warehouse and product
        :param set raised: keys of the demands that get it
        :param dict planned: demands besides those of the moves there are
        """
        warehouses = self.env["stock.warehouse"].sudo().union(*(key[0] for key in keys))
        if not warehouses:
            return []
        products = self.env["product.product"].sudo().union(*(key[1] for key in keys))
        demands = self._get_open_demands(products, warehouses)
        supplies = self._get_open_supplies(products, warehouses)
        found = []
        for key in keys:
            all_demands = demands[key] + (planned or {}).get(key, [])
            found += displaced(supplies[key], all_demands, raised)
        moves = self.sudo().browse(each.key for each in found)
        return list(zip(moves, found, strict=True))

    def _takes_from_stock(self):
        """Tell whether goods leave the warehouse that anybody might have."""
        self.ensure_one()
        view = self.location_id.warehouse_id.view_location_id
        final = self.location_final_id or self.location_dest_id
        return bool(
            view
            and self.procure_method == "make_to_stock"
            and self.product_id.is_storable
            and not (final.parent_path or "").startswith(view.parent_path)
        )

    @api.model
    def _get_open_demands(self, products, warehouses):
        """Return what is still to be handed out, by warehouse and product."""
        demands = defaultdict(list)
        moves = self.sudo().search(
            [
                ("product_id", "in", products.ids),
                ("state", "in", OPEN),
                ("procure_method", "=", "make_to_stock"),
                ("location_id", "child_of", warehouses.view_location_id.ids),
            ]
        )
        for move in moves:
            wanted = move.product_qty - move._get_goods_on_the_way()
            if wanted > 0 and move._takes_from_stock():
                demands[move.location_id.warehouse_id, move.product_id].append(
                    Demand(
                        key=move.id,
                        quantity=wanted,
                        date=move.date,
                        priority=int(move.priority or 0),
                        rank=move.id,
                    )
                )
        return demands

    def _get_goods_on_the_way(self):
        """Return how much is reserved, or comes from a move before this one."""
        self.ensure_one()
        reserved = self.product_uom._compute_quantity(
            self.quantity, self.product_id.uom_id, round=False
        )
        before = self.move_orig_ids.filtered(lambda move: move.state in OPEN)
        return reserved + sum(before.mapped("product_qty"))

    @api.model
    def _get_open_supplies(self, products, warehouses):
        """Return what can be handed out, by warehouse and product."""
        supplies = defaultdict(list)
        views = warehouses.view_location_id
        free = defaultdict(float)
        quants = self.env["stock.quant"].sudo()
        for product, location, quantity, reserved in quants._read_group(
            [
                ("product_id", "in", products.ids),
                ("location_id", "child_of", views.ids),
                ("location_id.usage", "=", "internal"),
            ],
            ["product_id", "location_id"],
            ["quantity:sum", "reserved_quantity:sum"],
        ):
            free[location.warehouse_id, product] += quantity - reserved
        for key, quantity in free.items():
            supplies[key].append(Supply(quantity))
        incoming = self.sudo().search(
            [
                ("product_id", "in", products.ids),
                ("state", "in", OPEN),
                ("location_dest_id", "child_of", views.ids),
                "!",
                ("location_id", "child_of", views.ids),
                ("move_dest_ids", "=", False),
            ]
        )
        for move in incoming:
            supplies[move.location_dest_id.warehouse_id, move.product_id].append(
                Supply(move.product_qty, move.date)
            )
        return supplies
