"""When a customer can have the goods, without Odoo.

A promise has two days. By the *likely* day half of such lines have been delivered, by
the *safe* one four of five. What is in the stock has one day only; what others still
have to do takes as long as it took before: half of the time (P50), four times of five
(P80).

Who gets which goods of the stock is not decided here, but in ``supply_link``
(``pegging.py``). Here its answers become days.

**Moments** are naive ``datetime`` in UTC, as Odoo keeps them; **days** are ``date``
where the company is. From the moment on which goods are in the warehouse, only days
count: nobody is late by hours.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from math import sqrt
from typing import NamedTuple, Protocol

from odoo.addons.supply_link.pegging import NEVER, NOW

#: Steps of buying that take working hours; all others take days of the calendar.
HOURS = "hours"
DAYS = "days"


class Calendar(Protocol):
    """What is asked of a company's working time."""

    def day(self, moment: datetime) -> date:
        """Return which day it is where the company is."""

    def moment(self, day: date) -> datetime:
        """Return when a day begins."""

    def open_day(self, day: date) -> date:
        """Return the first day from this one on that is worked."""

    def plan(self, hours: float, start: datetime) -> datetime:
        """Return the moment so many working hours later."""


# How long things take


@dataclass(frozen=True, slots=True)
class Delay:
    """How long a step takes.

    :param likely: in half of all cases no longer (P50)
    :param safe: in four of five cases no longer (P80); never less than *likely*
    :param unit: ``HOURS`` of working time, or ``DAYS`` of the calendar
    :param sample: how many past cases it is taken from; none: it is what was agreed
    """

    likely: float = 0.0
    safe: float = 0.0
    unit: str = DAYS
    sample: int = 0

    def end(self, start: datetime, calendar: Calendar, safe: bool = False) -> datetime:
        """Return when a step that starts at a moment is over."""
        length = self.safe if safe else self.likely
        if not length:
            return start
        if self.unit == HOURS:
            return calendar.plan(length, start)
        return start + timedelta(days=length)


class Span(NamedTuple):
    """When something is likely, and when it is safe."""

    likely: datetime
    safe: datetime


def follow(
    start: datetime, delays: Iterable[Delay], calendar: Calendar, scale: float = 1.0
) -> Span:
    """Return when steps that follow each other are over.

    Each begins when the one before is likely over. If delays are independent and near
    to normal, the spread of their sum is the root of the sum of squares of their
    spreads; what is wrong with that, such as outliers, or everything of one vendor
    being late at once, the *scale* mends, which is taken from the past (see
    :func:`calibrate`).

    :param scale: how much wider the spread is than the formula says
    """
    squares, end = 0.0, start
    for delay in delays:
        likely = delay.end(end, calendar)
        if delay.safe > delay.likely:
            spread = delay.end(end, calendar, safe=True) - likely
            squares += spread.total_seconds() ** 2
        end = likely
    return Span(end, end + timedelta(seconds=scale * sqrt(squares)))


def calibrate(past: Sequence[tuple[float, float]], share: float = 0.8) -> float | None:
    """Return the scale with which a share of past promises would have been kept.

    It is the quantile of how many spreads after the likely day goods really came: with
    that much of the spread, just this share of them was in time (split conformal
    prediction). It supposes nothing about the shape of delays, and what delays of one
    vendor have in common is in it, as far as the past shows it.

    :param past: for each line, days from the likely to the real day, and days from the
        likely to the safe day with scale 1; lines without spread tell nothing
    :param share: of the lines
    :return: nothing where there is no past
    """
    ratios = sorted(late / spread for late, spread in past if spread > 0)
    if not ratios:
        return None
    # the smallest of them that covers the share, as if one more case were to come
    rank = min(int(share * (len(ratios) + 1)), len(ratios)) - 1
    return max(ratios[max(rank, 0)], 0.0)


@dataclass(frozen=True, slots=True)
class BuyPath:
    """What happens from now until goods that nobody has bought are in the stock.

    :param approval: until the order is approved
    :param reaction: until somebody makes the order
    :param vendor: until the vendor delivers
    :param receipt: until the goods are unpacked and checked
    :param putaway: until they are where orders are served from
    """

    reaction: Delay = Delay(unit=HOURS)
    approval: Delay = Delay(unit=HOURS)
    vendor: Delay = Delay()
    receipt: Delay = Delay()
    putaway: Delay = Delay()

    def date(self, start: datetime, calendar: Calendar, scale: float = 1.0) -> Span:
        """Return when goods that are asked for now are in the stock.

        Vendors deliver, and goods are unpacked, on days that are worked.
        """
        span = follow(
            start,
            (self.reaction, self.approval, self.vendor, self.receipt, self.putaway),
            calendar,
            scale,
        )
        return Span(*(_on_open_day(moment, calendar) for moment in span))


