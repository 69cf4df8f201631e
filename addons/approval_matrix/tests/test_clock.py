"""The clock against an oracle that steps through time minute by minute."""

from datetime import datetime, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.approval_matrix.clock import Clock

MONDAY = datetime(2026, 11, 23)
MINUTE = timedelta(minutes=1)


class OfficeHours:
    """Open from 9 to 17 on every day; half an hour is the smallest unit."""

    opens, closes = 9, 17

    def is_open(self, moment):
        return self.opens <= moment.hour < self.closes

    def count(self, start, end):
        minutes, moment = 0, start
        while moment < end:
            minutes += self.is_open(moment)
            moment += MINUTE
        return minutes / 60

    def plan(self, hours, start):
        left, moment = round(hours * 60), start
        while left:
            left -= self.is_open(moment)
            moment += MINUTE
        return moment


halves = st.integers(1, 24).map(lambda number: number / 2)
moments = st.integers(0, 4 * 48).map(lambda number: MONDAY + number * 30 * MINUTE)


def sorted_moments(count):
    return st.lists(moments, min_size=count, max_size=count).map(sorted)


@tagged("post_install", "-at_install")
class TestClock(BaseCase):
    calendar = OfficeHours()

    def used(self, start, *pauses, end):
        """Count working minutes in which it ran, past the code under test."""
        minutes, moment = 0, start
        while moment < end:
            waits = any(since <= moment < until for since, until in pauses)
            minutes += self.calendar.is_open(moment) and not waits
            moment += MINUTE
        return minutes / 60

    @settings(max_examples=60, deadline=None)
    @given(limit=halves, at=sorted_moments(3))
    def test_what_runs_until_due_is_the_limit_whatever_it_waits(self, limit, at):
        start, pause, resume = at
        clock = Clock.start(self.calendar, limit, start)
        clock = clock.pause(self.calendar, pause).resume(self.calendar, resume)
        late = self.used(start, end=pause) >= limit
        ran = self.used(start, (pause, resume), end=clock.due)
        self.assertEqual(ran, self.used(start, end=pause) if late else limit)

    @settings(max_examples=60, deadline=None)
    @given(limit=halves, other=halves, at=sorted_moments(2))
    def test_another_limit_counts_from_the_start(self, limit, other, at):
        start, now = at
        clock = Clock.start(self.calendar, limit, start)
        clock = clock.relimit(self.calendar, other, now)
        used = self.used(start, end=now)
        if used >= other:
            self.assertEqual(clock.due, now)
        else:
            self.assertEqual(self.used(start, end=clock.due), other)

    @settings(max_examples=60, deadline=None)
    @given(limit=halves, other=halves, at=sorted_moments(3))
    def test_another_limit_while_it_waits(self, limit, other, at):
        start, pause, resume = at
        clock = Clock.start(self.calendar, limit, start).pause(self.calendar, pause)
        clock = clock.relimit(self.calendar, other, resume)
        clock = clock.resume(self.calendar, resume)
        used = min(self.used(start, end=pause), limit)
        left = max(other - used, 0)
        self.assertEqual(self.used(resume, end=clock.due), left)

    @settings(max_examples=60, deadline=None)
    @given(limit=halves, other=halves, at=sorted_moments(2))
    def test_who_would_be_refused_keeps_an_hour_or_what_they_had(
        self, limit, other, at
    ):
        start, now = at
        before = Clock.start(self.calendar, limit, start)
        clock = before.relimit(self.calendar, other, now, refuses=True)
        hour = self.calendar.plan(1, now)
        self.assertGreaterEqual(clock.due, min(hour, max(before.due, now)))

    @settings(max_examples=60, deadline=None)
    @given(limit=halves, other=halves, at=sorted_moments(4))
    def test_counting_again_by_the_same_working_time_moves_nothing(
        self, limit, other, at
    ):
        start, pause, resume, later = at
        clock = Clock.start(self.calendar, limit, start).pause(self.calendar, pause)
        clock = clock.resume(self.calendar, resume)
        self.assertEqual(clock.recount(self.calendar, later).due, clock.due)
        clock = clock.relimit(self.calendar, other, later)
        self.assertEqual(clock.recount(self.calendar, later).due, clock.due)

    def test_clocks_from_before_that_waited_stay(self):
        clock = Clock(4, MONDAY, MONDAY + timedelta(days=9), left=2)
        self.assertEqual(clock.recount(self.calendar, MONDAY), clock)

    def test_no_limit_is_never_due(self):
        clock = Clock.start(self.calendar, 0, MONDAY)
        self.assertIsNone(clock.due)
        clock = clock.pause(self.calendar, MONDAY).resume(self.calendar, MONDAY)
        self.assertIsNone(clock.due)

    def test_a_limit_that_is_taken_away_is_never_due(self):
        clock = Clock.start(self.calendar, 4, MONDAY)
        self.assertIsNone(clock.relimit(self.calendar, 0, MONDAY).due)

    def test_a_calendar_without_hours_is_never_due(self):
        class Closed:
            def plan(self, hours, start):
                return None

            def count(self, start, end):
                return 0.0

        self.assertIsNone(Clock.start(Closed(), 4, MONDAY).due)
