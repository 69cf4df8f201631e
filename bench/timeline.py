"""Timeline: what installing and recording cost, and how fast the story is read.

``make bench NAME=timeline``; ``ARGS="--most 1000000"`` fills up to a million events,
``ARGS="--part reading"`` measures only that, ``ARGS=--explain`` shows the database's
plans and ``ARGS=--profile`` where the time of a page goes.

First how long the addon takes to be installed in a database with 100,000 orders and as
many transfers, beside one with none: the past is told by a job afterwards. Then a
sale, its purchase with approval and deposit, receipt, delivery, invoice and payment,
with the addon and without it, in turns; figures are medians. Then the first page of a
customer's family at 10³, 10⁵ (and 10⁶) events, half of which are that family's, beside
100,000 orders of others: for somebody who reads all orders, and for a salesperson who
reads one in fifty; then a search, and the lanes of an order. A call is a transaction of
its own with nothing cached of records. Beside it stands what Odoo's chatter needs to
find as many messages of the same orders among as many. These figures are the fastest
of all tries, in turns: whatever else the machine does only adds to them; the median is
told beside it.
"""

from __future__ import annotations

import argparse
import time
from statistics import median

from bench.common import scratch
from bench.common.figures import (
    Figures,
    at_most,
    at_most_above,
    at_most_times,
    spread,
    typical,
)
from bench.common.program import run
from bench.common.worker import Worker, started
from tools import odoo_command
from tools.console import step

WORKER = "bench.telling.worker"
STORIES = 20
TRIES = 40
SIZES = (1_000, 100_000, 1_000_000)
READERS = (("all", "reads all"), ("few", "reads 2 %"))
#: What is read, its goal in milliseconds, and what it is called.
READINGS = {
    "page": (5, "first page of a family"),
    "chatter": (None, "as many messages of the family, by the chatter's search"),
    "rare": (20, "search of a family for the number of an order"),
    "common": (20, "search of a family for what happens often"),
    "nothing": (20, "search of a family for what is not there"),
    "lanes": (None, "lanes of an order"),
}
PARTS = ("installing", "recording", "reading")
DOCUMENTS, INSTALLATIONS = 100_000, 2
#: So many seconds more may all these documents take.
SECONDS_MORE = 5


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=100_000, help="events")
    parser.add_argument("--part", choices=PARTS, help="measure only that")
    parser.add_argument("--explain", action="store_true", help="plans")
    parser.add_argument("--profile", action="store_true", help="calls of a page")
    options = parser.parse_args()
    figures = Figures("timeline")
    parts = [options.part] if options.part else PARTS
    if "installing" in parts:
        _install(figures)
    if parts != ["installing"]:
        kind = scratch.ours("timeline", "case_timeline")
        with scratch.working(kind, WORKER) as side:
            if "recording" in parts:
                _record(figures, side)
            if "reading" in parts:
                for size in (size for size in SIZES if size <= options.most):
                    _read(figures, side, size, options)
    return 0 if figures.all_ok else 1


def _install(figures: Figures) -> None:
    """Install the addon beside no documents and beside many, in turns: the fastest of
    each, as whatever else the machine does only adds to it."""
    plain = scratch.ours("timelineplain", "crm_purchase_bridge")
    seconds: dict[int, list[float]] = {0: [], DOCUMENTS: []}
    for _turn in range(INSTALLATIONS):
        for count, found in seconds.items():
            with scratch.database(plain) as (conf, name):
                if count:
                    with started(WORKER, conf, name) as side:
                        there = side.call("add_documents", count=count)
                with step("Installation"):
                    start = time.perf_counter()
                    odoo_command.modules(
                        scratch.ready(), conf, name, install=["case_timeline"]
                    )
                    found.append(time.perf_counter() - start)
    documents = ", ".join(f"{found:,} in {table}" for table, found in there.items())
    figures.add(
        f"install beside {documents}, with Odoo's own start: seconds",
        min(seconds[DOCUMENTS]),
        min(seconds[0]),
        at_most_above(SECONDS_MORE),
    )


def _record(figures: Figures, ours: Worker) -> None:
    """Play the story with and without the addon, in turns."""
    plain = scratch.ours("timelineplain", "crm_purchase_bridge")
    with scratch.working(plain, WORKER) as theirs:
        sides, costs = (ours, theirs), ([], [])
        for side in sides:
            side.call("prepare")
            side.call("story")  # what is done once
        with step(f"{STORIES} stories"):
            for _story in range(STORIES):
                for side, found in zip(sides, costs, strict=True):
                    found.append(side.call("story"))
    mine, others = costs
    figures.add_costs(
        "a sale of 5 lines, its purchase, approval, deposit, receipt, delivery,"
        " invoice and payment",
        typical(mine),
        typical(others),
        at_most_times(1.03),
        at_most_times(1.05),
        [spread(mine), spread(others)],
    )


def _read(figures: Figures, side: Worker, size: int, options) -> None:
    """Read as each reader, what is compared in turns."""
    with step(f"{size:,} events"):
        there = side.call("fill", count=size)
    for reader, text in READERS:
        costs = side.call("read", reader=reader, what=list(READINGS), tries=TRIES)
        for what, (most, called) in READINGS.items():
            goal = at_most(most) if most else None
            figure = f"{called}, {there:,} events, {text}"
            queries, ms = zip(*costs[what], strict=True)
            figures.add(f"{figure}: ms", min(ms), None, goal)
            figures.add(f"{figure}: ms, median", median(ms))
            figures.add(f"{figure}: queries", median(queries))
        if options.explain:
            print("\n".join(side.call("explain", reader=reader, what=list(READINGS))))
        if options.profile:
            print(side.call("profile", reader=reader, what="page"))


if __name__ == "__main__":
    run(main)
