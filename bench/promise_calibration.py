"""Promises: how many of them are kept, in companies that are played.

``make bench NAME=promise_calibration``; it draws docs/images/promise_calibration.svg.

Ten companies of 2,000 lines a year, three years each. Counted are lines of the third
year whose goods were not in stock when somebody asked: which share came by the likely
and by the safe day, in percent. ``docs/promise.md`` says what the companies are like.
"""

from __future__ import annotations

import argparse
from collections import defaultdict
from collections.abc import Sequence
from statistics import mean, pstdev

from bench.common import scratch
from bench.common.figures import Figures, Goal
from bench.common.program import run
from bench.common.worker import Worker, started
from bench.promising.plot import reliability
from tools import places, settings
from tools.console import step

WORKER = "bench.promising.worker"
PLOT = places.ROOT / "docs" / "images" / "promise_calibration.svg"
COMPANIES, LINES = 10, 2_000
#: How much a vendor's goods of one month have in common, in usual and in rough years.
USUAL, ROUGH = 0.15, 0.3
SHARES = [tenth / 20 for tenth in range(2, 20)]
WAYS = {
    "by_formula": "root of the sum of squares",
    "by_one": "one width for all",
    "by_kind": "a width for each kind",
    "by_vendor": "a width for each kind and vendor",
}


def main() -> int:
    argparse.ArgumentParser(description=__doc__).parse_args()
    figures = Figures("promise_calibration")
    conf = settings.write("bench-promises", scratch.ready().odoo, db_name="none")
    with started(WORKER, conf, "none") as side:
        curves = _measure(figures, side, USUAL, "")
        _measure(figures, side, ROUGH, "rough years, ", draw=False)
    PLOT.write_text(reliability(SHARES, curves))
    return 0 if figures.all_ok else 1


def _measure(
    figures: Figures, side: Worker, shock: float, years: str, draw: bool = True
) -> list[list[float]]:
    """Print the figures; return the curves of the companies, if they are drawn."""
    kept, curves, count = defaultdict(list), [], 0
    for seed in range(COMPANIES):
        with step(f"Company {seed + 1}, {years or 'usual years, '}{LINES:,} lines"):
            count += side.call("play", seed=seed, lines=LINES, shock=shock)
            for way in WAYS:
                kept[way].append(side.call("shares", way=way))
            if draw:
                curves.append(side.call("curve", shares=SHARES))
    figures.add(f"{years}lines", count)
    for way, text in WAYS.items():
        for kind in ("all", "ordered", "buy"):
            for place, name, share in ((0, "likely", 50), (1, "safe", 80)):
                values = [100 * each[kind][place] for each in kept[way]]
                figure = f"{years}{text}, {kind}: % by {name}"
                is_promised = way == "by_vendor" and name == "safe"
                goal = _within(share, 3) if is_promised else None
                figures.add(f"{figure}, mean", mean(values), None, goal)
                if kind == "all":
                    goal = None if years else goal
                    figures.add(f"{figure}, lowest company", min(values), None, goal)
                    figures.add(f"{figure}, highest company", max(values), None, goal)
    for way in ("by_kind", "by_vendor"):
        _vendors(figures, kept[way], f"{years}{WAYS[way]}")
    return curves


def _vendors(figures: Figures, companies: Sequence[dict], text: str) -> None:
    """How far apart are the vendors?"""
    values = [
        100 * shares[1]
        for company in companies
        for which, shares in company.items()
        if which.isdigit()
    ]
    figures.add(f"{text}, one vendor: % by safe, lowest", min(values))
    figures.add(f"{text}, one vendor: % by safe, highest", max(values))
    figures.add(f"{text}, vendors: standard deviation", pstdev(values))


def _within(share: float, margin: float) -> Goal:
    text = f"{share:g} +- {margin:g}"
    return text, lambda ours, peer: abs(ours - share) <= margin


if __name__ == "__main__":
    run(main)
