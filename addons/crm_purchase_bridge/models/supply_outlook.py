from collections import defaultdict
from dataclasses import replace
from datetime import date, datetime
from fractions import Fraction
from functools import cached_property
from math import ceil
from typing import NamedTuple

from odoo import api, fields, models
from odoo.tools import SQL

from odoo.addons.supply_link.lookahead import Fence
from odoo.addons.supply_link.models.supply_commons import STOCK
from odoo.addons.supply_link.models.supply_part import DIGITS
from odoo.addons.supply_link.pegging import NEVER, NOW, to_units

from ..promising import (
    DAYS,
    HOURS,
    Answer,
    BuyPath,
    Delay,
    Estimate,
    Part,
    Terms,
    Width,
    ask,
    cut,
    estimate,
    fill,
    find_last,
    kit_parts,
    later,
    promise,
    tell_unplaced,
    together,
    wait_for_money,
)
from .supply_holder import QUOTED, Source

#: Kinds of promises that differ in how good they are: what is ordered, what is not.
ORDERED, BUY = "ordered", "buy"


class Facts(NamedTuple):
    """What a line and its document say: thousands of them are read at once.

    :param document: id of the order or opportunity; *partner*, *product*, *company*
        and *warehouse*, which delivers it, are ids too
    :param is_goods: it is about goods, not about a service or money
    :param quantity: that is to be delivered, in the product's unit
    :param state: of the order; nothing for an opportunity
    :param ordered_on: when it was ordered
    :param lead: days that the product asks for at least
    :param is_at_once: the order goes out with its last line
    :param wanted_on: the day that the line itself says
    :param is_wished: the order may say a day, too
    """

    document: int
    partner: int
    product: int
    company: int
    is_goods: bool
    quantity: float
    state: str | None
    ordered_on: datetime | None
    lead: float
    warehouse: int | None
    is_at_once: bool
    wanted_on: date | None
    is_wished: bool


class Outlook(NamedTuple):
    """What can be promised of one line now.

    :param quantity: what is to be delivered, in the product's unit
    :param source: of the part that comes last
    :param sources: of each part, in their order
    :param facts: what the line itself says
    """

    quantity: float
    answer: Answer
    source: Source
    sources: list[Source]
    facts: Facts


class _Reading:
    """What is read once for all lines of a company."""

    def __init__(self, env, company, facts):
        self.env, self.company, self.facts = env, company, facts
        #: ids of the products that are read together
        self.products = tuple({each.product for each in facts.values() if each.product})
        self.now = fields.Datetime.now()
        self.calendar = company._promise_calendar(self.now)
        self.today = self.calendar.day(self.now)
        #: units that are one of a product's own unit
        self.unit = 10 ** env["supply.pool"]._get_digits()
        #: what is known of purchases, and the open requests for their deposits
        self.purchases, self.deposit_requests = {}, {}
        self.deliveries, self.overdue = {}, {}
        self.warehouses, self.purchase_orders = {}, {}
        self.routes, self.paths, self.sellers = {}, {}, {}
        self.late_supplies, self.brought_by, self.usual_approval = {}, {}, None
        self.paces = None
        #: when what purchase lines bring is in the stock, by line, day and days overdue
        self.estimates = {}
        #: components of order lines that are kits
        self.kits = {}
        #: units that are not put away, by ids of warehouse and product
        self.unplaced = {}
        #: bills of materials by id of the warehouse, then by product; and whether a
        #: product is made, by ids of it, the warehouse and routes
        self.boms, self.made = defaultdict(dict), {}

    @cached_property
    def supply_clock(self):
        """What day it is for the company."""
        return self.env["supply.clock"]._get_clock(self.company)

    def get_product(self, line):
        """Return the product of a line, without reading the line."""
        product = self.env["product.product"].browse(self.facts[line.id].product)
        return product.with_prefetch(self.products)

    @cached_property
    def warehouse(self):
        """From where an opportunity would be delivered."""
        domain = [("company_id", "=", self.company.id)]
        return self.env["stock.warehouse"].search(domain, limit=1)


