"""When a customer can have the goods, without Odoo.

A promise has two days. By the *likely* day half of such lines have been delivered, by
the *safe* one four of five. What is in the stock has one day only; how long others
still need for the rest is in ``delays.py``.

Who gets which goods of the stock is not decided here, but in ``supply_link``
(``pegging.py``). Here its answers become days.

**Moments** and **days** are those of ``delays.py``. From the moment on which goods are
in the warehouse, only days count: nobody is late by hours.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from fractions import Fraction
from itertools import accumulate
from math import ceil, floor
from typing import NamedTuple

from odoo.addons.supply_link.lookahead import Ledger
from odoo.addons.supply_link.pegging import NEVER, NOW

from .delays import Calendar, Estimate, Span, later

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
