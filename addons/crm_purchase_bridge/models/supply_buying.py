from collections import defaultdict

from odoo import api, models

from ..promising import DAYS, HOURS, BuyPath, Delay
from .supply_pace import BUY


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
        if "mrp.bom" not in self.env:
            return
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
        warehouse = reading.get_warehouse(line)
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
                else self.env["supply.arrival"]._get_inbound_of(reading, warehouse),
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
