"""Places in serving order that somebody has decided: plain Python.

A serving order is a tuple: level, day of the turn, due day, id. Whatever is appended
to one comes right after it, and before everything else: so between any two orders there
is a place, and it stays there whatever becomes of them. What is appended is a number,
and the id of who is served there. Between two numbers there is another one, nearly
always: so places stay short, however often and in whatever way orders are moved.
"""

from __future__ import annotations

from datetime import datetime
from math import ceil, floor

#: Before everybody, whatever their urgency.
FIRST = (-(10**9), datetime.min, datetime.min, 0)
#: So long is the serving order of who was given no place, and what a place adds to it.
PLAIN, STEP = len(FIRST), 2


def right_after(order: tuple | None, following: tuple | None) -> tuple:
    """Return the place between two that follow each other, right after the first one.

    :param order: of the one that goes before; nothing: before all
    :param following: of the one that goes after; nothing: there is none
    """
    order = FIRST if order is None else order
    for length in range(PLAIN, len(order), STEP):
        anchor, number = order[:length], order[length]
        limit = _get_number(anchor, following)
        if (free := _between(number, limit)) is not None:
            return (*anchor, free)
    limit = _get_number(order, following)
    return (*order, 0 if limit is None else ceil(limit) - 1)


def _get_number(anchor: tuple, order: tuple | None) -> float | None:
    """Return what an order has right after the anchor, if it begins with that."""
    length = len(anchor)
    if order is None or len(order) <= length or order[:length] != anchor:
        return None
    return order[length]


def _between(number: float, limit: float | None) -> float | None:
    """Return the plainest number between two, if there is room for one.

    :param limit: nothing: there is none
    """
    whole = floor(number) + 1
    if limit is None or whole < limit:
        return whole
    middle = (number + limit) / 2
    return middle if number < middle < limit else None


def to_json(place: tuple) -> list:
    """Return a place as it is kept."""
    return [part.isoformat() if isinstance(part, datetime) else part for part in place]


def from_json(parts: list) -> tuple:
    """Return a place that was kept."""
    return tuple(
        datetime.fromisoformat(part) if isinstance(part, str) else part
        for part in parts
    )
