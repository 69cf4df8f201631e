"""Figures of a benchmark: one JSON line each, with the goal and whether it is met."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from statistics import median
from typing import NamedTuple

Goal = tuple[str, Callable[[float, float | None], bool]]


def at_most(limit: float) -> Goal:
    return f"<= {limit:g}", lambda ours, peer: ours <= limit


def at_most_times(factor: float) -> Goal:
    """Compare with the peer, as measured: rounding is for the reader."""
    return f"<= {factor:g} x peer", lambda ours, peer: ours <= factor * peer


def at_most_above(margin: float) -> Goal:
    return f"<= peer + {margin:g}", lambda ours, peer: ours <= peer + margin


class Cost(NamedTuple):
    """What a piece of work took."""

    queries: float
    ms: float

    def __add__(self, other: Cost) -> Cost:
        return Cost(self.queries + other.queries, self.ms + other.ms)

    def __sub__(self, other: Cost) -> Cost:
        return Cost(self.queries - other.queries, self.ms - other.ms)

    def __truediv__(self, number: float) -> Cost:
        return Cost(self.queries / number, self.ms / number)


@dataclass
class Figures:
    """Prints figures as they come and remembers whether all goals are met."""

    bench: str
    all_ok: bool = True

    def add(
        self,
        figure: str,
        ours: float,
        peer: float | None = None,
        goal: Goal | None = None,
    ) -> None:
        """Print one figure.

        :param peer: the same of what ours is compared with, where there is one
        :param goal: without it the figure is for information
        """
        text, is_met = goal or ("", lambda ours, peer: True)
        ok = bool(is_met(ours, peer))
        self.all_ok &= ok
        line = {
            "bench": self.bench,
            "figure": figure,
            "ours": _rounded(ours),
            "peer": _rounded(peer),
            "goal": text,
            "ok": ok,
        }
        print(json.dumps(line, ensure_ascii=False), flush=True)

    def add_costs(
        self,
        figure: str,
        ours: Cost,
        peer: Cost | None,
        queries: Goal | None = None,
        ms: Goal | None = None,
    ) -> None:
        """Print both figures of what one order took.

        :param queries: the goal for them
        :param ms: likewise
        """
        theirs = (peer.queries, peer.ms) if peer else (None, None)
        self.add(f"{figure}: queries an order", ours.queries, theirs[0], queries)
        self.add(f"{figure}: ms an order", ours.ms, theirs[1], ms)


def _rounded(value: float | None) -> float | None:
    return value if value is None else round(value, 2)


def typical(pairs: Iterable[Iterable[float]]) -> Cost:
    """Return the median of each: on a busy machine an average tells of the others.

    :param pairs: costs, or what workers measured: queries and milliseconds
    """
    return Cost(*map(median, zip(*pairs, strict=True)))
