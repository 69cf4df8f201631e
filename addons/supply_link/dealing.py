"""Which share of a purchase line serves which move: plain Python, without Odoo.

Moves that were promised goods are dealt with by date, lines by age, as Odoo itself
hands out what arrives. What a line buys beyond its moves is nobody's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True)
class Line:
    """What a purchase line brings.

    :param id: the older, the smaller
    :param quantity: what it brings, received or not, in the product's unit
    :param is_open: it is not ordered yet, so another quotation may take its place
    :param group: quotations of one group compete with each other
    """

    id: int
    quantity: float
    is_open: bool = False
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Move:
    """What goes to a customer's order line.

    :param quantity: in the product's unit
    :param lines: ids of the purchase lines that bring goods for it
    """

    id: int
    sale_line: int
    quantity: float
    date: datetime
    lines: frozenset[int]


@dataclass(frozen=True, slots=True)
class Share:
    """What of a purchase line goes to an order line.

    :param is_candidate: a quotation that competes with another one brings it only if it
        is chosen
    """

    line: int
    sale_line: int
    quantity: float
    is_candidate: bool = False


def deal(lines: Iterable[Line], moves: Iterable[Move]) -> list[Share]:
    """Deal what purchase lines bring to the moves they were made for.

    :return: shares by purchase line and order line, none of nothing
    """
    by_id = {line.id: line for line in lines}
    left = {line.id: line.quantity for line in by_id.values()}
    shares = defaultdict(float)
    candidates = defaultdict(float)
    for move in sorted(moves, key=lambda move: (move.date, move.id)):
        feeding = sorted(
            (by_id[id_] for id_ in move.lines if id_ in by_id), key=lambda line: line.id
        )
        losing = losers(feeding)
        wanted = move.quantity
        for line in feeding:
            pair = line.id, move.sale_line
            if line.id in losing:
                candidates[pair] += min(line.quantity, move.quantity)
                continue
            taken = max(0.0, min(wanted, left[line.id]))
            wanted -= taken
            left[line.id] -= taken
            shares[pair] += taken
    return [
        Share(*pair, quantity, is_candidate)
        for found, is_candidate in ((shares, False), (candidates, True))
        for pair, quantity in found.items()
        if quantity > 0
    ]


def losers(lines: list[Line]) -> set[int]:
    """Return which quotations would not be taken as things stand.

    Of those that compete, the one that is ordered counts; before that, the first.

    :param lines: that bring goods for one move, the oldest first
    """
    groups = defaultdict(list)
    for line in lines:
        if line.group:
            groups[line.group].append(line)
    losing = set()
    for rivals in groups.values():
        ordered = [line for line in rivals if not line.is_open]
        taken = ordered or rivals[:1]
        losing |= {line.id for line in rivals} - {line.id for line in taken}
    return losing


def spread(quantity: float, shares: Iterable[tuple[int, float]]) -> dict[int, float]:
    """Return how much of a quantity each share has, the first ones first.

    :param shares: what each can take, by key, in the order of their turn
    """
    found = {}
    for key, wanted in shares:
        found[key] = max(min(wanted, quantity), 0)
        quantity -= found[key]
    return found
