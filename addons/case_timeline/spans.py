"""Who a case waited for, from its first event to its last: plain Python.

A case is worked on in several places at once: two vendors, a transfer, a question. Of
all that, one place is *decisive* at each moment: the one that ends last of those that
hold something, as the case cannot go on before. Where nobody holds anything, *nobody*
is decisive. So decisive spans follow each other without a gap and never overlap, and
their sum is the duration of the case exactly.

This is the longest path through what is known to have happened, walked from the end:
before the moment at which the last place ended the case waited for that place as long
as it held something, and before that for whoever held something until then.
"""

from __future__ import annotations

from datetime import datetime
from heapq import heappop, heappush
from typing import NamedTuple

#: End of what has not ended yet.
OPEN = datetime.max

#: Department of the time that no one held.
NOBODY = "nobody"


class Interval(NamedTuple):
    """A time in which somebody held something of a case.

    :param start: naive, UTC
    :param end: the first moment after it, or ``OPEN``
    :param model: of the document that was held
    :param res_id: its id
    :param department: who held it
    :param step: what they did with it
    :param holder: id of the user, if it was one
    """

    start: datetime
    end: datetime
    model: str
    res_id: int
    department: str
    step: str
    holder: int | None = None


class Span(NamedTuple):
    """A part of an interval, or a time of nobody's.

    :param interval: nothing: nobody held anything
    :param is_decisive: the case waited for it
    """

    start: datetime
    end: datetime
    interval: Interval | None
    is_decisive: bool


def partition(intervals, start, end):
    """Cut a case into spans.

    Of several that hold something at a moment, the one that ends last is decisive; of
    those that end together the one that began last, and then the one that is named
    later.

    :param intervals: :class:`Interval`, in any order; what is outside the case is cut
    :param start: moment of the first event
    :param end: moment of the last one, or ``OPEN``
    :return: :class:`Span`, by start. Decisive ones partition the time from start to
        end; the other ones are the rest of the intervals
    :rtype: list
    """
    cut = sorted(_cut(intervals, start, end))
    moments = sorted({start, end, *(moment for each in cut for moment in each[:2])})
    chosen, waiting, following = [], [], 0
    for moment, until in zip(moments, moments[1:], strict=False):
        while following < len(cut) and cut[following].start <= moment:
            heappush(waiting, (_last_first(cut[following].end), -following))
            following += 1
        while waiting and cut[-waiting[0][1]].end <= moment:
            heappop(waiting)
        number = -waiting[0][1] if waiting else None
        if chosen and chosen[-1][2] == number:
            chosen[-1][1] = until
        else:
            chosen.append([moment, until, number])
    return sorted([*_decisive(chosen, cut), *_rest(chosen, cut)], key=_place)


def _cut(intervals, start, end):
    for interval in intervals:
        begins, ends = max(interval.start, start), min(interval.end, end)
        if begins < ends:
            holder = interval.holder or 0  # so that they can be sorted
            yield interval._replace(start=begins, end=ends, holder=holder)


def _last_first(moment):
    return datetime.min - moment


def _decisive(chosen, cut):
    for begins, ends, number in chosen:
        interval = None if number is None else cut[number]
        yield Span(begins, ends, interval, True)


def _rest(chosen, cut):
    """Yield what is left of each interval where it was not decisive."""
    taken = {}
    for begins, ends, number in chosen:
        taken.setdefault(number, []).append((begins, ends))
    for number, interval in enumerate(cut):
        at = interval.start
        for begins, ends in taken.get(number, ()):
            if at < begins:
                yield Span(at, begins, interval, False)
            at = ends
        if at < interval.end:
            yield Span(at, interval.end, interval, False)


def _place(span):
    return (
        span.start,
        not span.is_decisive,
        span.end,
        span.interval or (datetime.min,),
    )
