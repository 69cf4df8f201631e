from collections import defaultdict
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL, float_compare

from ..dealing import Line, Move, deal, losers, spread
from .supply_production import MOVED

#: Fields of Odoo's that links follow from, by model; those of manufacturing where it is
#: installed.
SOURCES = {
    "purchase.order": ["name", "state", "purchase_group_id", "picking_type_id"],
    "purchase.order.line": [
        "move_dest_ids",
        "order_id",
        "product_id",
        "product_qty",
        "product_uom_id",
        "qty_received",
        "sale_line_id",
    ],
    "sale.order.line": [
        "order_id",
        "product_id",
        "product_uom_id",
        "product_uom_qty",
        "state",
    ],
    "stock.move": [
        "date",
        "location_dest_id",
        "location_id",
        "move_dest_ids",
        "product_id",
        "product_uom",
        "product_uom_qty",
        "production_id",
        "purchase_line_id",
        "quantity",
        "raw_material_production_id",
        "sale_line_id",
        "state",
    ],
    "mrp.production": ["product_id"],
    "supply.link": [
        "kind",
        "needed_on",
        "purchase_line_id",
        "quantity",
        "quantity_received",
        "replaced_by_id",
        "sale_line_id",
        "state",
    ],
}
#: Quantities of products have at most so many digits.
DIGITS = 6
#: The purchase lines that serve an order line: they share what is wanted.
RIVALS = SQL(
    "ARRAY(SELECT rival.purchase_line_id FROM supply_link rival "
    "WHERE rival.sale_line_id = sale_line.id "
    "AND rival.state IN ('open', 'received') "
    "AND rival.purchase_line_id IS NOT NULL)"
)


class Key(NamedTuple):
    """What tells links apart that stand: ids of both lines, and the kind."""

    sale_line: int
    purchase_line: int
    kind: str


def get_key(row):
    """Return the key of a link.

    :param dict row: of the link, as it is stored
    :rtype: Key
    """
    return Key(row["sale_line_id"], row["purchase_line_id"], row["kind"])


