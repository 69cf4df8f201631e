"""When a customer can have the goods, without Odoo.

A promise has two days. By the *likely* day half of such lines have been delivered, by
the *safe* one four of five. What is in the stock has one day only; what others still
have to do takes as long as it took before: half of the time (P50), four times of five
(P80).

Who gets which goods of the stock is not decided here, but in ``supply_link``
(``pegging.py``). Here its answers become days.

**Moments** are naive ``datetime`` in UTC, as Odoo keeps them; ``NOW`` stands for what
is in the stock, ``NEVER`` for what nobody knows. **Days** are ``date`` where the
company is. From the moment on which goods are in the warehouse, only days count: nobody
is late by hours.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from fractions import Fraction
from itertools import accumulate
from math import ceil, floor, inf, sqrt
from typing import NamedTuple, Protocol

from odoo.addons.supply_link.lookahead import Ledger
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


# Where goods come from
#
# Nothing changes parts and terms after they are made. They are not declared frozen, as
# that makes making them three times as slow, and there are thousands of them.


@dataclass(slots=True, unsafe_hash=True)
class Part:
    """Goods of a line that come in one way.

    :param quantity: units of the product, or whole kits
    :param likely: when they are likely in the stock: ``NOW``, a moment, or ``NEVER``
        when nobody knows
    :param safe: when that is safe
    :param way: *stock*, *incoming*, *bought* (for this line), *buy* (nobody has bought
        them yet), *unplaced* (in the warehouse, but not put away) or *none* (nobody
        can)
    :param key: what brings them
    :param estimate: of which *likely* and *safe* were made
    :param about: what is missing: of a kit, the component
    """

    quantity: float
    likely: datetime
    safe: datetime
    way: str
    key: Hashable = None
    estimate: Estimate | None = None
    about: Hashable = None

    def of(self, quantity: float) -> Part:
        """Return the same goods in another quantity; much faster than ``replace``."""
        return Part(
            quantity,
            self.likely,
            self.safe,
            self.way,
            self.key,
            self.estimate,
            self.about,
        )


def parts_by_supply(
    ledger: Ledger, quantity: int
) -> list[tuple[datetime, int, Hashable]]:
    """Return date, units and supply of what can be taken, as early as possible.

    More is free from a date on only because goods come on it, and never more than come.
    Of several that come on one date, the first in the ledger's list go first. The first
    units of a longer wish are those of a shorter one.
    """
    found = []
    for moment, units in ledger.parts(quantity):
        for supply in ledger.bringing(moment):
            taken = min(units, max(supply.quantity, 0))
            if taken:
                found.append((moment, taken, supply.key))
            units -= taken
    return found


def ask(
    ledgers: Mapping[Hashable, Ledger], wishes: Iterable[tuple[Hashable, int]]
) -> list[list[Part]]:
    """Return how the lines of one quotation get their goods.

    One after the other they ask the pools, and what one line takes is gone for those
    behind it: two lines of a dozen each are not both in stock when there are 13.
    Other quotations take nothing.

    :param ledgers: by pool, with those who are before this quotation
    :param wishes: the pool and the units of each line, in the quotation's order; of a
        kit, each component is a wish
    :return: for each wish its parts by date: *stock*, *incoming* with the supply's key,
        *none* for what nobody brings. *Safe* is the same as *likely*: how late a
        receipt may be, the caller knows.
    """
    taken: dict[Hashable, int] = defaultdict(int)
    found = []
    for pool, wanted in wishes:
        start, end = taken[pool], taken[pool] + max(wanted, 0)
        taken[pool] = end
        ledger = ledgers.get(pool)
        parts, place = [], 0
        for moment, units, key in parts_by_supply(ledger, end) if ledger else ():
            # those before ``start`` are taken by the lines before
            mine = place + units - max(place, start)
            place += units
            if mine > 0:
                way = "stock" if moment == NOW else "incoming"
                parts.append(Part(mine, moment, moment, way, key))
        short = end - max(place, start)
        if short:
            parts.append(Part(short, NEVER, NEVER, "none"))
        found.append(parts)
    return found


def kit_parts(
    components: Iterable[tuple[int | Fraction, Iterable[Part]]],
) -> list[Part]:
    """Return how whole kits come together from parts of their components.

    A kit takes of each component what comes first. It is there when its last component
    is, and comes in that one's way. What is left of a component when another one ends
    makes no kit.

    :param components: units that one kit takes, more than none, and the parts
    :return: by date, as many kits as the scarcest component makes
    """
    stacks = [_Stack(needed, parts) for needed, parts in components]
    done, found = 0, []
    most = min((stack.kits for stack in stacks), default=0)
    while done < most:
        # kits in a row that are made of the same parts
        same = min(min(stack.same(done) for stack in stacks), most - done)
        used = [part for stack in stacks for part in stack.used(done)]
        last = max(used, key=lambda part: (part.likely, part.safe))
        safe = max(part.safe for part in used)
        found.append(replace(last, quantity=same, safe=safe))
        done += same
    return _merge(found)


class _Stack:
    """Parts of a component, the first on top.

    :param needed: units that one kit takes
    """

    def __init__(self, needed: int | Fraction, parts: Iterable[Part]) -> None:
        self.needed = Fraction(needed)
        there = (part for part in parts if part.quantity > 0)
        self.parts = sorted(there, key=lambda part: part.likely)
        self.ends = list(accumulate(part.quantity for part in self.parts))

    @property
    def kits(self) -> int:
        return floor(self.ends[-1] / self.needed) if self.ends else 0

    def _find(self, kit: int) -> int:
        """Return the part in which a kit begins."""
        return bisect_right(self.ends, floor(kit * self.needed))

    def same(self, kit: int) -> int:
        """Return how many kits in a row, from this one on, use the same parts."""
        return max(floor(self.ends[self._find(kit)] / self.needed) - kit, 1)

    def used(self, kit: int) -> list[Part]:
        """Return the parts that a kit uses."""
        last = bisect_left(self.ends, ceil((kit + 1) * self.needed))
        return self.parts[self._find(kit) : last + 1]


def cut(parts: Iterable[Part], quantity: int) -> list[Part]:
    """Return the first parts that come to a quantity: of the last kit perhaps only a
    part was ordered."""
    found = []
    for part in parts:
        taken = min(part.quantity, quantity)
        if taken > 0:
            found.append(part.of(taken))
            quantity -= taken
    return found


def tell_unplaced(parts: Iterable[Part], units: int) -> list[Part]:
    """Return the parts, those told apart that nobody brings because they are there
    already: in the warehouse, but not where orders are served from.

    :param units: that are in the warehouse and not put away
    """
    found = []
    for part in parts:
        if part.way == "none" and 0 < units < part.quantity:
            found.append(replace(part, quantity=units, way="unplaced"))
            part, units = part.of(part.quantity - units), 0
        elif part.way == "none" and units > 0:
            units -= part.quantity
            part = replace(part, way="unplaced")
        found.append(part)
    return found


def fill(
    parts: Iterable[Part],
    path: Span | None,
    replace_later: bool,
    estimate: Estimate | None = None,
    about: Hashable = None,
) -> list[Part]:
    """Let what nobody brings be bought.

    :param parts: of one line
    :param path: when goods that are bought now are in the stock; nothing: there is
        no vendor
    :param replace_later: also buy what comes into the common stock, but later than
        what is bought now. For quotations only: for an order goods are on their way
        already, and buying them again is not for a date to decide.
    :param estimate: of which *path* was made
    :param about: what is bought
    :return: by date, without parts of nothing. What is not put away has the day of
        what is bought, as nobody knows when somebody sees to it, and comes before
        that.
    """
    filled = []
    for part in parts:
        missing = part.way in ("none", "unplaced")
        may_replace = replace_later and part.way == "incoming"
        if path and (missing or (may_replace and part.likely > path.likely)):
            # another supply brings them now
            way = "unplaced" if part.way == "unplaced" else "buy"
            part = Part(part.quantity, *path, way, None, estimate, about)
        elif missing:
            part = replace(part, about=about)
        filled.append(part)
    if len(filled) > 1:
        filled.sort(key=lambda part: (part.likely, part.way != "unplaced", part.way))
    return _merge(filled)


def _merge(parts: Iterable[Part]) -> list[Part]:
    """Return the parts, neighbours that come in the same way as one."""
    merged: list[Part] = []
    for part in parts:
        if part.quantity <= 0:
            continue
        if merged and merged[-1].of(part.quantity) == part:
            part = part.of(merged.pop().quantity + part.quantity)
        merged.append(part)
    return merged


# The customer's day


@dataclass(slots=True, unsafe_hash=True)
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
        return self.days([ready], calendar)[ready]

    def days(
        self, ready: Iterable[datetime], calendar: Calendar
    ) -> dict[datetime, date | None]:
        """Return the days of several moments, see :meth:`day`."""
        earliest = self.earliest(calendar)
        found: dict[datetime, date | None] = {}
        for moment in ready:
            if moment in found:
                continue
            there = max(self.arrive(moment, calendar), earliest)
            known = there != NEVER
            found[moment] = calendar.open_day(calendar.day(there)) if known else None
        return found

    def earliest(self, calendar: Calendar) -> datetime:
        """Return the moment before which the product's lead time allows nothing."""
        return later(self.ordered, self.lead, calendar)

    def arrive(self, ready: datetime, calendar: Calendar) -> datetime:
        """Return the moment at which what is ready at another is with the customer."""
        waits = max(self.outgoing, 0.0) + max(self.security, 0.0)
        return later(max(ready, self.now), waits, calendar)