class SupplyOutlook(models.AbstractModel):
    """When the goods of order lines, quotations and wishes can be with the customer.

    Orders have their goods: links and pools of ``supply_link`` say which, and how long
    things usually take (``supply.pace``) says when. Quotations and wishes come after
    all orders, and do not compete with each other. Nothing is written here.
    """

    _name = "supply.outlook"
    _description = "What Can Be Promised"

    # ------------------------------------------------------------
    # ENTRY
    # ------------------------------------------------------------

    @api.model
    def _look(self, lines, is_whole=False):
        """Return what can be promised of lines, by id; services have nothing.

        :param lines: ``sale.order.line`` of orders and quotations, or
            ``crm.lead.line``
        :param is_whole: their siblings are there already, see :meth:`_add_siblings`
        :return: :class:`Outlook` by id of the line
        :rtype: dict
        """
        outlook = self.with_env(self.env(su=True, context={}))
        lines = lines.with_env(outlook.env)
        if not is_whole:
            lines = outlook._add_siblings(lines)
        facts = outlook._read_facts(lines)
        found = {}
        for company_id, ids in _grouped(
            lines._ids, lambda id_: facts[id_].company
        ).items():
            company = outlook.env["res.company"].browse(company_id)
            looking = outlook.with_company(company)
            found |= looking._look_in(
                company.with_env(looking.env),
                lines.browse(ids).with_env(looking.env),
                facts,
            )
        return found

    @api.model
    def _read_facts(self, lines):
        """Return the facts of lines, by id.

        :return: :class:`Facts`
        :rtype: dict
        """
        if lines._name == "crm.lead.line":
            return {
                line.id: Facts(
                    line.lead_id.id,
                    line.lead_id.partner_id.id,
                    line.product_id.id,
                    (line.company_id or line.lead_id._get_promise_company()).id,
                    line.product_id.type == "consu",
                    line.product_uom_id._compute_quantity(
                        line.quantity, line.product_id.uom_id, round=False
                    ),
                    None,
                    None,
                    line.product_id.sale_delay,
                    None,
                    False,
                    line.needed_on,
                    False,
                )
                for line in lines
            }
        flushed = {
            "product.product": ["product_tmpl_id"],
            "product.template": ["type", "uom_id"],
            "sale.order": ["commitment_date", "date_order", "needed_by", "partner_id"]
            + ["picking_policy", "warehouse_id"],
            "sale.order.line": ["company_id", "customer_lead", "display_type"]
            + ["is_downpayment", "order_id", "product_id", "product_uom_id"]
            + ["product_uom_qty", "qty_delivered", "state", "wanted_on"]
            + ["warehouse_id"],
        }
        for model, names in flushed.items():
            self.env[model].flush_model(names)
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id, line.product_uom_id, template.uom_id,
                       line.order_id, sale.partner_id, line.product_id,
                       line.company_id,
                       template.type = 'consu'
                       AND line.display_type IS NULL
                       AND line.is_downpayment IS NOT TRUE,
                       line.product_uom_qty - COALESCE(line.qty_delivered, 0),
                       line.state, sale.date_order, COALESCE(line.customer_lead, 0),
                       COALESCE(line.warehouse_id, sale.warehouse_id),
                       sale.picking_policy = 'one', line.wanted_on,
                       num_nonnulls(sale.needed_by, sale.commitment_date) > 0
                  FROM sale_order_line line
                  JOIN sale_order sale ON sale.id = line.order_id
             LEFT JOIN product_product product ON product.id = line.product_id
             LEFT JOIN product_template template
                    ON template.id = product.product_tmpl_id
                 WHERE line.id = ANY(%s)
                """,
                lines.ids,
            )
        )
        found, units = {}, self.env["uom.uom"]
        for id_, sold, unit, *facts in rows:
            facts = Facts(*facts)
            if sold != unit and facts.is_goods:
                sold, unit = units.browse(sold), units.browse(unit)
                quantity = sold._compute_quantity(facts.quantity, unit, round=False)
                facts = facts._replace(quantity=quantity)
            found[id_] = facts
        return found

    @api.model
    def _add_siblings(self, lines):
        """Return the lines that there are, with those of the same documents on which
        they depend.

        Lines of a quotation ask one after the other; an order that goes out at once
        waits for its last line.
        """
        if lines._name == "crm.lead.line":
            lines = lines.exists()
            return lines.lead_id.wanted_line_ids | lines
        for model, names in (
            ("sale.order", ["picking_policy", "state"]),
            ("sale.order.line", ["order_id", "sequence"]),
        ):
            self.env[model].flush_model(names)
        rows = self.env.execute_query(
            SQL(
                """
                WITH asked AS MATERIALIZED (
                    SELECT id, order_id, sequence
                      FROM sale_order_line
                     WHERE id = ANY(%(ids)s)
                )
                SELECT id
                  FROM (SELECT id, order_id, sequence
                          FROM asked
                         UNION
                        SELECT line.id, line.order_id, line.sequence
                          FROM sale_order sale
                          JOIN sale_order_line line ON line.order_id = sale.id
                         WHERE sale.id IN (SELECT order_id FROM asked)
                           AND (sale.state IN %(quoted)s
                                OR sale.picking_policy = 'one')
                       ) found
              ORDER BY order_id, sequence, id
                """,
                ids=lines.ids,
                quoted=QUOTED,
            )
        )
        return lines.browse(id_ for (id_,) in rows)

    @api.model
    def _look_in(self, company, lines, facts):
        reading = _Reading(self.env, company, facts)
        ordered = kits = self.env["sale.order.line"]
        if lines._name == "crm.lead.line":
            asking = self._filter_asking(reading, lines)
        else:
            waits = self.env["supply.part"]._read_waits(
                lines.browse(id_ for id_ in lines._ids if facts[id_].state == "sale")
            )
            ordered = ordered.browse(waits)
            kits = ordered.browse(id_ for id_, wait in waits.items() if wait.is_kit)
            asking = self._filter_asking(
                reading,
                lines.browse(id_ for id_ in lines._ids if facts[id_].state in QUOTED),
            )
        self._fetch_products(reading, asking)
        wishes = [self._make_wish(line, reading) for line in asking]
        self._explode_kits(wishes, reading)
        singles = ordered - kits
        come = {}
        if singles:
            come = self.env["supply.part"]._get_parts(
                {id_: waits[id_] for id_ in singles._ids}
            )
        reading.kits = self.env["supply.component"]._read_components(reading, kits)
        for line_id, components in reading.kits.items():
            come[line_id] = [part for each in components for part in each.come]
        self._read_paths(reading, singles, come, wishes)
        self._read_unplaced(reading, self._get_missing(reading, singles, come))
        found = self._look_at_orders(reading, ordered, come)
        return found | self._look_at_wishes(reading, wishes)

    @api.model
    def _filter_asking(self, reading, lines):
        """Return those lines of quotations and wishes that are about goods."""
        if lines._name == "crm.lead.line":
            lines = lines.filtered(
                lambda line: line.lead_id.active and not line.lead_id.stage_id.is_won
            )
        return lines.filtered(
            lambda line: (
                reading.facts[line.id].is_goods
                and self._get_quantity(reading, line) > 0
            )
        )

    # ------------------------------------------------------------
    # ORDERS: their goods are known
    # ------------------------------------------------------------

    @api.model
    def _look_at_orders(self, reading, lines, come):
        found, orders = {}, defaultdict(dict)
        for line in lines:
            parts, is_direct = self._get_order_parts(
                reading, line, come.get(line.id, [])
            )
            terms = self._get_terms(reading, line, is_direct)
            looks = orders[reading.facts[line.id].document]
            looks[line] = promise(parts, terms, reading.calendar, reading.unit)
        for looks in orders.values():
            self._add_outlooks(reading, looks, found)
        return found

    @api.model
    def _get_order_parts(self, reading, line, come):
        """Return the parts of an order line, in units, and whether its vendor
        delivers."""
        if line.id in reading.kits:
            return self._get_kit_parts(reading, line)
        ordered = self._get_quantity(reading, line)
        parts, is_direct = self._date_parts(reading, line, come)
        there = round(ordered * reading.unit) - sum(part.quantity for part in parts)
        if there > 0:
            parts.append(Part(there, NOW, NOW, "stock"))
        if all(part.way != "none" for part in parts):
            return fill(parts, None, False), is_direct
        product = reading.get_product(line)
        filled = self._fill(reading, line, product, ordered, parts)
        return filled, is_direct

    @api.model
    def _get_kit_parts(self, reading, line):
        """Return the parts of a line of kits, in units, and whether its vendor
        delivers: as many kits as the scarcest component makes, each with its last."""
        wanted = round(self._get_quantity(reading, line) * reading.unit)
        kits = ceil(Fraction(wanted, reading.unit))
        components, is_direct = [], False
        for component in reading.kits[line.id]:
            parts, direct = self._date_parts(reading, line, component.come)
            parts = [
                part
                if part.key or part.way not in ("incoming", "bought")
                else replace(part, about=(component.product.id, None))
                for part in parts
            ]
            is_direct |= direct
            there = ceil(kits * component.needed) - sum(part.quantity for part in parts)
            if there > 0:
                parts.append(Part(there, NOW, NOW, "stock"))
            quantity = (
                self._get_quantity(reading, line)
                * float(component.needed)
                / reading.unit
            )
            components.append(
                (
                    component.needed,
                    self._fill(reading, line, component.product, quantity, parts),
                )
            )
        if not components:
            return [Part(wanted, NOW, NOW, "stock")], is_direct
        made = [
            replace(part, quantity=part.quantity * reading.unit)
            for part in kit_parts(components)
        ]
        return cut(made, wanted), is_direct

    @api.model
    def _get_component_needs(self, reading):
        """Yield line, component and quantity of what is missing for kits."""
        for line_id, components in reading.kits.items():
            line = self.env["sale.order.line"].browse(line_id)
            for product, needed, come in components:
                if any(part.way == "none" for part in come):
                    quantity = (
                        self._get_quantity(reading, line) * float(needed) / reading.unit
                    )
                    yield line, product, quantity

    @api.model
    def _date_parts(self, reading, line, come):
        """Return what comes for an order line with the days on which it does, in units,
        and whether its vendor delivers.

        :param come: ``supply_state.Part``
        """
        parts, is_direct = [], False
        for each in come:
            units = round(each.quantity * reading.unit)
            if each.way == "none":
                parts.append(Part(units, NEVER, NEVER, "none"))
            elif each.date == NOW:
                parts.append(Part(units, NOW, NOW, "stock"))
            else:
                guess, width, direct = self._get_estimate(reading, line, each)
                is_direct |= direct
                span = guess.span(reading.calendar, width)
                parts.append(Part(units, *span, each.way, each.purchase_line, guess))
        return parts, is_direct

    @api.model
    def _fill(self, reading, line, product, quantity, parts, way="stock", again=False):
        """Return the parts of a product, those that nobody brings bought.

        :param quantity: of the product that the line takes
        :param again: also buy what would come later than what is bought
        """
        if way == "stock" and reading.unplaced:
            warehouse = self._get_line_warehouse(reading, line)
            units = reading.unplaced.get((warehouse.id, product.id), 0)
            parts = tell_unplaced(parts, units)
        path, guess = self._get_path(reading, line, product, quantity, way)
        return fill(parts, path, again, guess, (product.id, quantity))

    @api.model
    def _get_missing(self, reading, lines, come):
        """Yield warehouse and product of what is missing of order lines."""
        for line in lines:
            if any(part.way == "none" for part in come.get(line.id, ())):
                product = reading.get_product(line)
                yield self._get_line_warehouse(reading, line), product
        for line, product, _quantity in self._get_component_needs(reading):
            yield self._get_line_warehouse(reading, line), product

    @api.model
    def _read_unplaced(self, reading, missing):
        """Read how much of what is missing is in the warehouse, but not put away.

        :param missing: pairs of warehouse and product
        """
        missing = {pair for pair in missing if pair[1].is_storable}
        if not missing:
            return
        warehouses, products = zip(*missing, strict=True)
        _free, unplaced = self.env["supply.pool"]._fetch_stock(
            products[0].union(*products), sorted({each.id for each in warehouses})
        )
        reading.unplaced.update(unplaced)

    @api.model
    def _get_estimate(self, reading, line, come):
        """Return when goods that are on their way are in the stock, how wide such a
        promise must be, and whether the vendor brings them to the customer.

        :param come: ``supply_state.Part``
        """
        reading.overdue[line.id, come.purchase_line] = come.overdue
        if come.date == NEVER or not come.purchase_line:
            return Estimate(come.date), Width(), False
        key = come.purchase_line, come.date, come.overdue
        if key not in reading.estimates:
            reading.estimates[key] = self._estimate_purchase(reading, *key)
        return reading.estimates[key]

    @api.model
    def _estimate_purchase(self, reading, purchase_line, date, overdue):
        """Return when what a purchase brings is in the stock, as above: thousands of
        lines may wait for it.

        :param purchase_line: id
        """
        purchase_line = self.env["purchase.order.line"].browse(purchase_line)
        order = purchase_line.order_id
        is_direct = self._is_direct(order)
        inbound = Delay() if is_direct else self._get_inbound(reading, order)
        late = reading.paces.lateness(order.partner_id)
        if order.state == "purchase":
            guess = self._estimate_ordered(
                reading, purchase_line, date, overdue, late, inbound
            )
            width = reading.paces.width(ORDERED, order.partner_id)
            return guess, width, is_direct
        purchase = self._get_purchase(reading, order)
        money, takes = self.env["supply.holder"]._get_planned_wait(
            reading, order, purchase_line._get_supply_time(reading.supply_clock).days
        )
        path = BuyPath(
            reaction=purchase["reaction"],
            approval=purchase["approval"],
            money=money,
            vendor=Delay(takes + late.likely, takes + late.safe, DAYS, late.sample),
            receipt=inbound,
        )
        guess = path.estimate(reading.now, reading.calendar)
        # a day that the buyer has entered counts as long as it can be kept
        entered = estimate(
            purchase_line.date_planned, (late, inbound), reading.calendar
        )
        if guess.moment < entered.moment < NEVER:
            guess = entered._replace(earliest=reading.now)
        return guess, reading.paces.width(BUY, order.partner_id), is_direct

    @api.model
    def _estimate_ordered(self, reading, purchase_line, date, overdue, late, inbound):
        """Return when ordered goods are in the stock: what should have been here is not
        late twice, and what waits for money comes later."""
        likely = 0.0 if overdue else late.likely
        late = Delay(likely, likely + late.safe - late.likely, DAYS, late.sample)
        steps = [late, inbound]
        advances = self._get_purchase(reading, purchase_line.order_id)["advances"]
        if advances and date != NEVER:
            date, waits = self._wait_for_money(reading, purchase_line, date, advances)
            if waits.safe:
                steps.insert(0, waits)
        return estimate(date, steps, reading.calendar)

    @api.model
    def _wait_for_money(self, reading, purchase_line, date, advances):
        """Return the moment of goods whose vendor waits for a deposit, and by how many
        days they may be later."""
        day, calendar = reading.calendar.day, reading.calendar
        planned = purchase_line.date_planned
        agreed = purchase_line.confirmed_arrival or planned
        expected = day(date)
        likely, safe = wait_for_money(
            expected, day(agreed), day(planned) != day(agreed), advances
        )
        moment = later(date, (likely - expected).days, calendar)
        return moment, Delay(0.0, float((safe - likely).days))

    @api.model
    def _is_direct(self, order):
        return order.picking_type_id.code == "dropship"

    # ------------------------------------------------------------
    # QUOTATIONS AND WISHES: they come after all orders
    # ------------------------------------------------------------

    @api.model
    def _fetch_products(self, reading, lines):
        """Have in memory what is asked of products, and not all that is known of
        them."""
        products = self.env["product.product"].browse(
            {reading.facts[id_].product for id_ in lines._ids}
        )
        products.fetch(["product_tmpl_id"])
        products.product_tmpl_id.fetch(["categ_id", "is_storable", "uom_id"])

    @api.model
    def _make_wish(self, line, reading):
        """Return what a line asks for, see :class:`_Wish`."""
        facts = reading.facts[line.id]
        product = reading.get_product(line)
        warehouse = self._get_line_warehouse(reading, line)
        quantity = self._get_quantity(reading, line)
        wish = _Wish(line, facts.document, product, warehouse, quantity)
        if line._name != "crm.lead.line":
            wish.way = self._get_route(reading, line, product)
        return wish

    @api.model
    def _get_route(self, reading, line, product):
        """Return how goods of a quotation line will be found: *stock*, *mto* or
        *direct* (the vendor delivers to the customer)."""
        # asked of the template: through the product Odoo copies them for each product
        template = product.product_tmpl_id
        routes = line.route_ids or (
            template.route_ids + template.categ_id.total_route_ids
        )
        if not routes:
            return "stock"
        if routes not in reading.routes:
            rules = routes.rule_ids.filtered(
                lambda rule: (
                    rule.company_id in (reading.company, rule.company_id.browse())
                )
            )
            customer = rules.filtered(
                lambda rule: rule.location_dest_id.usage == "customer"
            )
            if any(rule.action == "buy" for rule in customer):
                way = "direct"
            elif any(rule.procure_method == "make_to_order" for rule in rules):
                way = "mto"
            else:
                way = "stock"
            reading.routes[routes] = way
        return reading.routes[routes]

    @api.model
    def _explode_kits(self, wishes, reading):
        """Let wishes for kits ask for their components."""
        for wish in wishes:
            wish.components = [(wish.product, 1.0)]
        if "mrp.bom" not in self.env or not wishes:
            return
        products = self.env["product.product"].union(*(wish.product for wish in wishes))
        boms = self.env["mrp.bom"]._bom_find(
            products, company_id=reading.company.id, bom_type="phantom"
        )
        for wish in wishes:
            product, bom = wish.product, boms.get(wish.product)
            if not bom:
                continue
            kits = product.uom_id._compute_quantity(
                1.0, bom.product_uom_id, round=False
            )
            _boms, lines = bom.explode(product, kits / bom.product_qty)
            needed = defaultdict(float)
            for bom_line, values in lines:
                needed[bom_line.product_id] += (
                    bom_line.product_uom_id._compute_quantity(
                        values["qty"], bom_line.product_id.uom_id, round=False
                    )
                )
            wish.components = [pair for pair in needed.items() if pair[1] > 0]
            wish.is_kit = bool(wish.components)
            wish.components = wish.components or [(product, 1.0)]

    @api.model
    def _look_at_wishes(self, reading, wishes):
        found = {}
        if not wishes:
            return found
        ledgers = self._get_ledgers(reading, wishes)
        asked, missing = [], []
        for group in _grouped(wishes, lambda wish: wish.document).values():
            pools = [
                (wish.get_pool(product), wish.get_units(needed, reading.unit))
                for wish in group
                for product, needed in wish.components
            ]
            dealt = ask(ledgers, pools)
            asked.append((group, dealt))
            missing += (
                pool
                for (pool, _units), parts in zip(pools, dealt, strict=True)
                if pool and any(part.way == "none" for part in parts)
            )
        self._read_unplaced(reading, missing)
        for group, dealt in asked:
            looks = {}
            dealt = iter(dealt)
            for wish in group:
                parts = self._get_wish_parts(reading, wish, dealt)
                terms = self._get_terms(reading, wish.line, wish.way == "direct")
                looks[wish.line] = promise(parts, terms, reading.calendar, reading.unit)
            self._add_outlooks(reading, looks, found)
        return found

    @api.model
    def _get_wish_parts(self, reading, wish, dealt):
        """Return the parts of a wish, in units.

        :param dealt: gives the parts of each of its components
        """
        components = []
        for product, needed in wish.components:
            parts = next(dealt)
            if not product.product_tmpl_id.is_storable:
                units = sum(part.quantity for part in parts)
                parts = [Part(units, NOW, NOW, "stock")]
            coming = [self._date_incoming(reading, wish, part) for part in parts]
            units = Fraction(str(needed)) * reading.unit
            filled = self._fill(
                reading,
                wish.line,
                product,
                wish.quantity * needed,
                coming,
                wish.way,
                again=wish.way == "stock",
            )
            components.append((units, filled))
        if not wish.is_kit:
            return components[0][1]
        made = [
            replace(part, quantity=part.quantity * reading.unit)
            for part in kit_parts(components)
        ]
        return cut(made, round(wish.quantity * reading.unit))

    @api.model
    def _date_incoming(self, reading, wish, part):
        """Return a part that comes into the common stock with when that is likely, and
        the purchase line that brings it."""
        if part.way != "incoming":
            return replace(part, key=None)
        overdue = reading.late_supplies.get(part.key, 0)
        line = self.env["purchase.order.line"].browse(
            reading.brought_by.get(part.key) or []
        )
        reading.overdue[wish.line.id, line.id or None] = overdue
        if not line:
            return replace(part, key=None)
        vendor = line.order_id.partner_id
        guess = self._estimate_ordered(
            reading,
            line,
            part.likely,
            overdue,
            reading.paces.lateness(vendor),
            self._get_inbound(reading, line.order_id),
        )
        span = guess.span(reading.calendar, reading.paces.width(ORDERED, vendor))
        return replace(
            part, likely=span.likely, safe=span.safe, key=line.id, estimate=guess
        )

    @api.model
    def _get_ledgers(self, reading, wishes):
        """Return from when on who comes last can take how much, by warehouse and
        product."""
        ledgers, pool = {}, self.env["supply.pool"]
        for warehouse, group in _grouped(wishes, lambda wish: wish.warehouse).items():
            # in the order of the lines, each once
            ids, fences = {}, {}
            for wish in group:
                if wish.way != "stock":
                    continue
                for product, needed in wish.components:
                    ids[product.id] = True
                    path, _guess = self._get_path(
                        reading, wish.line, product, wish.quantity * needed
                    )
                    if path:
                        fences[warehouse, product] = Fence(reading.now, path.likely)
            products = self.env["product.product"].browse(ids)
            ledgers |= pool._get_ledgers(products, warehouse, fences)
        coming = [
            supply
            for ledger in ledgers.values()
            for supply in ledger.supplies
            if supply.key not in (None, STOCK)
        ]
        reading.late_supplies = {supply.key: supply.overdue for supply in coming}
        moves = set(reading.late_supplies)
        reading.brought_by = pool._get_purchase_lines(moves)
        self.env["supply.holder"]._read_purchases(
            reading,
            self.env["purchase.order.line"].browse(set(reading.brought_by.values())),
        )
        return ledgers

    # ------------------------------------------------------------
    # HOW LONG THINGS TAKE
    # ------------------------------------------------------------

    @api.model
    def _read_paths(self, reading, ordered, come, wishes):
        """Read the past of all vendors that matter, the vendor of what is to be
        bought, and the purchases that are on their way."""
        vendors = set()
        asked = [(line, reading.get_product(line)) for line in ordered]
        for line_id, components in reading.kits.items():
            line = self.env["sale.order.line"].browse(line_id)
            asked += ((line, component.product) for component in components)
        asked += (
            (wish.line, product) for wish in wishes for product, _ in wish.components
        )
        self._read_boms(reading, asked)
        wanted = [
            (line, reading.get_product(line), self._get_quantity(reading, line))
            for line in ordered
            if any(each.way == "none" for each in come.get(line.id, ()))
        ]
        wanted += self._get_component_needs(reading)
        wanted += (
            (wish.line, product, wish.quantity * needed)
            for wish in wishes
            for product, needed in wish.components
        )
        for each in wanted:
            vendors |= set(self._read_seller(reading, *each).ids)
        lines = self.env["purchase.order.line"].browse(
            {
                each.purchase_line
                for parts in come.values()
                for each in parts
                if each.purchase_line
            }
        )
        vendors |= set(lines.order_id.partner_id.ids)
        reading.paces = self.env["supply.pace"]._read_paces(
            reading.company, self.env["res.partner"].browse(vendors)
        )
        self.env["supply.holder"]._read_purchases(reading, lines)

    @api.model
    def _read_boms(self, reading, asked):
        """Read what could be made in the warehouses of lines.

        :param asked: pairs of a line and a product that it takes
        """
        if "mrp.bom" not in self.env:
            return
        products = defaultdict(dict)
        for line, product in asked:
            warehouse = self._get_line_warehouse(reading, line)
            products[warehouse][product.id] = True
        for warehouse, ids in products.items():
            reading.boms[warehouse.id] |= self.env["mrp.bom"]._bom_find(
                self.env["product.product"].browse(ids),
                picking_type=warehouse.manu_type_id,
                company_id=reading.company.id,
                bom_type="normal",
            )

    @api.model
    def _is_made(self, reading, line, product):
        """Tell whether we make a product ourselves, as Odoo would: by the routes of the
        line, else of the product, else of the warehouse that delivers it. No day is
        known for it before a manufacturing order is there."""
        warehouse = self._get_line_warehouse(reading, line)
        if not reading.boms[warehouse.id].get(product):
            return False
        of_line = (
            line.route_ids if "route_ids" in line else warehouse.browse().route_ids
        )
        key = product.id, warehouse.id, of_line
        if key not in reading.made:
            actions = (
                self._get_supplying(reading, warehouse, route)
                for routes in (
                    of_line,
                    product.route_ids,
                    product.categ_id.total_route_ids,
                    warehouse.route_ids,
                )
                for route in routes.sorted("sequence")
            )
            reading.made[key] = next(filter(None, actions), "") == "manufacture"
        return reading.made[key]

    @api.model
    def _get_supplying(self, reading, warehouse, route):
        """Return how a route brings goods that are not there into a warehouse, or to
        its customers: *manufacture*, *buy*, or nothing."""
        rules = route.rule_ids.filtered(
            lambda rule: (
                rule.action in ("manufacture", "buy")
                and rule.company_id in (reading.company, rule.company_id.browse())
                and warehouse in (rule.warehouse_id or warehouse)
                and warehouse in (rule.location_dest_id.warehouse_id or warehouse)
            )
        )
        actions = set(rules.mapped("action"))
        return "manufacture" if "manufacture" in actions else "buy" if actions else ""

    @api.model
    def _read_seller(self, reading, line, product, quantity):
        """Note the vendor that Odoo would choose; return who it is."""
        if self._is_made(reading, line, product):
            return self.env["res.partner"]
        key = product.id, quantity
        if key not in reading.sellers:
            reading.sellers[key] = product._select_seller(
                quantity=quantity,
                date=reading.today,
                # asked of the template: through the product Odoo copies it for each
                uom_id=product.product_tmpl_id.uom_id,
            ) or product._select_seller(quantity=None, date=reading.today)
        return reading.sellers[key].partner_id

    @api.model
    def _get_path(self, reading, line, product, quantity, way="stock"):
        """Return when a product would be in the stock that is bought now, and the
        estimate behind it; nothing where nobody sells it."""
        seller = reading.sellers.get((product.id, quantity))
        if not seller or self._is_made(reading, line, product):
            return None, None
        warehouse = self._get_line_warehouse(reading, line)
        key = product.id, seller.id, warehouse.id, way
        if key not in reading.paths:
            late = reading.paces.lateness(seller.partner_id)
            path = BuyPath(
                reaction=reading.paces.reaction(),
                approval=self._get_usual_approval(reading),
                vendor=Delay(
                    seller.delay + late.likely,
                    seller.delay + late.safe,
                    DAYS,
                    late.sample,
                ),
                receipt=Delay()
                if way == "direct"
                else self._get_inbound_of(reading, warehouse),
            )
            guess = path.estimate(reading.now, reading.calendar)
            width = reading.paces.width(BUY, seller.partner_id)
            reading.paths[key] = guess.span(reading.calendar, width), guess
        return reading.paths[key]

    @api.model
    def _get_usual_approval(self, reading):
        """Return how long approvals of purchases take where there are rules."""
        if reading.usual_approval is None:
            rules = self.env["approval.rule"]._get_rules(
                self.env["purchase.order"], reading.company
            )
            reading.usual_approval = (
                reading.paces.approval() if rules else Delay(unit=HOURS)
            )
        return reading.usual_approval

    @api.model
    def _get_line_warehouse(self, reading, line):
        id_ = reading.facts[line.id].warehouse
        if not id_:
            return reading.warehouse
        if id_ not in reading.warehouses:
            reading.warehouses[id_] = self.env["stock.warehouse"].browse(id_)
        return reading.warehouses[id_]

    @api.model
    def _get_inbound(self, reading, order):
        return self._get_inbound_of(reading, order.picking_type_id.warehouse_id)

    @api.model
    def _get_inbound_of(self, reading, warehouse):
        """Return how many days goods need from the dock into the stock."""
        inbound, _outbound = self._get_moving_days(reading, warehouse)
        return Delay(inbound, inbound)

    @api.model
    def _get_moving_days(self, reading, warehouse):
        """Return the days that rules plan for coming in and for going out."""
        if warehouse.id not in reading.deliveries:
            self.env["stock.rule"].flush_model(["active", "delay", "route_id"])
            self.env["stock.warehouse"].flush_model(
                ["delivery_route_id", "reception_route_id"]
            )
            ((inbound, outbound),) = self.env.execute_query(
                SQL(
                    """
                    SELECT SUM(rule.delay) FILTER (
                               WHERE rule.route_id = warehouse.reception_route_id),
                           SUM(rule.delay) FILTER (
                               WHERE rule.route_id = warehouse.delivery_route_id)
                      FROM stock_warehouse warehouse
                 LEFT JOIN stock_rule rule
                        ON rule.active
                       AND rule.route_id IN (
                           warehouse.reception_route_id, warehouse.delivery_route_id
                           )
                     WHERE warehouse.id = %s
                    """,
                    warehouse.id or 0,
                )
            )
            reading.deliveries[warehouse.id] = float(inbound or 0), float(outbound or 0)
        return reading.deliveries[warehouse.id]

    @api.model
    def _get_terms(self, reading, line, is_direct):
        facts = reading.facts[line.id]
        warehouse = self._get_line_warehouse(reading, line)
        _inbound, outbound = self._get_moving_days(reading, warehouse)
        return Terms(
            reading.now,
            facts.ordered_on if facts.state == "sale" else reading.now,
            facts.lead,
            0.0 if is_direct else outbound,
            0.0 if is_direct else reading.company.security_lead,
        )

    # ------------------------------------------------------------
    # WHO HAS IT IN HAND
    # ------------------------------------------------------------

    @api.model
    def _get_purchase(self, reading, order):
        return self.env["supply.holder"]._get_purchase(reading, order)

    @api.model
    def _add_outlooks(self, reading, looks, found):
        """Add the outlooks of the lines of one order, lead or quotation."""
        lines, answers = list(looks), list(looks.values())
        sources = [
            [
                self._get_source(reading, line, part)
                for _day, _quantity, part in answer.parts
            ]
            for line, answer in looks.items()
        ]
        last = [each[-1] if each else Source("stock", "warehouse") for each in sources]
        if reading.facts[lines[0].id].is_at_once:
            place = find_last(answers)
            answers = together(answers)
            if place is not None and answers[place].binding.likely != NOW:
                # who has the last goods in hand has the whole order
                sources = [[last[place]] * len(each) for each in sources]
                last = [
                    last[place] if each else own
                    for each, own in zip(sources, last, strict=True)
                ]
        for number, line in enumerate(lines):
            quantity = (
                round(self._get_quantity(reading, line) * reading.unit) / reading.unit
            )
            found[line.id] = Outlook(
                quantity,
                answers[number],
                last[number],
                sources[number],
                reading.facts[line.id],
            )

    @api.model
    def _get_kind(self, outlook):
        """Return the kind of a promise and the vendor whose delays it waits for, see
        ``promising.Kept``; nothing for what nobody can be late with."""
        part = outlook.answer.binding
        if not part or not outlook.answer.estimate or part.way == "unplaced":
            return None, None
        is_ordered = outlook.source.code in ("ordered", "deposit")
        return ORDERED if is_ordered else BUY, outlook.source.vendor

    @api.model
    def _get_source(self, reading, line, part):
        if part.key and part.way in ("incoming", "bought"):
            if part.key not in reading.purchase_orders:
                bought = self.env["purchase.order.line"].browse(part.key)
                reading.purchase_orders[part.key] = bought.order_id
            order = reading.purchase_orders[part.key]
            source = self._get_purchase(reading, order)["source"]
            source = source._replace(
                overdue=reading.overdue.get((line.id, part.key), 0)
            )
            if part.likely == NEVER and source.code == "ordered":
                source = source._replace(code="undated")
            return source
        if part.way == "stock":
            return Source("stock", "warehouse")
        if part.way in ("incoming", "bought"):
            overdue = reading.overdue.get((line.id, None), 0)
            is_made = self._is_made(
                reading, line, self._get_product(reading, line, part)
            )
            code = "made" if is_made else "transfer"
            return Source(code, "warehouse", overdue=overdue)
        if part.way == "unplaced":
            product, _quantity = part.about
            warehouse = self._get_line_warehouse(reading, line)
            units = reading.unplaced[warehouse.id, product]
            facts = {"quantity": units / reading.unit}
            return Source("unplaced", "warehouse", facts=facts)
        if part.way == "buy":
            seller = reading.sellers.get(part.about)
            facts = {"vendor": seller.partner_id.name if seller else ""}
            vendor = seller.partner_id.commercial_partner_id.id if seller else None
            return Source("buy", "nobody", facts=facts, vendor=vendor)
        if self._is_made(reading, line, self._get_product(reading, line, part)):
            return Source("make", "nobody")
        return Source("none", "nobody")

    @api.model
    def _get_product(self, reading, line, part):
        """Return what a part is of: the line's product, or a component of it."""
        if not part.about:
            return reading.get_product(line)
        product, _quantity = part.about
        return self.env["product.product"].browse(product)

    @api.model
    def _get_quantity(self, reading, line):
        """Return what is still to be delivered of a line, in the product's unit."""
        return round(reading.facts[line.id].quantity, DIGITS)


class _Wish:
    """A line of a quotation or opportunity, and what it asks for.

    :param quantity: in the product's unit
    """

    def __init__(self, line, document, product, warehouse, quantity):
        self.line, self.document, self.product = line, document, product
        self.warehouse, self.quantity, self.way = warehouse, quantity, "stock"
        self.components, self.is_kit = [], False

    def get_pool(self, product):
        """Return the key of the pool that a component comes from; goods that are
        bought for the line come from none."""
        return (self.warehouse, product) if self.way == "stock" else None

    def get_units(self, needed, unit):
        """Return how many units of a component it takes; kits are whole."""
        kits = -(-self.quantity // 1) if self.is_kit else self.quantity
        return to_units(kits * needed, 1.0 / unit)


def _grouped(items, key):
    groups = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return groups
