import hashlib
import json
from collections import defaultdict

from odoo import api, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL

from odoo.addons.supply_link.models.supply_commons import STOCK
from odoo.addons.supply_link.models.supply_serving import PLAIN
from odoo.addons.supply_link.models.supply_stock import OPEN
from odoo.addons.supply_link.pegging import (
    NEVER,
    NOW,
    by_demand,
    from_units,
    get_turn,
    peg,
    ready_on,
)

from .supply_overview import AT_RISK, READERS

#: So many products are listed, and so many orders of one are shown at a time.
PRODUCTS, ROWS = 100, 80
#: So many are shown whose goods an order could get with harm to them.
LENDERS = 20
#: Promises that will not be kept, as far as anybody knows.
BROKEN = ("late", "unknown")


class SupplyDesk(models.AbstractModel):
    """The shortage desk: who waits for a product of a warehouse, in serving order.

    Heads of sales and of purchasing look here when there is not enough for all. No
    amounts are shown: neither what goods cost, nor what they are sold for.
    """

    _name = "supply.desk"
    _description = "Shortage Desk"

    # ------------------------------------------------------------
    # WHAT IS SHORT
    # ------------------------------------------------------------

    @api.model
    @api.readonly
    def get_products(self):
        """Return the products that promises at risk wait for, by warehouse.

        :return: dictionaries, the most broken promises first: ids and names of product
            and warehouse, *lines* at risk, *broken* of them, *slack* of the worst whose
            day is known (or nothing), and the *domain* of the ``supply.promise`` rows
        :raises AccessError: for who leads neither sales nor purchasing
        :rtype: list
        """
        self._check_manager()
        promises = self.env["supply.promise"].sudo()
        promises.flush_model()
        self.env["supply.pool"]._flush_pools()
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move.product_id, place.warehouse_id, COUNT(DISTINCT promise.id),
                       COUNT(DISTINCT promise.id) FILTER (
                           WHERE promise.risk IN %(broken)s) AS broken,
                       MIN(promise.slack_days) FILTER (
                           WHERE promise.risk <> 'unknown') AS slack
                  FROM supply_promise promise
                  JOIN stock_move move ON move.sale_line_id = promise.sale_line_id
                   AND move.state IN %(open)s
                   AND move.procure_method = 'make_to_stock'
                  JOIN stock_location place ON place.id = move.location_id
                   AND place.usage = 'internal'
                 WHERE promise.is_open
                   AND promise.is_ordered
                   AND promise.company_id = ANY(%(companies)s)
                   AND promise.risk IN %(at_risk)s
                   AND promise.method <> 'stock'
                   AND place.warehouse_id IS NOT NULL
              GROUP BY move.product_id, place.warehouse_id
              ORDER BY broken DESC, slack NULLS FIRST, 1, 2
                 LIMIT %(limit)s
                """,
                at_risk=AT_RISK,
                broken=BROKEN,
                companies=self.env.companies.ids,
                limit=PRODUCTS,
                open=OPEN,
            )
        )
        products = self.env["product.product"].sudo().browse(row[0] for row in rows)
        warehouses = self.env["stock.warehouse"].sudo().browse(row[1] for row in rows)
        return [
            {
                "product_id": product.id,
                "product": product.display_name,
                "warehouse_id": warehouse.id,
                "warehouse": warehouse.name,
                "lines": lines,
                "broken": broken,
                "slack": slack,
            }
            for product, warehouse, (_product, _warehouse, lines, broken, slack) in zip(
                products, warehouses, rows, strict=True
            )
        ]

    # ------------------------------------------------------------
    # ONE PRODUCT
    # ------------------------------------------------------------

    @api.model
    @api.readonly
    def get_desk(self, product_id, warehouse_id, offset=0, text=""):
        """Return what there is of a product, what comes, and who wants it.

        :param int offset: so many orders of the serving order are left out
        :param str text: of the name of an order or customer; nothing: all
        :return: *figures* with the *domain* of the records behind each, *days* on which
            something comes or goes, and *rows* of the serving order with their number
            (*count*)
        :raises AccessError: for who leads neither sales nor purchasing
        :rtype: dict
        """
        product, warehouse = self._enter(product_id, warehouse_id)
        pool = self._get_pool(product, warehouse)
        shares = peg(pool.supplies, pool.demands)
        order = self._get_order(pool)
        found = self._find(order, text)
        offset = offset if isinstance(offset, int) and offset > 0 else 0
        return {
            "product_id": product.id,
            "product": product.display_name,
            "unit": product.uom_id.name,
            "warehouse_id": warehouse.id,
            "warehouse": warehouse.name,
            "figures": self._get_figures(product, warehouse, pool, shares),
            "days": self._get_days(warehouse, pool),
            "count": len(found),
            "rows": self._get_rows(
                warehouse, pool, shares, order, found[offset : offset + ROWS]
            ),
        }

    # ------------------------------------------------------------
    # DECIDING
    # ------------------------------------------------------------

    @api.model
    @api.readonly
    def get_choices(self, product_id, warehouse_id, move_id):
        """Return who has goods that an order could get.

        :return: *swaps*, which harm nobody, the best first, each with the *days* that
            it gains; *lenders*, who would be harmed. Both say *id* of the move, *name*,
            *customer* and *quantity*.
        :raises UserError: when the order does not wait any more
        :rtype: dict
        """
        product, warehouse = self._enter(product_id, warehouse_id)
        pool = self._get_pool(product, warehouse)
        demands = {each.key: each for each in pool.demands}
        move = self.env["supply.decision"]._find_move(demands, move_id)
        offers = sorted(
            self.env["supply.swap"].sudo()._find_offers(move),
            key=lambda offer: -offer[2],
        )
        mine = demands[move.id]
        others = sorted(
            (
                each
                for each in pool.demands
                if each.reserved and each.key != move.id and mine.quantity > 0
            ),
            key=get_turn,
            reverse=True,
        )[:LENDERS]
        facts = self._read_facts(
            [lender.id for lender, *_ in offers] + [each.key for each in others]
        )
        free = {lender.id for lender, *_ in offers}

        def tell(id_, quantity, days=0):
            fact = facts[id_]
            return {
                "id": id_,
                "name": fact["order"] or fact["picking"] or "",
                "customer": fact["customer"] or "",
                "quantity": quantity,
                "days": days,
            }

        return {
            "swaps": [tell(lender.id, *offer) for lender, *offer in offers],
            "lenders": [
                tell(
                    each.key,
                    from_units(min(each.reserved, mine.quantity), pool.rounding),
                )
                for each in others
                if each.key not in free
            ],
        }

    @api.model
    def preview(self, product_id, warehouse_id, wish):
        """Show what a decision would do; nothing of it stays.

        :param dict wish: *kind*: *move* (serve it right after the *other*, first
            without one), *lend* (it gets a *quantity* of what is reserved for the
            *other*), *split* (a *quantity* goes first, the rest right after the
            *other*) or *undo* (its own place again); *move* and *other* are ids of
            moves
        :return: *rows*, see ``supply.effect``, and *seen*, for :meth:`carry_out`
        :raises UserError: when it makes no sense
        :rtype: dict
        """
        product, warehouse = self._enter(product_id, warehouse_id)
        plan = self.env["supply.decision"].sudo()._make_plan(product, warehouse, wish)
        return self._look_ahead(product, warehouse, plan)

    @api.model
    def carry_out(self, product_id, warehouse_id, wish, seen, reason):
        """Do what was shown, in one step, and tell the owners of the orders.

        :param str seen: what :meth:`preview` returned: when it would do anything else
            by now, nothing is done
        :param str reason: why, for the owners and for the record
        :raises UserError: when something has changed, or no reason is given
        """
        product, warehouse = self._enter(product_id, warehouse_id)
        reason = reason.strip() if isinstance(reason, str) else ""
        if not reason:
            raise UserError(self.env._("Say why: the owners of the orders are told."))
        # two managers: the slower one begins again, and sees what was decided
        self.env["supply.buy"]._lock(product)
        decisions = self.env["supply.decision"].sudo()
        plan = decisions._make_plan(product, warehouse, wish)
        found = self._look_ahead(product, warehouse, plan)
        if found["seen"] != seen:
            raise UserError(
                self.env._(
                    "Something has changed since you looked, maybe another manager "
                    "has decided. Nothing was done: look again."
                )
            )
        decision = decisions._carry_out(product, warehouse, plan, reason, found["rows"])
        decision._tell()
        return decision.id

    @api.model
    def _look_ahead(self, product, warehouse, plan):
        decisions = self.env["supply.decision"].sudo()
        rows = self.env["supply.effect"]._look_ahead(
            product,
            warehouse,
            lambda: decisions._carry_out(product, warehouse, plan, "?"),
        )
        counted = decisions.search_count([("product_id", "=", product.id)])
        shown = json.dumps([counted, plan.quantity, str(plan.place), rows], default=str)
        return {
            "rows": rows,
            "seen": hashlib.sha256(shown.encode()).hexdigest(),
        }

    # ------------------------------------------------------------
    # WHO MAY
    # ------------------------------------------------------------

    @api.model
    def _get_pool(self, product, warehouse):
        """:raises UserError: for what is not kept in stock"""
        pools = self.env["supply.pool"]._get_pools(product, warehouse)
        if (warehouse, product) not in pools:
            raise UserError(
                self.env._("%s is not kept in stock.", product.display_name)
            )
        return pools[warehouse, product]

    @api.model
    def _check_manager(self):
        """:raises AccessError: for who leads neither sales nor purchasing"""
        if not any(self.env.user.has_group(group) for group in READERS):
            raise AccessError(
                self.env._("Managers of sales and of purchasing see this page.")
            )

    @api.model
    def _enter(self, product_id, warehouse_id):
        """Return product and warehouse, as the system.

        :raises AccessError: for who is no manager, or of another company
        :raises UserError: when there is no such product or warehouse
        """
        self._check_manager()
        found = []
        for model, id_ in (
            ("product.product", product_id),
            ("stock.warehouse", warehouse_id),
        ):
            records = self.env[model].sudo()
            record = records.browse(id_).exists() if _is_id(id_) else records
            if not record:
                raise UserError(self.env._("Choose a product and a warehouse."))
            found.append(record)
        product, warehouse = found
        companies = warehouse.company_id | product.company_id
        if companies - self.env.companies:
            raise AccessError(
                self.env._("%s is of another company.", warehouse.display_name)
            )
        return product, warehouse

    @api.model
    def _get_order(self, pool):
        """Return who still gets something of a pool, in serving order.

        Served ones are there too: they can lend what is reserved for them.
        """
        return sorted(
            (each for each in pool.demands if each.quantity or each.reserved),
            key=get_turn,
        )

    @api.model
    def _find(self, order, text):
        """Return the places in serving order that a text finds.

        :param order: see :meth:`_get_order`
        """
        text = text.strip() if isinstance(text, str) else ""
        if not text:
            return list(range(len(order)))
        ids = [each.key for each in order]
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move.id
                  FROM stock_move move
             LEFT JOIN stock_picking picking ON picking.id = move.picking_id
             LEFT JOIN sale_order_line line ON line.id = move.sale_line_id
             LEFT JOIN sale_order sale ON sale.id = line.order_id
             LEFT JOIN res_partner partner
                    ON partner.id = COALESCE(sale.partner_id, picking.partner_id)
                 WHERE move.id = ANY(%(ids)s)
                   AND concat_ws(' ', sale.name, picking.name, partner.complete_name)
                       ILIKE %(text)s
                """,
                ids=ids,
                text=f"%{_escape(text)}%",
            )
        )
        moves = {id_ for (id_,) in rows}
        return [place for place, each in enumerate(order) if each.key in moves]

    # ------------------------------------------------------------
    # FIGURES
    # ------------------------------------------------------------

    @api.model
    def _get_figures(self, product, warehouse, pool, shares):
        """Return what stands above the serving order, each with its records.

        :return: dictionaries with *key*, *label*, *help*, *quantity* in the product's
            unit or *count* of records, the *model* and *domain* of these, and whether
            the user *can_open* them
        """
        coming = [each for each in pool.supplies if each.key != STOCK]
        waiting = [each for each in pool.demands if each.quantity > 0]
        ready = ready_on(waiting, shares)
        short = [each for each in waiting if ready[each.key].short]
        free = sum(each.quantity for each in pool.supplies if each.key == STOCK)
        inside = [
            ("product_id", "=", product.id),
            ("location_id", "child_of", warehouse.lot_stock_id.id),
            ("location_id.usage", "=", "internal"),
            ("owner_id", "=", False),
        ]
        ends = self.env["supply.pool"]._get_documents([each.key for each in waiting])
        broken = [
            ("sale_line_id", "in", sorted({line for line, _ in ends.values() if line})),
            ("is_open", "=", True),
            ("is_ordered", "=", True),
            ("risk", "in", list(BROKEN)),
        ]
        figures = [
            (
                "free",
                self.env._("Free Now"),
                self.env._("In stock and reserved for nobody."),
                free,
                "stock.quant",
                inside,
            ),
            (
                "coming",
                self.env._("Coming"),
                self.env._("On its way into the stock, for anybody."),
                sum(each.quantity for each in coming),
                "stock.move",
                [("id", "in", [each.key for each in coming])],
            ),
            (
                "waiting",
                self.env._("Wanted"),
                self.env._("What orders still want, without what is reserved."),
                sum(each.quantity for each in waiting),
                "stock.move",
                [("id", "in", [each.key for each in waiting])],
            ),
            (
                "short",
                self.env._("Missing"),
                self.env._("What nothing covers, neither stock nor purchases."),
                sum(ready[each.key].short for each in short),
                "stock.move",
                [("id", "in", [each.key for each in short])],
            ),
        ]
        return [
            {
                "key": key,
                "label": label,
                "help": text,
                "quantity": from_units(units, pool.rounding),
                "count": None,
                "model": model,
                "domain": domain,
                "can_open": self.env[model].has_access("read"),
            }
            for key, label, text, units, model, domain in figures
        ] + [
            {
                "key": "broken",
                "label": self.env._("Broken Promises"),
                "help": self.env._(
                    "Order lines that wait here and will be late, or nobody knows."
                ),
                "quantity": None,
                "count": self.env["supply.promise"].sudo().search_count(broken),
                "model": "supply.promise",
                "domain": broken,
                "can_open": True,
            },
            self._get_likely(product, warehouse),
        ]

    @api.model
    def _get_likely(self, product, warehouse):
        """Return the figure of what opportunities may ask for: it is in no other one.

        Nobody knows from which warehouse.
        """
        domain = [
            ("product_id", "=", product.id),
            ("company_id", "in", [False, warehouse.company_id.id]),
        ]
        demands = self.env["crm.lead.demand"]
        ((quantity,),) = demands.sudo()._read_group(
            domain, aggregates=["weighted_quantity:sum"]
        )
        return {
            "key": "likely",
            "label": self.env._("Likely, Not Reserved"),
            "help": self.env._(
                "What opportunities may ask for, weighted by how likely they are won. "
                "It counts nowhere else."
            ),
            "quantity": quantity or 0.0,
            "count": None,
            "model": demands._name,
            "domain": domain,
            "can_open": demands.has_access("read"),
        }

    @api.model
    def _get_days(self, warehouse, pool):
        """Return the days on which something comes or is due, with what is left of the
        common stock at their end.

        What comes nobody knows when is on a last row without a day.
        """
        to_day = self._get_to_day(warehouse)
        comes, goes, supplies = defaultdict(int), defaultdict(int), defaultdict(list)
        for each in pool.supplies:
            day = to_day(each.arrival)
            comes[day] += each.quantity
            if each.key != STOCK:
                supplies[day].append(each)
        for each in pool.demands:
            goes[max(to_day(NOW), to_day(each.date))] += each.quantity
        names = self._name_supplies(
            [each.key for group in supplies.values() for each in group]
        )
        days, left = [], 0
        dated = sorted({*comes, *goes} - {None}) + [None] * (None in comes)
        for day in dated:
            left += comes[day] - goes[day]
            days.append(
                {
                    "day": day and day.isoformat(),
                    "comes": from_units(comes[day], pool.rounding),
                    "goes": from_units(goes[day], pool.rounding),
                    "left": from_units(left, pool.rounding),
                    "supplies": [
                        {
                            "name": names.get(each.key, ""),
                            "quantity": from_units(each.quantity, pool.rounding),
                            "overdue": each.overdue,
                        }
                        for each in supplies[day]
                    ],
                }
            )
        return days

    @api.model
    def _get_to_day(self, warehouse):
        """Return what makes days of moments, where the company is: today of ``NOW``,
        nothing of ``NEVER``."""
        company = warehouse.company_id
        today, days = company._approval_day(), {}

        def to_day(moment):
            if moment == NOW:
                return today
            if moment == NEVER:
                return None
            if moment not in days:
                days[moment] = company._approval_day(moment)
            return days[moment]

        return to_day

    @api.model
    def _name_supplies(self, move_ids):
        """Return the purchase that each move brings goods of, else its transfer."""
        purchases = self.env["supply.pool"]._get_purchase_lines(move_ids)
        lines = self.env["purchase.order.line"].sudo().browse(purchases.values())
        lines.order_id.fetch(["name"])
        moves = self.env["stock.move"].sudo().browse(move_ids)
        return {
            move.id: lines.browse(purchases[move.id]).order_id.name
            if move.id in purchases
            else move.picking_id.name or move.reference or ""
            for move in moves
        }

    # ------------------------------------------------------------
    # SERVING ORDER
    # ------------------------------------------------------------

    @api.model
    def _get_rows(self, warehouse, pool, shares, order, places):
        """Return what is shown of orders in serving order.

        :param order: see :meth:`_get_order`
        :param places: of those that are wanted
        """
        mine = by_demand(shares)
        facts = self._read_facts([order[place].key for place in places])
        levels = {
            level.id: {"name": level.name, "color": level.color}
            for level in self.env["urgency.level"].sudo().search([])
            if level.is_urgent
        }
        to_day, rows = self._get_to_day(warehouse), []
        for place in places:
            demand = order[place]
            row = facts[demand.key]
            due = row["told_on"] or row["wanted_on"] or to_day(demand.date)
            rows.append(
                {
                    "id": demand.key,
                    "place": place + 1,
                    "name": row["order"] or row["picking"] or "",
                    "order_id": row["order_id"],
                    "customer": row["customer"] or "",
                    "level": levels.get(row["level_id"]),
                    "due": due and due.isoformat(),
                    "is_told": bool(row["told_on"]),
                    "likely": row["likely_on"] and row["likely_on"].isoformat(),
                    "risk": row["risk"],
                    "quantity": from_units(
                        demand.quantity + demand.reserved, pool.rounding
                    ),
                    "reserved": from_units(demand.reserved, pool.rounding),
                    "is_decided": len(demand.order) > PLAIN,
                    "parts": self._split_parts(pool, demand, mine[demand.key], to_day),
                }
            )
        return rows

    @api.model
    def _split_parts(self, pool, demand, shares, to_day):
        """Return how much of an order is there when: *day* is nothing where nobody
        knows; *how* is *there*, *coming* or *missing*."""
        parts, left = defaultdict(int), demand.quantity
        if demand.reserved:
            parts[None, "there"] += demand.reserved
        for share in sorted(shares, key=lambda share: share.date):
            left -= share.quantity
            if share.date == NOW:
                parts[None, "there"] += share.quantity
            else:
                parts[to_day(share.date), "coming"] += share.quantity
        if left > 0:
            parts[None, "missing"] += left
        return [
            {
                "quantity": from_units(units, pool.rounding),
                "day": day and day.isoformat(),
                "how": how,
            }
            for (day, how), units in parts.items()
        ]

    @api.model
    def _read_facts(self, move_ids):
        """Return what is known of the orders of moves, by id of the move."""
        if not move_ids:
            return {}
        for model in ("sale.order", "sale.order.line", "stock.picking", "res.partner"):
            self.env[model].flush_model()
        self.env["supply.promise"].flush_model()
        names = (
            "order_id",
            "order",
            "picking",
            "customer",
            "level_id",
            "told_on",
            "wanted_on",
            "likely_on",
            "risk",
        )
        rows = self.env.execute_query(
            SQL(
                """
                SELECT move.id, sale.id, sale.name, picking.name,
                       partner.complete_name,
                       COALESCE(sale.urgency_level_id, picking.urgency_level_id),
                       promise.told_on, promise.wanted_on, promise.likely_on,
                       promise.risk
                  FROM stock_move move
             LEFT JOIN stock_picking picking ON picking.id = move.picking_id
             LEFT JOIN sale_order_line line ON line.id = move.sale_line_id
             LEFT JOIN sale_order sale ON sale.id = line.order_id
             LEFT JOIN supply_promise promise ON promise.sale_line_id = line.id
             LEFT JOIN res_partner partner
                    ON partner.id = COALESCE(sale.partner_id, picking.partner_id)
                 WHERE move.id = ANY(%s)
                """,
                list(move_ids),
            )
        )
        return {id_: dict(zip(names, values, strict=True)) for id_, *values in rows}


def _is_id(value):
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _escape(text):
    """Return a text as ``ILIKE`` finds it, whatever it contains."""
    for sign in "\\%_":
        text = text.replace(sign, f"\\{sign}")
    return text