class Answer(NamedTuple):
    """What a line's customer can be told.

    :param likely: day; nothing when nobody knows
    :param safe: day; nothing when nobody knows
    :param now: how much can go out now
    :param parts: day, quantity and part, by day; without a day at the end
    :param binding: the part that comes last
    :param estimate: of that part, when it is with the customer; nothing where the
        product's lead time is longer: its day says nothing about the goods
    """

    likely: date | None
    safe: date | None
    now: float
    parts: tuple[tuple[date | None, float, Part], ...]
    binding: Part | None
    estimate: Estimate | None = None


def promise(
    parts: Sequence[Part], terms: Terms, calendar: Calendar, per: int = 1
) -> Answer:
    """Return when a customer has all parts of a line.

    :param parts: of one line, in whole units; parts of nothing do not count
    :param per: how many units are one of the product's. Answers are in these: sums of
        whole numbers leave no dust, as those of floats do.
    """
    wanted = [part for part in parts if part.quantity > 0]
    if len(wanted) > 1:
        wanted.sort(key=lambda part: (part.likely, part.safe))
    days = terms.days(
        [moment for part in wanted for moment in (part.likely, part.safe)], calendar
    )
    now = sum(part.quantity for part in wanted if part.likely == NOW)
    if per != 1:
        now /= per
        wanted = [part.of(part.quantity / per) for part in wanted]
    last = wanted[-1] if wanted else None
    guess = last.estimate if last else None
    if guess:
        moment = terms.arrive(guess.moment, calendar)
        waits = terms.earliest(calendar) > moment
        guess = None if waits else Estimate(moment, guess.spread)
    return Answer(
        _latest([days[part.likely] for part in wanted]),
        _latest([days[max(part.likely, part.safe)] for part in wanted]),
        now,
        tuple([(days[part.likely], part.quantity, part) for part in wanted]),
        last,
        guess,
    )


