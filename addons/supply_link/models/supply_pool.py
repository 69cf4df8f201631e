from collections import defaultdict
from datetime import datetime, timedelta
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..dealing import spread
from ..pegging import (
    NEVER,
    NOW,
    Demand,
    Ledger,
    Pool,
    Ready,
    Supply,
    deal,
    from_units,
    peg,
    ready_on,
    share_out,
    take,
    to_units,
)
from .supply_tie import OPEN

#: Moves that wait for goods of their own.
OWN = SQL("AND move.procure_method = 'make_to_order'")

#: When goods come, or are to go.
EXPECTED = SQL("COALESCE(move.supply_expected_on, move.date)")

#: Whoever asks about so few moves, of products of which so many are open, is not told
#: about the others.
FEW, CROWD = 200, 1000

#: Key of the supply that is there now; all others have the id of their move.
STOCK = "stock"


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


def _leave(units, left_out, is_inside):
    """Return what of the units of a move is for anybody, see ``Sums.left_out``."""
    if left_out is None:
        return 0
    # what stays in the stock is there again when it is moved, for whomever it was
    return units if is_inside else max(units - left_out, 0)


def _get_date_and_id(row):
    """:param row: of ``_fetch_moves``"""
    return row[4], row[0]


def _only(ids):
    return SQL("AND move.id IN %s", tuple(ids))


