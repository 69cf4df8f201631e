"""The clock of a step: when it is due, while it waits, and under another limit.

Plain Python, no Odoo. Limits are working hours, 0 means none; moments are naive, UTC.
A *calendar* knows working time: ``plan(hours, start)`` returns the moment so many
working hours later, or ``None`` where there are no such hours, and
``count(start, end)`` the working hours between two moments, 0 if they are reversed.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from datetime import datetime, timedelta
from typing import NamedTuple

#: Working hours left to decide where a shorter limit would refuse at once.
GRACE_HOURS = 1.0


class Clock(NamedTuple):
    """The clock of a step that is asked."""

    limit: float
    """Working hours from the start."""
    started: datetime
    due: datetime | None = None
    """Nothing: there is no limit, or the calendar never reaches it."""
    paused: datetime | None = None
    """Since when it waits for information; nothing while it runs."""
    left: float = 0.0
    """Working hours that were left when it was paused."""
    since: datetime | None = None
    """From when the hours until it is due count: the start, or when it went on. Nothing
    for clocks from before this was kept."""
    ahead: float = 0.0
    """Working hours from then until it is due."""

    @classmethod
    def start(cls, calendar, limit, now):
        due = calendar.plan(limit, now) if limit else None
        return cls(limit, now, due or None, since=now, ahead=limit)

    def pause(self, calendar, now):
        """Stop it. What is left is counted now: when it goes on the calendar may be
        another one."""
        left = calendar.count(now, self.due) if self.due else 0.0
        return self._replace(paused=now, left=left)

    def resume(self, calendar, now):
        """Go on with what was left."""
        if not self.due:
            return self._replace(paused=None)
        due = calendar.plan(self.left, now) or None
        return self._replace(paused=None, due=due, since=now, ahead=self.left)

    def relimit(self, calendar, limit, now, refuses=False):
        """Give it another limit while it runs or waits.

        The working hours used so far count, without those in which it waited. If they
        are more than the new limit, it is due now, not in the past. Where the end of
        the limit *refuses* the request, the holders keep a last hour.

        :param float limit: working hours; 0: none
        :param bool refuses: whether the end of the limit refuses
        """
        left = self.left
        if self.paused and self.due:
            left = max(limit - (self.limit - self.left), 0.0)
        at = self.paused or now
        due, ahead = self._due_under(calendar, limit, at, refuses)
        return self._replace(limit=limit, due=due, left=left, since=at, ahead=ahead)

    def recount(self, calendar, now, refuses=False):
        """Working time changed: be due when the same working hours are over now.

        Nobody is late from one moment to the next: what would be over by the new
        working time is due now. Where the end of the limit *refuses* the request, the
        holders keep a last hour. A clock that waits keeps the hours that were left.

        :param bool refuses: whether the end of the limit refuses
        """
        if not self.limit or self.paused or (not self.since and self.left):
            return self
        since, ahead = self.started, self.limit
        if self.since:
            since, ahead = self.since, self.ahead
        due = calendar.plan(ahead, since) or None
        if self.due and self.due <= now:
            return self._replace(due=due) if due and due > now else self
        if due:
            earliest = now
            if refuses:
                last = calendar.plan(GRACE_HOURS, now)
                earliest = min(filter(None, (last, self.due)), default=now)
            due = max(due, earliest)
        return self._replace(due=due)

    def _due_under(self, calendar, limit, at, refuses):
        """Return when it is due, and how many working hours that is away."""
        if not limit:
            return None, 0.0
        left = limit - self._used(calendar, at)
        if refuses and left < GRACE_HOURS:
            last = calendar.plan(GRACE_HOURS, at)
            if self.due and self.due > at and not (last and last <= self.due):
                return self.due, calendar.count(at, self.due)
            return last or None, GRACE_HOURS
        left = max(left, 0.0)
        return (calendar.plan(left, at) or at) if left else at, left

    def _used(self, calendar, at):
        """Return the working hours it has run until a moment."""
        if not self.due:
            return calendar.count(self.started, at)
        early = calendar.count(at, self.due)
        late = calendar.count(self.due, at)
        return self.limit - early + late


class Timetable:
    """A calendar that is read once and asked often.

    :param load: function that returns the spans of working time between two moments,
        as sorted pairs; more is read only when somebody asks for what is later
    :param datetime first: nobody asks for what is earlier
    """

    #: How much is read at a time, and after how long it has no such hours.
    STRETCH, REACH = timedelta(days=56), timedelta(days=1400)

    def __init__(self, load, first):
        self._load = load
        self._read_until = first
        self._starts, self._ends, self._worked = [], [], []

    def plan(self, hours, start):
        """Return the moment so many working hours after another."""
        wanted = timedelta(hours=hours)
        self._read(start)
        before = self._get_worked(start)
        while True:
            first = bisect_right(self._ends, start)
            found = bisect_left(self._worked, before + wanted, lo=first)
            if found < len(self._ends):
                moment = self._ends[found] - (self._worked[found] - before - wanted)
                return moment.replace(microsecond=0)
            if self._read_until > start + self.REACH:
                return None
            self._read(self._read_until + self.STRETCH)

    def count(self, start, end):
        """Return the working hours between two moments."""
        if end <= start:
            return 0.0
        self._read(end)
        worked = self._get_worked(end) - self._get_worked(start)
        return worked / timedelta(hours=1)

    def get_spans(self, until):
        """Return the spans of working time from the first moment, as sorted pairs.

        :param datetime until: what begins after it may be missing
        """
        self._read(until)
        return list(zip(self._starts, self._ends, strict=True))

    def _get_worked(self, moment):
        """Return how much was worked from the first moment to this one."""
        ended = bisect_right(self._ends, moment)
        worked = self._worked[ended - 1] if ended else timedelta()
        if ended < len(self._starts) and self._starts[ended] < moment:
            worked += moment - self._starts[ended]
        return worked

    def _read(self, until):
        """Read on, all at once: each time Odoo asks the database anew."""
        if until < self._read_until:
            return
        end = until + self.STRETCH
        for start, stop in self._load(self._read_until, end):
            worked = self._worked[-1] if self._worked else timedelta()
            self._starts.append(start)
            self._ends.append(stop)
            self._worked.append(worked + stop - start)
        self._read_until = end
