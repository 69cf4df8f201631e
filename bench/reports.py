"""Reports: what each screen takes on a million spans.

``make bench NAME=reports``; ``ARGS=--explain`` prints the database's plans,
``ARGS="--spans 100000"`` takes less, ``ARGS="--chains 100"`` makes more documents.

Three years: ten spans an order, and for each order one line that was promised and
delivered; every second one was bought, under approval. A call is what the browser asks
for when the screen is opened with its own filters, in a transaction of its own with
nothing cached of records, on a read-only cursor. Figures are medians. A dashboard asks
for each of its tables and charts apart, as many at once as the server answers:
*side by side* says how long the reader waits for all of it.

These are copies of rows. Then, in a database of its own, chains of real documents are
made by Odoo's own methods, from the order to the customer's money; the verification of
all addons finds nothing wrong with them, and each screen opens.
"""

from __future__ import annotations

import argparse
import sys
from statistics import median

from bench.common import scratch
from bench.common.figures import Figures, at_least, at_most, typical
from bench.common.program import run
from bench.common.worker import Worker
from bench.reporting import EACH, IN_PARTS, SCREENS
from tools.console import step

WORKER = "bench.reporting.worker"
TRIES = 9
GOAL = 300


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--spans", type=int, default=1_000_000)
    parser.add_argument("--chains", type=int, default=20, help="of real documents")
    parser.add_argument("--only", default="", help="part of a screen's name")
    parser.add_argument("--explain", action="store_true", help="plans")
    options = parser.parse_args()
    figures = Figures("reports")
    kind = scratch.ours("reports", "cx_reports")
    with scratch.working(kind, WORKER) as side:
        with step(f"{options.spans:,} spans"):
            spans = side.call("fill", orders=options.spans // EACH)
        for name in (name for name in SCREENS if options.only in name):
            cost = typical(side.call("open", name=name, tries=TRIES))
            screen = f"{SCREENS[name]}, {spans:,} spans"
            text = f"{screen}, one part after the other" if name in IN_PARTS else screen
            figures.add(f"{text}: ms", cost.ms, None, at_most(GOAL))
            figures.add(f"{text}: queries", cost.queries)
            if name in IN_PARTS:
                parts = side.call("open_parts", name=IN_PARTS[name], tries=TRIES)
                slowest = max(typical(part).ms for part in parts)
                text = f"{screen}, the slowest of its {len(parts)} tables and charts"
                figures.add(f"{text}: ms", slowest, None, at_most(GOAL))
                there = side.call("open_at_once", name=IN_PARTS[name], tries=TRIES)
                text = f"{screen}, all parts side by side: ms"
                figures.add(text, median(there), None, at_most(GOAL))
            if options.explain:
                print("\n".join(side.call("explain", name=name)))
    if options.chains:
        with scratch.working(kind, WORKER) as side:
            _verify(figures, side, options.chains)
    return 0 if figures.all_ok else 1


def _verify(figures: Figures, side: Worker, chains: int) -> None:
    """Make real documents, and let what is counted of them be verified."""
    with step(f"{chains} chains of documents"):
        there = side.call("play", count=chains)
    text = f"{chains} chains of documents"
    for what, count in there.items():
        figures.add(f"{text}: {what}s", count, None, at_least(chains))
    looked_at, found = side.call("verify")
    print("\n".join(found[:20]), file=sys.stderr)
    figures.add(
        f"{text}: findings among {looked_at:,} records", len(found), None, at_most(0)
    )
    slowest = max(
        typical(side.call("open", name=name, tries=1)).ms
        for name in SCREENS
        if not name.endswith("_list")  # they show a full page
    )
    figures.add(f"{text}: ms of the slowest screen", slowest)


if __name__ == "__main__":
    run(main)