def _on_open_day(moment: datetime, calendar: Calendar) -> datetime:
    """Return the moment, or the start of the next day that is worked."""
    day = calendar.day(moment)
    opening = calendar.open_day(day)
    return moment if opening == day else calendar.moment(opening)


# Where goods come from


@dataclass(frozen=True, slots=True)
class Part:
    """Goods of a line that come in one way.

    :param quantity: units of the product, or whole kits
    :param likely: when they are likely in the stock: ``NOW``, a moment, or ``NEVER``
        when nobody knows
    :param safe: when that is safe
    :param way: *stock*, *incoming*, *bought* (for this line), *buy* (nobody has bought
        them yet) or *none* (nobody can)
    :param key: what brings them
    """

    quantity: float
    likely: datetime
    safe: datetime
    way: str
    key: Hashable = None


def fill(parts: Iterable[Part], path: Span | None, replace_later: bool) -> list[Part]:
    """Let what nobody brings be bought.

    :param parts: of one line
    :param path: when goods that are bought now are in the stock; nothing: there is
        no vendor
    :param replace_later: also buy what comes into the common stock, but later than
        what is bought now. For quotations only: for an order goods are on their way
        already, and buying them again is not for a date to decide.
    :return: by date
    """
    filled = []
    for part in parts:
        missing = part.way == "none"
        later = replace_later and part.way == "incoming"
        if path and (missing or (later and part.likely > path.likely)):
            part = replace(part, likely=path.likely, safe=path.safe, way="buy")
        filled.append(part)
    return sorted(filled, key=lambda part: (part.likely, part.way))


# The customer's day


@dataclass(frozen=True, slots=True)
class Terms:
    """What is between goods in the stock and the customer.

    :param now: this moment
    :param ordered: the moment of the order; of a quotation, now
    :param lead: days from the order to the delivery that the product asks for at
        least
    :param outgoing: days that picking, packing and shipping take
    :param security: days by which the company delivers earlier than it must
    """

    now: datetime
    ordered: datetime
    lead: float = 0.0
    outgoing: float = 0.0
    security: float = 0.0

    def day(self, ready: datetime, calendar: Calendar) -> date | None:
        """Return on which day a customer has what is ready at a moment.

        It is the later of what the product's lead time allows, and of what the goods
        do; a day that is worked.

        :return: nothing where nobody knows when they are ready
        """
        if ready == NEVER:
            return None
        leaves = max(ready, self.now) + timedelta(days=self.outgoing + self.security)
        earliest = self.ordered + timedelta(days=self.lead)
        return calendar.open_day(calendar.day(max(leaves, earliest)))


class Answer(NamedTuple):
    """What a line's customer can be told.

    :param likely: day; nothing when nobody knows
    :param safe: day; nothing when nobody knows
    :param now: how much can go out now
    :param parts: day, quantity and part, by day; without a day at the end
    :param binding: the part that comes last
    """

    likely: date | None
    safe: date | None
    now: float
    parts: tuple[tuple[date | None, float, Part], ...]
    binding: Part | None


def promise(parts: Sequence[Part], terms: Terms, calendar: Calendar) -> Answer:
    """Return when a customer has all parts of a line.

    :param parts: of one line, as :func:`fill` returns them
    """
    dated = [
        (terms.day(part.likely, calendar), terms.day(part.safe, calendar), part)
        for part in parts
    ]
    known = all(likely for likely, _safe, _part in dated)
    likely = max((each[0] for each in dated), default=None) if known else None
    safe = max((each[1] or date.max for each in dated), default=None)
    return Answer(
        likely,
        safe if known and safe != date.max else None,
        sum(part.quantity for part in parts if part.likely == NOW),
        tuple((day, part.quantity, part) for day, _safe, part in dated),
        dated[-1][2] if dated else None,
    )


def together(answers: Sequence[Answer]) -> list[Answer]:
    """Return the answers of an order that goes out at once: the latest of all.

    A line whose day nobody knows leaves the others without one, too.
    """
    known = all(answer.likely for answer in answers)
    likely = max((each.likely for each in answers), default=None) if known else None
    is_safe = known and all(answer.safe for answer in answers)
    safe = max((each.safe for each in answers), default=None) if is_safe else None
    return [answer._replace(likely=likely, safe=safe) for answer in answers]


# The past


def quantile(values: Iterable[float], share: float) -> float:
    """Return the value that a share of them does not exceed.

    Between two values it is in proportion, as ``percentile_cont`` of PostgreSQL.

    :raises IndexError: there are none
    """
    ordered = sorted(values)
    place = share * (len(ordered) - 1)
    lower = int(place)
    upper = min(lower + 1, len(ordered) - 1)
    return ordered[lower] + (ordered[upper] - ordered[lower]) * (place - lower)
