"""The timetable against an oracle that steps through time minute by minute."""

from datetime import datetime, timedelta

from hypothesis import given, settings

from odoo.tests import BaseCase, tagged

from odoo.addons.approval_matrix.clock import Timetable

from .test_clock import MONDAY, OfficeHours, halves, moments


@tagged("post_install", "-at_install")
class TestTimetable(BaseCase):
    def load(self, start, end):
        """Return the office hours of each day, cut off at both ends."""
        day = datetime.combine(start.date(), datetime.min.time())
        while day < end:
            opens = max(day.replace(hour=OfficeHours.opens), start)
            closes = min(day.replace(hour=OfficeHours.closes), end)
            if opens < closes:
                yield opens, closes
            day += timedelta(days=1)

    @settings(max_examples=60, deadline=None)
    @given(hours=halves, first=moments, start=moments)
    def test_plans_like_the_calendar(self, hours, first, start):
        table = Timetable(self.load, min(first, start))
        self.assertEqual(table.plan(hours, start), OfficeHours().plan(hours, start))

    @settings(max_examples=60, deadline=None)
    @given(start=moments, end=moments)
    def test_counts_like_the_calendar(self, start, end):
        table = Timetable(self.load, MONDAY)
        self.assertEqual(table.count(start, end), OfficeHours().count(start, end))

    def test_without_working_time_there_is_no_such_moment(self):
        self.assertIsNone(Timetable(lambda *span: (), MONDAY).plan(1, MONDAY))
