"""When a budget line runs out. Plain Python."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import date

from dateutil.relativedelta import relativedelta

#: Months from one recurring entry to the next, by what Odoo calls it.
EVERY = {"monthly": 1, "quarterly": 3, "yearly": 12}


def get_days(first: date, every: str, last: date) -> Iterator[date]:
    """Yield the days of a recurring entry.

    They stay at the end of months where the first one is, as core's do.

    :param every: a key of ``EVERY``; anything else recurs once
    :param last: no day is after it
    """
    number, months = 0, EVERY.get(every)
    is_end = (first + relativedelta(days=1)).month != first.month
    while (
        day := first
        + relativedelta(
            months=number * (months or 0), **({"day": 31} if is_end and number else {})
        )
    ) <= last:
        yield day
        if not months:
            return
        number += 1


def part(amount: float, number: int, rounding: float) -> list[float]:
    """Return an amount in equal parts, which differ by no more than the rounding and
    come to the whole.

    :param rounding: the smallest amount of the currency
    """
    units = round(amount / rounding)
    ends = [units * place // number for place in range(number + 1)]
    return [
        (end - begin) * rounding for begin, end in zip(ends, ends[1:], strict=False)
    ]


def find_end(
    limit: float, rows: Iterable[tuple[date, float]], rounding: float
) -> tuple[date, float] | None:
    """Return in which month more is used than there is, and how much is missing by the
    last of the rows.

    :param limit: what there is; in currency, like the amounts
    :param rows: months and what they take
    :param rounding: the smallest amount of the currency
    """
    used, end = 0.0, None
    for month, amount in sorted(rows):
        used += amount
        if used - limit < rounding / 2:
            end = None  # what was over is not any more
        elif end is None:
            end = month
    return (end, used - limit) if end else None