def find_last(answers: Sequence[Answer]) -> int | None:
    """Return the place of the answer that the others wait for where all go out at
    once; nothing where none of them is about goods.

    It is the last whose goods are not there; if all are, the one with the last day.
    Whose day nobody knows comes last.
    """
    waiting = [place for place, answer in enumerate(answers) if answer.parts]
    return max(
        waiting,
        key=lambda place: (
            answers[place].binding.likely != NOW,
            answers[place].likely or date.max,
            answers[place].safe or date.max,
            answers[place].binding.likely,
        ),
        default=None,
    )


def together(answers: Sequence[Answer]) -> list[Answer]:
    """Return the answers of an order that goes out at once: all of it on the last day.

    Nothing goes out before the last goods are there: until then no line has anything
    now, and each waits for what the last one waits for. A line whose day nobody knows
    leaves the others without one, too. A line without goods waits for nothing, and
    nobody waits for it.
    """
    place = find_last(answers)
    if place is None:
        return list(answers)
    waiting = [answer for answer in answers if answer.parts]
    last = answers[place]
    likely = _latest([answer.likely for answer in waiting])
    safe = _latest([answer.safe for answer in waiting])
    all_there = all(
        part.likely == NOW for answer in waiting for _day, _units, part in answer.parts
    )
    found = []
    for answer in answers:
        if answer.parts:
            own = [(units, part) for _day, units, part in answer.parts]
            # where a lead time is longer the day says nothing about the goods
            guess = last.estimate if last.likely == likely else None
            answer = answer._replace(likely=likely, safe=safe, estimate=guess)
            if not all_there:
                brought_by = last.binding.key
                own = [(units, replace(part, key=brought_by)) for units, part in own]
                answer = answer._replace(now=0, binding=last.binding)
            answer = answer._replace(
                parts=tuple((likely, units, part) for units, part in own)
            )
        found.append(answer)
    return found


def _latest(days: Sequence[date | None]) -> date | None:
    """Return the last day; nothing when there are none, or one that nobody knows."""
    return max(days) if days and all(days) else None


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
