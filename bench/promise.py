"""The promise: what a call of customer care costs, with many moves.

``make bench NAME=promise``; ``ARGS=--explain`` prints the database's plans,
``ARGS=--profile`` where the statements come from.

The warehouse is that of ``make bench NAME=supply``: 610,000 moves, 110,000 of them
open. In it are quotations of twenty lines, and a product that 2,000 confirmed lines
wait for. A call is a transaction of its own with nothing cached of records. Figures are
medians.
"""

from __future__ import annotations

import argparse

from bench.common import scratch
from bench.common.figures import Figures, at_most, at_most_times, typical
from bench.common.program import run
from tools.console import step

WORKER = "bench.promising.orders"
TRIES = 9
LINES, MANY, WAITING = 20, 1_000, 2_000


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--explain", action="store_true", help="plans")
    parser.add_argument("--profile", action="store_true", help="statements")
    options = parser.parse_args()
    figures = Figures("promise")
    with scratch.working(
        scratch.ours("promise", "crm_purchase_bridge"), WORKER
    ) as side:
        with step("Moves and orders"):
            side.call("fill", lines=LINES, many=MANY, waiting=WAITING)
        for what, count, limit in (
            (f"{LINES} lines of a quotation", LINES, 30),
            (f"{MANY:,} lines in bulk", MANY, 300),
        ):
            cost = typical(side.call("look", count=count, tries=TRIES))
            figures.add(f"promise of {what}: ms", cost.ms, None, at_most(limit))
            figures.add(f"promise of {what}: queries", cost.queries)
        panel = typical(side.call("panel", tries=TRIES))
        figures.add(
            f"panel of an order of {LINES} lines: ms", panel.ms, None, at_most(60)
        )
        few = typical(side.call("panel", tries=TRIES, lines=3))
        figures.add(
            f"panel of an order of {LINES} lines, against one of 3: queries",
            panel.queries,
            few.queries,
            at_most_times(1),
        )
        cost = typical(side.call("receive", tries=5))
        figures.add(
            f"a receipt of a product that {WAITING:,} lines wait for, in the job: ms",
            cost.ms,
            None,
            at_most(300),
        )
        figures.add("the same: queries", cost.queries)
        if options.explain:
            print("\n".join(side.call("explain")))
        if options.profile:
            print("\n".join(side.call("profile")))
        ours = typical(side.call("sell", tries=TRIES))
    with scratch.working(scratch.ODOO, WORKER) as odoo:
        odoo.call("prepare")
        theirs = typical(odoo.call("sell", tries=TRIES))
    figures.add(
        "sale order of 5 lines, create and confirm: queries",
        ours.queries,
        theirs.queries,
        at_most_times(1.05),
    )
    figures.add("the same: ms", ours.ms, theirs.ms)
    return 0 if figures.all_ok else 1


if __name__ == "__main__":
    run(main)
