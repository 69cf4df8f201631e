from collections import defaultdict
from typing import NamedTuple

from odoo import api, fields, models
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
#: The link stands: the goods are to come, or have come.
LIVE = ("open", "received")
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


class SupplyLink(models.Model):
    """A share of a purchase line that was bought for one customer's order line.

    Odoo knows this by several ways, and forgets it when a purchase is cancelled or
    quotations are merged. Here it is in one place, and stays. Only what is exact is
    kept: which goods of the common stock go to whom is decided on reading
    (``supply.pool``).

    Rows are derived from Odoo's records (``_derive``) and compared with what is there
    (``_follow``); what no longer follows from them is ended, not deleted.
    """

    _name = "supply.link"
    _description = "Purchase That Serves a Customer's Order"
    _order = "needed_on, id"
    _rec_name = "sale_name"

    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Order Line",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
    )
    sale_id = fields.Many2one(related="sale_line_id.order_id", string="Sales Order")
    sale_name = fields.Char(
        string="Customer's Order",
        readonly=True,
        help="Stays when the order is deleted.",
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", readonly=True, index="btree_not_null"
    )
    purchase_line_id = fields.Many2one(
        "purchase.order.line",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
    )
    purchase_id = fields.Many2one(
        related="purchase_line_id.order_id", string="Purchase Order"
    )
    purchase_name = fields.Char(
        string="Purchase",
        readonly=True,
        help="Follows the purchase line, and stays when the order is deleted.",
    )
    product_id = fields.Many2one(
        "product.product", ondelete="restrict", index=True, readonly=True
    )
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    kind = fields.Selection(
        [
            ("mto", "Made to order"),
            ("bought_for", "Bought for it"),
            ("dropship", "Sent by the vendor"),
            ("candidate", "Alternative"),
        ],
        required=True,
        readonly=True,
        help="Made to order: the goods go on to the customer's delivery.\n"
        "Bought for it: the order line had them bought; on arrival they may be "
        "reserved for anybody.\n"
        "Sent by the vendor: straight to the customer.\n"
        "Alternative: a quotation that competes with another one.",
    )
    quantity = fields.Float(
        readonly=True,
        digits="Product Unit",
        help="Of the purchase, in the product's unit.",
    )
    quantity_received = fields.Float(
        string="Received", readonly=True, digits="Product Unit"
    )
    needed_on = fields.Datetime(
        readonly=True,
        help="When the goods should go to the customer: the delivery date that was "
        "agreed, or the order's date and the line's lead time.",
    )
    state = fields.Selection(
        [
            ("open", "Open"),
            ("received", "Received"),
            ("returned", "Returned"),
            ("cancelled", "Cancelled"),
            ("replaced", "Replaced"),
        ],
        required=True,
        readonly=True,
        default="open",
        index=True,
    )
    replaced_by_id = fields.Many2one(
        "supply.link",
        readonly=True,
        index="btree_not_null",
        help="The link to the quotation that this one was merged into.",
    )
    replaced_ids = fields.One2many("supply.link", "replaced_by_id", readonly=True)
    company_id = fields.Many2one("res.company", index=True, readonly=True)

    _once = models.UniqueIndex(
        "(sale_line_id, purchase_line_id, kind) WHERE state IN ('open', 'received')",
        "This purchase line serves that order line already.",
    )
    #: All that is looked for when lines were deleted in SQL: nearly always nothing.
    _torn_index = models.Index(
        """
        (id) WHERE state IN ('open', 'received')
               AND (sale_line_id IS NULL OR purchase_line_id IS NULL)
        """
    )

    @api.depends("sale_name", "purchase_name")
    def _compute_display_name(self):
        for link in self:
            link.display_name = f"{link.purchase_name} → {link.sale_name}"

    # ------------------------------------------------------------
    # FOLLOWING ODOO'S RECORDS
    # ------------------------------------------------------------

    @api.model
    def _follow(self, purchase_lines, are_new=False):
        """Bring the links of some purchase lines up to date.

        :param purchase_lines: ``purchase.order.line``, cancelled ones too
        :param bool are_new: the lines have just been made and have no links yet
        :return: the links that are new or changed
        """
        links = self._as_system()
        if not purchase_lines:
            return links.browse()
        stored, ended, missing = links._compare(purchase_lines.ids, are_new)
        for link, values in stored:
            link.write(values)
        for link in ended:
            link.state = link._get_end()
        made = links.create([links._prepare(key, values) for key, values in missing])
        changed = made | ended | links.union(*(link for link, _values in stored))
        if changed:  # the lists of links that stand depend on their states
            self.env["purchase.order.line"].invalidate_model(
                ["supply_link_ids"], flush=False
            )
            self.env["sale.order.line"].invalidate_model(
                ["supply_link_ids"], flush=False
            )
        return changed

    @api.model
    def _as_system(self):
        """Links follow from what happened, whoever did it and however."""
        return self.with_env(self.env(su=True, context={}))

    @api.model
    def _compare(self, line_ids, are_new=False):
        """Compare the links of some purchase lines with what Odoo's records say.

        :param line_ids: ids of ``purchase.order.line``
        :param bool are_new: they have no links yet
        :return: links that differ, each with what would be right; links that do not
            stand any more; keys and values of those that are missing
        :rtype: tuple
        """
        if not are_new:  # else all that matters is in the database since a moment ago
            self._flush_sources()
        line_ids, derived, rows = set(line_ids), {}, []
        while line_ids:
            rows = [] if are_new else self._read_live(line_ids)
            line_ids |= {row["purchase_line_id"] for row in rows}
            derived, rivals = self._derive(line_ids, rows)
            if rivals <= line_ids:
                break
            line_ids, are_new = line_ids | rivals, False
        differing, ended = [], self.browse()
        for row in rows:
            link = self.browse(row["id"])
            right = derived.pop(_key(row), None)
            if right is None:
                ended |= link
            elif values := {
                name: value
                for name, value in right.items()
                if _differ(row[name], value)
            }:
                differing.append((link, values))
        return differing, ended, list(derived.items())

    @api.model
    def _read_live(self, line_ids):
        """Return the links of these purchase lines that stand, and those of all lines
        that bring goods for the same order lines: they share what is wanted.

        With each goes what quotations brought that were merged into its line.
        """
        self.env.cr.execute(
            SQL(
                """
                WITH RECURSIVE live AS NOT MATERIALIZED (
                    SELECT * FROM supply_link WHERE state IN ('open', 'received')
                ),
                together (line_id) AS (
                    SELECT unnest(%(lines)s::integer[])
                     UNION
                    SELECT rival.purchase_line_id
                      FROM together
                      JOIN live mine ON mine.purchase_line_id = together.line_id
                      JOIN live rival ON rival.sale_line_id = mine.sale_line_id
                )
                SELECT link.id, link.sale_line_id, link.purchase_line_id, link.kind,
                       link.purchase_name, link.quantity, link.quantity_received,
                       link.needed_on, link.state,
                       sale_line.state <> 'cancel' AS is_wanted,
                       %(needed)s AS needed,
                       (SELECT sum(merged.quantity)
                          FROM supply_link merged
                         WHERE merged.replaced_by_id = link.id) AS merged
                  FROM together
                  JOIN live link ON link.purchase_line_id = together.line_id
                  LEFT JOIN sale_order_line sale_line
                         ON sale_line.id = link.sale_line_id
                  LEFT JOIN sale_order sale ON sale.id = sale_line.order_id
                """,
                needed=self._get_needed(),
                lines=list(line_ids),
            )
        )
        return self.env.cr.dictfetchall()

    @api.model
    def _get_torn(self):
        """Return the links that stand although one of their lines is gone.

        Odoo's methods end links when they delete a line; SQL does not know them.
        """
        return self._as_system().search(
            [
                ("state", "in", LIVE),
                "|",
                ("sale_line_id", "=", False),
                ("purchase_line_id", "=", False),
            ]
        )

    @api.model
    def _get_lines_waiting_for(self, product_ids):
        """Return the purchase lines of these products that bring goods for orders that
        are not delivered yet.

        A move on the way, such as a put-away or a component that is used, names
        neither order: its product is all that is known of it.
        """
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT link.purchase_line_id
                  FROM supply_link link
                 WHERE link.product_id = ANY(%(products)s)
                   AND link.purchase_line_id IS NOT NULL
                   AND (link.state = 'open'
                        OR link.state = 'received'
                        AND EXISTS (SELECT FROM supply_state state
                                     WHERE state.sale_line_id = link.sale_line_id))
                """,
                products=list(product_ids),
            )
        )
        ids = [id_ for (id_,) in self.env.cr.fetchall()]
        return self.env["purchase.order.line"].sudo().browse(ids)

    def _get_end(self):
        """Return what becomes of a link that does not follow from records any more."""
        self.ensure_one()
        came_back = (
            self.state == "received"
            and self.purchase_line_id.state == "purchase"
            and self.sale_line_id.state not in (False, "cancel")
        )
        return "returned" if came_back else "cancelled"

    @api.model
    def _prepare(self, key, values):
        """Return the values of a new link."""
        sale_line = self.env["sale.order.line"].browse(key.sale_line)
        purchase_line = self.env["purchase.order.line"].browse(key.purchase_line)
        return {
            "sale_line_id": sale_line.id,
            "sale_name": sale_line.order_id.name,
            "partner_id": sale_line.order_id.partner_id.id,
            "purchase_line_id": purchase_line.id,
            "purchase_name": purchase_line.order_id.name,
            "product_id": purchase_line.product_id.id,
            "kind": key.kind,
            "company_id": purchase_line.order_id.company_id.id,
            **values,
        }

    # ------------------------------------------------------------
    # MERGED QUOTATIONS
    # ------------------------------------------------------------

    def _replace(self, purchase_line):
        """Go over to the line that these links' line was merged into.

        Odoo forgets what was bought for an order line or is sent to it. So the old
        link stays as the only record of it, and the new one counts as long as its
        line stands (``_derive_kept``).
        """
        links = self._as_system()
        heirs = {
            (heir.sale_line_id, heir.kind): heir
            for heir in links.search(
                [
                    ("purchase_line_id", "=", purchase_line.id),
                    ("state", "in", LIVE),
                ]
            )
        }
        for link in links.browse(self.ids):
            heir = heirs.get((link.sale_line_id, link.kind)) or links.create(
                links._prepare(
                    Key(link.sale_line_id.id, purchase_line.id, link.kind),
                    {"quantity": link.quantity, "needed_on": link.needed_on},
                )
            )
            link.write({"state": "replaced", "replaced_by_id": heir.id})

    # ------------------------------------------------------------
    # WHAT FOLLOWS FROM ODOO'S RECORDS
    # ------------------------------------------------------------

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
            _key(row): row["merged"]
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

    # ------------------------------------------------------------
    # VERIFICATION
    # ------------------------------------------------------------

    @api.model
    def _find_differences(self, line_ids):
        """Compare links with links derived anew, without changing any.

        :param line_ids: ids of ``purchase.order.line`` to look at
        :return: pairs of a link, or none where it is missing, and a sentence
        :rtype: list
        """
        links = self._as_system()
        differing, ended, missing = links._compare(line_ids)
        found = [
            (
                link,
                self.env._(
                    "%(link)s: %(values)s would be right.",
                    link=link.display_name,
                    values=", ".join(
                        f"{name} {value}" for name, value in values.items()
                    ),
                ),
            )
            for link, values in differing
        ]
        for link in ended:
            text = self.env._("%s does not stand any more.", link.display_name)
            found.append((link, text))
        for key, values in missing:
            values = links._prepare(key, values)
            text = self.env._(
                "%(purchase)s serves %(sale)s, and no link says so.",
                purchase=values["purchase_name"],
                sale=values["sale_name"],
            )
            found.append((links.browse(), text))
        return found

    @api.model
    def _find_torn(self):
        """Find links that stand although one of their lines was deleted.

        :return: pairs of a link and a sentence
        :rtype: list
        """
        return [
            (
                link,
                self.env._(
                    "%s stands, but one of its lines was deleted.", link.display_name
                ),
            )
            for link in self._get_torn()
        ]


def _key(row):
    return Key(row["sale_line_id"], row["purchase_line_id"], row["kind"])


def _differ(one, other):
    if isinstance(other, float):
        return bool(float_compare(one or 0.0, other, precision_digits=DIGITS))
    return one != other
