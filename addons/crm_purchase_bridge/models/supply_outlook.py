from collections import defaultdict
from dataclasses import replace
from datetime import date
from fractions import Fraction
from math import ceil
from typing import NamedTuple

from odoo import api, fields, models

from odoo.addons.supply_link.lookahead import Fence
from odoo.addons.supply_link.models.supply_commons import STOCK
from odoo.addons.supply_link.models.supply_part import DIGITS
from odoo.addons.supply_link.pegging import NEVER, NOW

from ..delays import later
from ..promising import (
    Answer,
    Part,
    Terms,
    ask,
    cut,
    fill,
    find_last,
    kit_parts,
    promise,
    tell_unplaced,
    together,
)
from .supply_facts import Facts, Reading
from .supply_holder import QUOTED, Source
from .supply_pace import BUY, ORDERED

IN_STOCK = Source("stock", "warehouse")


class Shortage(NamedTuple):
    """What has to be bought for a line.

    :param quantity: in the product's unit
    :param days: from buying it until the customer has it; nothing: nobody knows
    :param planned_on: when Odoo plans to deliver what nobody has named a day for
    """

    quantity: float = 0.0
    days: int | None = None
    planned_on: date | None = None


class Faster(NamedTuple):
    """Another vendor than Odoo would choose has it earlier: an option, no promise.

    :param day: on which it is likely with the customer
    :param vendor: id
    """

    day: date
    vendor: int


