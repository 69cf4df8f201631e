"""Who gets which goods, and from when on: pegging, without Odoo.

*Serving order* says whose turn it is: the smaller tuple goes first. *On time* means on
the due date or before.

**Harm** (Dynamics, Oracle and SAP call its opposite cumulative look-ahead): an order
has less on any date from its own due date on. What it has before it is due is nobody's
loss.

**Quantities are whole numbers**: multiples of the rounding of the product's unit, see
:func:`to_units`. Sums of floats depend on their order, so that the last 0.1 of thirty
parts would be short on one path and there on another. Whole numbers add up to the same
on every path, and two ways of counting can be compared with ``==``.

**Dates** are ``datetime`` of one time zone. :data:`NOW` is before, :data:`NEVER` after
all others. Which moment stands for a day is the caller's business.

Goods that are reserved belong to their order, goods bought or made for one order to
that one: neither takes part, except where reserved goods are lent
(``swapping``).
"""

from __future__ import annotations

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from functools import cache
from itertools import accumulate
from operator import attrgetter
from typing import NamedTuple

NOW = datetime.min
NEVER = datetime.max


# Units


def to_units(quantity: float, rounding: float) -> int:
    """Return a quantity as a whole number of the smallest part its unit allows.

    Halves go away from zero, as in Odoo (``HALF-UP``).

    :param quantity: in the product's unit
    :param rounding: the smallest part of that unit, such as 0.01
    """
    parts = Decimal(repr(quantity)) / Decimal(repr(rounding))
    return int(parts.to_integral_value(ROUND_HALF_UP))


def from_units(units: int, rounding: float) -> float:
    """Return the float that is nearest to a whole number of parts."""
    parts = _count_parts(rounding)
    # dividing whole numbers gives the nearest float, too, and takes a tenth of the time
    return units / parts if parts else float(Decimal(units) * Decimal(repr(rounding)))


@cache
def _count_parts(rounding: float) -> int:
    """Return how many of the smallest parts make one, if it is a whole number."""
    parts = 1 / Decimal(repr(rounding))
    return int(parts) if parts == int(parts) else 0


# What there is and who wants it
#
# Nothing changes these after they are made. They are not declared frozen, as that makes
# making them three times as slow, and there are thousands of them.


@dataclass(slots=True, unsafe_hash=True)
class Supply:
    """Goods that are or will be there.

    :param quantity: units; below zero where more was handed out than there was, which
        the next supply fills up first
    :param date: when they can be taken; nothing means now, ``NEVER`` that they are
        on their way but nobody knows until when
    :param key: tells supplies apart
    :param overdue: days since they should have come
    """

    quantity: int
    date: datetime | None = None
    key: Hashable = None
    overdue: int = 0

    @property
    def arrival(self) -> datetime:
        return NOW if self.date is None else self.date


@dataclass(slots=True, unsafe_hash=True)
class Demand:
    """Goods that an order still needs.

    :param key: tells demands apart
    :param quantity: units, without those that are reserved for it
    :param date: when it is due; ``NOW`` means as soon as there are any
    :param priority: the higher, the earlier its turn
    :param rank: decides between demands of the same priority and date
    :param order: its place in serving order, instead of priority, date and rank
    :param reserved: units that are reserved for it and could be lent
    """

    key: Hashable
    quantity: int
    date: datetime
    priority: int = 0
    rank: int = 0
    order: tuple | None = None
    reserved: int = 0

    @property
    def turn(self) -> tuple:
        if self.order is not None:
            return self.order
        return (-self.priority, self.date, self.rank)


@dataclass(slots=True, unsafe_hash=True)
class Share:
    """Goods of a supply that serve a demand.

    :param date: when they can be taken: ``NOW``, a date, or ``NEVER`` when no date is
        known
    """

    supply: Hashable
    demand: Hashable
    quantity: int
    date: datetime


@dataclass(frozen=True, slots=True)
class Ready:
    """What an order can count on.

    :param date: when the last of its goods is there: ``NOW``, a date, or ``NEVER``
    :param now: units that are there now
    :param short: units that no supply covers
    """

    key: Hashable
    date: datetime
    now: int
    short: int


@dataclass(frozen=True, slots=True)
class Pool:
    """What there is of a product in a warehouse, and who wants it.

    :param rounding: what one unit of the quantities is, in the product's unit
    :param unplaced: units that are in the warehouse, but not where orders are served
        from, and that no transfer moves
    """

    supplies: list[Supply]
    demands: list[Demand]
    rounding: float = 1.0
    unplaced: int = 0


# Pegging


