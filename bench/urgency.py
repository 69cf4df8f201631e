"""Urgency: the screen of the urgent chain, and who is displaced, with many orders.

``make bench NAME=urgency``; ``ARGS=--explain`` prints the database's plans of the
screen, and where the statements about displaced orders come from.

There are 100,000 sale orders, of which 5,000 are urgent and in all states, and their
purchases and approvals; 2,000 orders wait for one product. A call is a transaction of
its own with nothing cached of records, as the manager. Figures are medians.
"""

from __future__ import annotations

import argparse

from bench.common import scratch
from bench.common.figures import Figures, at_most, typical
from bench.common.program import run
from bench.common.worker import Worker
from tools.console import step

WORKER = "bench.urgent.worker"
TRIES = 9
SECOND = 1000
PAGE = 50
"""A page of the urgent chain may take so many milliseconds."""


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=PARTS, help="measure only that")
    parser.add_argument("--explain", action="store_true", help="plans and sources")
    options = parser.parse_args()
    figures = Figures("urgency")
    with scratch.working(scratch.ours("ours", "urgent_orders"), WORKER) as side:
        side.call("set_up")
        for name in [options.part] if options.part else PARTS:
            with step(f"Orders, {name}"):
                side.call("fill", part=name)
            PARTS[name](figures, side)
            if options.explain:
                print("\n".join(side.call("explain", part=name)))
    return 0 if figures.all_ok else 1


def _displaced(figures: Figures, side: Worker) -> None:
    """Who loses to an order that is raised, and to a quotation when it is confirmed."""
    costs = side.call("displaced", tries=TRIES)
    for name, pairs in costs.items():
        cost = typical(pairs)
        figure = f"displaced by an urgent {name}, 2,000 open moves"
        figures.add(f"{figure}: ms", cost.ms, None, LIMIT)
        figures.add(f"{figure}: queries", cost.queries)


def _screen(figures: Figures, side: Worker) -> None:
    """Each question of the screen of the urgent chain."""
    there = side.call("count")
    text = f"{there['urgent']:,} urgent of {there['orders']:,} orders"
    figures.add(f"urgent chain, {text}: cases under way", there["cases"])
    with step("The screen"):
        costs, pages = side.call("screen", tries=TRIES), side.call("pages")
    for name, pairs in costs.items():
        cost = typical(pairs)
        limit = at_most(PAGE) if name.startswith(("first", "groups")) else LIMIT
        figures.add(f"urgent chain, {name}, {text}: ms", cost.ms, None, limit)
        figures.add(f"urgent chain, {name}: queries", cost.queries)
        figures.add(f"urgent chain, {name}: pages read", pages[name])
    cost = typical(side.call("changed", tries=TRIES))
    figure = "urgent chain, first page, 20 orders just changed"
    figures.add(f"{figure}: ms", cost.ms, None, at_most(PAGE))
    figures.add(f"{figure}: queries", cost.queries)


PARTS = {"displaced": _displaced, "screen": _screen}
LIMIT = at_most(SECOND)

if __name__ == "__main__":
    run(main)
