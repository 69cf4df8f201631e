from collections import defaultdict
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..pegging import Demand, Supply
from .supply_stock import only

#: Moves that wait for goods of their own.
OWN = SQL("AND move.procure_method = 'make_to_order'")

#: Key of the supply that is there now; all others have the id of their move.
STOCK = "stock"


class Sums(NamedTuple):
    """What there is, what comes and what is wanted, for anybody.

    :param free: units by ids of warehouse and product
    :param coming: units by ids of warehouse and product, and the moment
    :param bringing: a move that brings them, likewise
    :param due: units by ids of warehouse and product, then by the end of the day
    :param tied: units that come for a move, by its id
    :param left_out: units of a move that are for one order, by its id; nothing: all of
        them are somebody else's
    """

    free: dict
    coming: dict
    bringing: dict
    due: dict
    tied: dict
    left_out: dict


def leave(units, left_out, is_inside):
    """Return what of the units of a move is for anybody, see ``Sums.left_out``."""
    if left_out is None:
        return 0
    # what stays in the stock is there again when it is moved, for whomever it was
    return units if is_inside else max(units - left_out, 0)


def _get_date_and_id(row):
    """:param row: of ``_fetch_moves``"""
    return row.date, row.id


class SupplyCommons(models.AbstractModel):
    """What anybody might have of the goods of warehouses, and who wants it.

    Goods that are reserved belong to their order, and goods bought or made for one
    order to that one.
    """

    _name = "supply.commons"
    _inherit = ["supply.tie"]
    _description = "Goods for Anybody"

    # ------------------------------------------------------------
    # ONE BY ONE
    # ------------------------------------------------------------

    @api.model
    def _read_supplies(self, moves, products, clocks):
        """Return what there is and what comes for anybody.

        :return: lists of supplies by ids of warehouse and product; units that come for
            a move, by its id; units that are not put away, like supplies
        """
        taken, tied = self._get_tied(products, clocks)
        consigned = self._get_consigned(products)
        free, unplaced = self._fetch_stock(products, list(clocks))
        self._leave_exact(free, moves, tied)
        brought = self._get_brought(moves)
        supplies = defaultdict(list)
        for key, units in free.items():
            if units:
                supplies[key].append(Supply(units, key=STOCK))
        # whose goods come at the same time come in this order, however they are read
        moves = sorted((row for row in moves if row.target_id), key=_get_date_and_id)
        for id_, product, source, target, date, units, reserved, _own, _ in moves:
            # what stays in the stock is there for others again when it is moved
            if source == target:
                left = reserved
            else:
                left = min(units, brought.get(id_, units)) - taken.get(id_, 0)
            if left > 0 and id_ not in consigned:
                date, overdue = clocks[target].expect(date)
                supplies[target, product].append(Supply(left, date, id_, overdue))
        return supplies, tied, unplaced

    @api.model
    def _read_demands(self, moves, tied, products, clocks):
        """Return who wants goods that anybody might have.

        :param dict tied: units that come for a move, by its id
        :return: lists of demands by ids of warehouse and product
        """
        serving = self.env["supply.serving"]._read_serving(products)
        demands = defaultdict(list)
        for demand, pool in self._make_demands(moves, tied, serving, clocks):
            demands[pool].append(demand)
        return demands

    @api.model
    def _make_demands(self, moves, tied, serving, clocks):
        """Yield the demands of rows of :meth:`_fetch_moves`, with ids of warehouse and
        product.

        :param dict serving: see :meth:`_read_serving`
        """
        days = {}
        for row in moves:
            id_, product, source, target, date, units, reserved, is_own, picked = row
            if not source or source == target or is_own:
                continue
            # moments are many, those of one product are not
            moment = source, date
            due = days.get(moment)
            if not due:
                due = days[moment] = clocks[source].end_day(date)
            left = units - reserved
            if id_ in tied:
                left -= tied[id_]
            if left < 0:
                left = 0
            # what is picked already is not lent
            lent = 0 if picked else reserved
            level, turn, place = 0, due, None
            if id_ in serving:
                level, wanted, place = serving[id_]
                turn = clocks[source].end_day(wanted) if wanted else due
            order = place or (level, turn, due, id_)
            yield Demand(id_, left, due, 0, 0, order, lent), (source, product)

    # ------------------------------------------------------------
    # SUMMED UP
    # ------------------------------------------------------------

    @api.model
    def _sum_up(self, products, clocks):
        """Return what there is, what comes and what is wanted by anybody, summed up.

        :return: :class:`Sums`
        """
        coming, bringing, due, waits_for_own = self._fetch_sums(products, clocks)
        taken, tied = self._get_tied(products, clocks)
        free, _unplaced = self._fetch_stock(products, list(clocks))
        if tied:
            # for most of them something is bought to order: they do not count here
            for row in self._fetch_moves(products, clocks, only(tied)):
                id_, product, source, target, date, units, reserved, is_own, _ = row
                if source and source != target and not is_own:
                    day = clocks[source].end_day(date)
                    left = max(units - reserved, 0)
                    due[source, product][day] -= min(left, tied[id_])
        left_out = taken
        if waits_for_own:
            own = self._fetch_moves(products, clocks, OWN)
            self._leave_exact(free, own, tied)
            units = {row.id: row.units for row in own}
            for id_, came in self._get_brought(own).items():
                if came < units[id_]:
                    left_out[id_] += units[id_] - came
        left_out |= dict.fromkeys(self._get_consigned(products))
        if left_out:
            for row in self._fetch_moves(products, clocks, only(left_out)):
                id_, product, source, target, date, units, reserved, *_ = row
                if target:
                    units = reserved if source == target else units
                    left = leave(units, left_out[id_], source == target)
                    coming[target, product, date] -= units - left
        return Sums(free, coming, bringing, due, tied, left_out)
