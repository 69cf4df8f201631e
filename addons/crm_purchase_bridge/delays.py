"""How long things take, and when they are over, without Odoo.

What others still have to do takes as long as it took before: half of the time (P50),
four times of five (P80). How good such estimates were in the past says how wide
promises must be.

**Moments** are naive ``datetime`` in UTC, as Odoo keeps them; ``NOW`` stands for what
is in the stock, ``NEVER`` for what nobody knows. **Days** are ``date`` where the
company is.
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil, floor, inf, sqrt
from typing import NamedTuple, Protocol

from odoo.addons.supply_link.pegging import NEVER, NOW

#: Steps of buying that take working hours; all others take days of the calendar.
HOURS = "hours"
DAYS = "days"

#: What takes more days than this, nobody knows.
FAR = 3650
#: No day is shorter, whatever the clock does.
EVENING = timedelta(hours=20)


class Calendar(Protocol):
    """What is asked of a company's working time."""

    def day(self, moment: datetime) -> date:
        """Return which day it is where the company is."""

    def moment(self, day: date) -> datetime:
        """Return when a day begins."""

    def open_day(self, day: date) -> date:
        """Return the first day from this one on that is worked; the day itself where
        nobody ever works."""

    def plan(self, hours: float, start: datetime) -> datetime | None:
        """Return the moment so many working hours later; nothing where there are no
        such hours."""


def later(start: datetime, days: float, calendar: Calendar) -> datetime:
    """Return the moment so many days of the calendar later, at the same time of day.

    A day in which the clock is changed has 23 or 25 hours: what is ready an hour before
    midnight must not be a day late because of that.

    :param days: at least none; a part of one is a part of 24 hours
    :return: ``NEVER`` where it is too far away for anybody to know
    """
    if start == NEVER or not days <= FAR:
        return NEVER
    if days <= 0:
        return start
    whole = floor(days)
    today = calendar.day(start)
    target = today + timedelta(days=whole)
    begin, time = calendar.moment(target), start - calendar.moment(today)
    if time > EVENING:
        # the hour that a shorter day does not have is its last one
        end = calendar.moment(target + timedelta(days=1))
        time = min(time, end - begin - timedelta(seconds=1))
    return begin + time + timedelta(days=days - whole)


def on_open_day(moment: datetime, calendar: Calendar) -> datetime:
    """Return the moment, or the start of the next day that is worked."""
    if moment in (NOW, NEVER):
        return moment
    day = calendar.day(moment)
    opening = calendar.open_day(day)
    return moment if opening <= day else calendar.moment(opening)


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
        """Return when a step that starts at a moment is over.

        :return: ``NEVER`` where nobody knows
        """
        length = self.safe if safe else self.likely
        if self.unit == DAYS:
            return later(start, length, calendar)
        if start == NEVER or not length <= 24 * FAR:
            return NEVER
        if length <= 0:
            return start
        return calendar.plan(length, start) or NEVER


class Span(NamedTuple):
    """When something is likely, and when it is safe."""

    likely: datetime
    safe: datetime


class Width(NamedTuple):
    """Where the promised days are, counted in spreads from the estimated moment.

    Without a past the formula is believed: *likely* is the estimate itself, *safe* one
    spread later. What such promises became in the past says it better, see
    :meth:`from_past`.
    """

    likely: float = 0.0
    safe: float = 1.0

    @classmethod
    def from_past(cls, past: Iterable[tuple[float, float]]) -> Width | None:
        """Return the width with which half of past promises of a kind would have been
        kept by *likely*, four of five by *safe*.

        :param past: as :func:`calibrate` takes it
        """
        past = list(past)
        likely, safe = calibrate(past, 0.5), calibrate(past, 0.8)
        return None if likely is None or safe is None else cls(likely, safe)


class Estimate(NamedTuple):
    """When goods come, before the past is asked how good such estimates are.

    It is kept with what is promised: set beside the real day it tells the next ones how
    wide they must be.

    :param moment: the middle; ``NOW`` and ``NEVER`` stay what they are
    :param spread: days from it until it should be safe; infinite where nobody knows
    :param earliest: nothing is there before
    """

    moment: datetime
    spread: float = 0.0
    earliest: datetime = NOW

    def span(self, calendar: Calendar, width: float | Width = 1.0) -> Span:
        """Return when it is likely, and when it is safe.

        :param width: a number is how many spreads *safe* is after the estimate
        """
        if self.moment in (NOW, NEVER):
            return Span(self.moment, self.moment)
        if not isinstance(width, Width):
            width = Width(safe=width)
        likely = self._after(width.likely, calendar)
        return Span(likely, max(likely, self._after(width.safe, calendar)))

    def _after(self, spreads: float, calendar: Calendar) -> datetime:
        days = spreads * self.spread if spreads else 0.0
        if not abs(days) <= FAR:
            return NEVER
        moment = max(self.moment + timedelta(days=days), self.earliest)
        return on_open_day(moment, calendar)


