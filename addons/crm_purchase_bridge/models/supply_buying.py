from ast import literal_eval
from collections import defaultdict
from typing import NamedTuple

from odoo import Command, api, models

from ..delays import DAYS, HOURS, BuyPath, Delay, Estimate, Span
from .supply_pace import BUY


class Path(NamedTuple):
    """When goods that are bought now are in the stock; nothing: nobody sells them.

    :param estimate: behind it
    :param days: that it takes, see ``delays.BuyPath.days``
    """

    span: Span | None = None
    estimate: Estimate | None = None
    days: int | None = None


NOWHERE = Path()


class SupplyBuying(models.AbstractModel):
    """How goods come that nobody has bought: whether we make them, who would sell them,
    and how long all of that takes."""

    _name = "supply.buying"
    _description = "How Goods Would Be Bought"

    @api.model
    def _read_boms(self, reading, asked):
        """Read what could be made in the warehouses of lines.

        :param asked: pairs of a line and a product that it takes
        """
        products = defaultdict(dict)
        for line, product in asked:
            warehouse = reading.get_warehouse(line)
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
        if not reading.boms:
            return False
        warehouse = reading.get_warehouse(line)
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
            reading.sellers[key] = self._find_seller(reading, product, quantity)
        return reading.sellers[key].partner_id

    def _find_seller(self, reading, product, quantity):
        """Return the row of the vendor that Odoo would choose, whatever the quantity
        where none sells so few: ``product.supplierinfo``."""
        # asked of the template: through the product Odoo copies it for each
        template = product.product_tmpl_id
        rows = template.seller_ids
        if len(rows) < 2 and not (rows.product_id or rows.date_start or rows.date_end):
            # the only vendor there is, without dates and for all variants: Odoo would
            # choose no other
            return rows and rows._get_filtered_supplier(reading.company, product)
        return product._select_seller(
            quantity=quantity, date=reading.today, uom_id=template.uom_id
        ) or product._select_seller(quantity=None, date=reading.today)

    @api.model
    def _get_path(self, reading, line, product, quantity, way="stock"):
        """Return when a product would be in the stock that is bought now, of the vendor
        that Odoo would choose.

        :rtype: Path
        """
        key = line.id, product.id, quantity, way
        if key not in reading.line_paths:
            seller = reading.sellers.get((product.id, quantity))
            if not seller or self._is_made(reading, line, product):
                return NOWHERE
            path = self._get_path_of(reading, line, product, quantity, seller, way)
            reading.line_paths[key] = path
            reading.buy_days[line.id, product.id] = path.days
        return reading.line_paths[key]

    @api.model
    def _get_path_of(self, reading, line, product, quantity, seller, way):
        """:param seller: ``product.supplierinfo``"""
        warehouse = reading.get_warehouse(line)
        approval = self._get_approval(reading, line, product, quantity, seller)
        vendor = seller.partner_id
        key = vendor.id, seller.delay, warehouse.id, way, approval
        if key not in reading.paths:
            late = reading.paces.lateness(vendor)
            path = BuyPath(
                reaction=reading.paces.reaction(),
                approval=approval,
                vendor=Delay(
                    seller.delay + late.likely,
                    seller.delay + late.safe,
                    DAYS,
                    late.sample,
                ),
                receipt=Delay()
                if way == "direct"
                else self.env["supply.arrival"]._get_inbound_of(reading, warehouse),
            )
            guess = path.estimate(reading.now, reading.calendar)
            width = reading.paces.width(BUY, vendor)
            reading.paths[key] = Path(
                guess.span(reading.calendar, width),
                guess,
                path.days(reading.morning, reading.calendar),
            )
        return reading.paths[key]

    @api.model
    def _get_faster(self, reading, line, product, quantity, way="stock"):
        """Return the fastest path by another vendor than the one that Odoo would
        choose, and that vendor; nothing where nobody else sells so many.

        :return: :class:`Path` and ``res.partner``
        """
        template = product.product_tmpl_id
        chosen = reading.sellers.get((product.id, quantity))
        if template not in reading.has_choice:
            reading.has_choice[template] = len(template.seller_ids.partner_id) > 1
        if not chosen or not reading.has_choice[template]:
            return NOWHERE, self.env["res.partner"]
        asked = {"quantity": quantity, "date": reading.today, "uom_id": template.uom_id}
        others = product._get_filtered_sellers(**asked).partner_id - chosen.partner_id
        found = NOWHERE, others.browse()
        for vendor in others:
            seller = product._select_seller(partner_id=vendor, **asked)
            if seller.partner_id != vendor:
                continue  # a row of the parent company's
            path = self._get_path_of(reading, line, product, quantity, seller, way)
            if not found[1] or path.span.likely < found[0].span.likely:
                found = path, vendor
        return found

    # ------------------------------------------------------------
    # APPROVAL: of an order that nobody has made yet
    # ------------------------------------------------------------

    @api.model
    def _get_approval(self, reading, line, product, quantity, seller):
        """Return how long the approval of a purchase takes: that of the rule that would
        match; none where no rule does."""
        if not reading.approval_rules:
            return Delay(unit=HOURS)
        urgency = self._get_urgency(reading, line)
        key = product.id, quantity, seller.id, urgency
        if key not in reading.approvals:
            rule = self._find_rule(reading, product, quantity, seller, urgency)
            reading.approvals[key] = (
                reading.paces.approval(rule, self._suppose(reading, seller, urgency))
                if rule
                else Delay(unit=HOURS)
            )
        return reading.approvals[key]

    @api.model
    def _get_urgency(self, reading, line):
        """Return the urgency that a purchase for a line would inherit."""
        document = line.lead_id if line._name == "crm.lead.line" else line.order_id
        if document not in reading.urgencies:
            reading.urgencies[document] = document.urgency_level_id
        return reading.urgencies[document]

    @api.model
    def _find_rule(self, reading, product, quantity, seller, urgency):
        """Return the first rule that such an order would fall under.

        An order with its line is only made up where a condition asks for it: thousands
        of lines are looked at together.
        """
        unit = product.product_tmpl_id.uom_id
        bought = unit._compute_quantity(quantity, seller.product_uom_id, round=False)
        bought = max(bought, seller.min_qty)
        amount = order = None
        for rule in reading.approval_rules:
            if amount is None and (rule.amount_min or rule.amount_max):
                amount = self._estimate_amount(reading, product, bought, seller)
            if not rule._covers(amount or 0.0):
                continue
            if literal_eval(rule.domain):
                if order is None:
                    order = self._suppose(reading, seller, urgency, product, bought)
                if not rule._filter_matching(order):
                    continue
            return rule
        return reading.approval_rules.browse()

    @api.model
    def _estimate_amount(self, reading, product, quantity, seller):
        """Return what a purchase would come to with taxes, in the company's currency.

        Taxes are those of the product, as fiscal positions are not looked at.

        :param quantity: in the vendor's unit
        """
        company, currency = reading.company, seller.currency_id
        amount = quantity * seller.price_discounted
        taxes = product.product_tmpl_id.supplier_taxes_id
        taxes = taxes.filtered_domain(taxes._check_company_domain(company))
        if taxes:
            found = taxes.compute_all(amount, currency, product=product)
            amount = found["total_included"]
        return currency._convert(amount, company.currency_id, company, reading.today)

    @api.model
    def _suppose(self, reading, seller, urgency, product=None, quantity=0.0):
        """Return an order that is not in the database, as it would be made.

        :param product: of its line; nothing: it has none
        :param quantity: in the vendor's unit
        """
        values = {
            "company_id": reading.company.id,
            "currency_id": seller.currency_id.id,
            "partner_id": seller.partner_id.id,
            "urgency_level_id": urgency.id,
            "order_line": [],
        }
        if product:
            line = {
                "product_id": product.id,
                "product_qty": quantity,
                "product_uom_id": seller.product_uom_id.id,
                "price_unit": seller.price_discounted,
            }
            values["order_line"] = [Command.create(line)]
        return self.env["purchase.order"].new(values)
