"""Commands of ``bench.supply`` inside Odoo, on its database."""

from __future__ import annotations

from odoo.tools import SQL

from bench.common.meter import Meter
from bench.common.worker import serve
from bench.supplying import warehouse
from tools import databases

WARM = 2


class Commands:
    """The methods without an underscore are called by name."""

    def __init__(self) -> None:
        self.meter = Meter()
        self.ids: dict[int, list[int]] = {}

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

    def pools(self, count: int, tries: int) -> list[list[float]]:
        """Return what reading pools took, each time, once warm."""
        return self._tries(lambda pools, some: pools._get_pools(some), count, tries)

    def peg(self, count: int, tries: int) -> list[list[float]]:
        """Return what reading and dealing them took."""
        return self._tries(lambda pools, some: pools._deal(some), count, tries)

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
