"""Parts of a budget's period: months and quarters. Plain Python."""

from __future__ import annotations

from datetime import date, timedelta
from fractions import Fraction

from .shares import allocate


def split_period(start: date, end: date, months: int) -> list[tuple[date, date]]:
    """Return the parts of a period, each of so many calendar months.

    The first and last part are shorter, where the period does not begin or end with a
    month.

    :return: first and last day of each part
    """
    parts, first = [], start
    while first <= end:
        following = _add_months(start.replace(day=1), months * (len(parts) + 1))
        last = min(following - timedelta(days=1), end)
        parts.append((first, last))
        first = following
    return parts


def split_amount(units: int, number: int) -> list[int]:
    """Return equal parts of an amount, in units; the first ones take the rest."""
    return allocate(units, [Fraction(1, number)] * number)


def get_months(start: date, end: date) -> int:
    """Return how many whole calendar months a period has; 0 where it is not whole."""
    following = end + timedelta(days=1)
    if start.day != 1 or following.day != 1:
        return 0
    return 12 * (following.year - start.year) + following.month - start.month


def _add_months(day: date, months: int) -> date:
    """Return the first day of the month so many months later."""
    years, month = divmod(day.month - 1 + months, 12)
    return date(day.year + years, month + 1, 1)
