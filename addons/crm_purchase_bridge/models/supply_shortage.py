from collections import defaultdict
from math import ceil

from odoo import api, models
from odoo.tools import SQL

from odoo.addons.supply_link.lookahead import Fence, Ledger
from odoo.addons.supply_link.pegging import NOW

from .supply_holder import QUOTED


class SupplyShortage(models.AbstractModel):
    """Orders whose goods a quotation was promised, as there is time to buy them again.

    A quotation takes nothing yet. But what it was told is only true if somebody buys
    for the orders that were passed over, in time for them. Quotations do not compete
    with each other: of a pool, the one counts that asks for most.
    """

    _name = "supply.shortage"
    _description = "Orders That Were Passed Over"

    @api.model
    def _find_quoted(self, reading, lines):
        """Return what quotations ask of the pools that order lines have goods of.

        :param lines: ``sale.order.line`` of orders
        :return: list of ``supply_wish.Wish``
        """
        ids = {reading.facts[id_].product for id_ in lines._ids}
        for components in reading.kits.values():
            ids |= {component.product.id for component in components}
        if not ids:
            return []
        facts, wishes = self.env["supply.facts"], self.env["supply.wish"]
        facts._flush_offers()
        self.env["sale.order.line"].flush_model(["company_id", "product_id"])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT line.id
                  FROM sale_order_line line
                  JOIN sale_order sale ON sale.id = line.order_id
             LEFT JOIN supply_promise promise ON promise.sale_line_id = line.id
                 WHERE line.product_id = ANY(%s)
                   AND line.company_id = %s
                   AND line.state IN %s
                   AND line.display_type IS NULL
                   AND %s
                """,
                list(ids),
                reading.company.id,
                QUOTED,
                facts._is_current_offer(),
            )
        )
        if not rows:
            return []
        quoted = self.env["sale.order.line"].browse(id_ for (id_,) in rows)
        reading.facts |= facts._read_facts(quoted)
        quoted = quoted.filtered(
            lambda line: (
                reading.facts[line.id].is_goods and reading.get_quantity(line) > 0
            )
        )
        found = [wishes._make_wish(line, reading) for line in quoted]
        wishes._explode_kits(found, reading)
        return [wish for wish in found if wish.way == "stock"]

    @api.model
    def _read_passed_over(self, reading, quoted):
        """Note how many units of which order lines quotations were promised.

        :param quoted: see :meth:`_find_quoted`
        """
        asked, fences, days = defaultdict(lambda: defaultdict(int)), {}, {}
        for wish in quoted:
            for product, needed in wish.components:
                pool = wish.get_pool(product)
                asked[pool][wish.document] += wish.get_units(needed, reading.unit)
                path = self.env["supply.buying"]._get_path(
                    reading, wish.line, product, wish.quantity * needed
                )
                if path.span:
                    fences[pool] = Fence(reading.now, path.span.likely)
                    days[product.id] = path.days
        if not fences:
            return
        warehouses, products = zip(*fences, strict=True)
        pools = self.env["supply.pool"]._get_pools(
            products[0].union(*products), warehouses[0].union(*warehouses)
        )
        short = {}
        for key, fence in fences.items():
            if pool := pools.get(key):
                ledger = Ledger(pool.supplies, pool.demands, fence)
                taken = min(max(asked[key].values()), ledger.free(fence.date))
                over = ledger.passed_over(taken, NOW) if taken else ()
                short |= {each.key: each.short for each in over}
        self._note(reading, short, days)

    @api.model
    def _note(self, reading, short, days):
        """Note what moves lack on the lines that they deliver.

        :param dict short: units by id of the move
        :param dict days: that buying takes, by id of the product
        """
        for move in self.env["stock.move"].browse(short):
            line, product, units = move.sale_line_id, move.product_id.id, short[move.id]
            for component in reading.kits.get(line.id, ()):
                if component.product.id == product:
                    units = ceil(units / component.needed) * reading.unit
            before, _product = reading.passed_over.get(line.id, (0, None))
            if units > before:
                reading.passed_over[line.id] = units, product
                reading.buy_days[line.id, product] = days[product]
