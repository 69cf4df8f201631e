"""Approvals: against OCA's tier validation, against Odoo alone, and with much history.

``make bench NAME=approvals``; ``ARGS=--explain`` prints the database's plans of the
inbox, ``ARGS=--profile`` where the statements of each stage come from.

The three databases have the same modules of Odoo. A call is a transaction of its own
with nothing cached of records; its queries and its time include the commit and what is
announced after it. Figures are medians; both sides run in turns, order by order. Where
it matters, the interquartile range of the time is told too: ours, then the peer's.
"""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from bench.common import scratch
from bench.common.figures import (
    Cost,
    Figures,
    Goal,
    at_most,
    at_most_above,
    at_most_times,
    spread,
    typical,
)
from bench.common.program import run
from bench.common.worker import Worker
from tools.console import step

OCA = [
    "odoo-addon-base-tier-validation==19.0.1.4.6",
    "odoo-addon-purchase-tier-validation==19.0.1.0.0.4",
]
WORKER = "bench.approval.worker"
ORDERS = 100
ROUNDS = 2
ROUNDS_IN_BULK = 3
GATE_ORDERS = 80
FLOW_ORDERS = 50
PAGES, TRIES = 20, 10
OPEN, CLOSED_BEFORE, CLOSED = 100_000, 10_000, 1_000_000
FEW_REAL, REAL = 8, 80
APPROVER = "bench_approver_1"

DECIDE = ("step 1", "step 2")
LAST = ("step 3", "confirm")
WHOLE = "submit to confirmed"
STAGES = {
    "submit": ("submit",),
    "approve a step": DECIDE,
    "approve the last step and confirm": LAST,
    WHOLE: ("submit", *DECIDE, *LAST),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=PARTS, help="measure only that")
    parser.add_argument("--explain", action="store_true", help="plans of the inbox")
    parser.add_argument(
        "--profile", action="store_true", help="no figures, but sources"
    )
    options = parser.parse_args()
    parts = {options.part: PARTS[options.part]} if options.part else PARTS
    if options.profile:
        needed = {"ours"}
    else:
        needed = set().union(*(part.sides for part in parts.values()))
    figures = Figures("approvals")
    with contextlib.ExitStack() as stack:
        sides = {
            kind.name: stack.enter_context(scratch.working(kind, WORKER))
            for kind in _kinds()
            if kind.name in needed
        }
        for side in sides.values():
            side.call("set_up")
        for part in parts.values():
            if not options.profile:
                part.measure(figures, **sides)
            elif part.profile:
                part.profile(sides["ours"])
        if options.explain and "inbox" in parts:
            print("\n".join(sides["ours"].call("explain")))
    return 0 if figures.all_ok else 1


def _kinds() -> list[scratch.Kind]:
    oca = scratch.theirs("oca", "purchase_tier_validation", OCA)
    return [
        scratch.ODOO,
        oca,
        scratch.ours("ours", "urgent_orders", "supplier_deposit"),
    ]


def _gate(figures: Figures, ours: Worker, odoo: Worker, **_others) -> None:
    """What an order costs that nobody has to approve."""

    def measure(figure: str) -> None:
        with step(f"Orders, {figure}"):
            costs = _in_turns(
                GATE_ORDERS,
                lambda: ours.call("create_and_confirm"),
                lambda: odoo.call("create_and_confirm"),
            )
        text = f"create and confirm, 5 lines, {figure}"
        goals = at_most_times(1.05), at_most_times(1.10)
        _add_against(figures, text, *costs, *goals)

    measure("no rule")
    ours.call("rule", amount_min=1e12)
    measure("rule that does not match")


def _flows(figures: Figures, ours: Worker, odoo: Worker, **_others) -> None:
    """What an order costs later, when nothing at all is configured."""
    with step(f"{FLOW_ORDERS} receipts and bills, nothing configured"):
        runs = _in_turns(
            FLOW_ORDERS,
            lambda: ours.call("receive_and_bill"),
            lambda: odoo.call("receive_and_bill"),
        )
    goals = at_most_times(1.02), at_most_times(1.05)
    for flow in runs[0][0]:
        costs = [[Cost(*order[flow]) for order in orders] for orders in runs]
        text = f"{flow}, 5 lines, nothing configured"
        _add_against(figures, text, *costs, *goals)


