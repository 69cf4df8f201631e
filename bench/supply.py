"""Supply: pools of products, and whom they serve, with many moves.

``make bench NAME=supply``; ``ARGS=--explain`` prints the database's plans.

There are 610,000 moves, 110,000 of them open: ten for each of 10,000 products, and
10,000 for one more. A call is a transaction of its own with nothing cached of records.
Figures are medians.
"""

from __future__ import annotations

import argparse

from bench.common import scratch
from bench.common.figures import Figures, at_most, typical
from bench.common.program import run
from tools.console import step

WORKER = "bench.supplying.worker"
TRIES = 9

#: How many products are asked for, and how many milliseconds that may take. None
#: stands for the one with 10,000 open moves.
LIMITS = {20: 10, 1_000: 100, 0: 10}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--explain", action="store_true", help="plans")
    options = parser.parse_args()
    figures = Figures("supply")
    with scratch.working(scratch.ours("supply", "supply_link"), WORKER) as side:
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
    return 0 if figures.all_ok else 1


PARTS = {"ledgers": "look-ahead", "pools": "pools", "peg": "pools and pegging"}

if __name__ == "__main__":
    run(main)
