from collections import defaultdict
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL, float_compare

from ..pegging import NEVER, NOW, from_units

#: How many order lines are brought up to date at a time: the pools of their products
#: are read once.
BATCH = 5000
#: Quantities of products have at most so many digits.
DIGITS = 6
#: Where the job remembers what it has worked out, see ``_remembering``.
KNOWN = "supply_state_known"
#: What is compared with what is stored, in this order.
DERIVED = (
    "order_id",
    "partner_id",
    "product_id",
    "company_id",
    "quantity",
    "quantity_now",
    "quantity_short",
    "method",
    "ready_on",
    "overdue_days",
    "purchase_line_id",
)


class Part(NamedTuple):
    """Goods of an order line that come in one way.

    :param quantity: in the unit of the product, or of the component of a kit
    :param date: ``NOW``, ``NEVER`` when nobody knows, or when
    :param overdue: days since they should have come
    :param purchase_line: id of the purchase line that brings them, if any
    :param way: *stock*, *incoming*, *bought* or *none*
    :param is_sent_by_vendor: to the customer, and no move is planned for it yet
    """

    quantity: float
    date: datetime
    overdue: int
    purchase_line: int | None
    way: str
    is_sent_by_vendor: bool = False


class Wait(NamedTuple):
    """An order line of which something is still to be delivered.

    :param line: its id; *order*, *partner*, *product* and *company* are ids too
    :param quantity: that is to be delivered, in the product's unit
    :param is_kit: whether its components are delivered
    """

    line: int
    order: int
    partner: int
    product: int
    company: int
    quantity: float
    is_kit: bool


class Delivery(NamedTuple):
    """An open move of an order line, on its way to the customer.

    :param line: id of the order line; *product* is an id too
    :param quantity: in the product's unit, as *reserved* is
    :param is_own_supply: it waits for goods that are bought, made or moved for it
    :param next_ids: of the moves after it
    """

    id: int
    line: int
    product: int
    quantity: float
    reserved: float
    is_own_supply: bool
    next_ids: list[int]


class Known(NamedTuple):
    """What is known of order lines, by id.

    :param waits: :class:`Wait`, or nothing where nothing is to be delivered
    :param parts: lists of :class:`Part`
    """

    waits: dict
    parts: dict


