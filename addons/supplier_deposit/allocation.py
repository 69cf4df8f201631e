"""How much a deposit is, what bills deduct of it, what is too much: plain Python.

Amounts are in the currency of the order and rounded to it; ``round_`` rounds them.
"""

OPEN, PROPORTION = "open", "proportion"


def plan_milestones(total, lines, existing, round_):
    """Return what each deposit of an order comes to: together no more than the order.

    :param float total: what percentages are taken of
    :param lines: ``(key, percent, fixed amount)`` of each deposit to make, in order
    :param float existing: what other deposits of the order come to
    :return: amounts by key; those that come to nothing are left out
    :rtype: dict
    """
    left = round_(total - existing)
    planned = {}
    for key, percent, fixed in lines:
        amount = min(round_(fixed or total * percent / 100), left)
        if amount > 0:
            planned[key] = amount
            left = round_(left - amount)
    return planned


def billed_share(lines):
    """Return which part of an order has been billed, between 0 and 1.

    Money decides, so that a price that rose or fell takes its part of the deposit; but
    when everything that is still to come has been billed, the last bill takes the rest.

    :param lines: ``(ordered amount, ordered quantity, billed amount, billed quantity)``
        of each line of the order, in the order's currency and the line's unit;
        credit notes have been subtracted
    """
    lines = list(lines)
    ordered = [line for line in lines if line[1] > 0]
    if ordered and all(line[3] >= line[1] - 1e-6 for line in ordered):
        return 1.0
    total = sum(line[0] for line in lines)
    billed = sum(line[2] for line in lines)
    if total <= 0:
        # billed although nothing is ordered any more: it is all there is
        return 1.0 if billed > 0 else 0.0
    return max(0.0, min(1.0, billed / total))


def deductions(advances, bills, policy, round_, share=1.0):
    """Return what each bill deducts of each deposit that is with the vendor.

    :param advances: ``(key, free, paid, deducted)`` of each deposit: what is neither
        deducted nor claimed back, all that was paid, what bills have deducted
    :param bills: ``(key, room, part, taken)`` of each open bill: what it can deduct,
        which part of the order it bills, what it has deducted by deposit
    :param str policy: :data:`OPEN`: each bill takes what is open; :data:`PROPORTION`:
        all together take the part that has been billed, each of them first its own
    :param float share: which part of the order has been billed
    :return: ``(advance key, bill key, amount)``, amounts above zero
    """
    room = {key: max(0.0, left) for key, left, _part, _taken in bills}
    found = []
    for advance, free, paid, deducted in advances:
        left = free
        if policy == PROPORTION:
            left = min(free, round_(round_(paid * share) - deducted))
        given = dict.fromkeys(room, 0.0)
        for own_part in (True, False) if policy == PROPORTION else (False,):
            for bill, _room, part, taken in bills:
                amount = min(left, room[bill])
                if own_part:
                    own = round_(paid * part) - taken.get(advance, 0.0)
                    amount = min(amount, own)
                amount = max(0.0, round_(amount))
                given[bill] += amount
                room[bill] = round_(room[bill] - amount)
                left = round_(left - amount)
        found += [(advance, bill, amount) for bill, amount in given.items() if amount]
    return found


def overpaid(share, paid, claimed):
    """Return what was paid beyond the share of an order, and is not claimed back.

    :param float share: what the deposit comes to of the order as it is now
    """
    return max(0.0, paid - claimed - share)


def split_amount(amount, weights, round_):
    """Return ``amount`` in parts as ``weights`` stand to each other, to the last cent.

    :param weights: numbers of one sign, at least one of them not zero
    """
    total = sum(weights)
    parts, given, weighed = [], 0.0, 0.0
    for weight in weights:
        weighed += weight
        part = round_(amount * weighed / total - given)
        parts.append(part)
        given += part
    return parts
