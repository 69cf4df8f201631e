from collections import defaultdict

from odoo import api, models

from ..displacement import Demand, Supply, displaced

OPEN = ("waiting", "confirmed", "partially_available", "assigned")


class UrgencySupply(models.AbstractModel):
    """What giving priority to some moves takes from others.

    Goods that are reserved stay reserved, as in Odoo itself; what is not handed out yet
    goes to whoever has priority, then by date. Goods bought for one order, and what is
    made or bought to order, take no part.
    """

    _name = "urgency.supply"
    _description = "Supply that urgent orders take"

    @api.model
    def _find_displaced(self, moves):
        """Return the moves that become late when some get priority.

        They may have it already: both ways are played.

        :param moves: ``stock.move`` records that get it
        :return: pairs of a move and its ``displacement.Displaced``
        :rtype: list
        """
        raised = moves.sudo().filtered(
            lambda move: move.state in OPEN and self._takes_from_stock(move)
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
        moves = self.env["stock.move"].sudo().browse(each.key for each in found)
        return list(zip(moves, found, strict=True))

    @api.model
    def _takes_from_stock(self, move):
        """Tell whether goods leave the warehouse that anybody might have."""
        view = move.location_id.warehouse_id.view_location_id
        final = move.location_final_id or move.location_dest_id
        return bool(
            view
            and move.procure_method == "make_to_stock"
            and move.product_id.is_storable
            and not (final.parent_path or "").startswith(view.parent_path)
        )

    @api.model
    def _get_open_demands(self, products, warehouses):
        """Return what is still to be handed out, by warehouse and product."""
        demands = defaultdict(list)
        Move = self.env["stock.move"].sudo()
        for move in Move.search(
            [
                ("product_id", "in", products.ids),
                ("state", "in", OPEN),
                ("procure_method", "=", "make_to_stock"),
                ("location_id", "child_of", warehouses.view_location_id.ids),
            ]
        ):
            wanted = move.product_qty - self._get_goods_on_the_way(move)
            if wanted > 0 and self._takes_from_stock(move):
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

    @api.model
    def _get_goods_on_the_way(self, move):
        """Return how much is reserved, or comes from a move before this one."""
        reserved = move.product_uom._compute_quantity(
            move.quantity, move.product_id.uom_id, round=False
        )
        before = move.move_orig_ids.filtered(lambda move: move.state in OPEN)
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
        Move = self.env["stock.move"].sudo()
        for move in Move.search(
            [
                ("product_id", "in", products.ids),
                ("state", "in", OPEN),
                ("location_dest_id", "child_of", views.ids),
                "!",
                ("location_id", "child_of", views.ids),
                ("move_dest_ids", "=", False),
            ]
        ):
            supplies[move.location_dest_id.warehouse_id, move.product_id].append(
                Supply(move.product_qty, move.date)
            )
        return supplies
