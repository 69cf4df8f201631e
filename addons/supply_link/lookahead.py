"""From when on goods can be promised without harm to who is before: plain Python.

ATP with cumulative look-ahead and a time fence. *Harm*, units and dates: see
``pegging``.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from itertools import accumulate

from .pegging import NEVER, NOW, Demand, Supply, by_demand, get_turn, loss, peg


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
            for index, demand in enumerate(sorted(self._beyond, key=get_turn))
        ]
        others = [replace(demand, order=(0, demand.turn)) for demand in self._within]
        asked = Demand(object(), quantity, date, order=(1,))
        before = by_demand(peg(self._supplies, [*others, *later]))
        after = by_demand(peg(self._supplies, [*others, asked, *later]))
        found = []
        for demand in later:
            short = loss(before[demand.key], after[demand.key], demand.date)
            if short:
                by = self._fence.buy_by(demand.date)
                found.append(PassedOver(demand.key, short, by))
        return found