class SupplyPool(models.AbstractModel):
    """What there is in each warehouse, what comes, and who wants it.

    A pool holds what anybody might have. Goods that are reserved belong to their order,
    and goods bought or made for one order to that one. A warehouse serves orders from
    its stock location: what is elsewhere in it, such as in Input or Quality, counts
    from when a transfer brings it there.

    It is read as the system, with a handful of queries.
    """

    _name = "supply.pool"
    _inherit = ["supply.tie"]
    _description = "Supply and Demand of a Warehouse"

    # Pools

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
            for row in self._fetch_moves(products, clocks, _only(tied)):
                id_, product, source, target, date, units, reserved, is_own, _ = row
                if source and source != target and not is_own:
                    day = clocks[source].end_day(date)
                    left = max(units - reserved, 0)
                    due[source, product][day] -= min(left, tied[id_])
        left_out = taken
        if waits_for_own:
            own = self._fetch_moves(products, clocks, OWN)
            self._leave_exact(free, own, tied)
            units = {row[0]: row[5] for row in own}
            for id_, came in self._get_brought(own).items():
                if came < units[id_]:
                    left_out[id_] += units[id_] - came
        left_out |= dict.fromkeys(self._get_consigned(products))
        if left_out:
            for row in self._fetch_moves(products, clocks, _only(left_out)):
                id_, product, source, target, date, units, reserved, *_ = row
                if target:
                    units = reserved if source == target else units
                    left = _leave(units, left_out[id_], source == target)
                    coming[target, product, date] -= units - left
        return Sums(free, coming, bringing, due, tied, left_out)

    @api.model
    def _get_serving_levels(self, products):
        """Return the level of open moves in the serving order: the smaller one goes
        first, then the earlier day, then the older move. Addons above extend it.

        :param products: ``product.product``
        :return: numbers by id of the move; those that are not there have none: 0
        :rtype: dict
        """
        return {}

    @api.model
    def _get_wanted_dates(self, products):
        """Return the dates of open moves by which it is their turn, where these are not
        the ones that they are planned for: addons above know what customers wanted.

        :param products: ``product.product``
        :return: moments by id of the move
        :rtype: dict
        """
        return {}

    @api.model
    def _read_serving(self, products):
        """Return what gives open moves another turn than their day: level and moment,
        by id; nothing instead of the moment where it is the planned one."""
        levels = self._get_serving_levels(products)
        wanted = self._get_wanted_dates(products)
        return {
            id_: (levels.get(id_, 0), wanted.get(id_)) for id_ in {*levels, *wanted}
        }

    @api.model
    def _get_turns(self, move_ids):
        """Return the serving order of moves, whatever they are for; levels are those of
        open ones.

        :return: tuples by id, which can be compared
        :rtype: dict
        """
        moves, clocks = self.env["stock.move"].sudo().browse(move_ids), {}
        serving, turns = self._read_serving(moves.product_id), {}
        for move in moves:
            if move.company_id not in clocks:
                clock = self.env["supply.clock"]._get_clock(move.company_id)
                clocks[move.company_id] = clock
            end_day = clocks[move.company_id].end_day
            level, wanted = serving.get(move.id, (0, None))
            due = move.supply_expected_on or move.date
            turns[move.id] = level, end_day(wanted or due), end_day(due), move.id
        return turns

    @api.model
    def _get_bought_for(self, products, warehouses):
        """Return how much of what was bought for order lines they still need, in the
        product's unit, by id of the link; nothing of those that no delivery is for."""
        reading = self._start_reading(products, warehouses)
        if not reading:
            return {}
        products, _warehouses, clocks = reading
        taken, tied = self._tie_moves(products, clocks)
        self._tie_asked(tied, products)
        bought = self._tie_bought_for(taken, tied, products, clocks)
        rounding = 10.0 ** -self._get_digits()
        return {link: from_units(units, rounding) for link, units in bought.items()}

    @api.model
    def _start_reading(self, products, warehouses):
        """Return the products that are kept in stock, the warehouses, and the clock of
        each by its id; nothing when there is nothing to read.
        """
        self._flush_pools()
        products = self._filter_kept(products.sudo())
        warehouses = self._get_warehouses(warehouses)
        if not products or not warehouses:
            return None
        return products, warehouses, self.env["supply.clock"]._get_clocks(warehouses)

    @api.model
    def _get_warehouses(self, warehouses):
        Warehouse = self.env["stock.warehouse"].sudo()
        if warehouses is not None:
            return warehouses.sudo()
        return Warehouse.search([("company_id", "in", self.env.companies.ids)])

    @api.model
    def _flush_pools(self):
        for model, names in {
            "product.product": ["product_tmpl_id"],
            "purchase.order": ["purchase_group_id", "state"],
            "purchase.order.line": [
                "move_dest_ids",
                "order_id",
                "product_id",
                "product_uom_qty",
            ],
            "product.template": ["is_storable"],
            "res.company": ["partner_id", "resource_calendar_id"],
            "res.partner": ["tz"],
            "resource.calendar": ["tz"],
            "supply.link": [
                "kind",
                "product_id",
                "purchase_line_id",
                "quantity",
                "quantity_received",
                "sale_line_id",
                "state",
            ],
            "stock.location": ["parent_path", "usage", "warehouse_id"],
            "stock.move": [
                "date",
                "location_dest_id",
                "location_final_id",
                "location_id",
                "move_dest_ids",
                "move_orig_ids",
                "origin_returned_move_id",
                "picked",
                "picking_id",
                "procure_method",
                "product_id",
                "product_qty",
                "product_uom_qty",
                "purchase_line_id",
                "quantity",
                "restrict_partner_id",
                "sale_line_id",
                "state",
                "supply_expected_on",
            ],
            "stock.picking": ["owner_id"],
            "stock.quant": [
                "location_id",
                "owner_id",
                "product_id",
                "quantity",
                "reserved_quantity",
            ],
            "stock.warehouse": ["company_id", "lot_stock_id"],
        }.items():
            self.env[model].flush_model(names)

    @api.model
    def _filter_kept(self, products):
        """Return those of the products that are kept in stock."""
        if not products:
            return products
        rows = self.env.execute_query(
            SQL(
                """
                SELECT product.id
                  FROM product_product product
                  JOIN product_template template
                    ON template.id = product.product_tmpl_id
                 WHERE product.id IN %s AND template.is_storable
                """,
                tuple(products.ids),
            )
        )
        return products.browse(id_ for (id_,) in rows)

    @api.model
    def _fetch_moves(self, products, clocks, condition=None):
        """Return the open moves into or out of the stock of warehouses.

        The final location decides: a pick for a customer leaves the stock, a receipt in
        Input enters it. A transfer within the stock matters by what is reserved for it.

        :param condition: SQL, from AND on, of those that are wanted; nothing: all
        :return: rows of id, product, source and target (the warehouse from or to whose
            stock it is, or nothing), date, units, units that are reserved, whether it
            waits for goods of its own, and is picked
        """
        return self.env.execute_query(
            SQL(
                """
                %(places)s
                SELECT move.id, move.product_id,
                       source.warehouse_id, target.warehouse_id,
                       COALESCE(move.supply_expected_on, move.date),
                       %(units)s,
                       CASE WHEN move.quantity <> 0 THEN %(reserved)s ELSE 0 END,
                       move.procure_method = 'make_to_order', move.picked
                  %(moves)s
                   AND (source.warehouse_id IS DISTINCT FROM target.warehouse_id
                        OR source.warehouse_id IS NOT NULL AND move.quantity > 0)
                   %(condition)s
                """,
                condition=condition or SQL(""),
                units=self._in_units(SQL("move.product_qty")),
                reserved=self._in_units(self._get_reserved()),
                **self._get_sql(products, clocks),
            )
        )

    @api.model
    def _fetch_sums(self, products, clocks):
        """Return what comes and what is wanted, summed up by the database.

        :return: units that come, by ids of warehouse and product, and the moment; a
            move that brings some of them, likewise; units that are wanted by anybody,
            by ids of warehouse and product, then by the end of the day; whether some
            moves wait for goods of their own instead
        """
        coming, bringing, waits_for_own = defaultdict(int), {}, False
        due = defaultdict(lambda: defaultdict(int))
        rows = self.env.execute_query(
            SQL(
                """
                %(places)s,
                sums AS MATERIALIZED (  -- first, so that few rows are joined
                    SELECT location_id, product_id,
                           COALESCE(location_final_id, location_dest_id) AS goes_to,
                           procure_method = 'make_to_order' AS is_own,
                           COALESCE(supply_expected_on, date) AS date,
                           MIN(id) AS first,
                           SUM(product_qty) AS units,
                           COALESCE(SUM(%(reserved)s) FILTER (WHERE quantity <> 0), 0)
                               AS reserved,
                           -- few have any: what is left is not counted for each
                           SUM(product_qty) - COALESCE(SUM(
                               LEAST(%(reserved)s, product_qty)
                           ) FILTER (WHERE quantity <> 0), 0) AS "left"
                      FROM stock_move move
                     WHERE product_id IN %(products)s
                       AND state IN %(open)s
                       AND restrict_partner_id IS NULL
                  GROUP BY 1, 2, 3, 4, 5
                )
                SELECT source.warehouse_id, target.warehouse_id, product_id, is_own,
                       date, first, %(in_units)s, %(in_reserved)s, %(in_left)s
                  FROM sums
             LEFT JOIN place source ON source.id = sums.location_id
             LEFT JOIN place target ON target.id = sums.goes_to
                 WHERE source.warehouse_id IS NOT NULL
                    OR target.warehouse_id IS NOT NULL
                """,
                places=self._get_places(clocks),
                reserved=self._get_reserved(),
                products=tuple(products.ids),
                open=OPEN,
                in_units=self._in_units(SQL("units")),
                in_reserved=self._in_units(SQL("reserved")),
                in_left=self._in_units(SQL('"left"')),
            )
        )
        for source, target, product, is_own, date, first, *sums in rows:
            units, reserved, left = sums
            if source != target and is_own:
                waits_for_own = True
            if target:
                # what stays in the stock is there for others again when it is moved
                coming[target, product, date] += reserved if source == target else units
                bringing.setdefault((target, product, date), first)
            if source and source != target and not is_own:
                due[source, product][clocks[source].end_day(date)] += left
        return coming, bringing, due, waits_for_own

    @api.model
    def _get_sql(self, products, clocks):
        """Return the parts that statements about open moves have in common."""
        moves = SQL(
            """
              FROM stock_move move
         LEFT JOIN place source ON source.id = move.location_id
         LEFT JOIN place target ON target.id =
                   COALESCE(move.location_final_id, move.location_dest_id)
             WHERE move.product_id IN %s
               AND move.state IN %s
               AND move.restrict_partner_id IS NULL
            """,
            tuple(products.ids),
            OPEN,
        )
        return {"places": self._get_places(clocks), "moves": moves}

    @api.model
    def _fetch_stock(self, products, warehouse_ids):
        """Return the units that are free, and those that are not put away and no
        transfer is to move.

        Goods with an owner are not ours.

        :return: two dictionaries by ids of warehouse and product
        """
        free, unplaced = defaultdict(int), {}
        for warehouse, product, is_placed, units in self.env.execute_query(
            SQL(
                """
                SELECT warehouse.id, quant.product_id,
                       location.parent_path LIKE stock.parent_path || '%%', %(units)s
                  FROM stock_quant quant
                  JOIN stock_location location ON location.id = quant.location_id
                  JOIN stock_warehouse warehouse ON warehouse.id = location.warehouse_id
                  JOIN stock_location stock ON stock.id = warehouse.lot_stock_id
                 WHERE quant.product_id IN %(products)s
                   AND warehouse.id IN %(warehouses)s
                   AND location.usage = 'internal'
                   AND quant.owner_id IS NULL
              GROUP BY 1, 2, 3
                """,
                units=self._in_units(
                    SQL("SUM(quant.quantity - quant.reserved_quantity)")
                ),
                products=tuple(products.ids),
                warehouses=tuple(warehouse_ids),
            )
        ):
            if is_placed:
                free[warehouse, product] = units
            elif units > 0:
                unplaced[warehouse, product] = units
        if unplaced:
            self._leave_planned(unplaced)
        return free, unplaced

    @api.model
    def _leave_planned(self, unplaced):
        """Leave out of what is not put away what transfers are to move, though nothing
        is reserved for them yet: into the stock, or on to customers.

        Nearly always nothing is left of it: goods that are not put away are few.

        :param dict unplaced: units by ids of warehouse and product; is changed
        """
        warehouses, products = (tuple(set(ids)) for ids in zip(*unplaced, strict=True))
        rows = self.env.execute_query(
            SQL(
                """
                WITH place AS MATERIALIZED (
                    SELECT location.id, location.parent_path, warehouse.id AS warehouse
                      FROM stock_warehouse warehouse
                      JOIN stock_location stock ON stock.id = warehouse.lot_stock_id
                      JOIN stock_location location
                        ON location.warehouse_id = warehouse.id
                       AND location.usage IN ('internal', 'view')
                       AND location.parent_path NOT LIKE stock.parent_path || '%%'
                     WHERE warehouse.id IN %(warehouses)s
                )
                SELECT FALSE, place.warehouse, quant.product_id, place.parent_path,
                       %(there)s
                  FROM stock_quant quant
                  JOIN place ON place.id = quant.location_id
                 WHERE quant.product_id IN %(products)s AND quant.owner_id IS NULL
              GROUP BY 2, 3, 4
                 UNION ALL
                SELECT TRUE, place.warehouse, move.product_id, place.parent_path,
                       %(wanted)s
                  FROM stock_move move
                  JOIN place ON place.id = move.location_id
             LEFT JOIN place target
                    ON target.id =
                       COALESCE(move.location_final_id, move.location_dest_id)
                   AND target.warehouse = place.warehouse
             LEFT JOIN LATERAL (
                       SELECT SUM(origin.product_qty) AS quantity
                         FROM stock_move_move_rel relation
                         JOIN stock_move origin ON origin.id = relation.move_orig_id
                        WHERE relation.move_dest_id = move.id
                          AND origin.state IN %(open)s
                       ) coming ON TRUE
                 WHERE move.product_id IN %(products)s
                   AND move.state IN %(open)s
                   AND move.restrict_partner_id IS NULL
                   AND target.id IS NULL
              GROUP BY 2, 3, 4
                """,
                there=self._in_units(
                    SQL("SUM(quant.quantity - quant.reserved_quantity)")
                ),
                wanted=self._in_units(
                    SQL(
                        "SUM(GREATEST(%s - COALESCE(coming.quantity, 0), 0))",
                        self._get_left(),
                    )
                ),
                warehouses=warehouses,
                products=products,
                open=OPEN,
            )
        )
        there, wanted = defaultdict(list), defaultdict(list)
        for is_wanted, warehouse, product, path, units in rows:
            (wanted if is_wanted else there)[warehouse, product].append((path, units))
        for key in unplaced:
            left = dict(there[key])
            # who takes goods from a shelf before who takes them from anywhere around it
            for path, units in sorted(wanted[key], key=lambda each: -len(each[0])):
                inside = [each for each in left if each.startswith(path)]
                taken = spread(units, [(each, left[each]) for each in inside])
                for each, some in taken.items():
                    left[each] -= some
            unplaced[key] = max(sum(left.values()), 0)

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
        moves = sorted((row for row in moves if row[3]), key=_get_date_and_id)
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
        serving = self._read_serving(products)
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
            level, turn = 0, due
            if id_ in serving:
                level, wanted = serving[id_]
                turn = clocks[source].end_day(wanted) if wanted else due
            order = level, turn, due, id_
            yield Demand(id_, left, due, 0, 0, order, lent), (source, product)

    # Pegging

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
    def _is_crowded(self, products):
        """Tell whether so many moves of products are open that it pays not to look at
        each of them."""
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
        return count >= CROWD

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
        serving = self._read_serving(products)
        known = self._fetch_moves(products, clocks, _only({*move_ids, *serving} or {0}))
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
        rows = {row[0]: row for row in known}
        if near:
            condition = SQL("AND (%s)", SQL(" OR ").join(near))
            moves = self._fetch_moves(products, clocks, condition)
            rows.update((row[0], row) for row in moves)
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
                left = _leave(left, sums.left_out[id_], is_inside)
            if left > 0:
                expected, overdue = clocks[target].expect(date)
                heap.append(Supply(left, expected, id_, overdue))
        for pool, found in heaps.items():
            if STOCK in found:
                found[STOCK].append(Supply(sums.free[pool], key=STOCK))
        return heaps

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

    @api.model
    def _leaves_stock(self, move):
        """Tell whether a move is the first step of a delivery from the stock."""
        stock = move.location_id.warehouse_id.lot_stock_id
        return (
            move.state not in ("draft", "cancel")
            and move.is_storable
            and stock
            and move.location_id._child_of(stock)
            and not (move.location_final_id or move.location_dest_id)._child_of(stock)
        )

    @api.model
    def _count_reserved(self, move):
        """Return how many units are reserved for a move, or were moved by it."""
        quantity = move.product_uom._compute_quantity(
            move.quantity, move.product_id.uom_id, round=False
        )
        return to_units(quantity, 10.0 ** -self._get_digits())

    @api.model
    def _get_documents(self, move_ids):
        """Return the sale line and the component line of moves that have one."""
        if not move_ids:
            return {}
        names = ["sale_line_id"]
        component = SQL("NULL::integer")
        # only where manufacturing is installed
        if "bom_line_id" in self.env["stock.move"]._fields:
            names.append("bom_line_id")
            component = SQL("bom_line_id")
        self.env["stock.move"].flush_model(names)
        rows = self.env.execute_query(
            SQL(
                "SELECT id, sale_line_id, %s FROM stock_move WHERE id IN %s",
                component,
                tuple(move_ids),
            )
        )
        return {id_: ends for id_, *ends in rows}

    @api.model
    def _get_purchase_lines(self, move_ids):
        """Return the purchase line behind each move, also some transfers back."""
        if not move_ids:
            return {}
        self.env["stock.move"].flush_model(["purchase_line_id"])
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE way AS (
                    SELECT id AS start, id, purchase_line_id
                      FROM stock_move
                     WHERE id IN %s
                     UNION
                    SELECT way.start, move.id, move.purchase_line_id
                      FROM way
                      JOIN stock_move_move_rel relation
                        ON relation.move_dest_id = way.id
                      JOIN stock_move move ON move.id = relation.move_orig_id
                     WHERE way.purchase_line_id IS NULL
                )
                SELECT start, MAX(purchase_line_id)
                  FROM way
                 WHERE purchase_line_id IS NOT NULL
              GROUP BY start
                """,
                tuple(move_ids),
            )
        )
        return dict(rows)