def peg(supplies: Iterable[Supply], demands: Iterable[Demand]) -> list[Share]:
    """Deal what there is and will be to those who want it.

    In serving order, each demand gets the most that it can have on its due date, and
    what it lacks then as soon as possible after it, while those before it have no less
    than they were dealt. It gets it without taking from those behind it what it does
    not need: an urgent order for day 20 leaves today's stock to an order for today when
    a receipt of day 15 will do. Within that, goods come as early as they can: whose
    goods are used first has the earlier of these dates, then the earlier turn.

    With ``NOW`` as all due dates this is first come, first served, which is how Odoo
    reserves what arrives.

    To take on time the latest goods that still do, and else the earliest after, leaves
    the most to the others on any date: goods that come by a date can stand in for
    each other until then, so that only their number counts (parentheses that match).

    O((n + m) log (n + m)).

    :return: at most one for each pair of a supply and a demand; of a demand that is not
        fully served, less than its quantity, see :func:`ready_on`
    """
    queue, order = arrivals(supplies), _in_turn(demands)
    # those due at the same time whose turns follow each other claim like one, and share
    # what they get one after the other
    blocks, members = _block(order)
    shares: dict[int, Share] = {}
    position, left, wide = -1, 0, len(order)
    arrival, supply = NOW, None
    nexts = [0] * len(blocks)
    wants = [group[0][1] for group in members]
    # by date, then by turn
    for _date, number, quantity in sorted(claim(queue, blocks)):
        group, here, want = members[number], nexts[number], wants[number]
        while quantity:
            if not left:
                position += 1
                arrival, left, supply = queue[position]
            if not want:
                here += 1
                want = group[here][1]
            taken = want if want < left else left
            if quantity < taken:
                taken = quantity
            quantity -= taken
            left -= taken
            want -= taken
            rank = group[here][0]
            pair = position * wide + rank
            if pair in shares:
                shares[pair].quantity += taken
            else:
                shares[pair] = Share(supply, order[rank].key, taken, arrival)
        nexts[number], wants[number] = here, want
    return list(shares.values())


class Piece(NamedTuple):
    """Units of a supply, one after the other, that serve a demand.

    :param start: units of the supply that serve others before
    :param date: when they can be taken
    """

    supply: Hashable
    demand: Hashable
    quantity: int
    start: int
    date: datetime


def deal(supplies: Iterable[Supply], demands: Iterable[Demand]) -> list[Piece]:
    """Deal sums, as :func:`peg` would deal what they are made of.

    A sum of supplies is what comes on one date, a sum of demands what is due on one
    date by those whose turns follow each other. Who waits for what is not asked of
    thousands when one of them wants to know it: see :func:`take` and
    :func:`share_out`.

    :return: in the order in which they are dealt; those of one demand are in the order
        of the turns of its members
    """
    supplies, order = list(supplies), _in_turn(demands)
    queue = arrivals(supplies)
    sizes = {supply.key: supply.quantity for supply in supplies}
    pieces: list[Piece] = []
    position, left, start = -1, 0, 0
    arrival, key = NOW, None
    # by date, then by turn
    for _date, rank, quantity in sorted(claim(queue, order)):
        while quantity:
            if not left:
                position += 1
                arrival, left, key = queue[position]
                start = sizes[key] - left  # debts are paid first
            taken = min(quantity, left)
            pieces.append(Piece(key, order[rank].key, taken, start, arrival))
            start += taken
            left -= taken
            quantity -= taken
    return pieces


def take(pieces: Iterable[Piece], start: int, quantity: int) -> list[Piece]:
    """Return the pieces of a member of a demand.

    :param pieces: of the demand, see :func:`deal`
    :param start: units of the members before it
    :param quantity: units of the member
    """
    found, place, end = [], 0, start + quantity
    for piece in pieces:
        skipped = max(start - place, 0)
        taken = min(piece.quantity, end - place) - skipped
        if taken > 0:
            found.append(piece._replace(quantity=taken, start=piece.start + skipped))
        place += piece.quantity
    return found


def share_out(
    pieces: Iterable[Piece],
    demand: Hashable,
    members: Mapping[Hashable, Iterable[tuple[Hashable, int]]],
) -> list[Share]:
    """Return what of the members of supplies makes up the pieces of a demand.

    :param demand: key of the demand of the shares
    :param members: key and units of what each supply is a sum of, in their order
    """
    shares: list[Share] = []
    for piece in pieces:
        place, end = 0, piece.start + piece.quantity
        for key, units in members[piece.supply]:
            taken = min(end, place + units) - max(piece.start, place)
            place += units
            if taken <= 0:
                continue
            if shares and shares[-1].supply == key:
                shares[-1].quantity += taken
            else:
                shares.append(Share(key, demand, taken, piece.date))
    return shares


def _in_turn(demands: Iterable[Demand]) -> list[Demand]:
    """Return demands in serving order."""
    demands = list(demands)
    if any(demand.order is None for demand in demands):
        return sorted(demands, key=get_turn)
    return sorted(demands, key=attrgetter("order"))


