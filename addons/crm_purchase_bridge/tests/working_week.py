"""A company's calendar for tests of plain Python: a week of hours, holidays, a zone."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from odoo.addons.approval_matrix.clock import Timetable

#: Hours of a day that is worked, and the days of the week that are.
HOURS = ((8.0, 12.0), (13.0, 17.0))
MONDAY_TO_FRIDAY = {weekday: HOURS for weekday in range(5)}

#: The day 0 of all cases: a Monday, 08:00 where the company is.
MONDAY = date(2026, 11, 23)


class WorkingWeek:
    """Days and working time as ``delays`` asks for them.

    :param week: pairs of hours by day of the week; empty: nobody ever works
    :param holidays: dates on which nobody works
    :param zone: name of the company's time zone
    :param first: nobody asks for an earlier day
    """

    def __init__(
        self, week=MONDAY_TO_FRIDAY, holidays=(), zone="Asia/Ho_Chi_Minh", first=MONDAY
    ):
        self.week, self.holidays = week, frozenset(holidays)
        self.zone = ZoneInfo(zone)
        self._hours = Timetable(self._load, self.moment(first - timedelta(days=1)))

    def day(self, moment):
        return moment.replace(tzinfo=UTC).astimezone(self.zone).date()

    def moment(self, day, hour=0.0):
        clock = datetime.combine(day, time.min) + timedelta(hours=hour)
        there = clock.replace(tzinfo=self.zone)
        return there.astimezone(UTC).replace(tzinfo=None)

    def is_open(self, day):
        return bool(self.week.get(day.weekday())) and day not in self.holidays

    def open_day(self, day):
        for ahead in range(400):
            there = day + timedelta(days=ahead)
            if self.is_open(there):
                return there
        return day

    def plan(self, hours, start):
        return self._hours.plan(hours, start)

    def _load(self, start, end):
        """Return the spans of working time that begin between two moments."""
        day = self.day(start)
        while self.moment(day) < end:
            if self.is_open(day):
                for since, until in self.week[day.weekday()]:
                    span = self.moment(day, since), self.moment(day, until)
                    if start <= span[0] < end:
                        yield span
            day += timedelta(days=1)


WEEK = WorkingWeek()


def day(number):
    return MONDAY + timedelta(days=number)


def at(number, hour=8.0, calendar=WEEK):
    """Return the moment at an hour of a day, where the company is."""
    return calendar.moment(day(number), hour)
