"""Approvals: against OCA's tier validation, against Odoo alone, and with much history.

``make bench NAME=approvals``; ``ARGS=--explain`` prints the database's plans of the
inbox, ``ARGS=--profile`` where the statements of each stage come from.

The three databases have the same modules of Odoo. A call is a transaction of its own
with nothing cached of records; its queries and its time include the commit and what is
announced after it. Figures are medians; both sides run in turns.
"""

from __future__ import annotations

import argparse
import contextlib
from collections.abc import Callable, Iterable, Sequence

from bench.common import peers, scratch
from bench.common.figures import (
    Cost,
    Figures,
    Goal,
    at_most,
    at_most_above,
    at_most_times,
    typical,
)
from bench.common.program import run
from bench.common.worker import Worker, started
from tools.console import step

OCA = [
    "odoo-addon-base-tier-validation==19.0.1.4.6",
    "odoo-addon-purchase-tier-validation==19.0.1.0.0.4",
]
WORKER = "bench.approval.worker"
ORDERS = 100
ROUNDS = 2
ROUNDS_IN_BULK = 3
TURN = 5
GATE_ORDERS = 60
PAGES = 40
OPEN, CLOSED_BEFORE, CLOSED = 100_000, 10_000, 1_000_000

DECIDE = ("step 1", "step 2")
LAST = ("step 3", "confirm")
STAGES = {
    "submit": ("submit",),
    "approve a step": DECIDE,
    "approve the last step and confirm": LAST,
    "submit to confirmed": ("submit", *DECIDE, *LAST),
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
    needed = set().union(*(names for names, _part in parts.values()))
    figures = Figures("approvals")
    with contextlib.ExitStack() as stack:
        sides = {
            kind.name: _start(stack, kind)
            for kind in _kinds()
            if kind.name in ({"ours"} if options.profile else needed)
        }
        if options.profile:
            _profile(sides["ours"])
            return 0
        for _names, part in parts.values():
            part(figures, **sides)
        if options.explain and "inbox" in parts:
            print("\n".join(sides["ours"].call("explain")))
    return 0 if figures.all_ok else 1


def _kinds() -> list[scratch.Kind]:
    odoo = scratch.Kind("odoo", ["hr", "sale_purchase_stock"])
    addons = peers.fetch(OCA)
    oca = scratch.Kind(
        "oca", ["purchase_tier_validation"], [addons], {"oca": OCA}, odoo
    )
    return [odoo, oca, scratch.ours("ours", ["urgent_orders"], odoo)]


def _start(stack: contextlib.ExitStack, kind: scratch.Kind) -> Worker:
    conf, database = stack.enter_context(scratch.database(kind))
    side = stack.enter_context(started(WORKER, conf, database))
    side.call("set_up")
    return side


def _gate(figures: Figures, ours: Worker, odoo: Worker, **_others) -> None:
    """What an order costs that nobody has to approve."""

    def measure(figure: str) -> None:
        with step(f"Orders, {figure}"):
            costs = _in_turns(
                GATE_ORDERS,
                lambda count: map(_cost, ours.call("create_and_confirm", count=count)),
                lambda count: map(_cost, odoo.call("create_and_confirm", count=count)),
            )
        text = f"create and confirm, 5 lines, {figure}"
        goals = at_most_times(1.05), at_most_times(1.10)
        _add(figures, text, *map(typical, costs), *goals)

    measure("no rule")
    ours.call("rule", amount_min=1e12)
    measure("rule that does not match")


def _three_steps(figures: Figures, ours: Worker, oca: Worker, odoo: Worker) -> None:
    """Submit, three approvals, confirm: one call for each order and stage."""
    ours.call("rule")
    oca.call("tiers")
    with step(f"{ROUNDS} x {ORDERS} orders in three steps, one by one"):
        costs = _in_turns(
            ROUNDS * ORDERS,
            *(
                lambda count, name=name, side=side: side.call(
                    "one_by_one", side=name, count=count
                )
                for name, side in (("ours", ours), ("oca", oca), ("odoo", odoo))
            ),
        )
    confirmation = typical(_stage(order, ("confirm",)) for order in costs.pop())
    half = at_most_times(0.5)
    for figure, stages in STAGES.items():
        mine, theirs = (typical(_stage(order, stages) for order in c) for c in costs)
        goal = None if "confirm" in stages else half
        _add(figures, f"one call an order, {figure}", mine, theirs, goal, goal)
    # both sides leave the confirmation itself to Odoo, which takes most of the time
    net = [cost - confirmation for cost in (mine, theirs)]
    _add(figures, f"one call an order, {figure}, without Odoo's part", *net, half, half)


def _in_bulk(figures: Figures, ours: Worker, odoo: Worker, **_others) -> None:
    """One call for all orders of a stage; OCA decides on one order at a time."""
    ours.call("rule")
    with step(f"{ROUNDS_IN_BULK} x {ORDERS} orders in three steps, in bulk"):
        costs = _in_turns(
            ROUNDS_IN_BULK,
            lambda _: [ours.call("in_bulk", side="ours", count=ORDERS)],
            lambda _: [odoo.call("in_bulk", side="odoo", count=ORDERS)],
            turn=1,
        )
    plain = typical(_stage(run, ("confirm",)) / ORDERS for run in costs[1])
    goals = {DECIDE: at_most(2), LAST: at_most_above(2)}
    for figure, stages in STAGES.items():
        mine = typical(_stage(run, stages) / ORDERS for run in costs[0])
        peer = plain if "confirm" in stages else None  # Odoo confirms one by one
        _add(figures, f"in bulk, {figure}", mine, peer, goals.get(stages))


def _inbox(figures: Figures, ours: Worker, **_others) -> None:
    """Reading does not slow down with history."""
    limits = {"count": ("systray count", 5), "first_page": ("first inbox page", 50)}
    with step(f"{OPEN:,} open and {CLOSED_BEFORE:,} closed tasks"):
        ours.call("fill", opened=OPEN, closed=CLOSED_BEFORE)
        before = ours.call("inbox", count=PAGES)
    with step(f"{CLOSED:,} closed tasks"):
        ours.call("fill", opened=0, closed=CLOSED - CLOSED_BEFORE)
        after = ours.call("inbox", count=PAGES)
    for name, (text, limit) in limits.items():
        few, many = (typical(map(_cost, costs[name])) for costs in (before, after))
        figures.add(f"{text}, {CLOSED:,} closed: ms", many.ms, None, at_most(limit))
        flat = at_most_times(1.5)
        text = f"{text}, {CLOSED:,} against {CLOSED_BEFORE:,} closed: ms"
        figures.add(text, many.ms, few.ms, flat)


def _profile(ours: Worker) -> None:
    ours.call("rule")
    for bulk in (False, True):
        count = ORDERS if bulk else ORDERS // 5
        stages = ours.call("profile", side="ours", count=count, bulk=bulk)
        for stage, lines in stages.items():
            print(f"\n== {'in bulk' if bulk else 'one call an order'}: {stage}")
            print("queries an order, ms, from, statement")
            print("\n".join(lines))


def _in_turns(
    count: int, *sides: Callable[[int], Iterable], turn: int = TURN
) -> list[list]:
    """Return what each side answers, asked for a few at a time."""
    answers: list[list] = [[] for _side in sides]
    for _turn in range(0, count, turn):
        for side, answer in zip(sides, answers, strict=True):
            answer += side(turn)
    return answers


def _add(
    figures: Figures,
    figure: str,
    ours: Cost,
    peer: Cost | None,
    queries: Goal | None = None,
    ms: Goal | None = None,
) -> None:
    """Print both figures of what one order took.

    :param queries: the goal for them
    :param ms: likewise
    """
    theirs = (peer.queries, peer.ms) if peer else (None, None)
    figures.add(f"{figure}: queries an order", ours.queries, theirs[0], queries)
    figures.add(f"{figure}: ms an order", ours.ms, theirs[1], ms)


def _stage(order: dict[str, list[float]], stages: Sequence[str]) -> Cost:
    """Return what an order took in these stages; for the like ones, one of them."""
    costs = [_cost(order[stage]) for stage in stages if stage in order]
    total = sum(costs, Cost(0, 0))
    return total / len(costs) if stages == DECIDE else total


def _cost(pair: Sequence[float]) -> Cost:
    return Cost(*pair)


PARTS = {
    "gate": ({"ours", "odoo"}, _gate),
    "steps": ({"ours", "oca", "odoo"}, _three_steps),
    "bulk": ({"ours", "odoo"}, _in_bulk),
    "inbox": ({"ours"}, _inbox),
}
"""The databases that a part needs, and what measures it."""

if __name__ == "__main__":
    run(main)
