"""How much of an order may flow: arithmetic without Odoo.

An order line allows a quantity, and an amount for what is billed of it. Whatever is
received or billed beyond that is an *excess*.
"""

from collections import defaultdict
from typing import NamedTuple

#: What is more than that is a barcode, or an attack: floats stay exact below.
MOST = 1e9


class Tolerance(NamedTuple):
    """By how much a delivery or a bill may exceed what is approved.

    Zero means: not limited in this way. Where both limits are set the smaller counts;
    where none is set nothing is tolerated.
    """

    percent: float = 0.0
    absolute: float = 0.0

    def margin(self, base):
        """Return what is tolerated on top of a quantity or an amount."""
        margins = []
        if self.percent > 0:
            margins.append(abs(base) * self.percent / 100)
        if self.absolute > 0:
            margins.append(self.absolute)
        return min(margins, default=0.0)


class Allowance(NamedTuple):
    """What may be received and billed of an order line.

    :param quantity: in the UoM of the line
    :param price: of one unit, without taxes, in the currency of the order
    :param extra: what bills may cost beyond that price in all, where it was approved
    :param taxes: what bills may add to it; ``None``: nothing is approved of the line
    """

    quantity: float = 0.0
    price: float = 0.0
    extra: float = 0.0
    taxes: object = None

    def amount_of(self, quantity):
        """Return what a billed quantity may cost, in the currency of the order."""
        return self.price * quantity + self.extra


def add_billed(billed, more):
    """Add what a bill takes, or a credit note gives back: no more than was billed."""
    return max(billed + more, min(billed, 0.0)) if more < 0 else billed + more


def leave_out_booked(payments, entries):
    """Find the payments that no journal entry books.

    An entry stands for one payment of its amount that was made that day or before.
    Nothing but the amount tells which.

    :param dict payments: day and amount (in any shape), by payment
    :param list entries: day and amount of each
    :return: the payments that no entry is left for
    :rtype: list
    """
    days = defaultdict(list)
    for day, amount in sorted(entries, key=lambda entry: entry[0]):
        days[amount].append(day)
    left = []
    # the last payment first: an entry after it is after all earlier ones, too
    for payment, (day, amount) in sorted(
        payments.items(), key=lambda item: item[1][0], reverse=True
    ):
        if days[amount] and days[amount][-1] >= day:
            days[amount].pop()
        else:
            left.append(payment)
    return left


def pair_lines(then, now):
    """Find which line became which: the terms of lines have no ids.

    Lines that are alike are paired first, then those of the same product and unit with
    the same text, then those of the same product. Each line is used once.

    :param list then: terms of the lines as they were, see
        ``purchase.order.line._get_approval_terms``
    :param list now: terms of the lines as they are
    :return: positions, as pairs ``(then, now)``; ``None`` where there is no partner
    :rtype: list
    """
    keys = (
        lambda line: {**line, "date": None},
        lambda line: (line["product"], line["uom"], line.get("text")),
        lambda line: (line["product"], line["uom"]),
        lambda line: line["product"],
    )
    free = dict(enumerate(now))
    partner = dict.fromkeys(range(len(then)))
    for key in keys:
        for position, line in enumerate(then):
            if partner[position] is not None:
                continue
            wanted = key(line)
            found = next((n for n, other in free.items() if key(other) == wanted), None)
            if found is not None:
                partner[position] = found
                del free[found]
    return [*partner.items(), *((None, position) for position in free)]


def read_rows(rows):
    """Read what a caller says exceeds orders; leave out what makes no sense.

    :param rows: lists of an order line's id, a quantity and an amount, if all is well
    :return: quantity by id
    :rtype: dict
    """
    found = {}
    for row in rows if isinstance(rows, list | tuple) else ():
        if not isinstance(row, list | tuple) or len(row) != 3:
            continue
        line, quantity, _amount = row
        if (
            type(line) is int
            and 0 < line < 2**31
            and type(quantity) in (int, float)
            and 0 <= quantity <= MOST
        ):
            found[line] = quantity
    return found