class Outlook(NamedTuple):
    """What can be promised of one line now.

    :param quantity: what is to be delivered, in the product's unit
    :param source: of the part that comes last
    :param sources: of each part, in their order
    :param facts: what the line itself says
    :param shortage: what has to be bought for it
    :param faster: what another vendor could do; nothing: nobody is faster
    """

    quantity: float
    answer: Answer
    source: Source
    sources: list[Source]
    facts: Facts
    shortage: Shortage
    faster: Faster | None = None


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
            lines = outlook.env["supply.facts"]._add_siblings(lines)
        facts = outlook.env["supply.facts"]._read_facts(lines)
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
    def _look_in(self, company, lines, facts):
        """Return what can be promised of lines of one company, see :meth:`_look`.

        All that is needed is read first, for all lines together; then each is looked
        at.

        :param dict facts: what ``supply.facts`` says of the lines, by id
        """
        reading = Reading(self.env, company, facts)
        ordered = kits = self.env["sale.order.line"]
        if lines._name == "crm.lead.line":
            asking = self._filter_asking(reading, lines)
        else:
            waits = self.env["supply.part"]._read_waits(
                lines.browse(id_ for id_ in lines._ids if facts[id_].state == "sale")
            )
            ordered = ordered.browse(id_ for id_ in waits if facts[id_].quantity > 0)
            kits = ordered.browse(id_ for id_ in ordered._ids if waits[id_].is_kit)
            asking = self._filter_asking(
                reading,
                lines.browse(id_ for id_ in lines._ids if facts[id_].state in QUOTED),
            )
        self.env["supply.wish"]._fetch_products(reading, asking)
        wishes = [self.env["supply.wish"]._make_wish(line, reading) for line in asking]
        self.env["supply.wish"]._explode_kits(wishes, reading)
        singles = ordered - kits if kits else ordered
        come = {}
        if singles:
            come = self.env["supply.part"]._get_parts(
                {id_: waits[id_] for id_ in singles._ids}
            )
        reading.kits = self.env["supply.component"]._read_components(reading, kits)
        for line_id, components in reading.kits.items():
            come[line_id] = [part for each in components for part in each.come]
        quoted = self.env["supply.shortage"]._find_quoted(reading, ordered)
        self._read_paths(reading, singles, come, wishes + quoted)
        self.env["supply.shortage"]._read_passed_over(reading, quoted)
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
                reading.facts[line.id].is_goods and reading.get_quantity(line) > 0
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
        ordered = reading.get_quantity(line)
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
        wanted = round(reading.get_quantity(line) * reading.unit)
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
                reading.get_quantity(line) * float(component.needed) / reading.unit
            )
            components.append(
                (
                    component.needed,
                    self._fill(reading, line, component.product, quantity, parts),
                )
            )
        if not components:
            return [Part(wanted, NOW, NOW, "stock")], is_direct
        made = [part.of(part.quantity * reading.unit) for part in kit_parts(components)]
        return cut(made, wanted), is_direct

    @api.model
    def _get_component_needs(self, reading):
        """Yield line, component and quantity of what is missing for kits."""
        for line_id, components in reading.kits.items():
            line = self.env["sale.order.line"].browse(line_id)
            for product, needed, come in components:
                if any(part.way == "none" for part in come):
                    quantity = reading.get_quantity(line) * float(needed) / reading.unit
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
                guess, width, direct = self.env["supply.arrival"]._get_estimate(
                    reading, line, each
                )
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
            warehouse = reading.get_warehouse(line)
            units = reading.unplaced.get((warehouse.id, product.id), 0)
            parts = tell_unplaced(parts, units)
        path = self.env["supply.buying"]._get_path(
            reading, line, product, quantity, way
        )
        about = product.id, quantity
        return fill(parts, path.span, again, path.estimate, about)

    @api.model
    def _get_missing(self, reading, lines, come):
        """Yield warehouse and product of what is missing of order lines."""
        for line in lines:
            if any(part.way == "none" for part in come.get(line.id, ())):
                product = reading.get_product(line)
                yield reading.get_warehouse(line), product
        for line, product, _quantity in self._get_component_needs(reading):
            yield reading.get_warehouse(line), product

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

    # ------------------------------------------------------------
    # QUOTATIONS AND WISHES: they come after all orders
    # ------------------------------------------------------------

    @api.model
    def _look_at_wishes(self, reading, wishes):
        """Return what can be promised of quotations and wishes. Lines of one document
        share what there is; documents do not compete.

        :return: :class:`Outlook` by id of the line
        :rtype: dict
        """
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
        made = [part.of(part.quantity * reading.unit) for part in kit_parts(components)]
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
        guess = self.env["supply.arrival"]._estimate_ordered(
            reading,
            line,
            part.likely,
            overdue,
            reading.paces.lateness(vendor),
            self.env["supply.arrival"]._get_inbound(reading, line.order_id),
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
                    path = self.env["supply.buying"]._get_path(
                        reading, wish.line, product, wish.quantity * needed
                    )
                    if path.span:
                        fence = Fence(reading.now, path.span.likely)
                        fences[warehouse, product] = fence
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
    # WHAT IS ASKED ONCE FOR ALL LINES
    # ------------------------------------------------------------

    @api.model
    def _read_paths(self, reading, ordered, come, wishes):
        """Read the past of all vendors that matter, the vendor of what is to be
        bought, and the purchases that are on their way."""
        vendors = set()
        buying = self.env["supply.buying"]
        if "mrp.bom" in self.env:
            buying._read_boms(reading, self._get_taken(reading, ordered, wishes))
        wanted = [
            (line, reading.get_product(line), reading.get_quantity(line))
            for line in ordered
            if any(each.way == "none" for each in come.get(line.id, ()))
        ]
        wanted += self._get_component_needs(reading)
        wanted += (
            (wish.line, product, wish.quantity * needed)
            for wish in wishes
            for product, needed in wish.components
        )
        for line, product, quantity in wanted:
            buying._read_seller(reading, line, product, quantity)
        products = self.env["product.product"].browse(
            {product.id for _line, product, _quantity in wanted}
        )
        # others may be faster
        vendors |= set(products.product_tmpl_id.seller_ids.partner_id.ids)
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
    def _get_taken(self, reading, ordered, wishes):
        """Yield lines and what they take: products, or components of kits."""
        for line in ordered:
            yield line, reading.get_product(line)
        for line_id, components in reading.kits.items():
            line = self.env["sale.order.line"].browse(line_id)
            for component in components:
                yield line, component.product
        for wish in wishes:
            for product, _needed in wish.components:
                yield wish.line, product

    @api.model
    def _get_terms(self, reading, line, is_direct):
        facts = reading.facts[line.id]
        warehouse = reading.get_warehouse(line)
        _inbound, outbound = self.env["supply.arrival"]._get_moving_days(
            reading, warehouse
        )
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
        shortages = [
            self._get_shortage(reading, line, answer, own)
            for (line, answer), own in zip(looks.items(), sources, strict=True)
        ]
        last = [each[-1] if each else IN_STOCK for each in sources]
        if reading.facts[lines[0].id].is_at_once:
            place = find_last(answers)
            answers = together(answers)
            if place is not None and answers[place].binding.likely != NOW:
                # the order leaves at once: whoever has its last goods in hand holds it
                sources = [[last[place]] * len(each) for each in sources]
                last = [
                    last[place] if each else own
                    for each, own in zip(sources, last, strict=True)
                ]
        for number, line in enumerate(lines):
            quantity = round(reading.get_quantity(line) * reading.unit) / reading.unit
            found[line.id] = Outlook(
                quantity,
                answers[number],
                last[number],
                sources[number],
                reading.facts[line.id],
                shortages[number],
                self._look_for_faster(reading, line, answers[number], len(lines)),
            )

    @api.model
    def _get_shortage(self, reading, line, answer, sources):
        """Return what has to be bought for a line: what nobody brings, and what an
        earlier quotation was promised because there is time to buy it again.

        :param sources: of the parts of the answer
        """
        facts, short, products = reading.facts[line.id], 0.0, set()
        for (_day, quantity, part), source in zip(answer.parts, sources, strict=True):
            if source.code in ("buy", "none"):
                short += quantity
                products.add(self._get_product(reading, line, part).id)
        if passed := reading.passed_over.get(line.id):
            units, product = passed
            short = min(short + units / reading.unit, reading.get_quantity(line))
            products.add(product)
        if not products:
            return Shortage()
        days = [reading.buy_days.get((line.id, id_)) for id_ in products]
        known = bool(days) and None not in days
        terms = self._get_terms(reading, line, False)
        planned = later(terms.ordered, terms.lead, reading.calendar)
        return Shortage(
            round(short, DIGITS),
            max(days) + ceil(terms.outgoing + terms.security) if known else None,
            reading.calendar.day(planned) if facts.state == "sale" else None,
        )

    @api.model
    def _look_for_faster(self, reading, line, answer, lines):
        """Return whether another vendor would have the last part earlier.

        Kits, and orders of several lines that go out at once, wait for others too.

        :param lines: how many the document has
        """
        part, facts = answer.binding, reading.facts[line.id]
        if not part or part.way != "buy" or not answer.likely:
            return None
        product, quantity = part.about
        if product != facts.product or (facts.is_at_once and lines > 1):
            return None
        path, vendor = self.env["supply.buying"]._get_faster(
            reading, line, reading.get_product(line), quantity
        )
        if not vendor:
            return None
        parts = [
            replace(each, likely=path.span.likely, safe=path.span.safe)
            if each.way == "buy"
            else each
            for _day, _quantity, each in answer.parts
        ]
        terms = self._get_terms(reading, line, False)
        day = promise(parts, terms, reading.calendar).likely
        return Faster(day, vendor.id) if day and day < answer.likely else None

    @api.model
    def _get_kind(self, outlook):
        """Return the kind of a promise and the vendor whose delays it waits for, see
        ``delays.Kept``; nothing for what nobody can be late with."""
        part = outlook.answer.binding
        if not part or not outlook.answer.estimate or part.way == "unplaced":
            return None, None
        is_ordered = outlook.source.code in ("ordered", "deposit")
        return ORDERED if is_ordered else BUY, outlook.source.vendor

    @api.model
    def _get_source(self, reading, line, part):
        """Return what brings a part of the goods of a line, and who has it in hand.

        :param part: ``promising.Part``
        :rtype: Source
        """
        if part.key and part.way in ("incoming", "bought"):
            if part.key not in reading.bringing:
                reading.bringing[part.key] = self._get_purchase_source(reading, part)
            source = reading.bringing[part.key]
            if overdue := reading.overdue.get((line.id, part.key), 0):
                source = source._replace(overdue=overdue)
            if part.likely == NEVER and source.code == "ordered":
                source = source._replace(code="undated")
            return source
        if part.way == "stock":
            return IN_STOCK
        if part.way in ("incoming", "bought"):
            overdue = reading.overdue.get((line.id, None), 0)
            is_made = self.env["supply.buying"]._is_made(
                reading, line, self._get_product(reading, line, part)
            )
            code = "made" if is_made else "transfer"
            return Source(code, "warehouse", overdue=overdue)
        if part.way == "unplaced":
            product, _quantity = part.about
            warehouse = reading.get_warehouse(line)
            units = reading.unplaced[warehouse.id, product]
            facts = {"quantity": units / reading.unit}
            return Source("unplaced", "warehouse", facts=facts)
        if part.way == "buy":
            seller = reading.sellers.get(part.about)
            facts = {"vendor": seller.partner_id.name if seller else ""}
            vendor = seller.partner_id.commercial_partner_id.id if seller else None
            return Source("buy", "nobody", facts=facts, vendor=vendor)
        if self.env["supply.buying"]._is_made(
            reading, line, self._get_product(reading, line, part)
        ):
            return Source("make", "nobody")
        return Source("none", "nobody")

    @api.model
    def _get_purchase_source(self, reading, part):
        bought = self.env["purchase.order.line"].browse(part.key)
        purchase = self.env["supply.holder"]._get_purchase(reading, bought.order_id)
        planned = fields.Date.to_string(bought.date_planned)
        return purchase["source"]._replace(planned=planned)

    @api.model
    def _get_product(self, reading, line, part):
        """Return what a part is of: the line's product, or a component of it."""
        if not part.about:
            return reading.get_product(line)
        product, _quantity = part.about
        return self.env["product.product"].browse(product)


def _grouped(items, key):
    groups = defaultdict(list)
    for item in items:
        groups[key(item)].append(item)
    return groups
