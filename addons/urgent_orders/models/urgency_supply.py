from odoo import api, models

from odoo.addons.supply_link.pegging import Demand, displaced, to_units


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
        :return: pairs of a move and its ``pegging.Displaced``
        :rtype: list
        """
        moves = moves.sudo()
        keys = {(move.location_id.warehouse_id, move.product_id) for move in moves}
        return self._play_priority(keys, set(moves.ids), {})

    @api.model
    def _find_displaced_by(self, planned):
        """Return the same for what is not a move yet.

        :param dict planned: lists of ``Planned`` by warehouse and product
        """
        return self._play_priority(set(planned), set(), planned)

    @api.model
    def _play_priority(self, keys, raised, planned):
        """Return which moves become late, and how, when some demands get priority.

        :param set keys: pairs of warehouse and product
        :param set raised: keys of the demands that get it, besides the planned ones
        :param dict planned: demands besides those of the moves there are
        """
        warehouses = self.env["stock.warehouse"].sudo().union(*(key[0] for key in keys))
        products = self.env["product.product"].sudo().union(*(key[1] for key in keys))
        pools = self.env["supply.pool"]._get_pools(products, warehouses)
        least = -min(
            self.env["urgency.level"]
            .sudo()
            .search([("is_urgent", "=", True)])
            .mapped("sequence"),
            default=1,
        )
        found = []
        for key in keys & pools.keys():
            pool = pools[key]
            demands = pool.demands + [
                Demand(
                    each.key,
                    to_units(each.quantity, pool.rounding),
                    each.date,
                    order=(0, each.date),
                )
                for each in planned.get(key, ())
            ]
            orders = {
                demand.key: (
                    (0, *demand.order[1:]),
                    (demand.order[0] or least, *demand.order[1:]),
                )
                for demand in demands
                if demand.key in raised or isinstance(demand.key, tuple)
            }
            found += displaced(pool.supplies, demands, orders)
        moves = self.env["stock.move"].sudo().browse(each.key for each in found)
        return list(zip(moves, found, strict=True))
