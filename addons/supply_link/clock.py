"""What day it is for a company, and when to expect what is overdue: plain Python."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

from .pegging import NEVER

ONE_DAY, ONE_SECOND = timedelta(days=1), timedelta(seconds=1)


class Clock:
    """What day it is for a company, and when what is overdue may come.

    :param zone: name of its time zone
    :param get_limit: returns from how many days on what is overdue has no date
    :param get_opening: returns when it opens from a moment on
    """

    def __init__(self, now, zone, get_limit, get_opening):
        self.now, self._zone = now, ZoneInfo(zone)
        self._get_limit, self._get_opening = get_limit, get_opening
        self._today = self._get_day(now)
        self._morning = self._start(self._today)
        self._ends, self._next_ends = {}, {}
        self._reopens = None

    @property
    def today(self):
        """The day it is for the company."""
        return self._today

    @property
    def morning(self):
        """When today began."""
        return self._morning

    def days_since(self, moment):
        """Return how many days a moment's day is over; below zero: it is to come."""
        return (self._today - self._get_day(moment)).days

    def end_day(self, moment):
        """Return the last second of a moment's day."""
        # days of the company and of UTC overlap: at most one ends in the other
        day = moment.date()
        end = self._ends.get(day)
        if not end:
            here = self._get_day(datetime.combine(day, time.min))
            end = self._ends[day] = self._start(here + ONE_DAY) - ONE_SECOND
        if moment <= end:
            return end
        # what is left of it belongs to the company's next day
        next_end = self._next_ends.get(day)
        if not next_end:
            next_end = self._start(self._get_day(end) + 2 * ONE_DAY) - ONE_SECOND
            self._next_ends[day] = next_end
        return next_end

    def expect(self, planned):
        """Return when to expect what was planned for a moment, and the days it is
        overdue. A moment of today that is over means later today.
        """
        if planned >= self._morning:
            return max(planned, self.now), 0
        late = (self._today - self._get_day(planned)).days
        if late >= self._get_limit():
            return NEVER, late
        if not self._reopens:
            tomorrow = self._start(self._today + timedelta(days=1))
            self._reopens = self._get_opening(tomorrow)
        return self._reopens, late

    def _get_day(self, moment):
        return moment.replace(tzinfo=UTC).astimezone(self._zone).date()

    def _start(self, day):
        midnight = datetime.combine(day, time.min, self._zone)
        return midnight.astimezone(UTC).replace(tzinfo=None)
