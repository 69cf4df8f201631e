"""What quotations come to beside each other, without Odoo.

Amounts are whole units of the company's currency (its smallest coin), so that what is
shared adds up to what there was. Taxes are in none of them: who may deduct them does
not pay them.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Hashable, Iterable, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

#: Quantities are compared to so many digits.
DIGITS = 6


class Bid(NamedTuple):
    """What a quotation asks for one product.

    :param quotation: which one
    :param product: of which product
    :param quantity: in the product's unit
    :param amount: for all of it, less discounts
    """

    quotation: Hashable
    product: Hashable
    quantity: float
    amount: int


class Standing(NamedTuple):
    """What bids come to.

    :param amounts: with freight, by quotation and product
    :param totals: of whole quotations with freight; nothing for those without a price
    :param asked: the largest quantity that any of them offers, by product
    :param lacking: products of which a quotation offers less than is asked, or names
        no price, by quotation
    """

    amounts: dict[tuple[Hashable, Hashable], int]
    totals: dict[Hashable, int]
    asked: dict[Hashable, float]
    lacking: dict[Hashable, list[Hashable]]

    def price(self, bid: Bid) -> Fraction | None:
        """Return what one unit costs with freight; nothing without a price."""
        if bid.amount <= 0 or bid.quantity <= 0:
            return None
        return Fraction(self.amounts[bid.quotation, bid.product]) / Fraction(
            str(bid.quantity)
        )


def share(total: int, weights: Sequence[int]) -> list[int]:
    """Return a total shared in proportion to weights; the shares add up to it.

    What is rounded at one is made good at the next: each running sum is rounded down.
    Weights below zero count as none. Where nothing has a weight nobody gets a share.
    """
    weights = [max(weight, 0) for weight in weights]
    whole, seen, given, shares = sum(weights), 0, 0, []
    for weight in weights:
        seen += weight
        due = total * seen // whole if whole else 0
        shares.append(due - given)
        given = due
    return shares


def compare(bids: Iterable[Bid], extras: Mapping[Hashable, int]) -> Standing:
    """Return what quotations come to.

    :param bids: at most one for each quotation and product
    :param extras: what each quotation asks besides, such as freight, or takes off. It
        is shared among its products in proportion to what they cost
    """
    bids = list(bids)
    asked, groups = {}, defaultdict(list)
    for bid in bids:
        asked[bid.product] = max(asked.get(bid.product, 0.0), bid.quantity)
        groups[bid.quotation].append(bid)
    amounts, totals, lacking = {}, {}, {}
    for quotation, group in groups.items():
        extra = extras.get(quotation, 0)
        shares = share(extra, [bid.amount for bid in group])
        for bid, own in zip(group, shares, strict=True):
            amounts[quotation, bid.product] = bid.amount + own
        enough = {
            bid.product
            for bid in group
            if bid.amount > 0
            and bid.quantity > 0
            and round(bid.quantity, DIGITS) >= round(asked[bid.product], DIGITS)
        }
        lacking[quotation] = [
            product
            for product, quantity in asked.items()
            if quantity > 0 and product not in enough
        ]
        if any(bid.amount > 0 for bid in group):
            totals[quotation] = extra + sum(bid.amount for bid in group)
    return Standing(amounts, totals, asked, lacking)


def find_best(values: Mapping[Hashable, object], highest: bool = False) -> set:
    """Return the keys that have the best value; several where they have the same.

    None where there is nothing to choose from: fewer than two values, or all the same.

    :param values: by key; nothing: it is not known
    :param highest: the highest is the best, not the lowest
    """
    known = {key: value for key, value in values.items() if value is not None}
    if len(set(known.values())) < 2:
        return set()
    best = (max if highest else min)(known.values())
    return {key for key, value in known.items() if value == best}
