"""Urgency: the screen of the urgent chain, and who is displaced, with many orders.

``make bench NAME=urgency``; ``ARGS=--explain`` prints the database's plans of the
screen, and where the statements about displaced orders come from.

There are 100,000 sale orders, of which 5,000 are urgent and in all states, and their
purchases and approvals; 2,000 orders wait for one product. A call is a transaction of
its own with nothing cached of records, as the manager. Figures are medians.
"""

from __future__ import annotations

import argparse
import contextlib

from bench.common import scratch
from bench.common.figures import Cost, Figures, at_most, typical
from bench.common.program import run
from bench.common.worker import started
from tools.console import step

WORKER = "bench.urgent.worker"
TRIES = 9
SECOND = 1000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--explain", action="store_true", help="plans and sources")
    options = parser.parse_args()
    figures = Figures("urgency")
    odoo = scratch.Kind("odoo", ["hr", "sale_purchase_stock"])
    with contextlib.ExitStack() as stack:
        kind = scratch.ours("ours", ["urgent_orders"], odoo)
        conf, database = stack.enter_context(scratch.database(kind))
        side = stack.enter_context(started(WORKER, conf, database))
        with step("Many orders"):
            side.call("set_up")
        there = side.call("count")
        for name, number in there.items():
            figures.add(f"in the database: {name}", number)
        text = f"{there['urgent']:,} urgent of {there['orders']:,} orders"
        with step("The screen"):
            costs, pages = side.call("screen", tries=TRIES), side.call("pages")
        for name in costs:
            cost = typical(Cost(*pair) for pair in costs[name])
            figures.add(f"urgent chain, {name}, {text}: ms", cost.ms, None, LIMIT)
            figures.add(f"urgent chain, {name}: queries", cost.queries)
            figures.add(f"urgent chain, {name}: pages read", pages[name])
        with step("Displaced orders"):
            costs = side.call("displaced", tries=TRIES)
        for name, pairs in costs.items():
            cost = typical(Cost(*pair) for pair in pairs)
            figure = f"displaced by an urgent {name}, 2,000 open moves"
            figures.add(f"{figure}: ms", cost.ms, None, LIMIT)
            figures.add(f"{figure}: queries", cost.queries)
        if options.explain:
            print("\n".join(side.call("explain") + side.call("profile")))
    return 0 if figures.all_ok else 1


LIMIT = at_most(SECOND)

if __name__ == "__main__":
    run(main)
