"""Who waits longer when an order gets priority: plain Python."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from .pegging import NEVER, NOW, Demand, Supply, count_days, get_turn, peg, ready_on


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
    for demand in sorted(demands, key=get_turn):
        key, ready = demand.key, after[demand.key]
        usual = max(before[key], demand.date)
        if key in raised or ready <= usual:
            continue
        if ready == NEVER:
            found.append(Displaced(key, None, None))
        else:
            found.append(
                Displaced(key, count_days(usual, ready), count_days(demand.date, ready))
            )
    return found
