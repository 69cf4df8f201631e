"""Supply: pools of products, and whom they serve, with many moves.

``make bench NAME=supply``; ``ARGS=--explain`` prints the database's plans.

First what confirming a sale and its purchase costs, against Odoo alone, in turns.

There are 610,000 moves, 110,000 of them open: ten for each of 10,000 products, and
10,000 for one more. Then an order is confirmed, and a receipt comes that 10,000 order
lines wait for; the time is that of the job, which is woken with the commit. A call is a
transaction of its own with nothing cached of records. Figures are medians.
"""

from __future__ import annotations

import argparse
from statistics import median

from bench.common import scratch
from bench.common.figures import Figures, at_most, at_most_times, spread, typical
from bench.common.program import run
from bench.common.worker import Worker
from tools.console import Fail, step

WORKER = "bench.supplying.worker"
TRIES = 9

#: How many products are asked for, and how many milliseconds that may take. None
#: stands for the one with 10,000 open moves.
LIMITS = {20: 10, 1_000: 100, 0: 10}


PLAIN = scratch.Kind("supplyplain", ["purchase_requisition_stock"], base=scratch.ODOO)
"""What the addon depends on, without it."""
ORDERS = 50


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--explain", action="store_true", help="plans")
    options = parser.parse_args()
    figures = Figures("supply")
    with scratch.working(scratch.ours("supply", "supply_link"), WORKER) as side:
        _confirm(figures, side)
        with step("Moves"):
            there = side.call("fill", counts=list(LIMITS))
        moves = f"{there['open']:,} of {there['moves']:,} moves open"
        for count, limit in LIMITS.items():
            what = (
                f"{count:,} products" if count else "a product with 10,000 open moves"
            )
            for name, text in PARTS.items():
                cost = typical(side.call(name, count=count, tries=TRIES))
                goal = at_most(limit)
                figures.add(f"{text} of {what}, {moves}: ms", cost.ms, None, goal)
                figures.add(f"{text} of {what}: queries", cost.queries)
            if options.explain:
                print("\n".join(side.call("explain", count=count)))
        _change(figures, side)
        _follow(figures, side)
    return 0 if figures.all_ok else 1


def _confirm(figures: Figures, ours: Worker) -> None:
    """Confirm sales and their purchases with and without the addon, in turns."""
    with scratch.working(PLAIN, WORKER) as odoo:
        sides, costs = (ours, odoo), ([], [])
        for side in sides:
            side.call("make_to_order")
            side.call("confirm")  # what is done once
        with step(f"{ORDERS} sales and purchases"):
            for _order in range(ORDERS):
                for side, found in zip(sides, costs, strict=True):
                    found.append(side.call("confirm"))
    mine, theirs = costs
    figures.add_costs(
        "confirm a sale of 5 lines made to order, and the purchase",
        typical(mine),
        typical(theirs),
        at_most_times(1.02),
        at_most_times(1.05),
        [spread(mine), spread(theirs)],
    )


def _change(figures: Figures, side: Worker) -> None:
    """Change many moves by one statement, noted and not, in turns."""
    noted, plain = zip(
        *(
            [side.call("change", is_noted=is_noted) for is_noted in (True, False)]
            for _try in range(TRIES)
        ),
        strict=True,
    )
    figures.add(
        "10,000 moves changed by one statement, against no triggers: ms",
        median(noted),
        median(plain),
        at_most_times(3),
    )


def _follow(figures: Figures, side: Worker) -> None:
    """From a commit until it is known how order lines are supplied."""
    side.call("follow")  # what is noted so far
    times = []
    for _order in range(TRIES):
        line = side.call("sell")
        _queries, ms = side.call("follow")
        if not side.call("count_states", line=line):
            raise Fail("The job did not follow the order.")
        times.append(ms)
    goal = at_most(1_000)
    figures.add("commit to supply.state, one order: ms", median(times), None, goal)
    with step("Order lines that wait"):
        side.call("wait")
        side.call("follow")
    waiting = side.call("count_states")
    lines = side.call("receive")
    _queries, ms = side.call("follow")
    figures.add(
        f"commit to supply.state, a receipt of {lines:,} lines that {waiting:,} order "
        "lines wait for: s",
        ms / 1_000,
        None,
        at_most(60),
    )


PARTS = {
    "ledgers": "look-ahead",
    "serve": "what one order gets",
    "pools": "pools",
    "peg": "pools and pegging",
}

if __name__ == "__main__":
    run(main)
