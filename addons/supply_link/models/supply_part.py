from collections import defaultdict
from contextlib import contextmanager
from datetime import datetime
from typing import NamedTuple

from odoo import api, models
from odoo.tools import SQL, float_compare

from ..pegging import NEVER, NOW

#: Quantities of products have at most so many digits.
DIGITS = 6
#: Where the job remembers what it has worked out, see ``_remembering``.
KNOWN = "supply_state_known"


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


class SupplyPart(models.AbstractModel):
    """From where order lines get what is still to be delivered, part by part.

    Links and pools say it; ``supply.state`` keeps the sum of it for screens.
    """

    _name = "supply.part"
    _description = "Goods of Order Lines, by the Way They Come"

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

    # ------------------------------------------------------------
    # WHAT IS TO BE DELIVERED
    # ------------------------------------------------------------

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
                       %(is_kit)s
                  FROM UNNEST(%(ids)s) WITH ORDINALITY AS asked (id, place)
                  JOIN sale_order_line line ON line.id = asked.id
                  JOIN sale_order sale ON sale.id = line.order_id
                  JOIN product_product product ON product.id = line.product_id
                  JOIN product_template template
                    ON template.id = product.product_tmpl_id
                 WHERE line.state = 'sale'
                   AND line.display_type IS NULL
                   AND template.type = 'consu'
              ORDER BY asked.place
                """,
                ids=sale_lines.ids,
                is_kit=self._is_kit(),
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

    def _is_kit(self):
        """Return SQL that says whether a line's components are delivered; there are
        none where nothing can be made."""
        if "mrp.bom" not in self.env:
            return SQL("FALSE")
        return SQL(
            """
            COALESCE((  -- by the index, even where tables have no statistics
                SELECT BOOL_AND(product_id <> line.product_id)
                  FROM stock_move
                 WHERE sale_line_id = line.id
            ), FALSE)
            """
        )

    # ------------------------------------------------------------
    # FROM WHERE IT COMES
    # ------------------------------------------------------------

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
        """Return what is being made for lines whose deliveries wait for it, of a kit
        its components.

        What is made for the stock is in the pools.

        :return: pairs of the id of a line and a :class:`Part`
        :rtype: list
        """
        moves = self.env["stock.move"]
        if "production_id" not in moves._fields:
            return []
        moves.flush_model(
            ["date", "move_orig_ids", "product_id", "product_qty", "production_id"]
            + ["sale_line_id", "state", "supply_expected_on"]
        )
        self.env.cr.execute(
            SQL(
                """
                WITH RECURSIVE way (sale_line_id, product_id, move_id) AS (
                    SELECT asked.id, move.product_id, move.id
                      FROM UNNEST(%(lines)s::integer[]) AS asked (id)
                CROSS JOIN LATERAL (  -- by the index, even without statistics
                           SELECT id, product_id
                             FROM stock_move
                            WHERE sale_line_id = asked.id
                              AND production_id IS NULL
                              AND state NOT IN ('done', 'cancel')
                           OFFSET 0
                           ) move
                     UNION
                    SELECT way.sale_line_id, way.product_id, move.id
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
                   AND move.product_id = way.product_id
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

    # ------------------------------------------------------------
    # WHAT NOTHING BRINGS
    # ------------------------------------------------------------

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

    # ------------------------------------------------------------
    # POOLS
    # ------------------------------------------------------------

    @api.model
    def _peg_lines(self, lines):
        """Return the shares of these order lines, see ``_peg``."""
        ids = set(lines.ids)
        shares = self.env["supply.pool"]._peg(*self._get_pools_of(lines))
        return [share for share in shares if share.sale_line_id in ids]

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

    def _get_way(self, share):
        if share.is_short:
            return "none"
        return "stock" if share.date == NOW else "incoming"
