"""Commands of ``bench.promise``, about orders, inside Odoo, on its database."""

from __future__ import annotations

from odoo.fields import Command
from odoo.tools import SQL

from bench.common.meter import Meter, Profile, recorded
from bench.common.worker import serve
from bench.supplying import warehouse
from bench.urgent.copies import copies
from tools import databases

WARM = 2
SOLD = 5
CUSTOMER = "Bench Customer"


class Commands:
    """The methods without an underscore are called by name."""

    def __init__(self) -> None:
        self.meter = Meter()
        self.quotations: list[int] = []
        self.few = self.popular = 0

    def fill(self, lines: int, many: int, waiting: int) -> None:
        """Fill the database.

        :param lines: of each quotation
        :param many: lines of all quotations together
        :param waiting: confirmed lines that wait for one product
        """
        with self.meter.environment() as env:
            self.meter.remember(env.user)
            warehouse.fill(env)
        with self.meter.environment() as env:
            products = warehouse.products(env, many)
            self._sell_by_vendors(env, products)
            numbers = range(0, many, lines)
            for start in numbers:
                order = self._quote(env, products[start : start + lines])
                self.quotations.append(order.id)
            self.few = self._quote(env, products[:3]).id
            self.popular = self._wait(env, waiting)
            env.cr.execute("DELETE FROM supply_change")
        databases.query("VACUUM ANALYZE", self.meter.registry.db_name)
        with self.meter.environment() as env:
            popular = env["product.product"].browse(self.popular)
            env["supply.change"]._supply_changed(
                popular, env["sale.order.line"], env["purchase.order.line"]
            )
            env.cr.execute("DELETE FROM supply_change")
        databases.query("VACUUM ANALYZE", self.meter.registry.db_name)

    def prepare(self) -> None:
        """Know who sells, in a database of Odoo alone."""
        with self.meter.environment() as env:
            self.meter.remember(env.user)

    def look(self, count: int, tries: int) -> list[list[float]]:
        """Return what promising so many lines of quotations took."""

        def read(env):
            orders = env["sale.order"].browse(self.quotations)
            lines = orders.order_line[:count]
            if len(env["supply.outlook"]._look(lines)) < count:
                raise AssertionError("Not all lines have an outlook.")

        return self._tries(read, tries)

    def panel(self, tries: int, lines: int = 0) -> list[list[float]]:
        """Return what the panel of an order took."""
        order = self.few if lines else self.quotations[0]
        return self._tries(
            lambda env: env["supply.panel"].get_panel("sale.order", order), tries
        )

    def receive(self, tries: int) -> list[list[float]]:
        """Return what the job took after one receipt of the popular product."""
        costs = []
        for _try in range(WARM + tries):
            with self.meter.environment() as env:
                product = env["product.product"].browse(self.popular)
                stock = env["stock.warehouse"].search([], limit=1).lot_stock_id
                env["stock.quant"]._update_available_quantity(product, stock, 1)
            costs.append(self.meter.measure(self._user, self._run_job)[1])
        return costs[WARM:]

    def sell(self, tries: int) -> list[list[float]]:
        """Return what creating and confirming a sale took."""
        with self.meter.environment() as env:
            products = env["product.product"].create(
                [
                    {"name": f"Sold {n}", "type": "consu", "is_storable": True}
                    for n in range(SOLD)
                ]
            )
            ids = products.ids

        def sell(env):
            order = self._quote(env, env["product.product"].browse(ids))
            order.action_confirm()

        return self._tries(sell, tries)

    def explain(self) -> list[str]:
        """Return the database's plans of a promise."""
        order = self.quotations[0]
        reads = {
            "panel": lambda env: env["supply.panel"].get_panel("sale.order", order)
        }
        return self.meter.plans(self._user, reads)

    def profile(self) -> list[str]:
        """Return where the statements of the job come from."""
        profile = Profile()
        with self.meter.environment() as env:
            product = env["product.product"].browse(self.popular)
            stock = env["stock.warehouse"].search([], limit=1).lot_stock_id
            env["stock.quant"]._update_available_quantity(product, stock, 1)
        with self.meter.environment() as env, recorded(profile):
            self._run_job(env)
        return profile.lines(1, 1)

    @property
    def _user(self) -> str:
        return next(iter(self.meter.users))

    def _run_job(self, env) -> None:
        while env["supply.change"]._follow_batch():
            pass

    def _tries(self, work, tries: int) -> list[list[float]]:
        costs = [
            self.meter.measure(self._user, work)[1] for _try in range(WARM + tries)
        ]
        return costs[WARM:]

    def _quote(self, env, products):
        return env["sale.order"].create(
            {
                "partner_id": self._get_customer(env).id,
                "order_line": [
                    Command.create({"product_id": product.id, "product_uom_qty": 3})
                    for product in products
                ],
            }
        )

    def _get_customer(self, env):
        customers = env["res.partner"]
        return customers.search([("name", "=", CUSTOMER)]) or customers.create(
            {"name": CUSTOMER}
        )

    def _sell_by_vendors(self, env, products) -> None:
        """Let one vendor sell all products."""
        vendor = env["res.partner"].create({"name": "Vendor"})
        env["product.supplierinfo"].create(
            [
                {
                    "partner_id": vendor.id,
                    "product_tmpl_id": product.product_tmpl_id.id,
                    "delay": 7,
                }
                for product in products
            ]
        )

    def _wait(self, env, count: int) -> int:
        """Let so many confirmed lines wait for a product; return its id."""
        product = env["product.product"].create(
            {"name": "Popular", "type": "consu", "is_storable": True}
        )
        self._sell_by_vendors(env, product)
        order = self._quote(env, product)
        order.action_confirm()
        move = order.order_line.move_ids
        env.flush_all()
        orders = copies(order, count, name="'WAIT/' || n")
        lines = copies(order.order_line, count, order_id=f"{orders} + n")
        pickings = copies(move.picking_id, count, name="'WAIT/' || n")
        days = "now() + n % 60 * interval '1 day'"
        copies(
            move,
            count,
            picking_id=f"{pickings} + n",
            sale_line_id=f"{lines} + n",
            date=days,
        )
        buy = env["purchase.order"].create(
            {
                "partner_id": product.seller_ids.partner_id.id,
                "order_line": [
                    Command.create({"product_id": product.id, "product_qty": 2 * count})
                ],
            }
        )
        buy.button_confirm()
        env.cr.execute(SQL("ANALYZE stock_move"))
        return product.id


if __name__ == "__main__":
    serve(Commands())