def _three_steps(figures: Figures, ours: Worker, oca: Worker, odoo: Worker) -> None:
    """Submit, three approvals, confirm: one call for each order and stage."""
    ours.call("rule")
    oca.call("tiers")

    def plays(side: Worker, name: str, **told: bool) -> Callable[[], dict]:
        def play() -> dict:
            if told:
                side.call("tell", **told)
            return side.call("play", side=name, count=1)

        return play

    with step(f"{ROUNDS} x {ORDERS} orders in three steps, one by one"):
        mine, silent, telling, plain = _in_turns(
            ROUNDS * ORDERS,
            plays(ours, "ours"),
            plays(oca, "oca", told=False),
            plays(oca, "oca", told=True),
            plays(odoo, "odoo"),
        )
    # both sides leave the confirmation itself to Odoo, which takes most of the time
    confirming = _typical(plain, ("confirm",))
    # ours always tells people; as it comes, OCA's addon tells nobody
    half = at_most_times(0.5)
    _add_steps(figures, "peer tells people too", mine, telling, confirming, half)
    _add_steps(figures, "peer tells nobody", mine, silent, confirming)
    # a hundred orders, each side the best way it has: OCA decides on one at a time
    with step(f"{ROUNDS} x {ORDERS} orders in three steps, ours in bulk"):
        bulk, plain_bulk = _in_turns(
            ROUNDS,
            lambda: ours.call("play", side="ours", count=ORDERS),
            lambda: odoo.call("play", side="odoo", count=ORDERS),
        )
    mine_net = _typical(bulk, STAGES[WHOLE]) - _typical(plain_bulk, ("confirm",))
    figures.add_costs(
        f"{ORDERS} orders, ours in bulk, peer one by one and tells nobody, {WHOLE}, "
        "without Odoo's part",
        mine_net / ORDERS,
        _typical(silent, STAGES[WHOLE]) - confirming,
        half,
        half,
    )


def _add_steps(
    figures: Figures,
    text: str,
    mine: Sequence[dict],
    peer: Sequence[dict],
    confirming: Cost,
    goal: Goal | None = None,
) -> None:
    """Print what each stage costs on both sides, and all of them without Odoo's part.

    :param confirming: the same orders without any approvals
    :param goal: for the whole flow without Odoo's part
    """
    for figure, stages in STAGES.items():
        costs = [_typical(orders, stages) for orders in (mine, peer)]
        figures.add_costs(f"one call an order, {figure}, {text}", *costs)
    whole = [_costs(orders, STAGES[WHOLE]) for orders in (mine, peer)]
    net = [typical(costs) - confirming for costs in whole]
    figures.add_costs(
        f"one call an order, {WHOLE}, without Odoo's part, {text}",
        *net,
        goal,
        goal,
        [spread(costs) for costs in whole],
    )


def _in_bulk(figures: Figures, ours: Worker, odoo: Worker, **_others) -> None:
    """One call for all orders of a stage; OCA decides on one order at a time."""
    ours.call("rule")
    with step(f"{ROUNDS_IN_BULK} x {ORDERS} orders in three steps, in bulk"):
        costs = _in_turns(
            ROUNDS_IN_BULK,
            lambda: ours.call("play", side="ours", count=ORDERS),
            lambda: odoo.call("play", side="odoo", count=ORDERS),
        )
    plain = _typical(costs[1], ("confirm",)) / ORDERS
    goals = {DECIDE: at_most(2), LAST: at_most_above(2)}
    for figure, stages in STAGES.items():
        mine = _typical(costs[0], stages) / ORDERS
        peer = plain if "confirm" in stages else None  # Odoo confirms one by one
        figures.add_costs(f"in bulk, {figure}", mine, peer, goals.get(stages))


def _inbox(figures: Figures, ours: Worker, **_others) -> None:
    """Reading does not slow down with history."""
    limits = {"count": ("systray count", 5), "first_page": ("first inbox page", 50)}
    times, pages = [], []
    for opened, closed in ((OPEN, CLOSED_BEFORE), (0, CLOSED - CLOSED_BEFORE)):
        with step(f"{opened:,} open and {closed:,} closed tasks more"):
            ours.call("fill", opened=opened, closed=closed)
            times.append([ours.call("inbox", count=PAGES) for _try in range(TRIES)])
            pages.append(ours.call("pages"))
    for name, (text, limit) in limits.items():
        # milliseconds: the best try is the one nobody disturbed
        few, many = (min(typical(costs[name]).ms for costs in tries) for tries in times)
        figures.add(f"{text}, {CLOSED:,} closed: ms", many, None, at_most(limit))
        figures.add(f"{text}, {CLOSED_BEFORE:,} closed: ms", few, None, at_most(limit))
        few, many = (read[name] for read in pages)
        text = f"{text}, {CLOSED:,} against {CLOSED_BEFORE:,} closed: pages read"
        figures.add(text, many, few, at_most_times(1.5))
    _real_inbox(figures, ours)


