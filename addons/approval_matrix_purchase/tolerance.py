"""Whether lines of an order are still what was approved, within a tolerance.

Arithmetic without Odoo, on the terms of lines: see
``purchase.order.line._get_approval_terms``. Decimals are exact.
"""

from collections import defaultdict
from decimal import Decimal

from odoo.addons.approval_matrix.fingerprint import canonical

#: What may differ; all the rest says which line it is.
FREE = ("date", "quantity", "units", "price", "discount")


def lines_within(then, now, percent):
    """Tell whether each line stays within a tolerance of a line that was approved.

    The product and all else stay, the quantity falls or rises within the tolerance,
    the price of a unit stays within it. The total is somebody else's business.

    :param list then: terms of the lines as they were approved
    :param list now: terms of the lines as they are
    :param float percent: the tolerance
    """
    share = Decimal(str(percent)) / 100
    approved, current = _by_kind(then), _by_kind(now)
    if approved.keys() != current.keys():
        return False
    return all(
        len(lines) == len(current[kind])
        and all(map(lambda *pair: _within(*pair, share), lines, current[kind]))
        for kind, lines in approved.items()
    )


def _by_kind(lines):
    """Return the lines of each kind, the cheaper first, to compare them in pairs."""
    kinds = defaultdict(list)
    for line in lines:
        rest = {name: each for name, each in line.items() if name not in FREE}
        kinds[canonical(rest)].append(line)
    for alike in kinds.values():
        alike.sort(key=lambda line: (_price(line), Decimal(line["quantity"])))
    return kinds


def _price(line):
    """Return the price of a unit without its discount."""
    return Decimal(line["price"]) * (100 - Decimal(line["discount"])) / 100


def _within(then, now, share):
    before, after = _price(then), _price(now)
    if abs(after - before) > abs(before) * share:
        return False
    return all(
        _quantity_within(
            Decimal(then[name]), Decimal(now[name]), share, takes_off=before < 0
        )
        for name in ("quantity", "units")
        if name in then and name in now
    )


def _quantity_within(before, after, share, takes_off):
    """Less may be bought, but a line that takes something off stays: else less would be
    bought for the same money.

    :param bool takes_off: whether the price is negative
    """
    if before * after < 0 or (after and not before):
        return False
    growth = abs(after) - abs(before)
    margin = abs(before) * share
    if takes_off != (before < 0):
        return abs(growth) <= margin
    return growth <= margin
