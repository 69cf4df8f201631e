from datetime import datetime, timedelta

from odoo.tests import tagged

from .common import TimelineCommon

#: An order that nobody has.
CASE = 2_000_000_000


@tagged("post_install", "-at_install")
class TestCaseSpans(TimelineCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        calendar = cls.env.company.resource_calendar_id
        calendar.tz = "UTC"
        calendar.attendance_ids.unlink()
        calendar.attendance_ids = [
            (
                0,
                0,
                {
                    "name": "Day",
                    "dayofweek": str(day),
                    "hour_from": hour,
                    "hour_to": hour + 4,
                    "day_period": period,
                },
            )
            for day in range(5)
            for hour, period in ((8, "morning"), (13, "afternoon"))
        ]

    def test_holiday_is_no_working_time(self):
        """Thursday 8:00 to Monday 17:00, Friday a holiday: 16 hours, 24 without it."""
        events = (
            (datetime(2026, 12, 24, 8), "sale.quoted", "sale.order", CASE, None),
            (datetime(2026, 12, 28, 17), "sale.confirmed", "sale.order", CASE, None),
        )
        span = self._forge(CASE, *events)
        self.assertEqual(span.working_hours, 24)
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Christmas",
                "calendar_id": self.env.company.resource_calendar_id.id,
                "date_from": datetime(2026, 12, 25),
                "date_to": datetime(2026, 12, 25, 23, 59, 59),
            }
        )
        self._run()
        span = self.env["timeline.span"].search([("sale_id", "=", CASE)])
        self.assertEqual(span.working_hours, 16)
        self.assertEqual(span.date_to - span.date_from, timedelta(days=4, hours=9))

    def test_parallel_purchases(self):
        """The vendor of the later one is decisive, then the warehouse; ten days."""

        def day(number):
            return datetime(2026, 6, 1) + timedelta(days=number)

        order, purchase, picking = "sale.order", "purchase.order", "stock.picking"
        spans = self._forge(
            CASE,
            (day(0), "sale.confirmed", order, CASE, None),
            (day(0), "sale.delivered_pending", order, CASE, None),
            (day(0), "purchase.ordered", purchase, 1, 1),
            (day(0), "purchase.ordered", purchase, 2, 2),
            (day(4), "purchase.received_full", purchase, 1, 1),
            (day(9), "purchase.received_full", purchase, 2, 2),
            (day(9), "picking.ready", picking, 1, None),
            (day(10), "picking.done", picking, 1, None),
            (day(10), "sale.delivered_full", order, CASE, None),
        )
        decisive = spans.filtered("is_decisive").sorted("date_from")
        self.assertEqual(
            [
                (s.department, s.res_id, (s.date_to - s.date_from).days)
                for s in decisive
            ],
            [("vendor", 2, 9), ("stock", 1, 1)],
        )
        rest = spans - decisive
        self.assertEqual(
            [(s.department, s.res_id, (s.date_to - s.date_from).days) for s in rest],
            [("vendor", 1, 4)],
        )

    def test_open_case_has_an_open_end(self):
        spans = self._forge(
            CASE, (datetime(2026, 6, 1), "sale.quoted", "sale.order", CASE, None)
        )
        self.assertEqual(spans.department, "care")
        self.assertFalse(spans.date_to)
