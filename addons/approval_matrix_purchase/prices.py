"""Prices that are far from what was paid last. Plain Python."""

#: So many times less, and in another currency so many times more, is no price that
#: somebody bargained for: a zero is missing, a box was taken for a piece, or the
#: currency is wrong.
FAR = 5
#: Prices that differ by less are the same.
EPSILON = 1e-9


def judge_price(price, last, rise, is_foreign=False):
    """Return how a price is far from the last one.

    :param float price: of one unit; what is for free is no slip
    :param float last: of the same unit, in the same currency, at the rate of its order
        if it was paid in another one
    :param float rise: from how many per cent above the last it is far; zero: never,
        and nothing is judged
    :param bool is_foreign: whether it was paid in another currency: rates move, so that
        only what is far beyond them counts
    :return: *above*, *below*, *currency* (either, paid in another one), or nothing
    """
    if price <= 0 or last <= 0 or not rise:
        return None
    ratio = price / last
    if is_foreign:
        return "currency" if max(ratio, 1 / ratio) >= FAR * (1 - EPSILON) else None
    if ratio >= (1 + rise / 100) * (1 - EPSILON):
        return "above"
    return "below" if ratio * FAR <= 1 + EPSILON else None
