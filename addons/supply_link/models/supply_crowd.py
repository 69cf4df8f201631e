from collections import defaultdict
from datetime import timedelta

from odoo import api, models
from odoo.tools import SQL

from ..pegging import (
    Demand,
    Pool,
    Supply,
    deal,
    share_out,
    take,
)
from .supply_commons import STOCK, leave
from .supply_stock import OPEN, only

#: When goods come, or are to go.
EXPECTED = SQL("COALESCE(move.supply_expected_on, move.date)")

#: Whoever asks about so few moves, of products of which so many are open, is not told
#: about the others.
FEW, CROWD = 200, 1000


class SupplyCrowd(models.AbstractModel):
    """What some moves get of goods that thousands want, without a look at each."""

    _name = "supply.crowd"
    _inherit = ["supply.commons"]
    _description = "Goods That Thousands Want"

    @api.model
    def _is_crowded(self, products):
        """Tell whether so many moves of products are open that it pays not to look at
        each of them. Where somebody has decided a place, each is looked at: it may be
        between two who are summed up."""
        self.env["stock.move"].flush_model(["product_id", "state"])
        ((count,),) = self.env.execute_query(
            SQL(
                """
                SELECT count(*)
                  FROM (SELECT FROM stock_move
                         WHERE product_id IN %s AND state IN %s
                         LIMIT %s) open
                """,
                tuple(products.ids) or (0,),
                OPEN,
                CROWD,
            )
        )
        return count >= CROWD and not self.env["supply.serving"]._get_serving_places(
            products
        )

    @api.model
    def _deal_to(self, products, warehouses, move_ids):
        """Return the same as :meth:`_deal`, but only with these moves and the goods
        that go to them.

        The database sums up all the others: what is dealt is what comes on each date,
        to those whose turns follow each other. Then only those are read who share with
        one of these moves.
        """
        reading = self._start_reading(products, warehouses)
        if not reading:
            return {}
        products, warehouses, clocks = reading
        sums = self._sum_up(products, clocks)
        serving = self.env["supply.serving"]._read_serving(products)
        known = self._fetch_moves(products, clocks, only({*move_ids, *serving} or {0}))
        crowds, own_turns = self._split_crowds(sums, serving, known, clocks)
        wanted = {id_: own_turns[id_] for id_ in move_ids if id_ in own_turns}
        pieces = {}
        for pool in {pool for pool, _turn in wanted.values()}:
            for turn, found in self._deal_sums(pool, sums, crowds[pool], clocks):
                pieces[pool, turn] = found
        pieces = {turn: pieces.get(turn, []) for turn in wanted.values()}
        rows = self._fetch_near(products, pieces, known, clocks)
        members = self._read_crowds(pieces, sums, serving, rows, clocks)
        heaps = self._read_heaps(pieces, sums, rows, clocks)
        mine = {}
        for id_, turn in wanted.items():
            place = 0
            for demand in members[turn]:
                if demand.key == id_:
                    mine[id_] = demand, take(pieces[turn], place, demand.quantity)
                    break
                place += demand.quantity
        rounding = 10.0 ** -self._get_digits()
        dealt = {}
        for warehouse in warehouses:
            for product in products:
                pool = warehouse.id, product.id
                here = [found for id_, found in mine.items() if wanted[id_][0] == pool]
                supplies = heaps.get(pool, {})
                brings = {
                    date: [(each.key, each.quantity) for each in heap]
                    for date, heap in supplies.items()
                }
                dealt[warehouse, product] = (
                    Pool(
                        [each for heap in supplies.values() for each in heap],
                        [demand for demand, _pieces in here],
                        rounding,
                    ),
                    [
                        each
                        for demand, found in here
                        for each in share_out(found, demand.key, brings)
                    ],
                )
        return dealt

    @api.model
    def _split_crowds(self, sums, serving, moves, clocks):
        """Return how many units are wanted by pool and turn, and the pool and turn of
        some moves.

        A turn is a level, the end of the day that it is for, and of the planned day:
        those that have the same follow each other.

        :param dict serving: see :meth:`_read_serving`
        :param moves: rows of :meth:`_fetch_moves`: those in *serving*, and others
        """
        crowds = defaultdict(lambda: defaultdict(int))
        for pool, days in sums.due.items():
            for day, units in days.items():
                crowds[pool][0, day, day] += units
        turns = {}
        for demand, pool in self._make_demands(moves, sums.tied, serving, clocks):
            *turn, id_ = demand.order
            turns[id_] = pool, tuple(turn)
            if id_ in serving:
                crowds[pool][0, demand.date, demand.date] -= demand.quantity
                crowds[pool][tuple(turn)] += demand.quantity
        return crowds, turns

    @api.model
    def _deal_sums(self, pool, sums, crowds, clocks):
        """Return pairs of each turn of a pool and its pieces, see ``pegging.deal``."""
        clock = clocks[pool[0]]
        supplies = [Supply(sums.free[pool], key=STOCK)]
        dates = [
            (date, units)
            for (warehouse, product, date), units in sums.coming.items()
            if (warehouse, product) == pool and units > 0
        ]
        for date, units in sorted(dates):
            supplies.append(Supply(units, clock.expect(date)[0], date))
        demands = [
            Demand(turn, units, turn[2], order=turn) for turn, units in crowds.items()
        ]
        pieces = defaultdict(list)
        for piece in deal(supplies, demands):
            pieces[piece.demand].append(piece)
        return pieces.items()

    @api.model
    def _fetch_near(self, products, pieces, known, clocks):
        """Return those who share a turn, and those that bring what they get.

        :param dict pieces: lists of pieces by pool and turn
        :param known: rows that are read already: all that :meth:`_read_serving` names
        :return: rows of :meth:`_fetch_moves`, in the order of their ids
        """
        # days have at most 25 hours; the one that it is follows from the moment
        near = [
            SQL("%s BETWEEN %s AND %s", EXPECTED, day - timedelta(hours=25), day)
            for day in {due for _pool, (_level, _day, due) in pieces}
        ]
        keys = {piece.supply for found in pieces.values() for piece in found}
        if dates := keys - {STOCK}:
            near.append(SQL("%s IN %s", EXPECTED, tuple(dates)))
        rows = {row.id: row for row in known}
        if near:
            condition = SQL("AND (%s)", SQL(" OR ").join(near))
            moves = self._fetch_moves(products, clocks, condition)
            rows.update((row.id, row) for row in moves)
        return [rows[id_] for id_ in sorted(rows)]

    @api.model
    def _read_crowds(self, pieces, sums, serving, rows, clocks):
        """Return who has which turn, the older first.

        :param dict pieces: by pool and turn: those that are asked for
        :param rows: of :meth:`_fetch_near`
        :return: lists of demands by pool and turn
        """
        members = defaultdict(list)
        for demand, pool in self._make_demands(rows, sums.tied, serving, clocks):
            turn = pool, demand.order[:-1]
            if turn in pieces:
                members[turn].append(demand)
        return members

    @api.model
    def _read_heaps(self, pieces, sums, rows, clocks):
        """Return the supplies of which some turns get something, by pool and the moment
        that they are planned for; for what is there, ``STOCK``.

        :param dict pieces: by pool and turn
        :param rows: of :meth:`_fetch_near`
        """
        heaps = defaultdict(dict)
        for (pool, _turn), found in pieces.items():
            for piece in found:
                heaps[pool][piece.supply] = []
        for row in rows:
            id_, product, source, target, date, units, reserved, _own, _ = row
            heap = heaps.get((target, product), {}).get(date)
            if heap is None:
                continue
            is_inside = source == target
            left = reserved if is_inside else units
            if id_ in sums.left_out:
                left = leave(left, sums.left_out[id_], is_inside)
            if left > 0:
                expected, overdue = clocks[target].expect(date)
                heap.append(Supply(left, expected, id_, overdue))
        for pool, found in heaps.items():
            if STOCK in found:
                found[STOCK].append(Supply(sums.free[pool], key=STOCK))
        return heaps
