"""Places in serving order that somebody has decided: plain Python.

A serving order is a tuple: level, day of the turn, due day, id. Whatever is appended
to one comes right after it, and before everything else: so between any two orders there
is a place, and it stays there whatever becomes of them.
"""

from __future__ import annotations

from datetime import datetime

#: Before everybody, whatever their urgency.
FIRST = (-(10**9), datetime.min, datetime.min, 0)


def right_after(order: tuple | None, number: int) -> tuple:
    """Return the place right after an order; nothing: before all.

    :param order: of the one that goes before
    :param number: of the decision: the later one of two is nearer to it
    """
    return (*(FIRST if order is None else order), -number)


def to_json(place: tuple) -> list:
    """Return a place as it is kept."""
    return [part.isoformat() if isinstance(part, datetime) else part for part in place]


def from_json(parts: list) -> tuple:
    """Return a place that was kept."""
    return tuple(
        datetime.fromisoformat(part) if isinstance(part, str) else part
        for part in parts
    )