def estimate(start: datetime, delays: Iterable[Delay], calendar: Calendar) -> Estimate:
    """Return when steps that follow each other are over.

    Each begins when the one before is likely over; those that take days end on a day
    that is worked. If delays are independent and near to normal, the spread of their
    sum is the root of the sum of squares of their spreads; what is wrong with that,
    such as outliers, or everything of one vendor being late at once, the *width* mends.

    :param start: ``NOW`` and ``NEVER`` stay what they are
    """
    if start in (NOW, NEVER):
        return Estimate(start)
    squares, end, known = 0.0, start, True
    for delay in delays:
        likely = delay.end(end, calendar)
        if likely == NEVER:
            return Estimate(NEVER)
        if delay.safe > max(delay.likely, 0.0):
            late = delay.end(end, calendar, safe=True)
            known = known and late != NEVER
            squares += ((late - likely) / timedelta(days=1)) ** 2
        end = on_open_day(likely, calendar) if delay.unit == DAYS else likely
    return Estimate(end, sqrt(squares) if known else inf, start)


def follow(
    start: datetime,
    delays: Iterable[Delay],
    calendar: Calendar,
    scale: float | Width = 1.0,
) -> Span:
    """Return when steps that follow each other are likely and safely over, see
    :func:`estimate`.

    :param scale: how wide promises must be, see :class:`Width`
    """
    return estimate(start, delays, calendar).span(calendar, scale)


def calibrate(past: Iterable[tuple[float, float]], share: float = 0.8) -> float | None:
    """Return how many spreads after the estimate a share of past promises would have
    been kept.

    It is the quantile of how many spreads after the estimate goods really came: with
    that much of the spread, just this share of them was in time (split conformal
    prediction). It supposes nothing about the shape of delays, and what delays of one
    vendor have in common is in it, as far as the past shows it.

    :param past: for each line, the days from the estimate to the real day (see
        :func:`days_until`), and the spread; lines without spread tell nothing
    :param share: of the lines
    :return: nothing where there is no past
    """
    ratios = sorted(late / spread for late, spread in past if 0 < spread < inf)
    if not ratios:
        return None
    # the smallest that covers the share, as if one more case, the worst, were to come;
    # rounded first: 0.1 * 30 is a bit more than 3
    rank = ceil(round(share * (len(ratios) + 1), 9))
    return ratios[min(max(rank, 1), len(ratios)) - 1]


def days_until(moment: datetime, day: date, calendar: Calendar) -> float:
    """Return how many days after a moment a promise would have named a real day.

    Promises name days that are worked: goods expected from Saturday on are promised for
    Monday. So goods that came on Monday would have been promised rightly from the first
    moment of Saturday on. Whole days would be half a day too many, and the scale that
    follows from them too wide.

    :param moment: of the estimate
    :param day: on which the customer had the goods
    """
    first = day
    for _closed in range(60):
        before = first - timedelta(days=1)
        if calendar.open_day(before) < day:
            break
        first = before
    return (calendar.moment(first) - moment) / timedelta(days=1)


class Kept(NamedTuple):
    """What became of a promise.

    :param kind: whether the goods were to be bought or ordered already, such as the
        ``way`` of the part that came last
    :param whom: whose delays they were: the vendor
    :param late: days from the estimate to the real day, see :func:`days_until`
    :param spread: of the estimate
    """

    kind: Hashable
    whom: Hashable
    late: float
    spread: float


#: From so many promises on there is a width for a kind, and for a vendor's own.
ENOUGH, ENOUGH_OF_ONE = 8, 20


def find_widths(
    past: Iterable[Kept],
) -> dict[tuple[Hashable | None, Hashable | None], Width]:
    """Return how wide promises must be, by kind and vendor.

    :param past: of lines *delivered* in some time; of those promised in it, the late
        ones have not come yet
    :return: with nothing as vendor, for all of them; with nothing as kind too, for all
        promises. What the past says too little about is not there.
    """
    groups = defaultdict(list)
    for kept in past:
        if 0 < kept.spread < inf:
            for key in {(kept.kind, kept.whom), (kept.kind, None), (None, None)}:
                groups[key].append((kept.late, kept.spread))
    return {
        key: Width.from_past(each)
        for key, each in groups.items()
        if len(each) >= (ENOUGH if key[1] is None else ENOUGH_OF_ONE)
    }


