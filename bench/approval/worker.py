"""Commands of ``bench.approvals`` inside Odoo, on one of its databases."""

from __future__ import annotations

from bench.approval import company, flows, inbox, sides
from bench.common.meter import Meter, Profile, recorded
from bench.common.worker import serve
from tools import databases

STAGES = {"odoo": sides.odoo, "ours": sides.ours, "oca": sides.oca}
INBOX = (inbox.count, inbox.first_page, inbox.cards)
WARM = 5


class Commands:
    """The methods without an underscore are called by name."""

    def __init__(self) -> None:
        self.meter = Meter()

    def set_up(self) -> None:
        with self.meter.environment() as env:
            self.meter.remember(company.set_up(env))

    def rule(self, **values: float) -> None:
        with self.meter.environment() as env:
            sides.rule(env, **values)

    def tiers(self) -> None:
        with self.meter.environment() as env:
            sides.tiers(env)

    def tell(self, told: bool) -> None:
        with self.meter.environment() as env:
            sides.tell(env, told)

    def create_and_confirm(self) -> list[float]:
        """Return the cost of an order: created in a call, confirmed in another."""
        values = self._values()
        ids, created = self.meter.measure(
            company.BUYER, lambda env: env["purchase.order"].create(values).ids
        )
        _result, confirmed = self.meter.measure(
            company.BUYER,
            lambda env: env["purchase.order"].browse(ids).button_confirm(),
        )
        self._check_confirmed(ids)
        return [sum(pair) for pair in zip(created, confirmed, strict=True)]

    def receive_and_bill(self) -> dict[str, list[float]]:
        """Return what an order that is confirmed costs until its bill is posted."""
        ids = self._confirmed()
        costs = {
            flow: [
                self.meter.measure(
                    login,
                    lambda env, work=work: work(env["purchase.order"].browse(ids)),
                )[1]
                for login, work in calls
            ]
            for flow, calls in flows.FLOWS.items()
        }
        with self.meter.environment() as env:
            flows.check(env["purchase.order"].browse(ids))
        return {
            flow: [sum(column) for column in zip(*pairs, strict=True)]
            for flow, pairs in costs.items()
        }

    def play(self, side: str, count: int) -> dict[str, list[float]]:
        """Return what each stage took, in one call for so many orders."""
        ids = self._orders(count)
        costs = {}
        for name, login, work in STAGES[side]():
            costs[name] = self.meter.measure(
                login, lambda env, work=work: work(env["purchase.order"].browse(ids))
            )[1]
        self._check_confirmed(ids)
        return costs

    def profile(self, side: str, count: int, bulk: bool) -> dict[str, list[str]]:
        """Return for each stage where its statements come from."""
        ids = self._orders(count)
        return {
            name: self._profile_stage(
                login, work, [ids] if bulk else [[i] for i in ids]
            )
            for name, login, work in STAGES[side]()
        }

    def profile_gate(self, count: int) -> list[str]:
        """Return where the statements of ``create_and_confirm`` come from."""
        profile = Profile()
        values = self._values()
        for _number in range(count):
            with self.meter.environment(company.BUYER) as env, recorded(profile):
                order = env["purchase.order"].create(values)
                env.cr.commit()
            ids = order.ids
            with self.meter.environment(company.BUYER) as env, recorded(profile):
                env["purchase.order"].browse(ids).button_confirm()
                env.cr.commit()
        return profile.lines(count, least=0.5)

    def profile_flows(self, count: int) -> dict[str, list[str]]:
        """Return where the statements of ``receive_and_bill`` come from."""
        orders = [self._confirmed() for _number in range(count)]
        profiles = {}
        for flow, calls in flows.FLOWS.items():
            profiles[flow] = profile = Profile()
            for ids in orders:
                for login, work in calls:
                    self._record(profile, login, work, ids)
        return {
            flow: profile.lines(count, least=0.5) for flow, profile in profiles.items()
        }

    def fill(self, opened: int, closed: int) -> None:
        with self.meter.environment() as env:
            self.meter.remember(inbox.fill(env, opened, closed))
        # what the server does by itself before long
        tables = ", ".join(inbox.TABLES)
        databases.query(f"VACUUM ANALYZE {tables}", self.meter.registry.db_name)

    def submit(self, count: int) -> None:
        """Submit so many orders: they wait for the first approver."""
        ids = self._orders(count)
        with self.meter.environment(company.BUYER) as env:
            env["purchase.order"].browse(ids).button_confirm()
        with self.meter.environment(company.APPROVERS[0]) as env:
            asked = env["approval.task"].search([("state", "=", "active")])
            waiting = set(asked.process_id.mapped("res_id"))
            if not waiting.issuperset(ids):
                raise AssertionError("Orders should wait for the first approver.")

    def inbox(
        self, count: int, reader: str = inbox.READER
    ) -> dict[str, list[list[float]]]:
        """Return what counting, the first page and its cards took, each time, once
        warm."""
        costs = {work.__name__: [] for work in INBOX}
        for number in range(WARM + count):
            for work in INBOX:
                _result, cost = self.meter.measure(reader, work)
                if number >= WARM:
                    costs[work.__name__].append(cost)
        return costs

    def pages(self) -> dict[str, int]:
        """Return how many pages of the database counting and the first page read."""
        return {work.__name__: self.meter.pages(inbox.READER, work) for work in INBOX}

    def explain(self) -> list[str]:
        """Return the plans of the statements of counting and of the first page."""
        return self.meter.plans(inbox.READER, {work.__name__: work for work in INBOX})

    # ------------------------------------------------------------

    def _values(self) -> dict:
        with self.meter.environment(company.BUYER) as env:
            return company.order_values(env)

    def _orders(self, count: int) -> list[int]:
        values = self._values()
        with self.meter.environment(company.BUYER) as env:
            return env["purchase.order"].create([values] * count).ids

    def _confirmed(self) -> list[int]:
        """Make an order that nobody has to approve, and confirm it."""
        ids = self._orders(1)
        with self.meter.environment(company.BUYER) as env:
            env["purchase.order"].browse(ids).button_confirm()
        self._check_confirmed(ids)
        return ids

    def _profile_stage(self, login, work, calls) -> list[str]:
        profile = Profile()
        for ids in calls:
            self._record(profile, login, work, ids)
        return profile.lines(sum(map(len, calls)), least=0.01)

    def _record(self, profile: Profile, login: str, work, ids: list[int]) -> None:
        """Take down the statements of one call."""
        with self.meter.environment(login) as env, recorded(profile):
            work(env["purchase.order"].browse(ids))
            env.cr.commit()

    def _check_confirmed(self, ids: list[int]) -> None:
        with self.meter.environment() as env:
            orders = env["purchase.order"].browse(ids)
            states = set(orders.mapped("state"))
            if states != {"purchase"} or not all(order.picking_ids for order in orders):
                raise AssertionError(f"Orders should be confirmed, but are {states}.")


if __name__ == "__main__":
    serve(Commands())
