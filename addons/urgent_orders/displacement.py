"""Who waits longer when an order gets priority: first in, first out, played twice.

Plain Python, without Odoo. Goods that are reserved already belong to their order and
are no part of this; so are goods bought for one order.
"""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

#: Quantities closer than this are equal.
EPSILON = 1e-6


@dataclass(frozen=True)
class Supply:
    """Goods that are or will be there.

    :param quantity: how many
    :param date: when; nothing means that they are there now
    """

    quantity: float
    date: datetime | None = None


@dataclass(frozen=True)
class Demand:
    """Goods that an order still needs.

    :param key: tells demands apart
    :param quantity: how many
    :param date: when they are to go out
    :param priority: the higher, the earlier its turn
    :param rank: decides between demands of the same priority and date
    """

    key: Hashable
    quantity: float
    date: datetime
    priority: int = 0
    rank: int = 0


@dataclass(frozen=True)
class Displaced:
    """A demand that gets its goods later than it would have.

    :param days: how many days later than before; nothing when no date is known
    :param late: how many days after its own date; nothing when no date is known
    """

    key: Hashable
    days: int | None
    late: int | None


NEVER = datetime.max


def ready_dates(
    supplies: Iterable[Supply], demands: Iterable[Demand]
) -> dict[Hashable, datetime]:
    """Return when each demand has all of its goods.

    :return: by key; ``datetime.min`` when they are there now, ``NEVER`` when supply
        ends before
    """
    queue = sorted(
        (supply.date or datetime.min, index, supply.quantity)
        for index, supply in enumerate(supplies)
        if supply.quantity > EPSILON
    )
    ready, position, left = {}, 0, queue[0][2] if queue else 0.0
    for demand in sorted(demands, key=_turn):
        wanted, date = demand.quantity, datetime.min
        while wanted > EPSILON and position < len(queue):
            date = queue[position][0]
            taken = min(wanted, left)
            wanted -= taken
            left -= taken
            if left <= EPSILON:
                position += 1
                left = queue[position][2] if position < len(queue) else 0.0
        ready[demand.key] = NEVER if wanted > EPSILON else date
    return ready


def displaced(
    supplies: Iterable[Supply],
    demands: Iterable[Demand],
    raised: Collection[Hashable],
) -> list[Displaced]:
    """Return who becomes late, or later, when some demands get priority.

    Who gets the goods later but still in time is not displaced.

    :param raised: keys of the demands that get it
    """
    supplies, demands, raised = list(supplies), list(demands), set(raised)

    def with_priority(priority):
        return ready_dates(
            supplies,
            [
                replace(demand, priority=priority) if demand.key in raised else demand
                for demand in demands
            ],
        )

    before, after = with_priority(0), with_priority(1)
    found = []
    for demand in sorted(demands, key=_turn):
        key, ready = demand.key, after[demand.key]
        usual = max(before[key], demand.date)
        if key in raised or ready <= usual:
            continue
        if ready == NEVER:
            found.append(Displaced(key, None, None))
        else:
            found.append(Displaced(key, _days(usual, ready), _days(demand.date, ready)))
    return found


def _turn(demand: Demand):
    return (-demand.priority, demand.date, demand.rank)


def _days(start: datetime, end: datetime) -> int:
    """Whole days, begun ones counted: whoever is hours late is a day late."""
    return -((start - end) // timedelta(days=1))
