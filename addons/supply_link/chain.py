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


def brought(
    ids: Iterable[int], moves: Iterable[Before]
) -> tuple[dict[int, float], set[int]]:
    """Return what moves before these bring, and which of these a customer's goods come
    back with.

    :param ids: of the moves that are asked for
    :param moves: all that come before them; the way of goods may have circles, because
        of returns
    :return: quantities by id, of those that have moves before them
    """
    by_id = defaultdict(list)
    for move in moves:
        by_id[move.after].append(move)

    def count(id_: int, seen: frozenset[int]) -> float:
        return sum(bring(move, seen) for move in by_id[id_])

    def bring(move: Before, seen: frozenset[int]) -> float:
        if not move.waits or move.id in seen or move.id not in by_id:
            return move.quantity
        return min(move.quantity, count(move.id, seen | {move.id}))

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
