"""Who is decisive, by looking at each minute of a case: slow, and by other rules."""

from datetime import timedelta

MINUTE = timedelta(minutes=1)


def minutes(intervals, start, end):
    """Return what is decisive in each minute: an interval, or nothing.

    Of those that cover the minute, the one that nobody outlasts.
    """
    found, moment = [], start
    while moment < end:
        there = [each for each in intervals if each.start <= moment < each.end]
        longest = [
            each
            for each in there
            if not any(min(other.end, end) > min(each.end, end) for other in there)
        ]
        found.append((moment, longest))
        moment += MINUTE
    return found
