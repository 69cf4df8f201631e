from collections import defaultdict

from odoo import api, models

from odoo.addons.supply_link.pegging import to_units


class Wish:
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


class SupplyWish(models.AbstractModel):
    """What lines of quotations and opportunities ask for: of which pool, and of kits
    their components."""

    _name = "supply.wish"
    _description = "What Quotations Ask For"

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
        """Return what a line asks for, see :class:`Wish`."""
        facts = reading.facts[line.id]
        product = reading.get_product(line)
        warehouse = reading.get_warehouse(line)
        quantity = reading.get_quantity(line)
        wish = Wish(line, facts.document, product, warehouse, quantity)
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
