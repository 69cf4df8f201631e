"""Which share of a purchase line serves which move: plain Python, without Odoo.

Moves that were promised goods are dealt with in serving order, lines by age. What a
line buys beyond its moves is nobody's.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass


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
    :param turn: the smaller goes first
    :param lines: ids of the purchase lines that bring goods for it
    :param has: what of the quantity is taken, or reserved for it: nobody else gets that
    """

    id: int
    sale_line: int
    quantity: float
    turn: tuple
    lines: frozenset[int]
    has: float = 0.0


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
    moves = sorted(moves, key=lambda move: move.turn)
    left = {line.id: line.quantity for line in by_id.values()}
    shares = defaultdict(float)
    candidates = defaultdict(float)
    feeding, wanted = {}, {}
    for move in moves:
        lines_before = sorted(id_ for id_ in move.lines if id_ in by_id)
        losing = losers([by_id[id_] for id_ in lines_before])
        for id_ in losing:
            most = min(by_id[id_].quantity, move.quantity)
            candidates[id_, move.sale_line] += most
        feeding[move.id, move.sale_line] = [
            id_ for id_ in lines_before if id_ not in losing
        ]
        wanted[move.id, move.sale_line] = move.quantity
    for is_theirs in (True, False):  # what they have already, then the rest
        for move in moves:
            key = move.id, move.sale_line
            kept = max(move.quantity - move.has, 0.0) if is_theirs else 0.0
            for line in feeding[key]:
                taken = max(0.0, min(wanted[key] - kept, left[line]))
                wanted[key] -= taken
                left[line] -= taken
                shares[line, move.sale_line] += taken
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