def _block(order: list[Demand]) -> tuple[list[Demand], list[list[tuple[int, int]]]]:
    """Put together what is due at the same time, where the turns follow each other.

    :param order: in serving order
    :return: a demand for each block, and its members: their place in serving order and
        quantity
    """
    blocks, members, date = [], [], None
    for rank, demand in enumerate(order):
        quantity = demand.quantity
        if quantity <= 0:
            continue
        if demand.date != date:
            date, group = demand.date, []
            members.append(group)
            blocks.append(Demand(None, 0, date))
        group.append((rank, quantity))
        blocks[-1].quantity += quantity
    return blocks, members


def get_turn(demand: Demand) -> tuple:
    return demand.turn


def arrivals(supplies: Iterable[Supply]) -> list[tuple[datetime, int, Hashable]]:
    """Return date, quantity and key of what arrives, by date; debts are paid first."""
    queue, debt = [], 0
    for supply in sorted(supplies, key=lambda supply: supply.arrival):
        if supply.quantity < 0:
            debt -= supply.quantity
        elif supply.quantity:
            queue.append((supply.arrival, supply.quantity, supply.key))
    for position, (date, quantity, key) in enumerate(queue):
        if not debt:
            break
        paid = min(debt, quantity)
        debt -= paid
        queue[position] = (date, quantity - paid, key)
    return [arrival for arrival in queue if arrival[1]]


def claim(
    queue: list[tuple], demands: list[Demand], most: dict | None = None
) -> list[tuple]:
    """Return until when demands in serving order must have how much.

    :param most: gets how much each has on time, and one more if there was more, by key
    :return: tuples of date, place in serving order and quantity. Dealing the queue to
        them by date meets all of them: no more is claimed until any date than has
        arrived by then.
    """
    dates = [date for date, _quantity, _key in queue]
    left = [0, *(quantity for _date, quantity, _key in queue)]
    # the nearest arrival with goods at or before, and at or after; 0 and the end: none
    before, after = list(range(len(left))), list(range(len(left) + 1))
    claims = []
    for rank, demand in enumerate(demands):
        wanted, on_time = max(demand.quantity, 0), 0
        if not wanted and most is None:
            continue
        in_time = bisect_right(dates, demand.date)
        slot = _find(before, in_time)
        while wanted and slot:
            taken = min(wanted, left[slot])
            wanted -= taken
            on_time += taken
            left[slot] -= taken
            if not left[slot]:
                before[slot], after[slot] = slot - 1, slot + 1
                slot = _find(before, slot)
        if on_time:
            claims.append((demand.date, rank, on_time))
        if most is not None:
            most[demand.key] = on_time + bool(slot)
        if not wanted:
            continue
        slot = _find(after, in_time + 1)
        while wanted and slot < len(left):
            taken = min(wanted, left[slot])
            wanted -= taken
            left[slot] -= taken
            claims.append((dates[slot - 1], rank, taken))
            if not left[slot]:
                before[slot], after[slot] = slot - 1, slot + 1
                slot = _find(after, slot)
    return claims


def _find(links: list[int], start: int) -> int:
    """Follow links to one that leads to itself, and make the way short."""
    end = start
    while links[end] != end:
        end = links[end]
    while links[start] != end:
        links[start], start = end, links[start]
    return end


def ready_on(
    demands: Iterable[Demand], shares: Iterable[Share]
) -> dict[Hashable, Ready]:
    """Return what each demand can count on, by key.

    :param shares: what :func:`peg` dealt to them
    """
    mine = by_demand(shares)
    ready = {}
    for demand in demands:
        date, now, short = NOW, 0, max(demand.quantity, 0)
        for share in mine.get(demand.key, ()):
            date = max(date, share.date)
            short -= share.quantity
            if share.date == NOW:
                now += share.quantity
        ready[demand.key] = Ready(demand.key, NEVER if short else date, now, short)
    return ready


def by_demand(shares: Iterable[Share]) -> dict[Hashable, list[Share]]:
    mine = defaultdict(list)
    for share in shares:
        mine[share.demand].append(share)
    return mine


def loss(before: Sequence[Share], after: Sequence[Share], due: datetime) -> int:
    """Return how much less there is on the worst date from the due date on."""
    changes = defaultdict(int)
    for shares, sign in ((before, 1), (after, -1)):
        for share in shares:
            changes[max(share.date, due)] += sign * share.quantity
    # what has no date is not there on any date
    changes.pop(NEVER, None)
    less = accumulate(changes[date] for date in sorted(changes))
    return max(0, *less) if changes else 0


def count_days(start: datetime, end: datetime) -> int:
    """Whole days, begun ones counted: whoever is hours late is a day late."""
    return -((start - end) // timedelta(days=1))
