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
(:func:`harmless_swaps`).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Collection, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
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
    queue, order = _arrivals(supplies), _in_turn(demands)
    # those due at the same time whose turns follow each other claim like one, and share
    # what they get one after the other
    blocks, members = _block(order)
    shares: dict[int, Share] = {}
    position, left, wide = -1, 0, len(order)
    arrival, supply = NOW, None
    nexts = [0] * len(blocks)
    wants = [group[0][1] for group in members]
    # by date, then by turn
    for _date, number, quantity in sorted(_claim(queue, blocks)):
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
    queue = _arrivals(supplies)
    sizes = {supply.key: supply.quantity for supply in supplies}
    pieces: list[Piece] = []
    position, left, start = -1, 0, 0
    arrival, key = NOW, None
    # by date, then by turn
    for _date, rank, quantity in sorted(_claim(queue, order)):
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
        return sorted(demands, key=_get_turn)
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


def _get_turn(demand: Demand) -> tuple:
    return demand.turn


def _arrivals(supplies: Iterable[Supply]) -> list[tuple[datetime, int, Hashable]]:
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


def _claim(
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
    mine = _by_demand(shares)
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


def _by_demand(shares: Iterable[Share]) -> dict[Hashable, list[Share]]:
    mine = defaultdict(list)
    for share in shares:
        mine[share.demand].append(share)
    return mine


# The look-ahead


@dataclass(frozen=True, slots=True)
class Fence:
    """Until when goods that are bought now would be there.

    :param today: when they would be bought
    :param date: when they could be taken
    """

    today: datetime
    date: datetime

    def buy_by(self, due: datetime) -> datetime:
        """Return when goods for a due date must be bought at the latest."""
        return due - (self.date - self.today)


@dataclass(frozen=True, slots=True)
class PassedOver:
    """An order due after the fence whose goods somebody else gets.

    :param short: units that it has less on its due date, or on a date after it
    :param buy_by: when they must be bought, so that it has them on its due date
    """

    key: Hashable
    short: int
    buy_by: datetime


class Ledger:
    """From when on goods can be taken without harm to those who are before.

    What is free from a date on is the least that cumulative supply exceeds cumulative
    demand by on any date from then on (ATP with look-ahead). That is exact, whatever
    the serving order among those before: as long as it is above zero, they all have
    everything on their due dates.

    Orders due after the fence do not count: goods that are bought for them today, or
    later, are there in time (Dynamics' ATP time fence, Oracle's infinite supply fence,
    SAP's checking horizon). Supply without a date never counts.

    Built in O((n + m) log (n + m)); a question takes O(log (n + m)).

    :param supplies: the goods
    :param demands: those who are before whoever asks: all for a quotation. Their turns
        do not matter, so that the caller may pass one sum for each day.
    :param fence: nothing when the goods cannot be bought
    """

    __slots__ = ("_supplies", "_within", "_beyond", "_fence", "_dates", "_free")

    def __init__(
        self,
        supplies: Iterable[Supply],
        demands: Iterable[Demand],
        fence: Fence | None = None,
    ) -> None:
        self._supplies, self._fence = list(supplies), fence
        self._within: list[Demand] = []
        self._beyond: list[Demand] = []
        changes: dict[datetime, int] = defaultdict(int, {NOW: 0})
        for supply in self._supplies:
            changes[supply.arrival] += supply.quantity
        changes.pop(NEVER, None)
        for demand in demands:
            if fence and demand.date > fence.date:
                self._beyond.append(demand)
            else:
                self._within.append(demand)
                changes[demand.date] -= max(demand.quantity, 0)
        self._dates = sorted(changes)
        balances = accumulate(changes[date] for date in self._dates)
        # the least of each balance and all later ones
        self._free = list(accumulate(reversed(list(balances)), min))[::-1]

    @property
    def supplies(self) -> Sequence[Supply]:
        """The goods that there are or will be."""
        return self._supplies

    def bringing(self, date: datetime) -> list[Supply]:
        """Return the goods that come on a date: what is free more from then on."""
        return [each for each in self._supplies if each.arrival == date]

    def free(self, date: datetime = NOW) -> int:
        """Return how many units can be taken on a date, and kept, without harm."""
        return max(self._free[bisect_right(self._dates, date) - 1], 0)

    def earliest(self, quantity: int, after: datetime = NOW) -> datetime | None:
        """Return from when on a quantity can be taken without harm.

        :param quantity: units
        :param after: not before this date
        :return: nothing when there will never be enough
        """
        here = bisect_right(self._dates, after) - 1
        # what is free never shrinks with time
        there = bisect_left(self._free, quantity, here)
        if there == len(self._free):
            return None
        return after if there == here else self._dates[there]

    def parts(self, quantity: int, after: datetime = NOW) -> list[tuple[datetime, int]]:
        """Return how much of a quantity can be taken on which dates, as early as
        possible; together less than the quantity when supply ends before.
        """
        parts, taken, date = [], 0, after
        while taken < quantity:
            free = min(self.free(date), quantity)
            if free > taken:
                parts.append((date, free - taken))
                taken = free
            if taken < quantity:
                date = self.earliest(taken + 1, after)
                if date is None:
                    break
        return parts

    def passed_over(self, quantity: int, date: datetime) -> list[PassedOver]:
        """Return who is due after the fence and has less when a quantity is taken.

        They come after those that count here, and then in serving order: who loses is
        whoever is last. O((n + m) log (n + m)).
        """
        if not self._beyond:
            return []
        later = [
            replace(demand, order=(2, index))
            for index, demand in enumerate(sorted(self._beyond, key=_get_turn))
        ]
        others = [replace(demand, order=(0, demand.turn)) for demand in self._within]
        asked = Demand(object(), quantity, date, order=(1,))
        before = _by_demand(peg(self._supplies, [*others, *later]))
        after = _by_demand(peg(self._supplies, [*others, asked, *later]))
        found = []
        for demand in later:
            short = _loss(before[demand.key], after[demand.key], demand.date)
            if short:
                by = self._fence.buy_by(demand.date)
                found.append(PassedOver(demand.key, short, by))
        return found


def _loss(before: Sequence[Share], after: Sequence[Share], due: datetime) -> int:
    """Return how much less there is on the worst date from the due date on."""
    changes = defaultdict(int)
    for shares, sign in ((before, 1), (after, -1)):
        for share in shares:
            changes[max(share.date, due)] += sign * share.quantity
    # what has no date is not there on any date
    changes.pop(NEVER, None)
    less = accumulate(changes[date] for date in sorted(changes))
    return max(0, *less) if changes else 0


# Kits


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


# Who waits longer when an order gets priority


@dataclass(frozen=True, slots=True)
class Displaced:
    """A demand that gets its goods later than it would have.

    :param days: how many days later than before; nothing when no date is known
    :param late: how many days after its own date; nothing when no date is known
    """

    key: Hashable
    days: int | None
    late: int | None


def ready_dates(
    supplies: Iterable[Supply], demands: Iterable[Demand]
) -> dict[Hashable, datetime]:
    """Return when each demand has all of its goods, first come, first served.

    This is what happens when nobody steps in: Odoo reserves what arrives for whose turn
    it is, however late it is due.

    :return: by key; ``NOW`` when they are there now, ``NEVER`` when supply ends before
    """
    greedy = [replace(each, date=NOW, order=each.turn) for each in demands]
    ready = ready_on(greedy, peg(supplies, greedy))
    return {key: each.date for key, each in ready.items()}


def displaced(
    supplies: Iterable[Supply],
    demands: Iterable[Demand],
    raised: Collection[Hashable] | Mapping[Hashable, tuple[tuple, tuple]],
) -> list[Displaced]:
    """Return who becomes late, or later, when some demands get priority.

    Who gets the goods later but still in time is not displaced. Both ways are first
    come, first served, see :func:`ready_dates`.

    :param raised: keys of the demands that get it; or, where demands say their
        ``order``, their order before and after by key
    """
    supplies, demands = list(supplies), list(demands)

    def play(after: bool) -> list[Demand]:
        if isinstance(raised, Mapping):
            change = {key: {"order": orders[after]} for key, orders in raised.items()}
        else:
            change = dict.fromkeys(raised, {"priority": int(after)})
        return [
            replace(demand, **change[demand.key]) if demand.key in change else demand
            for demand in demands
        ]

    before, after = (ready_dates(supplies, play(after)) for after in (False, True))
    found = []
    for demand in sorted(demands, key=_get_turn):
        key, ready = demand.key, after[demand.key]
        usual = max(before[key], demand.date)
        if key in raised or ready <= usual:
            continue
        if ready == NEVER:
            found.append(Displaced(key, None, None))
        else:
            found.append(Displaced(key, _days(usual, ready), _days(demand.date, ready)))
    return found


def _days(start: datetime, end: datetime) -> int:
    """Whole days, begun ones counted: whoever is hours late is a day late."""
    return -((start - end) // timedelta(days=1))


# Reserved goods may be lent


@dataclass(frozen=True, slots=True)
class Swap:
    """Reserved goods that one order lends another, which harms nobody.

    :param lender: key of the demand they are reserved for
    :param borrower: key of the demand that gets them
    :param quantity: units
    :param days: how many days earlier the borrower has one of its units, at best
    :param proof: what the lender gets instead and for the rest of its quantity, when
        everything is dealt anew: nothing of it later than without the swap, unless it
        is still on time
    """

    lender: Hashable
    borrower: Hashable
    quantity: int
    days: int
    proof: tuple[Share, ...]


def harmless_swaps(
    supplies: Iterable[Supply],
    demands: Iterable[Demand],
    borrower: Hashable,
    today: datetime,
) -> list[Swap]:
    """Return which reserved goods others can lend to an order that is late.

    Each swap is tried: with it, and those before it in the list, carried out and
    everything dealt anew, nobody has less on any date from the own due date on, and
    the borrower has more on one. Who is due last is asked first: it has the most time
    to get the goods back. What is lent is there, so that the borrower has it today.

    Whoever gets nothing at all cannot be helped: somebody else would get nothing.

    :param demands: with what is ``reserved`` for each; who is fully served too
    :param borrower: key of the demand that waits
    :param today: when the goods would change hands
    """
    supplies = list(supplies)
    wishes = {demand.key: demand for demand in demands}
    usual = _Dealt(supplies, wishes)
    dealt, swaps = usual, []
    for lender in _find_lenders(usual, borrower):
        mine = dealt.wishes[borrower]
        usable = max(mine.date, today)
        late = mine.quantity - dealt.count(borrower, usable)
        if late <= 0:
            break
        most = min(late, dealt.wishes[lender].reserved)
        after = _try_to_lend(usual, dealt, lender, borrower, most, usable)
        if after is dealt:
            continue
        quantity = dealt.wishes[lender].reserved - after.wishes[lender].reserved
        days = _gain(dealt, after, borrower, quantity, usable)
        proof = tuple(sorted(after.shares[lender], key=lambda share: share.date))
        swaps.append(Swap(lender, borrower, quantity, days, proof))
        dealt = after
    return swaps


class _Dealt:
    """What is dealt to whom, with what is reserved for them."""

    def __init__(self, supplies: list[Supply], wishes: dict[Hashable, Demand]) -> None:
        self.supplies, self.wishes = supplies, wishes
        self.shares = _by_demand(peg(supplies, wishes.values()))

    def count(self, key: Hashable, date: datetime) -> int:
        """Return how many units a demand is dealt until a date."""
        return sum(each.quantity for each in self.shares[key] if each.date <= date)

    def lend(self, lender: Hashable, borrower: Hashable, quantity: int) -> _Dealt:
        """Let reserved goods change hands and deal everything anew."""
        wishes = dict(self.wishes)
        for key, sign in ((lender, 1), (borrower, -1)):
            old = wishes[key]
            wishes[key] = replace(
                old,
                quantity=old.quantity + sign * quantity,
                reserved=old.reserved - sign * quantity,
            )
        return _Dealt(self.supplies, wishes)

    def harms_nobody(self, usual: _Dealt) -> bool:
        """Tell whether nobody has less than usual on any date from the due date on."""
        return not any(
            _loss(usual.all_of(key), self.all_of(key), demand.date)
            for key, demand in self.wishes.items()
        )

    def all_of(self, key: Hashable) -> list[Share]:
        reserved = Share(None, key, self.wishes[key].reserved, NOW)
        return [reserved, *self.shares[key]]


def _find_lenders(usual: _Dealt, borrower: Hashable) -> list[Hashable]:
    """Return who has reserved goods and could get others in time if the borrower wanted
    nothing late any more, who is due last first.

    Nobody else can lend; whether they harm others, :func:`harmless_swaps` finds out.
    Until the first goods that come too late for the borrower, all are needed by those
    before it, else it would have them: who is due before then cannot lend either.
    """
    mine = usual.wishes[borrower]
    comes = (share.date for share in usual.shares[borrower] if share.date > mine.date)
    first = min(comes, default=NEVER)
    content = replace(mine, quantity=usual.count(borrower, mine.date))
    demands = {**usual.wishes, borrower: content}.values()
    most: dict[Hashable, int] = {}
    _claim(_arrivals(usual.supplies), sorted(demands, key=_get_turn), most)
    lenders = [
        demand
        for demand in demands
        if demand.key != borrower
        and demand.reserved > 0
        and demand.date >= first
        and most[demand.key] > usual.count(demand.key, demand.date)
    ]
    lenders.sort(key=_get_turn)
    lenders.sort(key=lambda demand: demand.date, reverse=True)
    return [demand.key for demand in lenders]


def _try_to_lend(
    usual: _Dealt,
    dealt: _Dealt,
    lender: Hashable,
    borrower: Hashable,
    most: int,
    usable: datetime,
) -> _Dealt:
    """Return what is dealt when the most is lent that harms nobody, and that the
    borrower has on top of what it is dealt in time anyway.
    """
    in_time = dealt.count(borrower, usable)
    best, lowest, highest, quantity = dealt, 0, most + 1, most
    while lowest < quantity < highest:
        after = dealt.lend(lender, borrower, quantity)
        if after.count(borrower, usable) >= in_time and after.harms_nobody(usual):
            best, lowest = after, quantity
        else:
            highest = quantity
        quantity = (lowest + highest) // 2
    return best


def _gain(
    before: _Dealt, after: _Dealt, borrower: Hashable, lent: int, usable: datetime
) -> int:
    """Return how many days earlier one of the units can be used, at best."""

    def count(dealt: _Dealt, wanted: int) -> list[list]:
        units = [
            [max(share.date, usable), share.quantity]
            for share in dealt.shares[borrower]
        ]
        short = wanted - sum(quantity for _date, quantity in units)
        return sorted([*units, [NEVER, short]])

    had = count(before, before.wishes[borrower].quantity)
    has = [[usable, lent], *count(after, after.wishes[borrower].quantity)]
    best = 0
    while had and has:
        (late, _), (early, _) = had[-1], has[-1]
        best = max(best, _days(early, late))
        paired = min(had[-1][1], has[-1][1])
        for units in (had, has):
            units[-1][1] -= paired
            if not units[-1][1]:
                units.pop()
    return best
