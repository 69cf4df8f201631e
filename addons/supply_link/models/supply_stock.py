from collections import defaultdict
from datetime import datetime
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL

from ..dealing import spread
from ..pegging import to_units

#: States of moves that are still to be done: what the index of pools holds.
OPEN = SQL("('waiting', 'confirmed', 'partially_available', 'assigned')")


class MoveRow(NamedTuple):
    """An open move into or out of the stock of warehouses."""

    id: int
    product_id: int
    #: The warehouse from whose stock it is, or nothing.
    source_id: int | None
    #: The warehouse to whose stock it is, or nothing.
    target_id: int | None
    date: datetime
    units: int
    #: Units that are reserved for it.
    reserved: int
    #: It waits for goods of its own.
    is_own: bool
    is_picked: bool

    def is_within(self):
        """It stays in the stock of its warehouse, or of none."""
        return self.source_id == self.target_id


def only(ids):
    return SQL("AND move.id IN %s", tuple(ids))


class SupplyStock(models.AbstractModel):
    """What the database knows of goods in warehouses, and of their moves.

    A warehouse serves orders from its stock location: what is elsewhere in it, such as
    in Input or Quality, counts from when a transfer brings it there.

    It is read as the system; whose goods they are is not asked here.
    """

    _name = "supply.stock"
    _description = "Goods and Moves of Warehouses"

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

    # ------------------------------------------------------------
    # MOVES
    # ------------------------------------------------------------

    @api.model
    def _fetch_moves(self, products, clocks, condition=None):
        """Return the open moves into or out of the stock of warehouses.

        The final location decides: a pick for a customer leaves the stock, a receipt in
        Input enters it. A transfer within the stock matters by what is reserved for it.

        :param condition: SQL, from AND on, of those that are wanted; nothing: all
        :return: :class:`MoveRow` of each
        :rtype: list
        """
        rows = self.env.execute_query(
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
        return list(map(MoveRow._make, rows))

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

    # ------------------------------------------------------------
    # GOODS THAT ARE THERE
    # ------------------------------------------------------------

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

    # ------------------------------------------------------------
    # DOCUMENTS
    # ------------------------------------------------------------

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

    # ------------------------------------------------------------
    # SINGLE MOVES
    # ------------------------------------------------------------

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

    # ------------------------------------------------------------
    # SQL: what statements about moves have in common
    # ------------------------------------------------------------

    @api.model
    def _get_digits(self):
        """Return how many decimals all units have."""
        return self.env["decimal.precision"].precision_get("Product Unit")

    @api.model
    def _in_units(self, quantity):
        """Return SQL for a quantity in whole parts, see ``pegging.to_units``."""
        factor = 10 ** self._get_digits()
        # the cast rounds as ``ROUND`` does
        return SQL("((%s)::numeric * %s)::bigint", quantity, factor)

    @api.model
    def _get_reserved(self, table="move"):
        """Return SQL for what is reserved for a move, in the product's unit."""
        return SQL(
            """
            CASE WHEN %(table)s.product_qty = %(table)s.product_uom_qty
                 THEN %(table)s.quantity
                 ELSE ROUND(%(table)s.quantity * %(table)s.product_qty
                            / NULLIF(%(table)s.product_uom_qty, 0), %(digits)s)
             END
            """,
            table=SQL.identifier(table),
            digits=self._get_digits(),
        )

    @api.model
    def _get_left(self):
        """Return SQL for what a move still wants, in the product's unit."""
        return SQL(
            """
            CASE WHEN move.quantity <> 0 THEN move.product_qty - %s
                 ELSE move.product_qty
             END
            """,
            self._get_reserved(),
        )

    @api.model
    def _get_places(self, clocks):
        """Return the SQL that says which locations are in the stock of a warehouse."""
        return SQL(
            """
            WITH place AS MATERIALIZED (
                SELECT location.id, warehouse.id AS warehouse_id
                  FROM stock_warehouse warehouse
                  JOIN stock_location stock ON stock.id = warehouse.lot_stock_id
                  JOIN stock_location location
                    ON location.warehouse_id = warehouse.id
                   AND location.usage = 'internal'
                   AND location.parent_path LIKE stock.parent_path || '%%'
                 WHERE warehouse.id IN %s
            )
            """,
            tuple(clocks),
        )
