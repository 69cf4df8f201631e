"""Commands of ``bench.supply`` inside Odoo, on its database."""

from __future__ import annotations

import time

from odoo.tools import SQL

from bench.common.meter import Meter
from bench.common.worker import serve
from bench.supplying import orders, warehouse
from tools import databases

WARM = 2


class Commands:
    """The methods without an underscore are called by name."""

    def __init__(self) -> None:
        self.meter = Meter()
        self.ids: dict[int, list[int]] = {}
        self.products: list[int] = []

    def fill(self, counts: list[int]) -> dict[str, int]:
        """Fill the database; return how many moves there are.

        :param counts: the numbers of products that will be asked for
        """
        with self.meter.environment() as env:
            self.meter.remember(env.user)
            warehouse.fill(env)
        # what the server does by itself before long
        databases.query("VACUUM ANALYZE", self.meter.registry.db_name)
        with self.meter.environment() as env:
            for count in counts:
                self.ids[count] = warehouse.products(env, count).ids
            ((moves, opened),) = env.execute_query(
                SQL(
                    "SELECT count(*), count(*) FILTER (WHERE state <> 'done')"
                    " FROM stock_move"
                )
            )
            return {"moves": moves, "open": opened}

    # Orders

    def make_to_order(self) -> None:
        """Have products that are bought for each order."""
        with self.meter.environment() as env:
            self.meter.remember(env.user)
            self.products = orders.make_to_order(env)

    def confirm(self) -> list[float]:
        """Return what confirming a sale and the purchase behind it takes."""
        with self.meter.environment() as env:
            sale = orders.sell(env, self.products).id
        _result, sold = self._measure(
            lambda env: env["sale.order"].browse(sale).action_confirm()
        )
        with self.meter.environment() as env:
            purchase = env["sale.order"].browse(sale)._get_purchase_orders().id
        _result, bought = self._measure(
            lambda env: env["purchase.order"].browse(purchase).button_confirm()
        )
        return [sum(pair) for pair in zip(sold, bought, strict=True)]

    def follow(self) -> list[float]:
        """Return what the job takes."""
        return self._measure(lambda env: env["supply.change"]._cron_follow())[1]

    def sell(self) -> int:
        """Sell a product that is kept in stock; return the id of the line."""
        with self.meter.environment() as env:
            sale = orders.sell(env, self.ids[20][:1])
            sale.action_confirm()
            return sale.order_line.id

    def wait(self) -> None:
        """Let customers wait for all products."""
        with self.meter.environment() as env:
            orders.let_customers_wait(env, self.ids[20][1])

    def receive(self) -> int:
        """Let something of each product come; return how many lines that are."""
        with self.meter.environment() as env:
            return orders.receive(env)

    def count_states(self, line: int = 0) -> int:
        """Return of how many order lines it is known how they are supplied."""
        domain = [("sale_line_id", "=", line)] if line else []
        with self.meter.environment() as env:
            return env["supply.state"].search_count(domain)

    def change(self, is_noted: bool) -> float:
        """Return the milliseconds in which one statement changes 10,000 moves, after
        one that changed a single one; nothing stays changed.

        :param is_noted: with the triggers, or as if there were none
        """
        (popular,) = self.ids[0]
        with self.meter.environment() as env:
            if not is_noted:
                env.cr.execute("ALTER TABLE stock_move DISABLE TRIGGER USER")
            for limit in (1, 10_000):
                start = time.perf_counter()
                env.cr.execute(
                    "UPDATE stock_move SET priority = '1' WHERE id IN ("
                    "SELECT id FROM stock_move WHERE product_id = %s"
                    " AND state = 'confirmed' AND priority <> '1' LIMIT %s)",
                    [popular, limit],
                )
                seconds = time.perf_counter() - start
            env.cr.rollback()
        return 1_000 * seconds

    # Pools

    def pools(self, count: int, tries: int) -> list[list[float]]:
        """Return what reading pools took, each time, once warm."""
        return self._tries(lambda pools, some: pools._get_pools(some), count, tries)

    def peg(self, count: int, tries: int) -> list[list[float]]:
        """Return what reading and dealing them took."""
        return self._tries(lambda pools, some: pools._deal(some), count, tries)

    def serve(self, count: int, tries: int) -> list[list[float]]:
        """Return what finding out took what one delivery of each product gets."""
        with self.meter.environment() as env:
            moves = orders.deliveries(env, self.ids[count])
        return self._tries(
            lambda pools, some: pools._peg(some, moves=moves), count, tries
        )

    def ledgers(self, count: int, tries: int) -> list[list[float]]:
        """Return what reading them by day for a promise took."""
        return self._tries(lambda pools, some: pools._get_ledgers(some), count, tries)

    def explain(self, count: int) -> list[str]:
        """Return the database's plans of the pools."""
        user = next(iter(self.meter.users))
        reads = {
            f"{count} products": lambda env: env["supply.pool"]._get_pools(
                env["product.product"].browse(self.ids[count])
            )
        }
        return self.meter.plans(user, reads)

    def _measure(self, work):
        return self.meter.measure(next(iter(self.meter.users)), work)

    def _tries(self, work, count: int, tries: int) -> list[list[float]]:
        user = next(iter(self.meter.users))

        def read(env):
            products = env["product.product"].browse(self.ids[count])
            if not work(env["supply.pool"], products):
                raise AssertionError("There are no pools: nothing to measure.")

        costs = [self.meter.measure(user, read)[1] for _try in range(WARM + tries)]
        return costs[WARM:]


if __name__ == "__main__":
    serve(Commands())