def choose_width(
    widths: Mapping[tuple[Hashable | None, Hashable | None], Width],
    kind: Hashable,
    whom: Hashable = None,
) -> Width:
    """Return the width for promises of a kind and a vendor, the nearest there is."""
    for key in ((kind, whom), (kind, None), (None, None)):
        if key in widths:
            return widths[key]
    return Width()


@dataclass(frozen=True, slots=True)
class BuyPath:
    """What happens from now until goods that nobody has bought are in the stock.

    :param reaction: until somebody makes the order
    :param approval: until the order is approved
    :param vendor: until the vendor delivers
    :param receipt: until the goods are unpacked and checked
    :param putaway: until they are where orders are served from
    :param money: from the approval until the vendor is paid in advance, and begins
    """

    reaction: Delay = Delay(unit=HOURS)
    approval: Delay = Delay(unit=HOURS)
    vendor: Delay = Delay()
    receipt: Delay = Delay()
    putaway: Delay = Delay()
    money: Delay = Delay(unit=HOURS)

    def estimate(self, start: datetime, calendar: Calendar) -> Estimate:
        """Return when goods that are asked for now are in the stock.

        Vendors deliver, and goods are unpacked, on days that are worked.
        """
        before = (self.reaction, self.approval, self.money)
        steps = (*before, self.vendor, self.receipt, self.putaway)
        return estimate(start, steps, calendar)

    def days(self, start: datetime, calendar: Calendar) -> int | None:
        """Return after how many days goods that are asked for at a moment are likely
        in the stock. Nobody waits for a day that is worked: what is taken off a due
        day must not depend on which day of the week it is today.

        :return: nothing where nobody knows
        """
        end = start
        for step in (self.reaction, self.approval, self.money, self.vendor):
            end = step.end(end, calendar)
        for step in (self.receipt, self.putaway):
            end = step.end(end, calendar)
        return None if end == NEVER else (calendar.day(end) - calendar.day(start)).days

    def date(
        self, start: datetime, calendar: Calendar, scale: float | Width = 1.0
    ) -> Span:
        """Return when they are likely and safely there.

        :param scale: how wide promises must be, see :class:`Width`
        """
        return self.estimate(start, calendar).span(calendar, scale)


def add_limits(steps: Iterable[tuple[int, float]]) -> float:
    """Return how many hours the steps of an approval have together.

    Steps with the same number are asked at the same time: the longest of them counts.

    :param steps: number and hours of each; zero: it has no limit
    """
    hours: dict[int, float] = defaultdict(float)
    for number, limit in steps:
        hours[number] = max(hours[number], limit)
    return sum(hours.values())


# Vendors who wait for money


class Advance(NamedTuple):
    """Money that a vendor is to have before beginning.

    :param due: day until which it was to be paid
    :param likely: day on which it likely is, or was
    :param safe: day on which that is safe
    :param is_paid: nobody waits for it any more
    :param days_before: how many days before the arrival it was agreed; nothing: that
        follows from both days
    """

    due: date
    likely: date
    safe: date
    is_paid: bool = False
    days_before: int | None = None


def wait_for_money(
    expected: date, agreed: date, is_restated: bool, advances: Iterable[Advance]
) -> tuple[date, date]:
    """Return on which day goods likely and safely come that wait for money.

    The vendor needs as long after the payment as was agreed: what is paid so many days
    too late comes so many days after the day for which it was ordered. What somebody
    expects for a later day anyway stays there.

    :param expected: day on which they are expected now
    :param agreed: day for which they were ordered
    :param is_restated: the buyer has named another day since. That of an order that is
        paid counts, and says how late it is; that of one that is not paid is a hope.
    """
    likely = safe = expected
    for advance in advances:
        if advance.is_paid and is_restated:
            continue
        first = agreed
        if advance.days_before is not None:
            first = advance.due + timedelta(days=advance.days_before)
        late, latest = advance.likely - advance.due, advance.safe - advance.due
        if late > timedelta():
            likely = max(likely, first + late)
        if latest > timedelta():
            safe = max(safe, first + latest)
    return likely, max(likely, safe)


# The past


def time_left(past: Iterable[float], over: float, share: float) -> float:
    """Return how much longer something takes that has taken a while already.

    Only cases that took longer than that tell anything: of most delays, the more is
    left the longer they have taken. Where less than :data:`ENOUGH` of them took longer,
    the longest that there are count, those that were shorter as over.

    :param past: how long each case took; some at least
    :param over: how long this one has taken
    :param share: of the cases that were no longer
    """
    ordered = sorted(past)
    longer = ordered[bisect_right(ordered, over) :]
    if len(longer) < ENOUGH:
        longer = ordered[-ENOUGH:]
    return max(quantile(longer, share) - over, 0.0)


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
