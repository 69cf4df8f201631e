"""Kits: sold as one, delivered as components, whole or not at all. Plain Python."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass
from datetime import datetime
from fractions import Fraction

from .pegging import NEVER, NOW, Ready, Share


@dataclass(frozen=True, slots=True)
class Component:
    """What there is of a component of a kit.

    :param free: units that can be taken
    :param needed: units that one kit takes
    :param date: when they can be taken
    """

    free: int
    needed: int | Fraction
    date: datetime = NOW


@dataclass(frozen=True, slots=True)
class Kits:
    """How many whole kits there are, from when on."""

    quantity: int
    date: datetime


def kit_available(components: Iterable[Component]) -> Kits:
    """Return how many whole kits can be made of components, and when.

    The scarcest component decides how many, never less than none, and the latest
    when.
    """
    components = list(components)
    if not components:
        return Kits(0, NOW)
    most = min(int(each.free // each.needed) for each in components)
    return Kits(max(most, 0), max(each.date for each in components))


@dataclass(frozen=True, slots=True)
class KitPart:
    """What an order of kits has or gets of a component.

    :param needed: units of the component that one kit takes
    :param had: units that it was given or that are reserved for it
    :param shares: what :func:`peg` dealt to it
    """

    needed: int | Fraction
    had: int = 0
    shares: tuple[Share, ...] = ()


def kit_ready_on(key: Hashable, quantity: int, parts: Iterable[KitPart]) -> Ready:
    """Return what an order of kits can count on, in whole kits.

    It is ready when its last component is; what is left of a component when another
    one is short makes no kit.

    :param quantity: whole kits ordered
    """
    parts = list(parts)
    dates = sorted({NOW, *(share.date for part in parts for share in part.shares)})
    now = min(_count_kits(parts, NOW), quantity)
    for date in dates:
        if _count_kits(parts, date) >= quantity:
            return Ready(key, date, now, 0)
    return Ready(key, NEVER, now, quantity - _count_kits(parts, NEVER))


def _count_kits(parts: list[KitPart], date: datetime) -> int:
    components = (
        Component(
            part.had + sum(each.quantity for each in part.shares if each.date <= date),
            part.needed,
        )
        for part in parts
    )
    return kit_available(components).quantity