class SupplyDerivation(models.AbstractModel):
    """Which links there ought to be: it follows from Odoo's records, which are read
    here. Nothing is written; that is for ``supply.link``, which inherits this.
    """

    _name = "supply.derivation"
    _description = "Which Links There Ought to Be"

    @api.model
    def _derive(self, line_ids, live=()):
        """Return which links there ought to be.

        :param line_ids: ids of ``purchase.order.line``
        :param live: rows of :meth:`_read_live`, which say what was merged
        :return: values by :class:`Key`, and the ids of all purchase lines that serve
            the same order lines
        :rtype: tuple
        """
        lines, moves = self._read_lines(line_ids)
        needed = {row["sale_line_id"]: row["needed"] for row in live}
        rivals = {line for row in lines.values() for line in row["rivals"] or ()}
        feeds = self._get_feeds(moves, needed, rivals)
        quantities = self._derive_made_to_order(lines, feeds)
        tied = {(key.sale_line, key.purchase_line) for key in quantities}
        quantities |= self._derive_kept(lines, live, tied)
        self._derive_bought_for(lines, quantities, tied, needed)
        return self._share_received(lines, quantities, needed, feeds), rivals

    @api.model
    def _get_needed(self):
        """Return SQL for when an order line is to be delivered, as the customer and the
        salesperson agreed; addons above know more about it.

        It speaks of tables ``sale`` and ``sale_line``.
        """
        return SQL(
            "COALESCE(sale.commitment_date, "
            "sale.date_order + sale_line.customer_lead * INTERVAL '1 day')"
        )

    @api.model
    def _flush_needed(self):
        """Flush what :meth:`_get_needed` reads."""
        self.env["sale.order"].flush_model(["commitment_date", "date_order"])
        self.env["sale.order.line"].flush_model(["customer_lead"])

    def _flush_sources(self):
        self._flush_needed()
        for name, names in SOURCES.items():
            if name in self.env:
                model = self.env[name]
                model.flush_model([each for each in names if each in model._fields])

    def _read_lines(self, line_ids):
        """Return the lines that buy goods, and the first moves after them that serve an
        order line.

        What an ordered line brings is what came and what is still expected: the rest
        of a receipt that was cancelled does not come any more, and what went back to
        the vendor is not there.

        Several moves of one delivery in steps carry the order line: the first one
        counts, so that none is counted twice. Moves that bring goods back are no
        supply, and the way of goods may have circles because of them. Where the way
        ends in a production, it goes on with what is made (``supply.production``).

        Both are read at once: an order that is confirmed waits for it.

        :return: rows of lines by id, and rows of moves by id, with the lines before
        :rtype: tuple
        """
        self.env.cr.execute(
            SQL(
                """
                WITH RECURSIVE bought AS MATERIALIZED (
                    SELECT line.id, line.product_id, purchase.purchase_group_id,
                           purchase.name AS purchase_name,
                           purchase.state <> 'purchase' AS is_open,
                           CASE WHEN purchase.state = 'purchase' AND moves.number > 0
                                THEN moves.quantity
                                ELSE line.product_qty * unit.factor
                                     / product_unit.factor
                           END AS quantity,
                           line.qty_received * unit.factor / product_unit.factor
                               AS received,
                           COALESCE(type.code = 'dropship', FALSE) AS is_dropship,
                           sale_line.id AS sale_line_id,
                           sale_line.product_id AS sale_product_id,
                           sale_line.product_uom_qty * sale_unit.factor
                               / product_unit.factor AS wanted,
                           %(needed)s AS needed, %(rivals)s AS rivals
                      FROM purchase_order_line line
                      JOIN purchase_order purchase ON purchase.id = line.order_id
                      JOIN product_product product ON product.id = line.product_id
                      JOIN product_template template
                        ON template.id = product.product_tmpl_id
                      JOIN uom_uom unit ON unit.id = line.product_uom_id
                      JOIN uom_uom product_unit ON product_unit.id = template.uom_id
                      LEFT JOIN stock_picking_type type
                             ON type.id = purchase.picking_type_id
                      LEFT JOIN sale_order_line sale_line
                             ON sale_line.id = line.sale_line_id
                            AND sale_line.state <> 'cancel'
                            AND NOT EXISTS (
                                SELECT FROM supply_link merged
                                 WHERE merged.purchase_line_id = line.id
                                   AND merged.sale_line_id = line.sale_line_id
                                   AND merged.state = 'replaced')
                      LEFT JOIN sale_order sale ON sale.id = sale_line.order_id
                      LEFT JOIN uom_uom sale_unit
                             ON sale_unit.id = sale_line.product_uom_id
                     CROSS JOIN LATERAL (
                           SELECT count(*) AS number,
                                  COALESCE(sum(
                                      CASE WHEN move.state = 'cancel' THEN 0
                                           WHEN target.usage <> 'supplier'
                                           THEN %(moved)s
                                           WHEN move.state = 'done' THEN -%(moved)s
                                           ELSE 0 END
                                  ), 0) AS quantity
                             FROM stock_move move
                             JOIN uom_uom move_unit ON move_unit.id = move.product_uom
                             JOIN stock_location target
                               ON target.id = move.location_dest_id
                            WHERE move.purchase_line_id = line.id
                              AND move.product_id = line.product_id
                              AND target.usage <> 'inventory'
                           ) moves
                     WHERE line.id = ANY(%(lines)s)
                       AND purchase.state <> 'cancel'
                       AND template.type = 'consu'
                ),
                feed (line_id, move_id) AS (
                    SELECT created.created_purchase_line_id, created.move_id
                      FROM stock_move_created_purchase_line_rel created
                     WHERE created.created_purchase_line_id = ANY(%(lines)s)
                     UNION
                    SELECT move.purchase_line_id, move.id
                      FROM stock_move move
                     WHERE move.purchase_line_id = ANY(%(lines)s)
                     UNION
                    SELECT feed.line_id, link.move_dest_id
                      FROM feed
                      JOIN stock_move move ON move.id = feed.move_id
                      JOIN stock_location target ON target.id = move.location_dest_id
                      JOIN stock_move_move_rel link ON link.move_orig_id = move.id
                     WHERE move.sale_line_id IS NULL
                       AND move.state <> 'cancel'
                       AND target.usage NOT IN ('supplier', 'inventory')
                ),
                served AS MATERIALIZED (
                    SELECT feed.line_id, move.id AS move_id,
                           sale_line.id AS serves_id, %(moved)s AS moved,
                           COALESCE(move.quantity, 0) * move_unit.factor
                               / product_unit.factor AS has,
                           %(needed)s AS serves_needed,
                           %(rivals)s AS serves_rivals, %(production)s AS production_id
                      FROM feed
                      JOIN stock_move move ON move.id = feed.move_id
                      JOIN product_product product ON product.id = move.product_id
                      JOIN product_template template
                        ON template.id = product.product_tmpl_id
                      JOIN uom_uom product_unit ON product_unit.id = template.uom_id
                      JOIN uom_uom move_unit ON move_unit.id = move.product_uom
                      LEFT JOIN sale_order_line sale_line
                             ON sale_line.id = move.sale_line_id
                      LEFT JOIN sale_order sale ON sale.id = sale_line.order_id
                      JOIN stock_location source ON source.id = move.location_id
                      JOIN stock_location target ON target.id = move.location_dest_id
                     WHERE move.state <> 'cancel'
                       AND (sale_line.state <> 'cancel' OR %(production)s IS NOT NULL)
                       AND source.usage <> 'customer'
                       AND target.usage NOT IN ('supplier', 'inventory')
                )
                SELECT bought.*, served.*
                  FROM bought
                  LEFT JOIN served ON served.line_id = bought.id
                """,
                needed=self._get_needed(),
                rivals=RIVALS,
                moved=MOVED,
                production=self.env["supply.production"]._get_production(),
                lines=list(line_ids),
            )
        )
        lines, moves = {}, {}
        for row in self.env.cr.dictfetchall():
            lines[row["id"]] = row
            if row["move_id"]:
                move = moves.setdefault(row["move_id"], {**row, "lines": set()})
                move["lines"].add(row["id"])
        return lines, moves

    def _derive_made_to_order(self, lines, feeds):
        """Return what goes on to customers' deliveries.

        Who is served first in the pools is served first here too, but nobody loses what
        is taken or reserved for them.

        :param list feeds: of :meth:`_get_feeds`
        """
        dealt = deal(
            [
                Line(
                    row["id"], row["quantity"], row["is_open"], row["purchase_group_id"]
                )
                for row in lines.values()
                if not row["is_dropship"]
            ],
            feeds,
        )
        return {
            Key(
                share.sale_line,
                share.line,
                "candidate" if share.is_candidate else "mto",
            ): share.quantity
            for share in dealt
        }

    def _get_feeds(self, moves, needed, rivals):
        """Return what goes to order lines, by a production where there is one, in
        serving order.

        :param dict moves: rows of :meth:`_read_lines`
        :param dict needed: filled with when the order lines are to be delivered
        :param set rivals: filled with the purchase lines that serve them
        """
        production = self.env["supply.production"]
        productions = {row["production_id"] for row in moves.values()} - {None}
        made = {}
        if productions:
            made = production._follow_made(productions)
            self._read_needed(
                {line for parts in made.values() for line in parts}, needed, rivals
            )
        ends = []
        for id_, row in moves.items():
            if row["production_id"]:
                parts = made[row["production_id"]]
            else:
                parts = {row["serves_id"]: 1}
                needed[row["serves_id"]] = row["serves_needed"]
                rivals.update(row["serves_rivals"])
            ends += ((id_, row, sale_line, part) for sale_line, part in parts.items())
        turns = self._get_turns(ends)
        ends.sort(key=lambda end: (turns[end[0]], end[2]))
        return [
            Move(
                id_,
                sale_line,
                round(row["moved"] * part, DIGITS),
                (*turns[id_], sale_line),
                frozenset(row["lines"]),
                round(row["has"] * part, DIGITS),
            )
            for id_, row, sale_line, part in ends
        ]

    def _get_turns(self, ends):
        """Return the serving order of moves; any where nobody shares a purchase line,
        as nearly always: an order that is confirmed waits for it.

        :param ends: id of the move, row of :meth:`_read_lines`, order line, and part
        """
        served = defaultdict(set)
        for _id, row, sale_line, _part in ends:
            for line in row["lines"]:
                served[line].add(sale_line)
        ids = {id_ for id_, *_ in ends}
        if all(len(sale_lines) == 1 for sale_lines in served.values()):
            return {id_: (id_,) for id_ in ids}
        return self.env["supply.serving"]._get_turns(ids)

    def _read_needed(self, sale_line_ids, needed, rivals):
        """Read of order lines when they are to be delivered, and who serves them.

        :param dict needed: is filled
        :param set rivals: is filled
        """
        for id_, date, serving in self.env.execute_query(
            SQL(
                """
                SELECT sale_line.id, %(needed)s, %(rivals)s
                  FROM sale_order_line sale_line
                  JOIN sale_order sale ON sale.id = sale_line.order_id
                 WHERE sale_line.id = ANY(%(ids)s)
                """,
                needed=self._get_needed(),
                rivals=RIVALS,
                ids=list(sale_line_ids),
            )
        ):
            needed[id_] = date
            rivals.update(serving)

    # ------------------------------------------------------------
    # WITHOUT A TIE TO A DELIVERY
    # ------------------------------------------------------------

    def _derive_kept(self, lines, live, tied):
        """Return what merged quotations brought, of which Odoo knows nothing."""
        return {
            get_key(row): row["merged"]
            for row in live
            if row["merged"]
            and row["is_wanted"]
            and row["kind"] in ("bought_for", "dropship")
            and row["purchase_line_id"] in lines
            and (row["sale_line_id"], row["purchase_line_id"]) not in tied
        }

    def _derive_bought_for(self, lines, quantities, tied, needed):
        """Add what was bought for an order line without being tied to its delivery, or
        is sent to it by the vendor: all that was not brought by merged quotations.

        :param dict quantities: what is known so far; is added to
        :param dict needed: filled with when the order lines are to be delivered
        """
        brought = defaultdict(float)
        for key, quantity in quantities.items():
            brought[key.purchase_line] += quantity
        losing = self._find_losing(lines)
        for row in lines.values():
            sale_line = row["sale_line_id"]
            if not sale_line or (sale_line, row["id"]) in tied:
                continue
            needed[sale_line] = row["needed"]
            own = row["quantity"] - brought[row["id"]]
            if row["sale_product_id"] == row["product_id"]:  # else a kit's component
                own = min(own, row["wanted"])
            if own > 0:
                if row["id"] in losing:
                    kind = "candidate"
                else:
                    kind = "dropship" if row["is_dropship"] else "bought_for"
                key = Key(sale_line, row["id"], kind)
                quantities[key] = quantities.get(key, 0) + own

    def _find_losing(self, lines):
        """Return the lines that name an order line and would not be chosen: they
        compete with another one that names the same."""
        naming = defaultdict(list)
        for row in sorted(lines.values(), key=lambda row: row["id"]):
            if row["sale_line_id"]:
                naming[row["sale_line_id"], row["product_id"]].append(
                    Line(
                        row["id"],
                        row["quantity"],
                        row["is_open"],
                        row["purchase_group_id"],
                    )
                )
        return set().union(*(losers(rivals) for rivals in naming.values()))

    def _share_received(self, lines, quantities, needed, feeds):
        """Return the values of links: what came is theirs who have it, and then goes by
        turn, as with the moves; of others who is needed first goes first.

        :param list feeds: of :meth:`_get_feeds`
        """
        turns, has = {}, defaultdict(float)
        for move in feeds:
            turns.setdefault(move.sale_line, len(turns))
            has[move.sale_line] += move.has
        by_line = defaultdict(list)
        for key in sorted(
            quantities,
            key=lambda key: (
                turns.get(key.sale_line, len(turns)),
                needed[key.sale_line],
                key,
            ),
        ):
            by_line[key.purchase_line].append(key)
        values = {}
        for line, keys in by_line.items():
            came = lines[line]["received"] or 0.0
            taking = [key for key in keys if key.kind != "candidate"]
            received = spread(
                came,
                [(key, min(quantities[key], has[key.sale_line])) for key in taking],
            )
            for key, some in received.items():
                has[key.sale_line] -= some
            rest = spread(
                came - sum(received.values()),
                [(key, quantities[key] - received[key]) for key in taking],
            )
            received = {key: some + rest[key] for key, some in received.items()}
            for key in keys:
                quantity, here = quantities[key], received.get(key, 0.0)
                missing = float_compare(quantity, here, precision_digits=DIGITS) > 0
                values[key] = {
                    "purchase_name": lines[line]["purchase_name"],
                    "quantity": quantity,
                    "quantity_received": here,
                    "needed_on": needed[key.sale_line],
                    "state": "open" if missing else "received",
                }
        return values
