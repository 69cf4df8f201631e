"""Why a promise moved, without Odoo: two looks at the same line are compared.

A look says of each part of a line how much comes when, with what. The first difference
that explains a later day is the cause: what the buyer, the vendor, the approvers or the
warehouse did is told before "a day has passed".
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, NamedTuple

#: States of purchases that nobody has ordered yet.
UNORDERED = ("quotation", "asked", "approval")
#: What is less is no quantity.
DUST = 1e-6


class Seen(NamedTuple):
    """A part of a line as it was seen.

    :param quantity: in the product's unit
    :param day: ISO date; nothing: nobody knew
    :param way: *stock*, *incoming*, *bought*, *buy*, *unplaced* or *none*
    :param line: id of the purchase line
    :param purchase: name of the purchase
    :param code: state of the purchase, see ``supply_outlook.Source``
    :param overdue: days
    :param planned: ISO date that stands on the purchase line
    """

    quantity: float
    day: str | None
    way: str
    line: int | None = None
    purchase: str = ""
    code: str = ""
    overdue: int = 0
    planned: str | None = None


class Cause(NamedTuple):
    """Why a line comes later.

    :param code: *quantity* (more is wanted), *unplaced* (it came, and is not put away),
        *cancelled* (a purchase brings nothing any more), *refused* (its approval was),
        *overdue*, *deposit* (the vendor has not been paid), *moved* (its date was),
        *taken* (somebody else gets the goods), *lead* (buying takes longer) or *passed*
        (time)
    :param purchase: name of the purchase it is about
    """

    code: str
    purchase: str = ""
    before: str | None = None
    after: str | None = None


class Slip(NamedTuple):
    """A promise that has become impossible.

    :param promise: ``supply.promise``
    :param before: the day that was likely before
    :param cause: why, as in :class:`Cause`
    """

    promise: Any
    before: date | None
    cause: dict


def explain(before: Iterable[Seen], after: Iterable[Seen]) -> Cause:
    """Return why a line comes later than it was seen before.

    :param before: parts of the line at the last look
    :param after: parts now
    """
    before, after = list(before), list(after)
    old = {part.line: part for part in before if part.line}
    new = {part.line: part for part in after if part.line}
    if _sum(after, "unplaced") > _sum(before, "unplaced") + DUST:
        return Cause("unplaced")
    missing = _sum(after, "buy") + _sum(after, "none")
    if missing > _sum(before, "buy") + _sum(before, "none") + DUST:
        for line, was in old.items():
            if line not in new:
                return Cause("cancelled", was.purchase, was.day)
    for line, now in new.items():
        was = old.get(line)
        if not was:
            continue
        if was.code == "approval" and now.code in ("quotation", "asked"):
            return Cause("refused", now.purchase, was.day, now.day)
    later = [
        (old[line], now)
        for line, now in new.items()
        if line in old and _later(now.day, old[line].day)
    ]
    for was, now in later:
        if now.code == "deposit":
            return Cause("deposit", now.purchase, was.day, now.day)
        if now.overdue > was.overdue:
            return Cause("overdue", now.purchase, was.day, now.day)
    if later:
        return _tell_later(later)
    if _sum(after) > _sum(before) + DUST:
        return Cause("quantity")
    if _sum(after, "stock") < _sum(before, "stock") - DUST:
        return Cause("taken")
    if {part.line for part in after} != {part.line for part in before}:
        return Cause("taken")
    if any(part.way == "buy" for part in after):
        return Cause("lead" if before and before[-1].way != "buy" else "passed")
    return Cause("passed")


def _tell_later(later: list[tuple[Seen, Seen]]) -> Cause:
    """Return why purchases come later: somebody has moved one, or time has."""
    if all(_has_only_passed(was, now) for was, now in later):
        return Cause("passed")
    was, now = max(later, key=lambda pair: pair[1].day or "9999")
    return Cause("moved", now.purchase, was.day, now.day)


def _has_only_passed(was: Seen, now: Seen) -> bool:
    """Tell whether a purchase comes later because nobody has ordered it meanwhile."""
    is_same = was.code == now.code and was.planned == now.planned
    return is_same and bool(now.planned) and now.code in UNORDERED


def _later(now: str | None, was: str | None) -> bool:
    return bool(was) and (now is None or now > was)


def _sum(parts: Iterable[Seen], way: str | None = None) -> float:
    return sum(part.quantity for part in parts if way in (None, part.way))
