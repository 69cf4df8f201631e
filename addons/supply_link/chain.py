"""What moves that follow each other still bring: plain Python, without Odoo.

A move that waits for another one brings no more than that one brings it. When goods go
back, Odoo leaves the moves that were to follow as they are: they look as if they would
still bring something.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Before:
    """A move before another one.

    :param after: id of the other one
    :param quantity: what it moved, without what went back, or is to move
    :param is_from_customer: a customer's goods come back with it
    :param waits: it is still to be done with what the moves before it bring; steps of a
        delivery do not count, as what they lack is counted there
    """

    after: int
    id: int
    quantity: float
    is_from_customer: bool = False
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Taker:
    """A move after another one that brings goods for several.

    :param before: id of the other one
    :param quantity: what it takes, or has taken
    :param has: what of it is taken, or reserved for it
    :param turn: the smaller goes first
    """

    before: int
    id: int
    quantity: float
    has: float
    turn: tuple


def brought(
    ids: Iterable[int], moves: Iterable[Before], takers: Iterable[Taker] = ()
) -> tuple[dict[int, float], set[int]]:
    """Return what moves before these bring, and which of these a customer's goods come
    back with.

    What a move brings for several is dealt to them: each has what it has already, the
    rest goes by turn, to who is not brought enough by moves of its own.

    :param ids: of the moves that are asked for
    :param moves: all that come before them and before the takers; the way of goods may
        have circles, because of returns
    :param takers: of moves that bring goods for several
    :return: quantities by id, of those that have moves before them
    """
    by_id, together = defaultdict(list), defaultdict(list)
    for move in moves:
        by_id[move.after].append(move)
    for taker in takers:
        together[taker.before].append(taker)
    dealt, taken = {}, defaultdict(float)

    def count(id_: int, seen: frozenset[int]) -> float:
        return count_own(id_, seen) + sum(
            deal(move, seen).get(id_, 0.0) for move in by_id[id_] if move.id in together
        )

    def count_own(id_: int, seen: frozenset[int]) -> float:
        return sum(bring(move, seen) for move in by_id[id_] if move.id not in together)

    def bring(move: Before, seen: frozenset[int]) -> float:
        if not move.waits or move.id in seen or move.id not in by_id:
            return move.quantity
        return min(move.quantity, count(move.id, seen | {move.id}))

    def deal(move: Before, seen: frozenset[int]) -> dict[int, float]:
        if move.id in dealt:
            return dealt[move.id]
        found = dealt[move.id] = defaultdict(float)
        left = bring(move, seen)
        turns = sorted(together[move.id], key=lambda taker: taker.turn)
        own = {taker.id: count_own(taker.id, seen) for taker in turns}
        for wanted in ("has", "quantity"):
            for taker in turns:
                lacks = getattr(taker, wanted) - own[taker.id] - taken[taker.id]
                some = max(min(lacks, left), 0.0)
                found[taker.id] += some
                taken[taker.id] += some
                left -= some
        return found

    def is_from_customer(id_: int, seen: set[int]) -> bool:
        seen.add(id_)
        return any(
            move.is_from_customer
            or (move.id not in seen and is_from_customer(move.id, seen))
            for move in by_id.get(id_, ())
        )

    some = [id_ for id_ in ids if id_ in by_id]
    return (
        {id_: count(id_, frozenset((id_,))) for id_ in some},
        {id_ for id_ in some if is_from_customer(id_, set())},
    )
