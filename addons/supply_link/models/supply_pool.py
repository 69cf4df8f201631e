from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from odoo import api, models

from ..lookahead import Ledger
from ..pegging import (
    NEVER,
    NOW,
    Demand,
    Pool,
    Ready,
    Supply,
    from_units,
    peg,
    ready_on,
)
from .supply_commons import STOCK
from .supply_crowd import FEW


class PeggedShare(NamedTuple):
    """Goods of a pool that serve a move, with the documents on both ends.

    :param quantity: in the product's unit
    :param date: when they can be taken: ``NOW``, a date, or ``NEVER``
    :param demand_id: move that is served
    :param supply_id: move that brings the goods; nothing: they are there, or missing
    :param is_short: no supply covers it
    :param overdue: days since the goods should have come
    :param bom_line_id: component of a kit or product that the move is for
    """

    warehouse_id: int
    product_id: int
    quantity: float
    date: datetime
    demand_id: int
    supply_id: int | None = None
    is_short: bool = False
    overdue: int = 0
    sale_line_id: int | None = None
    purchase_line_id: int | None = None
    bom_line_id: int | None = None


class SupplyPool(models.AbstractModel):
    """What there is in each warehouse, what comes, and who gets it.

    A pool holds what anybody might have. It is read as the system, with a handful of
    queries.
    """

    _name = "supply.pool"
    _inherit = ["supply.crowd"]
    _description = "Supply and Demand of a Warehouse"

    # ------------------------------------------------------------
    # POOLS
    # ------------------------------------------------------------

    @api.model
    def _get_pools(self, products, warehouses=None):
        """Return what there is and who wants it.

        :param products: ``product.product`` records; what is not kept in stock has no
            pool
        :param warehouses: ``stock.warehouse`` records; nothing: all of the selected
            companies
        :return: ``pegging.Pool`` by warehouse and product, one for each pair. Keys of
            demands are ids of moves, those of supplies too, or ``STOCK``.
        :rtype: dict
        """
        reading = self._start_reading(products, warehouses)
        if not reading:
            return {}
        products, warehouses, clocks = reading
        moves = self._fetch_moves(products, clocks)
        supplies, tied, unplaced = self._read_supplies(moves, products, clocks)
        demands = self._read_demands(moves, tied, products, clocks)
        rounding = 10.0 ** -self._get_digits()
        pools = {}
        for warehouse in warehouses:
            for product in products:
                key = warehouse.id, product.id
                pools[warehouse, product] = Pool(
                    supplies.get(key, []),
                    demands.get(key, []),
                    rounding,
                    unplaced.get(key, 0),
                )
        return pools

    @api.model
    def _get_ledgers(self, products, warehouses=None, fences=None):
        """Return from when on how much can be promised to who comes after all others.

        It is the look-ahead of :meth:`_get_pools`, but the database sums up what is due
        on each day, so that thousands who want a product cost little.

        :param dict fences: ``pegging.Fence`` by warehouse and product
        :return: ``pegging.Ledger`` by warehouse and product, one for each pair. Keys of
            demands are the ends of days, those of supplies a move that brings some of
            them; what is there has none.
        :rtype: dict
        """
        reading = self._start_reading(products, warehouses)
        if not reading:
            return {}
        products, warehouses, clocks = reading
        sums = self._sum_up(products, clocks)
        supplies = defaultdict(list)
        for key, units in sums.free.items():
            if units:
                supplies[key].append(Supply(units))
        for (warehouse, product, date), units in sums.coming.items():
            if units > 0:
                first = sums.bringing[warehouse, product, date]
                date, overdue = clocks[warehouse].expect(date)
                supplies[warehouse, product].append(Supply(units, date, first, overdue))
        return {
            (warehouse, product): Ledger(
                supplies[warehouse.id, product.id],
                [
                    Demand(date, units, date)
                    for date, units in sums.due[warehouse.id, product.id].items()
                ],
                (fences or {}).get((warehouse, product)),
            )
            for warehouse in warehouses
            for product in products
        }

    # ------------------------------------------------------------
    # PEGGING
    # ------------------------------------------------------------

    @api.model
    def _peg(self, products, warehouses=None, moves=None):
        """Return which goods of the pools serve which moves, and what is short.

        :param moves: ids of those that matter; nothing: all
        :return: ``PeggedShare`` objects
        :rtype: list
        """
        dealt, served, bringing = [], set(), set()
        for key, (pool, shares) in self._deal(products, warehouses, moves).items():
            warehouse, product = key[0].id, key[1].id
            ready = ready_on(pool.demands, shares)
            dealt.append((warehouse, product, pool, shares, ready))
            served.update(demand.key for demand in pool.demands)
            bringing.update(share.supply for share in shares)
        bringing.discard(STOCK)
        ends = self._get_documents(served)
        purchases = self._get_purchase_lines(bringing)
        found = []
        for warehouse, product, pool, shares, ready in dealt:
            overdue = {supply.key: supply.overdue for supply in pool.supplies}
            for share in shares:
                supply = None if share.supply == STOCK else share.supply
                sale_line, bom_line = ends.get(share.demand, (None, None))
                found.append(
                    PeggedShare(
                        warehouse,
                        product,
                        from_units(share.quantity, pool.rounding),
                        share.date,
                        share.demand,
                        supply,
                        overdue=overdue[share.supply],
                        sale_line_id=sale_line,
                        purchase_line_id=purchases.get(supply),
                        bom_line_id=bom_line,
                    )
                )
            for each in ready.values():
                if each.short:
                    sale_line, bom_line = ends.get(each.key, (None, None))
                    found.append(
                        PeggedShare(
                            warehouse,
                            product,
                            from_units(each.short, pool.rounding),
                            NEVER,
                            each.key,
                            is_short=True,
                            sale_line_id=sale_line,
                            bom_line_id=bom_line,
                        )
                    )
        return found

    @api.model
    def _deal(self, products, warehouses=None, moves=None):
        """Return each pool with the shares that are dealt from it, by its key.

        :param moves: ids of those that matter; nothing: all. Others may be left out,
            and so may the goods that go to them.
        """
        if moves is not None and len(moves) <= FEW and self._is_crowded(products):
            return self._deal_to(products, warehouses, moves)
        return {
            key: (pool, peg(pool.supplies, pool.demands))
            for key, pool in self._get_pools(products, warehouses).items()
        }

    @api.model
    def _get_ready(self, lines):
        """Return what sale lines can count on that are served from pools.

        What is reserved counts as there. A line of kits is ready with the last of its
        components, and counts whole kits; of components that are bought for it, what is
        reserved.

        :param lines: ``sale.order.line`` records; those whose goods are bought or made
            for them, and those that are served, are left out where they are no kits
        :return: ``pegging.Ready`` by line, in units of its product; its *short* is what
            no supply covers
        :rtype: dict
        """
        legs = lines.sudo().move_ids.filtered(self._leaves_stock)
        warehouses = legs.location_id.warehouse_id
        shares, demands = defaultdict(list), {}
        pools = self._deal(legs.product_id, warehouses, legs.ids)
        for pool, dealt in pools.values():
            demands.update((demand.key, demand) for demand in pool.demands)
            for share in dealt:
                shares[share.demand].append(share)
        found = {}
        for line, moves in legs.grouped("sale_line_id").items():
            if moves.product_id != line.product_id:
                found[line] = self.env["supply.kit"]._get_ready(line, moves, shares)
                continue
            pooled = moves.filtered(lambda move: move.id in demands)
            if not pooled:
                continue
            mine = [demands[move.id] for move in pooled]
            parts = ready_on(mine, [s for each in mine for s in shares[each.key]])
            found[line] = Ready(
                line.id,
                max((each.date for each in parts.values()), default=NOW),
                sum(each.now for each in parts.values())
                + sum(self._count_reserved(move) for move in pooled),
                sum(each.short for each in parts.values()),
            )
        return found
