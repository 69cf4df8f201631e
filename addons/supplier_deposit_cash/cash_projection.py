"""The balance of bank and cash, day by day; knows nothing of Odoo."""

from collections import defaultdict


def project(opening, flows, start, end):
    """Return the balance at the end of each day on which it changes.

    What should have happened earlier is expected on the first day; what lies after
    the last one is left out.

    :param float opening: balance before the first day
    :param flows: ``(date, amount)``, money in positive
    :param date start: first day
    :param date end: last day
    :return: ``[(date, balance), …]``, beginning with ``start`` and ending with ``end``
    """
    by_day = defaultdict(float)
    for day, amount in flows:
        day = max(day, start)
        if day <= end:
            by_day[day] += amount
    by_day[start] += 0.0
    by_day[end] += 0.0
    balance = opening
    days = []
    for day in sorted(by_day):
        balance += by_day[day]
        days.append((day, balance))
    return days


def lowest(days, since):
    """Return ``(date, balance)`` of the lowest point from a day on.

    The balance that stands when that day begins to count is one of the points.

    :param days: what :func:`project` returned
    :param date since: the day money would be spent
    """
    points = []
    for day, balance in days:
        if day <= since:
            points = [(max(day, since), balance)]
        else:
            points.append((day, balance))
    return min(points, key=lambda point: point[1]) if points else None


def spend(days, flows):
    """Return the balances with further flows that nobody expected so far.

    :param days: what :func:`project` returned
    :param flows: as of :func:`project`
    """
    start, end = days[0][0], days[-1][0]
    further = defaultdict(float)
    for day, amount in flows:
        day = max(day, start)
        if day <= end:
            further[day] += amount
    known, result, moved = dict(days), [], 0.0
    balance = days[0][1]
    for day in sorted({*known, *further}):
        balance = known.get(day, balance)
        moved += further.get(day, 0.0)
        result.append((day, balance + moved))
    return result