def _real_inbox(figures: Figures, ours: Worker) -> None:
    """A page of orders that are there says of each what to stop at; of documents that
    are gone, with which the inbox is filled above, there is nothing to say."""
    ours.call("rule")
    reads = {"first_page": ("first inbox page", 50), "cards": ("cards", None)}
    costs = []
    for orders in (FEW_REAL, REAL - FEW_REAL):
        with step(f"{orders} purchase orders more that wait for one approver"):
            ours.call("submit", count=orders)
            costs.append(
                [
                    ours.call("inbox", count=PAGES, reader=APPROVER)
                    for _try in range(TRIES)
                ]
            )
    for name, (text, limit) in reads.items():
        few, many = (
            min((typical(costs[name]) for costs in tries), key=lambda cost: cost.ms)
            for tries in costs
        )
        text = f"{text} of {REAL} purchase orders"
        against = f"{text}, against {FEW_REAL}: queries"
        # of a full page the list counts what else there is
        figures.add(against, many.queries, few.queries, at_most_above(1))
        figures.add(f"{text}: ms", many.ms, few.ms, limit and at_most(limit))


def _profile_gate(ours: Worker) -> None:
    for text, values in (
        ("no rule", None),
        ("rule that does not match", {"amount_min": 1e12}),
    ):
        if values:
            ours.call("rule", **values)
        ours.call("create_and_confirm")
        lines = ours.call("profile_gate", count=ORDERS // 10)
        _print_profile(f"create and confirm, {text}", lines)


def _profile_flows(ours: Worker) -> None:
    ours.call("receive_and_bill")
    for flow, lines in ours.call("profile_flows", count=ORDERS // 10).items():
        _print_profile(f"{flow}, nothing configured", lines)


def _profile_steps(ours: Worker) -> None:
    _profile_stages(ours, "one call an order", ORDERS // 5, bulk=False)


def _profile_bulk(ours: Worker) -> None:
    _profile_stages(ours, "in bulk", ORDERS, bulk=True)


def _profile_stages(ours: Worker, text: str, count: int, *, bulk: bool) -> None:
    ours.call("rule")
    stages = ours.call("profile", side="ours", count=count, bulk=bulk)
    for stage, lines in stages.items():
        _print_profile(f"{text}: {stage}", lines)


def _print_profile(text: str, lines: Sequence[str]) -> None:
    print(f"\n== {text}\nqueries an order, ms, statement, from")
    print("\n".join(lines))


def _add_against(
    figures: Figures,
    text: str,
    ours: Sequence[Cost],
    odoo: Sequence[Cost],
    queries: Goal,
    ms: Goal,
) -> None:
    """Print what an order costs with ours and with Odoo alone, which ran in turns."""
    figures.add_costs(
        text, typical(ours), typical(odoo), queries, ms, [spread(ours), spread(odoo)]
    )


def _in_turns(count: int, *sides: Callable[[], Any]) -> list[list]:
    """Return what each side answers so many times, asked one after the other."""
    answers: list[list] = [[] for _side in sides]
    for _turn in range(count):
        for side, answer in zip(sides, answers, strict=True):
            answer.append(side())
    return answers


def _typical(runs: Iterable[dict], stages: Sequence[str]) -> Cost:
    """Return what an order takes in these stages; for the like ones, in one of them."""
    return typical(_costs(runs, stages)) / (len(stages) if stages == DECIDE else 1)


def _costs(runs: Iterable[dict], stages: Sequence[str]) -> list[Cost]:
    """Return what each run takes in these stages."""
    return [
        sum((Cost(*run[stage]) for stage in stages if stage in run), Cost(0, 0))
        for run in runs
    ]


@dataclass(frozen=True)
class Part:
    """What is measured together."""

    sides: set[str]
    """The databases that it needs."""
    measure: Callable[..., None]
    profile: Callable[[Worker], None] | None = None


PARTS = {
    "flows": Part({"ours", "odoo"}, _flows, _profile_flows),
    "gate": Part({"ours", "odoo"}, _gate, _profile_gate),
    "steps": Part({"ours", "oca", "odoo"}, _three_steps, _profile_steps),
    "bulk": Part({"ours", "odoo"}, _in_bulk, _profile_bulk),
    "inbox": Part({"ours"}, _inbox),
}
"""Those that need a database without any rule come first."""

if __name__ == "__main__":
    run(main)
