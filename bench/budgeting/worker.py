"""Commands of ``bench.budget`` inside Odoo, on one of its databases."""

from __future__ import annotations

import time
from typing import Any

from bench.approval.company import BUYER, set_up
from bench.budgeting import books, company
from bench.common.meter import Meter
from bench.common.worker import serve

PASSWORD = "bench-buyer-1"
WARM = 3
READ = {
    "budget": (
        "spend.budget.line",
        ["amount", "reserved", "committed", "actual", "available"],
    ),
    "oca_budget": (
        "crossovered.budget.lines",
        ["planned_amount", "practical_amount", "theoretical_amount", "percentage"],
    ),
}


class Commands:
    """The methods without an underscore are called by name."""

    def __init__(self) -> None:
        self.meter = Meter()

    def set_up(self) -> None:
        with self.meter.environment() as env:
            users = set_up(env)
            users.password = PASSWORD
            self.meter.remember(users)

    def buyer(self) -> list[str]:
        return [BUYER, PASSWORD]

    def limit(self, orders: int | None) -> None:
        """Open a budget that has room for so many orders, or close what is open."""
        with self.meter.environment() as env:
            env["spend.budget"].search([("state", "=", "open")])._close()
            if orders:
                company.budget(env, orders * company.ORDER)

    def orders(self, count: int) -> list[int]:
        """Make so many quotations."""
        with self.meter.environment(BUYER) as env:
            values = company.order_values(env)
            return env["purchase.order"].create([values] * count).ids

    def held(self, ids: list[int]) -> dict[str, float]:
        """Return how many orders were accepted, their sum, and the line's balance."""
        with self.meter.environment() as env:
            orders = env["purchase.order"].browse(ids)
            accepted = orders.filtered(lambda order: order.state == "purchase")
            line = env["spend.budget"].search([("state", "=", "open")]).line_ids
            if differences := line.budget_id._find_differences():
                raise AssertionError(f"The ledger differs: {differences}")
            return {
                "accepted": len(accepted),
                "orders": sum(accepted.mapped("amount_untaxed")),
                "balance": line.reserved + line.committed,
            }

    def fill(self, count: int) -> None:
        with self.meter.environment() as env:
            line = env["spend.budget"].search([("state", "=", "open")]).line_ids
            company.fill(env, line, count)

    def measure(self, tries: int) -> dict[str, list[list[float]]]:
        """Return what a confirmation and the form of the budget took, each time."""
        costs: dict[str, list[list[float]]] = {"confirm": [], "check": [], "form": []}
        ids = self.orders(WARM + tries)
        for number, order in enumerate(ids):
            _result, check = self.meter.measure(
                BUYER,
                lambda env, order=order: (
                    env["purchase.order"]
                    .browse(order)
                    .read(["budget_state", "budget_impact"])
                ),
            )
            _result, confirm = self.meter.measure(
                BUYER,
                lambda env, order=order: (
                    env["purchase.order"].browse(order).button_confirm()
                ),
            )
            _result, form = self._form()
            if number >= WARM:
                costs["confirm"].append(confirm)
                costs["check"].append(check)
                costs["form"].append(form)
        return costs

    def _form(self) -> tuple[Any, list[float]]:
        """Read the budget's form, then the first page of its entries."""
        with self.meter.environment() as env:
            budget = env["spend.budget"].search([("state", "=", "open")]).id
            self.meter.remember(env.ref("base.user_admin"))

        def read(env):
            env["spend.budget"].browse(budget).web_read(
                {
                    "name": {},
                    "amount": {},
                    "available": {},
                    "line_ids": {
                        "fields": {"amount": {}, "reserved": {}, "available": {}}
                    },
                }
            )
            env["spend.entry"].web_search_read(
                [("budget_id", "=", budget)],
                {"document": {}, "amount": {}, "kind": {}, "date": {}},
                limit=80,
                count_limit=10_001,
            )

        return self.meter.measure("admin", read)

    def fill_books(self, count: int, lines: int) -> None:
        """Make so many expenses, on the analytic accounts of a budget's lines."""
        with self.meter.environment() as env:
            company.many_lines_of_ours(env, lines, is_open=False)
            accounts = env["spend.budget"].search([]).line_ids.account_id
            original = books.entry(env, accounts)
            self.taken_away = books.strip(env, "account_move_line")
            books.fill(env, original, count)
            self.meter.remember(env.ref("base.user_admin"))

    def index_books(self) -> None:
        with self.meter.environment() as env:
            for statement in self.taken_away:
                env.cr.execute(statement)

    def open_budget(self) -> float:
        """Open the budget, and let the scheduler count what is in the books already."""
        start = time.perf_counter()
        self._open_only()
        self._catch_up()
        return time.perf_counter() - start

    def stop_midway(self, items: int) -> int:
        """Open the budget, count so many items as a worker that is killed then, and
        return how many entries there are."""
        self._open_only()
        with self.meter.environment() as env:
            budget = env["spend.budget"].search([("state", "=", "open")])
            bulk, last = env["spend.bulk"], 0
            while env["spend.entry"].search_count([]) < items:
                last = bulk._synchronise_items(budget, last)
            budget._system_write({"catch_up_after": last})
            return env["spend.entry"].search_count([])

    def resume(self) -> float:
        start = time.perf_counter()
        self._catch_up()
        return time.perf_counter() - start

    def again(self) -> float:
        """Return the seconds that it takes to see that nothing is missing."""
        start = time.perf_counter()
        with self.meter.environment() as env:
            env["spend.budget"].search([("state", "=", "open")])._synchronise()
        self._catch_up()
        return time.perf_counter() - start

    def look_ahead(self) -> float:
        """Return the seconds that the sentence on the budget's form takes."""
        with self.meter.environment() as env:
            budget = env["spend.budget"].search([("state", "=", "open")])
            start = time.perf_counter()
            budget.mapped("forecast_text")
            return time.perf_counter() - start

    def counted(self) -> dict[str, float]:
        with self.meter.environment() as env:
            budget = env["spend.budget"].search([("state", "=", "open")])
            return {
                "entries": env["spend.entry"].search_count([]),
                "actual": sum(budget.line_ids.mapped("actual")),
            }

    def _open_only(self) -> None:
        with self.meter.environment() as env:
            env["spend.budget"].search([], limit=1).action_open()

    def _catch_up(self) -> None:
        with self.meter.environment() as env:
            env["spend.budget"]._cron_catch_up()

    def bills(self, count: int) -> list[int]:
        with self.meter.environment() as env:
            self.meter.remember(env.ref("base.user_admin"))
            return books.bills(env, count, company.account(env))

    def elsewhere(self) -> None:
        """Open a budget that no bill meets."""
        with self.meter.environment() as env:
            env["spend.budget"].search([("state", "=", "open")])._close()
            company.many_lines_of_ours(env, 10)

    def post(self, bill: int) -> list[float]:
        return self.meter.measure(
            "admin", lambda env: env["account.move"].browse(bill).action_post()
        )[1]

    def many_lines(self, side: str, count: int) -> None:
        make = {
            "budget": company.many_lines_of_ours,
            "oca_budget": company.many_lines_of_oca,
        }
        with self.meter.environment() as env:
            make[side](env, count)
            self.meter.remember(env.ref("base.user_admin"))

    def read(self, side: str) -> list[float]:
        model, fields = READ[side]
        return self.meter.measure(
            "admin", lambda env: env[model].search([]).read(fields)
        )[1]


if __name__ == "__main__":
    serve(Commands())
