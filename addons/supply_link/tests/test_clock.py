from datetime import UTC, time, timedelta
from zoneinfo import ZoneInfo

from odoo.tests import BaseCase, tagged

from ..clock import Clock
from .pool_common import TODAY


@tagged("post_install", "-at_install")
class TestClock(BaseCase):
    """Days of a company, in UTC."""

    def test_days_end_at_midnight_in_any_time_zone(self):
        for name in (
            "UTC",
            "Asia/Ho_Chi_Minh",
            "Asia/Kathmandu",
            "America/New_York",
            "Europe/Brussels",
            "Pacific/Kiritimati",
            "Australia/Lord_Howe",
        ):
            zone, clock = ZoneInfo(name), Clock(TODAY, name, None, None)
            for hours in range(0, 24 * 366, 5):
                moment = TODAY + timedelta(hours=hours, minutes=hours % 60)
                end = clock.end_day(moment)
                local, last = (
                    each.replace(tzinfo=UTC).astimezone(zone) for each in (moment, end)
                )
                self.assertEqual(last.date(), local.date(), (name, moment))
                self.assertEqual(last.time(), time(23, 59, 59), (name, moment))
