"""Reserved goods that one order can lend another, which harms nobody: plain Python."""

from __future__ import annotations

from collections.abc import Hashable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from .pegging import (
    NEVER,
    NOW,
    Demand,
    Share,
    Supply,
    arrivals,
    by_demand,
    claim,
    count_days,
    get_turn,
    loss,
    peg,
)


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
        self.shares = by_demand(peg(supplies, wishes.values()))

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
            loss(usual.all_of(key), self.all_of(key), demand.date)
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
    claim(arrivals(usual.supplies), sorted(demands, key=get_turn), most)
    lenders = [
        demand
        for demand in demands
        if demand.key != borrower
        and demand.reserved > 0
        and demand.date >= first
        and most[demand.key] > usual.count(demand.key, demand.date)
    ]
    lenders.sort(key=get_turn)
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
        best = max(best, count_days(early, late))
        paired = min(had[-1][1], has[-1][1])
        for units in (had, has):
            units[-1][1] -= paired
            if not units[-1][1]:
                units.pop()
    return best
