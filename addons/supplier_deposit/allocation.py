"""How much of a deposit belongs to what has been billed; knows nothing of Odoo."""


def billed_share(lines):
    """Return which part of an order has been billed, between 0 and 1.

    Money decides, so that a price that rose or fell takes its part of the deposit; but
    when everything that was ordered has been billed, the last bill takes the rest.

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
        return 0.0
    return max(0.0, min(1.0, billed / total))


def split_down_payment(amount, left, is_last, digits=2):
    """Return ``(quantity, unit price)`` of the line that deducts ``amount``.

    Odoo counts a down payment as one unit, which several bills share: quantities are
    rounded, so the price makes up for it.

    :param float amount: what is deducted, positive
    :param float left: how much of the unit no bill has taken yet
    :param bool is_last: nothing is left to deduct afterwards
    :param int digits: decimals of quantities, at least one
    """
    step = 10**-digits
    if is_last:
        quantity = left
    else:
        quantity = max(step, min(round(left / 2, digits), left - step))
    # at least one step: there may be more bills than steps
    quantity = round(max(step, quantity), digits)
    return quantity, amount / quantity
