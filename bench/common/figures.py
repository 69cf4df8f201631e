"""Figures of a benchmark: one JSON line each, with the goal and whether it is met."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from statistics import median, quantiles
from typing import NamedTuple

Goal = tuple[str, Callable[[float, float | None], bool]]


def at_most(limit: float) -> Goal:
    return f"<= {limit:g}", lambda ours, peer: ours <= limit


def at_least(limit: float) -> Goal:
    return f">= {limit:g}", lambda ours, peer: ours >= limit


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
        spread: Sequence[float] = (),
    ) -> None:
        """Print one figure.

        :param peer: the same of what ours is compared with, where there is one
        :param goal: without it the figure is for information
        :param spread: how far apart the runs were, of ours and of the peer: a
            difference that is smaller says little
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
        if spread:
            line["interquartile range"] = [_rounded(value) for value in spread]
        print(json.dumps(line, ensure_ascii=False), flush=True)

    def add_costs(
        self,
        figure: str,
        ours: Cost,
        peer: Cost | None,
        queries: Goal | None = None,
        ms: Goal | None = None,
        spread: Sequence[Cost] = (),
    ) -> None:
        """Print both figures of what one order took.

        :param queries: the goal for them
        :param ms: likewise
        :param spread: of ours and of the peer, where it is worth telling
        """
        theirs = (peer.queries, peer.ms) if peer else (None, None)
        self.add(f"{figure}: queries an order", ours.queries, theirs[0], queries)
        apart = [cost.ms for cost in spread]
        self.add(f"{figure}: ms an order", ours.ms, theirs[1], ms, apart)


def _rounded(value: float | None) -> float | None:
    return value if value is None else round(value, 2)


def typical(pairs: Iterable[Iterable[float]]) -> Cost:
    """Return the median of each: on a busy machine an average tells of the others.

    :param pairs: costs, or what workers measured: queries and milliseconds
    """
    return Cost(*map(median, zip(*pairs, strict=True)))


def spread(pairs: Iterable[Iterable[float]]) -> Cost:
    """Return the interquartile range of each: half of the runs lie within it."""

    def width(values: Sequence[float]) -> float:
        low, _middle, high = quantiles(values, n=4, method="inclusive")
        return high - low

    return Cost(*map(width, zip(*pairs, strict=True)))
