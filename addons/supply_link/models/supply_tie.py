from collections import defaultdict

from odoo import api, models
from odoo.tools import SQL

from ..chain import Before, Taker, brought
from ..dealing import Line, Move, deal, spread
from ..pegging import from_units, to_units
from .supply_stock import OPEN


class SupplyTie(models.AbstractModel):
    """What of the goods that are there, or come, is not for anybody.

    Moves are tied to moves, what was bought for an order line is its, and what came
    for one order stays there for it. Pools leave all of it out, on both sides: the
    goods, and who wants them.
    """

    _name = "supply.tie"
    _inherit = ["supply.stock"]
    _description = "Goods for One Order"

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
    def _get_tied(self, products, clocks):
        """Return what of the goods that come is for one order.

        :return: units by the move that brings them, and by the one that they are for
        """
        taken, tied = self._tie_moves(products, clocks)
        is_asked, is_bought_for = self._find_ties(products)
        if is_asked:
            self._tie_asked(tied, products)
        if is_bought_for:
            self._tie_bought_for(taken, tied, products, clocks)
        return taken, tied

    @api.model
    def _find_ties(self, products):
        """Tell which ties there may be beside those of moves: mostly none of them, and
        one look is less than reading each.

        :return: whether a quotation is to bring something for a move, and whether
            something was bought for an order line
        """
        ((found),) = self.env.execute_query(
            SQL(
                """
                SELECT EXISTS (
                       SELECT FROM purchase_order_line line
                         JOIN stock_move_created_purchase_line_rel created
                           ON created.created_purchase_line_id = line.id
                        WHERE line.product_id IN %(products)s),
                       EXISTS (
                       SELECT FROM supply_link
                        WHERE product_id IN %(products)s
                          AND state = 'open'
                          AND kind = 'bought_for')
                """,
                products=tuple(products.ids),
            )
        )
        return found

    @api.model
    def _tie_moves(self, products, clocks):
        """Return what of the goods that come is for open moves after them.

        What several moves bring for one is taken from the earliest.
        """
        taken, tied, before = defaultdict(int), defaultdict(int), defaultdict(list)
        left, wanted = {}, {}
        for origin, date, units, id_, need in self.env.execute_query(
            SQL(
                """
                %(places)s
                SELECT origin.id, COALESCE(origin.supply_expected_on, origin.date),
                       %(units)s, move.id, %(need)s
                  FROM stock_move origin
                  JOIN place target ON target.id =
                       COALESCE(origin.location_final_id, origin.location_dest_id)
             LEFT JOIN place source ON source.id = origin.location_id
                  JOIN stock_move_move_rel relation
                    ON relation.move_orig_id = origin.id
                  JOIN stock_move move ON move.id = relation.move_dest_id
                 WHERE origin.product_id IN %(products)s
                   AND origin.state IN %(open)s
                   AND origin.restrict_partner_id IS NULL
                   AND (source.warehouse_id IS DISTINCT FROM target.warehouse_id
                        OR origin.quantity > 0)
                   AND move.state IN %(open)s
                """,
                units=self._in_units(SQL("origin.product_qty")),
                need=self._in_units(self._get_left()),
                products=tuple(products.ids),
                open=OPEN,
                places=self._get_places(clocks),
            )
        ):
            left[origin] = units
            wanted[id_] = need or 0
            before[id_].append((date, origin))
        for id_ in sorted(wanted):
            for _date, origin in sorted(before[id_]):
                units = max(min(left[origin], wanted[id_]), 0)
                left[origin] -= units
                wanted[id_] -= units
                taken[origin] += units
                tied[id_] += units
        return taken, tied

    @api.model
    def _tie_asked(self, tied, products):
        """Add what quotations would bring for moves that wait for nothing: merging, or
        cancelling an alternative, leaves them so until the purchase is ordered.

        :param dict tied: units that come for a move, by its id; is added to
        """
        lines, moves = {}, {}
        for line, units, group, id_, left, date in self.env.execute_query(
            SQL(
                """
                SELECT line.id, %(units)s, purchase.purchase_group_id,
                       move.id, %(left)s, move.date
                  FROM purchase_order_line line
                  JOIN purchase_order purchase ON purchase.id = line.order_id
                   AND purchase.state IN ('draft', 'sent', 'to approve')
                  JOIN stock_move_created_purchase_line_rel created
                    ON created.created_purchase_line_id = line.id
                  JOIN stock_move move ON move.id = created.move_id
                 WHERE line.product_id IN %(products)s AND move.state IN %(open)s
                """,
                units=self._in_units(SQL("line.product_uom_qty")),
                left=self._in_units(self._get_left()),
                products=tuple(products.ids),
                open=OPEN,
            )
        ):
            lines[line] = Line(line, units, True, group)
            wanted = max(left - tied.get(id_, 0), 0)
            feeding = moves[id_].lines if id_ in moves else frozenset()
            moves[id_] = Move(id_, id_, wanted, (date, id_), feeding | {line})
        for share in deal(lines.values(), moves.values()):
            if not share.is_candidate:
                tied[share.sale_line] += share.quantity

    @api.model
    def _tie_bought_for(self, taken, tied, products, clocks):
        """Leave to an order line what was bought for it, though it is tied to nobody.

        Nobody wants it twice: neither the order line, of which no more goes to the
        pool than it was not bought for, nor others.

        :param dict taken: units by the move that brings them; is added to
        :param dict tied: units by the delivery that they are for; is added to
        :return: units by the id of the link
        """
        bought, lines, wants, deliveries = {}, {}, {}, defaultdict(list)
        rows = self.env.execute_query(
            SQL(
                """
                %(places)s
                SELECT link.id, link.purchase_line_id,
                       purchase.state = 'purchase', %(units)s,
                       source.warehouse_id, move.id, %(left)s
                  FROM supply_link link
                  JOIN purchase_order_line line ON line.id = link.purchase_line_id
                  JOIN purchase_order purchase ON purchase.id = line.order_id
                   AND purchase.state <> 'cancel'
                  JOIN stock_move move ON move.sale_line_id = link.sale_line_id
                   AND move.product_id = link.product_id
                   AND move.state IN %(open)s
                   AND move.procure_method <> 'make_to_order'
                  JOIN place source ON source.id = move.location_id
                 LEFT JOIN place target ON target.id =
                       COALESCE(move.location_final_id, move.location_dest_id)
                 WHERE link.product_id IN %(products)s
                   AND link.state = 'open'
                   AND link.kind = 'bought_for'
                   AND source.warehouse_id IS DISTINCT FROM target.warehouse_id
                 ORDER BY link.needed_on, link.id, move.date, move.id
                """,
                places=self._get_places(clocks),
                units=self._in_units(
                    SQL("link.quantity - COALESCE(link.quantity_received, 0)")
                ),
                left=self._in_units(self._get_left()),
                products=tuple(products.ids),
                open=OPEN,
            )
        )
        for link, line, is_ordered, units, warehouse, id_, left in rows:
            bought[link] = units
            lines[link] = line, warehouse, is_ordered
            wants[id_] = left
            deliveries[link].append(id_)
        receipts = self._get_receipts(lines.values(), taken, clocks)
        found = {}
        for link, units in bought.items():
            line, warehouse, is_ordered = lines[link]
            coming = receipts[line, warehouse]
            if is_ordered:
                units = min(units, sum(left for _id, left in coming))
            given = spread(
                units, [(id_, wants[id_] - tied[id_]) for id_ in deliveries[link]]
            )
            for id_, some in given.items():
                tied[id_] += some
            found[link] = sum(given.values())
            used = spread(found[link], coming)
            for id_, some in used.items():
                taken[id_] += some
            receipts[line, warehouse] = [
                (id_, left - used[id_]) for id_, left in coming
            ]
        return found

    @api.model
    def _get_receipts(self, lines, taken, clocks):
        """Return the open receipts of purchase lines, the earliest first.

        :param lines: ids of the line and of the warehouse, and whether it is ordered
        :param dict taken: units of them that are for others already
        :return: ids and units left, by line and warehouse
        """
        ordered = {line for line, _warehouse, is_ordered in lines if is_ordered}
        receipts = defaultdict(list)
        if not ordered:
            return receipts
        for line, warehouse, id_, units in self.env.execute_query(
            SQL(
                """
                %(places)s
                SELECT move.purchase_line_id, place.warehouse_id, move.id, %(units)s
                  FROM stock_move move
                  JOIN place ON place.id =
                       COALESCE(move.location_final_id, move.location_dest_id)
                 WHERE move.purchase_line_id IN %(lines)s
                   AND move.state IN %(open)s
                   AND move.restrict_partner_id IS NULL
                 ORDER BY COALESCE(move.supply_expected_on, move.date), move.id
                """,
                places=self._get_places(clocks),
                units=self._in_units(SQL("move.product_qty")),
                lines=tuple(ordered),
                open=OPEN,
            )
        ):
            receipts[line, warehouse].append((id_, max(units - taken[id_], 0)))
        return receipts

    @api.model
    def _get_brought(self, moves):
        """Return the units that come to moves into the stock that wait for goods of
        their own, such as put-aways: goods may have gone back before.

        :param moves: rows of :meth:`_fetch_moves`
        :return: units by id, of those that have moves before them
        """
        waiting = [
            row.id
            for row in moves
            if row.is_own and row.target_id and not row.is_within()
        ]
        came, _back = self._read_before(self.env["stock.move"].browse(waiting))
        rounding = 10.0 ** -self._get_digits()
        return {id_: to_units(units, rounding) for id_, units in came.items()}

    @api.model
    def _get_consigned(self, products):
        """Return those moves whose goods stay somebody else's."""
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move.id
                  FROM stock_picking picking
                  JOIN stock_move move ON move.picking_id = picking.id
                 WHERE picking.owner_id IS NOT NULL
                   AND move.product_id IN %s
                   AND move.state IN %s
                """,
                tuple(products.ids),
                OPEN,
            )
        )
        return {id_ for (id_,) in rows}

    @api.model
    def _leave_exact(self, free, moves, tied):
        """Leave what came for one order, and is not reserved, to that order."""
        exact = {}
        for row in moves:
            if not row.is_own or not row.source_id or row.is_within():
                continue
            left = row.units - row.reserved - tied.get(row.id, 0)
            if left > 0:
                exact[row.id] = row.source_id, row.product_id, left
        if not exact:
            return
        there = {}
        for origin, id_, units in self.env.execute_query(
            SQL(
                """
                SELECT move.id, relation.move_dest_id, %(units)s
                  FROM stock_move_move_rel relation
                  JOIN stock_move move ON move.id = relation.move_orig_id
             LEFT JOIN LATERAL (
                       SELECT SUM(back.product_qty) AS product_qty
                         FROM stock_move back
                        WHERE back.origin_returned_move_id = move.id
                          AND back.state = 'done'
                       ) back ON TRUE
             LEFT JOIN LATERAL (
                       SELECT SUM(%(others)s) AS quantity
                         FROM stock_move_move_rel along
                         JOIN stock_move taker ON taker.id = along.move_dest_id
                        WHERE along.move_orig_id = move.id
                          AND taker.state <> 'cancel'
                          AND taker.origin_returned_move_id IS NULL
                       ) used ON TRUE
                 WHERE relation.move_dest_id IN %(ids)s AND move.state = 'done'
              ORDER BY move.id, relation.move_dest_id
                """,
                units=self._in_units(
                    SQL(
                        "move.product_qty - COALESCE(back.product_qty, 0)"
                        " - COALESCE(used.quantity, 0)"
                    )
                ),
                others=self._get_reserved("taker"),
                ids=tuple(exact),
            )
        ):
            source, product, left = exact[id_]
            there.setdefault(origin, units)
            some = max(min(left, there[origin]), 0)
            there[origin] -= some
            exact[id_] = source, product, left - some
            free[source, product] -= some

    # ------------------------------------------------------------
    # WHAT COMES BEFORE
    # ------------------------------------------------------------

    @api.model
    def _read_before(self, moves, are_done=False):
        """Return what the moves before these bring them, with what went back left out.

        :param moves: ``stock.move``
        :param bool are_done: count only what came already
        :return: quantities in the product's unit by id, of those moves that have moves
            before them; and the ids of those that goods of a customer come back with
        """
        if not moves:
            return {}, set()
        moves.flush_model(
            ["location_id", "move_orig_ids", "origin_returned_move_id"]
            + ["procure_method", "product_qty", "product_uom_qty", "quantity"]
            + ["sale_line_id", "state"]
        )
        ids, before = set(moves.ids), self._fetch_before(moves.ids, are_done)
        takers = self._fetch_takers({each.id for each in before})
        while others := {id_ for _before, id_, *_ in takers} - ids:
            # they may be brought goods by other moves too
            ids |= others
            before = self._fetch_before(list(ids), are_done)
            takers = self._fetch_takers({each.id for each in before})
        turns = {}
        if taking := {id_ for _before, id_, *_ in takers}:
            turns = self.env["supply.serving"]._get_turns(taking)
        takers = [Taker(first, id_, *row, turns[id_]) for first, id_, *row in takers]
        return brought(moves.ids, before, takers)

    @api.model
    def _fetch_before(self, move_ids, are_done=False):
        """Return what comes before moves.

        :param bool are_done: only what came already
        :return: :class:`Before` of each
        :rtype: list
        """
        done = SQL("AND move.state = 'done'") if are_done else SQL("")
        rows = self.env.execute_query(
            SQL(
                """
                WITH RECURSIVE way (id, before_id) AS (
                    SELECT move_dest_id, move_orig_id
                      FROM stock_move_move_rel
                     WHERE move_dest_id = ANY(%(ids)s)
                     UNION
                    SELECT relation.move_dest_id, relation.move_orig_id
                      FROM way
                      JOIN stock_move move ON move.id = way.before_id
                      JOIN stock_location source ON source.id = move.location_id
                      JOIN stock_move_move_rel relation
                        ON relation.move_dest_id = move.id
                     WHERE move.state <> 'cancel'
                       AND source.usage <> 'customer'
                       AND (move.state <> 'done' OR move.sale_line_id IS NOT NULL)
                )
                SELECT way.id, move.id,
                       CASE WHEN move.state = 'done'
                            THEN GREATEST(%(moved)s - COALESCE(back.quantity, 0), 0)
                            ELSE move.product_qty
                       END,
                       source.usage = 'customer',
                       move.state <> 'done' AND move.sale_line_id IS NULL
                       AND move.procure_method = 'make_to_order'
                  FROM way
                  JOIN stock_move move ON move.id = way.before_id
                  JOIN stock_location source ON source.id = move.location_id
             LEFT JOIN LATERAL (
                       SELECT SUM(back.product_qty) AS quantity
                         FROM stock_move back
                        WHERE back.origin_returned_move_id = move.id
                          AND back.state = 'done'
                       ) back ON TRUE
                 WHERE move.state <> 'cancel' %(done)s
                """,
                done=done,
                ids=move_ids,
                moved=self._get_reserved(),
            )
        )
        return [Before(*row) for row in rows]

    @api.model
    def _fetch_takers(self, before_ids):
        """Return who takes from moves that bring goods for several, as :class:`Taker`
        has it, without the turn. What goes back is no taker: what a move brings is
        counted without it."""
        if not before_ids:
            return []
        return self.env.execute_query(
            SQL(
                """
                SELECT id_before, id, quantity, has
                  FROM (SELECT relation.move_orig_id AS id_before, move.id,
                               CASE WHEN move.state = 'done' THEN %(moved)s
                                    ELSE move.product_qty END AS quantity,
                               COALESCE(%(moved)s, 0) AS has,
                               COUNT(*) OVER (PARTITION BY relation.move_orig_id)
                                   AS number
                          FROM stock_move_move_rel relation
                          JOIN stock_move move ON move.id = relation.move_dest_id
                         WHERE relation.move_orig_id = ANY(%(ids)s)
                           AND move.state <> 'cancel'
                           AND move.origin_returned_move_id IS NULL
                       ) taker
                 WHERE number > 1
                """,
                moved=self._get_reserved(),
                ids=list(before_ids),
            )
        )
