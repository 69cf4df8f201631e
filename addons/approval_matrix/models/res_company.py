from datetime import timedelta

from pytz import utc

from odoo import models


class ResCompany(models.Model):
    """Working time as approvals count it: the calendar of the company.

    A company without one works around the clock.
    """

    _inherit = "res.company"

    def _approval_plan_hours(self, hours, start):
        """Return the moment that many working hours after another.

        :param float hours: working hours
        :param datetime start: naive, UTC
        :return: naive datetime in UTC; nothing if the calendar has no such hours
        """
        self.ensure_one()
        calendar = self.resource_calendar_id
        if not calendar:
            return (start + timedelta(hours=hours)).replace(microsecond=0)
        end = calendar.plan_hours(hours, utc.localize(start), compute_leaves=True)
        return end and end.astimezone(utc).replace(tzinfo=None, microsecond=0)

    def _approval_count_hours(self, start, end):
        """Return the working hours between two moments, both naive UTC."""
        self.ensure_one()
        if end <= start:
            return 0.0
        if not self.resource_calendar_id:
            return (end - start).total_seconds() / 3600
        return self.resource_calendar_id.get_work_hours_count(start, end)
