"""The desks: hot list and overview with many orders.

``make bench NAME=desks``; ``ARGS=--explain`` prints the database's plans.

There are 100,000 open orders of one line. A tenth of them lack goods that nobody has
bought, a tenth wait for purchases that come too late, and a tenth was told a day of
this month that is over and is delivered, two thirds of them in time. Half of those that
come too late are urgent, on two levels. Of those that lack goods 2,000 want the same
product, of which 40 receipts come. There are 30,000 purchases, 2,000 of them
quotations, and 300 vendors. A call is what the browser asks for when the screen is
opened, in a transaction of its own with nothing cached of records. Figures are medians.
"""

from __future__ import annotations

import argparse

from bench.common import scratch
from bench.common.figures import Figures, at_most, typical
from bench.common.program import run
from tools.console import step

WORKER = "bench.desking.worker"
TRIES = 9
ORDERS = 100_000

#: What is opened, and the milliseconds it may take, if there is a goal.
SCREENS = {
    "hot_list": ("hot list, first page", 100),
    "hot_count": ("hot list, count of its rows", 100),
    "hot_by_vendor": ("hot list by vendor", None),
    "hot_panel": ("hot list, the panel beside it", None),
    "desk_products": ("shortage desk, products that are short", 100),
    "desk": ("shortage desk, a product that 2,000 wait for", 100),
    "desk_choices": ("shortage desk, what an order could get of others", None),
    "desk_preview": ("shortage desk, what serving the last order first does", None),
    "overview": ("overview of a director", 100),
    "overview_rows": ("rows of its largest figure, first page", 100),
}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--explain", action="store_true", help="plans")
    options = parser.parse_args()
    figures = Figures("desks")
    kind = scratch.ours("desks", "crm_purchase_bridge")
    with scratch.working(kind, WORKER) as side:
        with step(f"{ORDERS:,} orders"):
            there = side.call("fill", orders=ORDERS)
        of = f"{ORDERS:,} orders, {there['hot']:,} rows hot"
        for name, (text, limit) in SCREENS.items():
            cost = typical(side.call("open", name=name, tries=TRIES))
            goal = [at_most(limit)] if limit else []
            figures.add(f"{text}, {of}: ms", cost.ms, None, *goal)
            figures.add(f"{text}: queries", cost.queries)
        if options.explain:
            print("\n".join(side.call("explain")))
    return 0 if figures.all_ok else 1


if __name__ == "__main__":
    run(main)