class SupplyState(models.Model):
    """From where an open order line gets its goods, and when.

    One row for each line of a confirmed order of which something is still to be
    delivered. The job of the outbox writes them, so that screens filter, sort and group
    in SQL; what they say is what links and pools say at that moment.
    """

    _name = "supply.state"
    _description = "Supply of an Order Line"
    _order = "ready_on, id"
    _rec_name = "sale_line_id"

    sale_line_id = fields.Many2one(
        "sale.order.line",
        string="Order Line",
        required=True,
        ondelete="cascade",
        readonly=True,
    )
    order_id = fields.Many2one(
        "sale.order",
        string="Sales Order",
        ondelete="cascade",
        index=True,
        readonly=True,
    )
    partner_id = fields.Many2one(
        "res.partner", string="Customer", index=True, readonly=True
    )
    user_id = fields.Many2one(related="order_id.user_id", string="Salesperson")
    product_id = fields.Many2one("product.product", index=True, readonly=True)
    product_uom_id = fields.Many2one(related="product_id.uom_id", string="Unit")
    company_id = fields.Many2one("res.company", index=True, readonly=True)
    quantity = fields.Float(
        string="To Deliver",
        readonly=True,
        digits="Product Unit",
        help="What is not delivered yet, in the product's unit.",
    )
    quantity_now = fields.Float(
        string="There Now",
        readonly=True,
        digits="Product Unit",
        help="What is reserved for it, came for it, or is free in the stock when its "
        "turn comes.",
    )
    quantity_short = fields.Float(
        string="Missing",
        readonly=True,
        digits="Product Unit",
        help="What is neither there nor on its way.",
    )
    method = fields.Selection(
        [
            ("stock", "In Stock"),
            ("incoming", "On Its Way"),
            ("bought", "Bought For It"),
            ("none", "Nothing on Its Way"),
        ],
        string="Supply",
        readonly=True,
        index=True,
        help="Nothing on its way: some of it is missing.\n"
        "Bought for it: some of it comes with a purchase that was made for it.\n"
        "On its way: some of it comes into the common stock.",
    )
    ready_on = fields.Datetime(
        readonly=True,
        index=True,
        help="When the last of it is expected in the warehouse; nothing when it is "
        "there, or when nobody knows.",
    )
    overdue_days = fields.Integer(
        string="Days Overdue",
        readonly=True,
        help="Since when the goods that it waits for should have come.",
    )
    purchase_line_id = fields.Many2one(
        "purchase.order.line",
        string="Waits For",
        ondelete="set null",
        index="btree_not_null",
        readonly=True,
        help="The purchase that comes last.",
    )
    computed_at = fields.Datetime(readonly=True)

    _once = models.UniqueIndex("(sale_line_id)")

    # ------------------------------------------------------------
    # KEEPING UP
    # ------------------------------------------------------------

    @api.model
    def _follow(self, sale_lines):
        """Bring the rows of some order lines up to date.

        :param sale_lines: ``sale.order.line``
        :return: the rows that are new or changed
        """
        states = self.with_env(self.env(su=True, context={}))
        sale_lines = sale_lines.with_env(states.env)
        changed = states.browse()
        for start in range(0, len(sale_lines), BATCH):
            changed |= states._follow_batch(sale_lines[start : start + BATCH])
        return changed

    def _follow_batch(self, sale_lines):
        now = fields.Datetime.now()
        right = self._derive(sale_lines)
        gone, changed = self.browse(), self.browse()
        for line, (id_, stored) in self._read_rows(sale_lines.ids).items():
            values = right.pop(line, None)
            if values is None:
                gone |= self.browse(id_)
            elif differing := self._get_differing(stored, values):
                row = self.browse(id_)
                row.write({**differing, "computed_at": now})
                changed |= row
        gone.unlink()
        return changed | self.create(
            [
                {"sale_line_id": line, **values, "computed_at": now}
                for line, values in right.items()
            ]
        )

    @api.model
    def _read_rows(self, line_ids):
        """Return id and stored values of rows, by id of the order line.

        Thousands of lines may wait for one product, and few of them differ: to compare
        them costs one query and no records.
        """
        self.flush_model()
        found = self.env.execute_query(
            SQL(
                "SELECT sale_line_id, id, %s FROM supply_state "
                "WHERE sale_line_id = ANY(%s) ORDER BY id",
                SQL(", ").join(SQL.identifier(name) for name in DERIVED),
                line_ids,
            )
        )
        return {line: (id_, values) for line, id_, *values in found}

    @api.model
    def _get_differing(self, stored, values):
        """Return those of the values that are stored otherwise.

        :param stored: values in the order of ``DERIVED``, as the database has them
        :param dict values: as fields are written
        """
        return {
            name: values[name]
            for name, here in zip(DERIVED, stored, strict=True)
            if not _is_same(here, values[name])
        }

    @api.model
    def _get_open_lines(self, products):
        """Return the order lines that wait for these products, kits of them too.

        :param products: ``product.product``
        """
        self.env["stock.move"].flush_model(["product_id", "state", "sale_line_id"])
        self.env["sale.order.line"].flush_model(["product_id", "state"])
        self.env.cr.execute(
            SQL(
                """
                SELECT DISTINCT sale_line_id
                  FROM stock_move
                 WHERE product_id = ANY(%(products)s)
                   AND sale_line_id IS NOT NULL
                   AND state IN ('waiting', 'confirmed', 'partially_available',
                                 'assigned')
                 UNION
                SELECT state.sale_line_id
                  FROM supply_state state
                 WHERE state.product_id = ANY(%(products)s)
                """,
                products=products.ids,
            )
        )
        return self.env["sale.order.line"].browse(
            id_ for (id_,) in self.env.cr.fetchall()
        )

    # ------------------------------------------------------------
    # WHAT FOLLOWS FROM LINKS AND POOLS
    # ------------------------------------------------------------

    @contextmanager
    def _remembering(self):
        """Work out only once, in this block, what lines wait for: the job needs it for
        their rows here, and addons above need it again for what they keep.

        Who changes supply or demand in it says so, see :meth:`_forget`.
        """
        self.env.cr.cache[KNOWN] = Known({}, {})
        try:
            yield
        finally:
            self.env.cr.cache.pop(KNOWN, None)

    @api.model
    def _forget(self):
        """Work out anew what lines wait for, as something has changed it."""
        if KNOWN in self.env.cr.cache:
            self.env.cr.cache[KNOWN] = Known({}, {})

    @api.model
    def _derive(self, sale_lines):
        """Return the values of the rows that there ought to be, by order line.

        :param sale_lines: ``sale.order.line``
        :rtype: dict
        """
        waits = self._read_waits(sale_lines)
        if not waits:
            return {}
        parts = self._get_parts(waits)
        kits = sale_lines.browse(wait.line for wait in waits.values() if wait.is_kit)
        ready = self.env["supply.pool"]._get_ready(kits)
        ready = {line.id: each for line, each in ready.items()}
        return {
            line: self._sum_up(wait, parts[line], ready.get(line))
            for line, wait in waits.items()
        }

    @api.model
    def _filter_open(self, sale_lines):
        return sale_lines.browse(self._read_waits(sale_lines))

    @api.model
    def _read_waits(self, sale_lines):
        """Return those of the lines of which something is still to be delivered.

        :return: :class:`Wait` by id of the line, in the order of the lines
        :rtype: dict
        """
        known = self.env.cr.cache.get(KNOWN)
        if not known:
            return self._fetch_waits(sale_lines)
        if missing := [id_ for id_ in sale_lines._ids if id_ not in known.waits]:
            known.waits.update(dict.fromkeys(missing))
            known.waits.update(self._fetch_waits(sale_lines.browse(missing)))
        found = ((id_, known.waits[id_]) for id_ in sale_lines._ids)
        return {id_: wait for id_, wait in found if wait}

    def _fetch_waits(self, sale_lines):
        if not sale_lines:
            return {}
        flushed = {
            "product.product": ["product_tmpl_id"],
            "product.template": ["type", "uom_id"],
            "sale.order": ["partner_id"],
            "sale.order.line": ["order_id", "product_id", "company_id", "state"]
            + ["display_type", "product_uom_id", "product_uom_qty", "qty_delivered"],
            "stock.move": ["product_id", "sale_line_id"],
        }
        for model, names in flushed.items():
            self.env[model].flush_model(names)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, line.order_id, sale.partner_id, line.product_id,
                       line.company_id, line.product_uom_id, template.uom_id,
                       line.product_uom_qty - COALESCE(line.qty_delivered, 0),
                       COALESCE(moved.is_kit, FALSE)
                  FROM UNNEST(%(ids)s) WITH ORDINALITY AS asked (id, place)
                  JOIN sale_order_line line ON line.id = asked.id
                  JOIN sale_order sale ON sale.id = line.order_id
                  JOIN product_product product ON product.id = line.product_id
                  JOIN product_template template
                    ON template.id = product.product_tmpl_id
            CROSS JOIN LATERAL (  -- by the index, even where tables have no statistics
                       SELECT BOOL_AND(product_id <> line.product_id) AS is_kit
                         FROM stock_move
                        WHERE sale_line_id = line.id
                       ) moved
                 WHERE line.state = 'sale'
                   AND line.display_type IS NULL
                   AND template.type = 'consu'
              ORDER BY asked.place
                """,
                ids=sale_lines.ids,
            )
        )
        units = self.env["uom.uom"]
        found = {}
        for id_, order, partner, product, company, sold, unit, left, is_kit in rows:
            if float_compare(left, 0, precision_digits=DIGITS) <= 0:
                continue
            if sold != unit:
                sold, unit = units.browse(sold), units.browse(unit)
                left = sold._compute_quantity(left, unit, round=False)
            found[id_] = Wait(id_, order, partner, product, company, left, is_kit)
        return found

    @api.model
    def _get_parts(self, waits):
        """Return from where lines get their goods, from links and from pools.

        :param dict waits: :class:`Wait` by order line
        :return: lists of :class:`Part` by order line, of each of them
        :rtype: dict
        """
        known = self.env.cr.cache.get(KNOWN)
        if not known:
            return self._find_parts(waits)
        missing = {id_: wait for id_, wait in waits.items() if id_ not in known.parts}
        if missing:
            known.parts.update(self._find_parts(missing))
        return {id_: known.parts[id_] for id_ in waits}

    def _find_parts(self, waits):
        lines = self.env["sale.order.line"].browse(waits)
        parts, components = defaultdict(list), defaultdict(list)
        exact = defaultdict(float)
        for link, quantity, is_tied, (date, overdue) in self._read_links(lines):
            line = link.sale_line_id
            bought = link.purchase_line_id
            is_sent = link.kind == "dropship" and bought.order_id.state != "purchase"
            part = Part(quantity, date, overdue, bought.id, "bought", is_sent)
            if link.product_id in line.product_id | line.move_ids.product_id:
                parts[line.id].append(part)
                if not is_tied:
                    exact[line.id, link.product_id.id] += quantity
            else:  # it goes into a production
                components[line.id].append(part)
        for line, part in self._read_made(lines):
            last = max(components[line], key=lambda each: each.date, default=part)
            if last.date > part.date:
                part = part._replace(date=last.date, overdue=last.overdue)
            if last.way == "bought":
                part = part._replace(way="bought", purchase_line=last.purchase_line)
            parts[line].append(part)
        for line, quantity in self._find_lost(waits, parts).items():
            parts[line].append(Part(quantity, NEVER, 0, None, "none"))
        shares = sorted(self._peg_lines(lines), key=lambda share: share.date)
        for share in reversed(shares):
            line = share.sale_line_id
            # some of it is made for the line: it does not need the last of the stock
            key = line, share.product_id
            covered = min(share.quantity, exact[key])
            exact[key] -= covered
            if share.quantity > covered:
                parts[line].append(
                    Part(
                        share.quantity - covered,
                        share.date,
                        share.overdue,
                        share.purchase_line_id,
                        self._get_way(share),
                    )
                )
        return {id_: parts[id_] for id_ in waits}

    def _read_links(self, lines):
        """Return the links that still bring something, how much they do, whether the
        pools leave that to their lines already, and when it is expected."""
        links = self.env["supply.link"].search(
            [
                ("sale_line_id", "in", lines.ids),
                ("state", "=", "open"),
                ("kind", "!=", "candidate"),
                ("purchase_line_id", "!=", False),  # deleted a moment ago
            ]
        )
        tied = {}
        if of_tied := links.filtered(lambda link: link.kind == "bought_for"):
            products, warehouses, _moves = self._get_pools_of(of_tied.sale_line_id)
            tied = self.env["supply.pool"]._get_bought_for(products, warehouses)
        arrivals = links.purchase_line_id._get_supply_arrivals()
        # of what is tied, as much as is not there already
        quantities = {
            link: tied.get(link.id, link.quantity - link.quantity_received)
            for link in links
        }
        return [
            (link, quantity, link.id in tied, arrivals[link.purchase_line_id])
            for link, quantity in quantities.items()
            if quantity or link.id not in tied
        ]

    def _read_made(self, lines):
        """Return what is being made for lines whose deliveries wait for it.

        What is made for the stock is in the pools.

        :return: pairs of the id of a line and a :class:`Part`
        :rtype: list
        """
        moves = self.env["stock.move"]
        if "production_id" not in moves._fields:
            return []
        moves.flush_model(
            ["date", "move_orig_ids", "product_qty", "production_id", "sale_line_id"]
            + ["state", "supply_expected_on"]
        )
        self.env.cr.execute(
            SQL(
                """
                WITH RECURSIVE way (sale_line_id, move_id) AS (
                    SELECT asked.id, move.id
                      FROM UNNEST(%(lines)s::integer[]) AS asked (id)
                CROSS JOIN LATERAL (  -- by the index, even without statistics
                           SELECT id
                             FROM stock_move
                            WHERE sale_line_id = asked.id
                              AND production_id IS NULL
                              AND state NOT IN ('done', 'cancel')
                           OFFSET 0
                           ) move
                     UNION
                    SELECT way.sale_line_id, move.id
                      FROM way
                      JOIN stock_move_move_rel relation
                        ON relation.move_dest_id = way.move_id
                      JOIN stock_move move ON move.id = relation.move_orig_id
                     WHERE move.state NOT IN ('done', 'cancel')
                )
                SELECT line.id, line.company_id, move.product_qty,
                       COALESCE(move.supply_expected_on, move.date)
                  FROM way
                  JOIN sale_order_line line ON line.id = way.sale_line_id
                  JOIN stock_move move ON move.id = way.move_id
                   AND move.product_id = line.product_id
                 WHERE move.production_id IS NOT NULL
                """,
                lines=lines.ids,
            )
        )
        rows = self.env.cr.fetchall()
        companies = self.env["res.company"].browse({row[1] for row in rows})
        clocks = {
            company.id: self.env["supply.clock"]._get_clock(company)
            for company in companies
        }
        return [
            (line, Part(quantity, *clocks[company].expect(date), None, "incoming"))
            for line, company, quantity, date in rows
        ]

    def _find_lost(self, waits, parts):
        """Return how much of order lines nothing brings and no pool knows of.

        That are deliveries that wait for goods of their own of which nothing is to come
        any more, and what no delivery is for, such as what a customer sent back, or a
        drop-shipped line of which the purchase was cancelled.

        :param dict waits: :class:`Wait` by order line
        :param parts: what comes for them only, by line
        :return: quantities by id of the line
        :rtype: dict
        """
        deliveries, brought = self._read_deliveries(waits)
        asked = self._find_asked([each.id for each in deliveries])
        lost, by_line = defaultdict(float), defaultdict(list)
        for each in deliveries:
            by_line[each.line].append(each)
            if each.is_own_supply and each.id not in asked:
                there = max(each.reserved, brought.get(each.id, 0.0))
                lost[each.line] += max(each.quantity - there, 0.0)
        for line, wait in waits.items():
            lost[line] += self._count_unplanned(wait, by_line[line], parts[line])
        return {
            line: quantity
            for line, quantity in lost.items()
            if float_compare(quantity, 0, precision_digits=DIGITS) > 0
        }

    def _count_unplanned(self, wait, deliveries, parts):
        """Return how much of a line neither comes nor has a delivery.

        :param deliveries: :class:`Delivery` objects that are planned for it
        :param parts: what comes for the line only
        """
        own = [each for each in deliveries if each.product == wait.product]
        if deliveries and not own:
            return 0.0  # a kit: its components are planned, in whatever numbers
        ids = {each.id for each in own}
        comes = sum(
            part.quantity for part in parts if not deliveries or part.is_sent_by_vendor
        )
        # of a delivery in steps the last one that is planned counts
        planned = sum(each.quantity for each in own if ids.isdisjoint(each.next_ids))
        return max(wait.quantity - comes - planned, 0.0)

    def _read_deliveries(self, waits):
        """Return the open moves that bring something to the customers of these lines,
        and what the moves before each bring it, by id.

        What comes back from a customer names the order line too, until it is put away.
        """
        moves, pool = self.env["stock.move"], self.env["supply.pool"]
        pool._flush_pools()
        moves.flush_model(["location_final_id", "move_dest_ids", "sale_line_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move.id, move.sale_line_id, move.product_id, move.product_qty,
                       COALESCE(%(reserved)s, 0),
                       move.procure_method = 'make_to_order',
                       ARRAY(SELECT move_dest_id
                               FROM stock_move_move_rel
                              WHERE move_orig_id = move.id),
                       target.usage = 'customer'
                  FROM UNNEST(%(lines)s::integer[]) AS asked (id)
            CROSS JOIN LATERAL (  -- by the index, even where tables have no statistics
                       SELECT * FROM stock_move WHERE sale_line_id = asked.id OFFSET 0
                       ) move
                  JOIN stock_location source ON source.id = move.location_id
                  JOIN stock_location target ON target.id =
                       COALESCE(move.location_final_id, move.location_dest_id)
                 WHERE move.state NOT IN ('done', 'cancel')
                   AND source.usage NOT IN ('customer', 'production')
                """,
                reserved=pool._get_reserved(),
                lines=list(waits),
            )
        )
        before = moves.browse(row[0] for row in rows)
        brought, returned = self.env["supply.tie"]._read_before(before)
        deliveries = [
            Delivery(*row)
            for *row, is_to_customer in rows
            if is_to_customer or row[0] not in returned
        ]
        return deliveries, brought

    def _find_asked(self, move_ids):
        """Return ids of those moves that a quotation is to bring goods for."""
        self.env["stock.move"].flush_model(["created_purchase_line_ids"])
        self.env["purchase.order"].flush_model(["state"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT created.move_id
                  FROM stock_move_created_purchase_line_rel created
                  JOIN purchase_order_line line
                    ON line.id = created.created_purchase_line_id
                  JOIN purchase_order purchase ON purchase.id = line.order_id
                 WHERE created.move_id = ANY(%s)
                   AND purchase.state IN ('draft', 'sent', 'to approve')
                """,
                move_ids,
            )
        )
        return {id_ for (id_,) in rows}

    def _get_way(self, share):
        if share.is_short:
            return "none"
        return "stock" if share.date == NOW else "incoming"

    @api.model
    def _get_pools_of(self, lines):
        """Return products and warehouses of the open deliveries of order lines, and the
        ids of their moves."""
        self.env["stock.move"].flush_model(
            ["location_id", "product_id", "sale_line_id", "state"]
        )
        self.env["stock.location"].flush_model(["warehouse_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move.id, move.product_id, place.warehouse_id
                  FROM UNNEST(%s::integer[]) AS asked (id)
            CROSS JOIN LATERAL (  -- by the index, even where tables have no statistics
                       SELECT id, location_id, product_id, state
                         FROM stock_move
                        WHERE sale_line_id = asked.id
                       OFFSET 0
                       ) move
                  JOIN stock_location place ON place.id = move.location_id
                 WHERE move.state NOT IN ('done', 'cancel', 'draft')
                """,
                lines.ids,
            )
        )
        moves, products, warehouses = zip(*rows, strict=True) if rows else ((),) * 3
        return (
            self.env["product.product"].sudo().browse(sorted(set(products))),
            self.env["stock.warehouse"].sudo().browse(sorted({*warehouses} - {None})),
            moves,
        )

    @api.model
    def _peg_lines(self, lines):
        """Return the shares of these order lines, see ``_peg``."""
        ids = set(lines.ids)
        shares = self.env["supply.pool"]._peg(*self._get_pools_of(lines))
        return [share for share in shares if share.sale_line_id in ids]

    def _sum_up(self, wait, parts, ready=None):
        """Return the values of a line's row.

        What no part speaks of is there: it is reserved, or came for the line. A kit is
        ready with its last component.

        :param wait: :class:`Wait`
        :param parts: :class:`Part` objects
        :param ready: ``pegging.Ready`` of a kit that pools serve
        """
        missing = sum(part.quantity for part in parts if part.way == "none")
        if wait.is_kit:
            now = self._count_kits(wait, parts, ready)
            missing = wait.quantity - now if missing else 0.0
        else:
            later = sum(part.quantity for part in parts if part.date != NOW)
            now = max(0.0, wait.quantity - later)
        coming = [part for part in parts if part.way != "none" and part.date != NOW]
        last = max(coming, key=lambda part: part.date, default=None)
        is_dated = last and last.date != NEVER and not missing
        ready_on = self._keep_all_day(wait.company, last.date) if is_dated else False
        ways = {part.way for part in parts}
        return {
            "order_id": wait.order,
            "partner_id": wait.partner,
            "product_id": wait.product,
            "company_id": wait.company,
            "quantity": wait.quantity,
            "quantity_now": now,
            "quantity_short": min(missing, wait.quantity),
            "method": next(
                way
                for way in ("none", "bought", "incoming", "stock")
                if way in ways or way == "stock"
            ),
            "ready_on": ready_on,
            "overdue_days": max((part.overdue for part in parts), default=0),
            "purchase_line_id": (last and last.purchase_line) or False,
        }

    def _keep_all_day(self, company, date):
        """Return a date; this morning for what is to come later today, so that it stays
        the same all day and nobody is late by hours."""
        if date > fields.Datetime.now():
            return date
        company = self.env["res.company"].browse(company)
        return self.env["supply.clock"]._get_clock(company).morning

    def _count_kits(self, wait, parts, ready):
        """Return how many whole kits there are now, without those that are delivered;
        the components of a kit may all be sent by vendors."""
        if ready is None:
            return 0.0 if parts else wait.quantity
        line = self.env["sale.order.line"].browse(wait.line)
        ordered = line.product_uom_id._compute_quantity(
            line.product_uom_qty, line.product_id.uom_id, round=False
        )
        there = from_units(ready.now, 10.0 ** -self.env["supply.pool"]._get_digits())
        return max(there - (ordered - wait.quantity), 0.0)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_view_supply_waiting(self):
        """Show where the goods of these order lines come from, part by part."""
        self.check_access("read")
        return self.env["supply.waiting"]._open(self.sudo().sale_line_id)

    # ------------------------------------------------------------
    # WORDS
    # ------------------------------------------------------------

    def _describe(self):
        """Return in a few words from where the goods come, and when."""
        self.ensure_one()
        words = self.env["supply.customers"]
        if self.method == "none":
            short = words._format_quantity(self.quantity_short)
            texts = [self.env._("%(quantity)s missing", quantity=short)]
        else:
            labels = dict(self._fields["method"]._description_selection(self.env))
            texts = [labels[self.method]]
        if self.method in ("incoming", "bought"):
            if self.ready_on:
                texts.append(words._format_day(self.ready_on))
            else:
                texts.append(self.env._("no date"))
            if self.overdue_days:
                overdue = self.overdue_days
                texts.append(self.env._("%(days)s days overdue", days=overdue))
        if self.method != "stock" and self.quantity_now > 0:
            there = words._format_quantity(self.quantity_now)
            texts.append(self.env._("%(quantity)s there", quantity=there))
        return " · ".join(texts)

    # ------------------------------------------------------------
    # VERIFICATION
    # ------------------------------------------------------------

    @api.model
    def _find_differences(self, sale_lines):
        """Compare rows with rows derived anew, without changing any.

        :param sale_lines: ``sale.order.line`` records to look at
        :return: pairs of an order line and a sentence
        :rtype: list
        """
        states = self.with_env(self.env(su=True, context={}))
        right = states._derive(sale_lines.with_env(states.env))
        found = []
        for line, (id_, stored) in states._read_rows(sale_lines.ids).items():
            row = states.browse(id_)
            values = right.pop(line, None)
            if values is None:
                text = self.env._("%s waits for nothing any more.", row.display_name)
            elif differing := self._get_differing(stored, values):
                text = self.env._(
                    "%(line)s: %(values)s would be right.",
                    line=row.display_name,
                    values=", ".join(
                        f"{name} {value}" for name, value in differing.items()
                    ),
                )
            else:
                continue
            found.append((row.sale_line_id, text))
        for line in sale_lines.browse(right):
            text = self.env._(
                "%s waits for goods, and no row says so.", line.display_name
            )
            found.append((line, text))
        return found


def _is_same(here, value):
    if isinstance(value, float):
        return not float_compare(here or 0.0, value, precision_digits=DIGITS)
    return (here or False) == (value or False)
