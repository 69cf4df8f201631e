"""Commands of ``bench.urgency`` inside Odoo, on its database."""

from __future__ import annotations

from bench.common.meter import Meter, Profile, recorded
from bench.common.worker import serve
from bench.urgent import company, displacing, screen
from tools import databases

WARM = 2


class Commands:
    """The methods without an underscore are called by name."""

    def __init__(self) -> None:
        self.meter = Meter()
        self.ids: dict[str, int] = {}

    def set_up(self) -> None:
        with self.meter.environment() as env:
            self.meter.remember(company.set_up(env))

    def fill(self, part: str) -> None:
        with self.meter.environment() as env:
            if part == "screen":
                company.fill(env)
            else:
                self.ids = displacing.fill(env)
        # what the server does by itself before long
        databases.query("VACUUM ANALYZE", self.meter.registry.db_name)

    def count(self) -> dict[str, int]:
        """Return how many orders there are, urgent ones, and cases under way."""
        with self.meter.environment(company.MANAGER) as env:
            orders, cases = env["sale.order"], env["urgency.case"]
            return {
                "orders": orders.search_count([]),
                "urgent": orders.search_count([("is_urgent", "=", True)]),
                "cases": cases.search_count(screen.OPEN),
            }

    def screen(self, tries: int) -> dict[str, list[list[float]]]:
        """Return what each question of the screen took, each time, once warm."""
        return {name: self._tries(read, tries) for name, read in screen.READS.items()}

    def changed(self, tries: int) -> list[list[float]]:
        """Return what the first page took, with orders the job has not followed yet."""
        with self.meter.environment() as env:
            company.change(env, screen.CHANGED)
        costs = self._tries(screen.first_page, tries)
        with self.meter.environment() as env:
            if not env["urgency.case.change"].search_count([]):
                raise AssertionError("Nothing is noted: nothing to measure.")
            company.follow(env)
        return costs

    def displaced(self, tries: int) -> dict[str, list[list[float]]]:
        """Return what finding the displaced orders took, each time, once warm."""
        with self.meter.environment(company.MANAGER) as env:
            if not displacing.order(env, self.ids):
                raise AssertionError("Nobody is displaced: nothing to measure.")
            if not displacing.quotation(env, self.ids):
                raise AssertionError("Nobody is displaced by the quotation.")
        return {
            work.__name__: self._tries(
                lambda env, work=work: work(env, self.ids), tries
            )
            for work in (displacing.order, displacing.quotation)
        }

    def pages(self) -> dict[str, int]:
        """Return how many pages of the database each question reads."""
        return {
            name: self.meter.pages(company.MANAGER, read)
            for name, read in screen.READS.items()
        }

    def explain(self, part: str) -> list[str]:
        """Return the database's plans, or where statements come from."""
        if part == "screen":
            return self.meter.plans(company.MANAGER, screen.READS)
        return self._profile()

    # ------------------------------------------------------------

    def _profile(self) -> list[str]:
        lines = []
        for work in (displacing.order, displacing.quotation):
            profile = Profile()
            with (
                self.meter.environment(company.MANAGER) as env,
                recorded(profile),
            ):
                work(env, self.ids)
            lines += [f"== {work.__name__}", *profile.lines(1, least=1)]
        return lines

    def _tries(self, work, tries: int) -> list[list[float]]:
        costs = [
            self.meter.measure(company.MANAGER, work)[1] for _try in range(WARM + tries)
        ]
        return costs[WARM:]


if __name__ == "__main__":
    serve(Commands())
