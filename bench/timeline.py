"""Timeline: what recording costs, and how long the first page of a family takes.

``make bench NAME=timeline``; ``ARGS="--most 1000000"`` fills up to a million events.

First a sale, its purchase, the receipt and the delivery, with the addon and without it,
in turns. Then the first page of a customer's family at 10³, 10⁵ (and 10⁶) events, half
of which are that family's: for somebody who reads all orders, and for a salesperson who
reads one in fifty. A call is a transaction of its own with nothing cached of records.
Figures are medians.
"""

from __future__ import annotations

import argparse

from bench.common import scratch
from bench.common.figures import Figures, at_most, at_most_times, spread, typical
from bench.common.program import run
from bench.common.worker import Worker
from tools.console import step

WORKER = "bench.telling.worker"
STORIES = 20
TRIES = 15
SIZES = (1_000, 100_000, 1_000_000)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=100_000, help="events")
    parser.add_argument("--explain", action="store_true", help="plans")
    options = parser.parse_args()
    figures = Figures("timeline")
    kind = scratch.ours("timeline", "case_timeline")
    with scratch.working(kind, WORKER) as side:
        _record(figures, side)
        for size in (size for size in SIZES if size <= options.most):
            with step(f"{size:,} events"):
                there = side.call("fill", count=size)
            for reader, text in (("all", "reads all"), ("few", "reads 2 %")):
                cost = typical(side.call("page", reader=reader, tries=TRIES))
                what = f"first page of a family, {there:,} events, {text}"
                figures.add(f"{what}: ms", cost.ms, None, at_most(5))
                figures.add(f"{what}: queries", cost.queries)
            if options.explain:
                print("\n".join(side.call("explain_page")))
    return 0 if figures.all_ok else 1


def _record(figures: Figures, ours: Worker) -> None:
    """Play the story with and without the addon, in turns."""
    plain = scratch.ours("timelineplain", "crm_purchase_bridge")
    with scratch.working(plain, WORKER) as theirs:
        sides, costs = (ours, theirs), ([], [])
        for side in sides:
            side.call("make_to_order")
            side.call("story")  # what is done once
        with step(f"{STORIES} stories"):
            for _story in range(STORIES):
                for side, found in zip(sides, costs, strict=True):
                    found.append(side.call("story"))
    mine, others = costs
    figures.add_costs(
        "confirm a sale of 5 lines and its purchase, receive and deliver",
        typical(mine),
        typical(others),
        at_most_times(1.03),
        at_most_times(1.05),
        [spread(mine), spread(others)],
    )


if __name__ == "__main__":
    run(main)
