from collections import defaultdict

from odoo import models
from odoo.tools import SQL

from ..dealing import Line, Move, deal

#: What a move moves, in the product's unit. A move that is done has moved less than
#: planned where nothing is to come after it.
MOVED = SQL(
    "CASE WHEN move.state = 'done' "
    "THEN move.quantity ELSE move.product_uom_qty END "
    "* move_unit.factor / product_unit.factor"
)


class SupplyProduction(models.AbstractModel):
    """Which order lines get what is made of components.

    A component that is bought for a production serves the order line that what is made
    goes to. Manufacturing need not be installed.
    """

    _name = "supply.production"
    _description = "Components Bought for What an Order Line Gets"

    def _get_production(self):
        """Return SQL for the production that a move brings a component to."""
        if "raw_material_production_id" in self.env["stock.move"]._fields:
            return SQL("move.raw_material_production_id")
        return SQL("NULL::integer")

    def _follow_made(self, productions):
        """Return which part of what productions make goes to which order lines.

        What is made may be a component itself. Of a component that is bought, an order
        line has the same part as of what is made of it: of frames for ten beds, of
        which four are for an order, four tenths.

        :param set productions: ids of ``mrp.production``
        :return: parts by order line, by production
        :rtype: dict
        """
        parts, unseen = {}, set(productions)
        while unseen:
            found = self._read_made(unseen)
            parts |= {production: found.get(production, {}) for production in unseen}
            after = {to for ends in found.values() for _line, to in ends if to}
            unseen = after - parts.keys()

        def resolve(production, way=()):
            total = defaultdict(float)
            for (sale_line, to), part in parts[production].items():
                if sale_line:
                    total[sale_line] += part
                elif to not in way:  # goods may come back
                    for line, within in resolve(to, (*way, production)).items():
                        total[line] += part * within
            return total

        return {production: resolve(production) for production in productions}

    def _read_made(self, productions):
        """Return where what productions make goes first: to an order line, or into
        another production.

        What is made for an order line without being tied to its delivery names it.

        :return: by production, parts by a pair of an order line and a production, of
            which one is nothing
        :rtype: dict
        """
        self.env.cr.execute(
            SQL(
                """
                WITH RECURSIVE made (production_id, move_id) AS (
                    SELECT production.id, move.id
                      FROM mrp_production production
                      JOIN stock_move move ON move.production_id = production.id
                       AND move.product_id = production.product_id
                     WHERE production.id = ANY(%(productions)s)
                     UNION
                    SELECT made.production_id, link.move_dest_id
                      FROM made
                      JOIN stock_move move ON move.id = made.move_id
                      JOIN stock_location target ON target.id = move.location_dest_id
                      JOIN stock_move_move_rel link ON link.move_orig_id = move.id
                     WHERE (move.sale_line_id IS NULL
                            OR move.production_id = made.production_id)
                       AND move.raw_material_production_id IS NULL
                       AND move.state <> 'cancel'
                       AND target.usage NOT IN ('supplier', 'inventory')
                )
                SELECT made.production_id, move.id, move.date,
                       COALESCE(move.production_id = made.production_id, FALSE)
                           AS is_made,
                       move.raw_material_production_id AS goes_into,
                       sale_line.id AS sale_line_id, %(moved)s AS quantity,
                       sale_line.product_uom_qty * sale_unit.factor
                           / product_unit.factor AS wanted
                  FROM made
                  JOIN stock_move move ON move.id = made.move_id
                  JOIN product_product product ON product.id = move.product_id
                  JOIN product_template template
                    ON template.id = product.product_tmpl_id
                  JOIN uom_uom product_unit ON product_unit.id = template.uom_id
                  JOIN uom_uom move_unit ON move_unit.id = move.product_uom
                  JOIN stock_location source ON source.id = move.location_id
                  JOIN stock_location target ON target.id = move.location_dest_id
                  LEFT JOIN sale_order_line sale_line
                         ON sale_line.id = move.sale_line_id
                        AND sale_line.state <> 'cancel'
                  LEFT JOIN uom_uom sale_unit ON sale_unit.id = sale_line.product_uom_id
                 WHERE move.state <> 'cancel'
                   AND source.usage <> 'customer'
                   AND target.usage NOT IN ('supplier', 'inventory')
                """,
                productions=list(productions),
                moved=MOVED,
            )
        )
        makes, ends, named = defaultdict(float), {}, []
        for row in self.env.cr.dictfetchall():
            production, sale_line = row["production_id"], row["sale_line_id"]
            if row["is_made"]:
                makes[production] += row["quantity"]
                if sale_line:
                    named.append(row)
            elif sale_line or row["goes_into"]:
                ends.setdefault(row["id"], (row, set()))[1].add(production)
        tied = {production for _row, feeding in ends.values() for production in feeding}
        for row in named:
            if row["production_id"] not in tied:
                row["quantity"] = min(row["quantity"], row["wanted"])
                ends[row["id"]] = row, {row["production_id"]}
        shares = deal(
            [Line(production, quantity) for production, quantity in makes.items()],
            [
                Move(
                    id_,
                    (row["sale_line_id"], not row["sale_line_id"] and row["goes_into"]),
                    row["quantity"],
                    (row["date"], id_),
                    frozenset(feeding),
                )
                for id_, (row, feeding) in ends.items()
            ],
        )
        found = defaultdict(dict)
        for share in shares:
            part = share.quantity / makes[share.line]
            found[share.line][share.sale_line] = part
        return found
