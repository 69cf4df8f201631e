from dataclasses import replace

from odoo import api, fields, models

from odoo.addons.supply_link.displacing import displaced
from odoo.addons.supply_link.models.supply_serving import PLAIN
from odoo.addons.supply_link.pegging import Demand, from_units, to_units
from odoo.addons.supply_link.swapping import harmless_swaps


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
        found = []
        for pool, demands, orders in self._set_stage(keys, raised, planned).values():
            found += displaced(pool.supplies, demands, orders)
        moves = self.env["stock.move"].sudo().browse(each.key for each in found)
        return list(zip(moves, found, strict=True))

    @api.model
    def _find_swaps(self, moves, raised, planned):
        """Return what can be lent to moves that become late, with nobody losing a day.

        Each offer holds with those before it carried out.

        :param moves: ``stock.move`` records that become late
        :param set raised: keys of the demands that get priority, see above
        :param dict planned: demands besides those of the moves there are
        :return: borrower and lender (``stock.move``), the quantity in the product's
            unit, and the days that the borrower gains
        :rtype: list
        """
        by_key = moves.grouped(
            lambda move: (move.location_id.warehouse_id, move.product_id)
        )
        now, found = fields.Datetime.now(), []
        stages = self._set_stage(set(by_key), raised, planned)
        for key, (pool, demands, orders) in stages.items():
            wishes = {
                demand.key: replace(demand, order=orders[demand.key][1])
                if demand.key in orders
                else demand
                for demand in demands
            }
            for move in by_key[key]:
                if move.id not in wishes:
                    continue
                swaps = harmless_swaps(pool.supplies, wishes.values(), move.id, now)
                for swap in swaps:
                    _carry_out(swap, wishes)
                    quantity = from_units(swap.quantity, pool.rounding)
                    lender = move.browse(swap.lender)
                    found.append((move, lender, quantity, swap.days))
        return found

    @api.model
    def _set_stage(self, keys, raised, planned):
        """Return what there is and who wants it, with the serving orders of those who
        get priority, before and after.

        Who was given a place keeps it.

        :param set keys: pairs of warehouse and product
        :return: pool, demands, and orders by key of the demand, by pair
        :rtype: dict
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
        stages = {}
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
                if (demand.key in raised and len(demand.order) == PLAIN)
                or isinstance(demand.key, tuple)
            }
            stages[key] = pool, demands, orders
        return stages


def _carry_out(swap, wishes):
    """Let the goods of a swap change hands."""
    for key, sign in ((swap.lender, 1), (swap.borrower, -1)):
        wish = wishes[key]
        wishes[key] = replace(
            wish,
            quantity=wish.quantity + sign * swap.quantity,
            reserved=wish.reserved - sign * swap.quantity,
        )
