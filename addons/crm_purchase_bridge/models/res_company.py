from datetime import UTC, datetime, time, timedelta

from odoo import fields, models

#: What is a moment of work: the calendar is asked for the first one after midnight.
MOMENT = 1 / 3600


class OpenDays:
    """Days and working time of a company, as ``delays`` asks for them.

    :param now: moment before whose day nobody asks
    """

    def __init__(self, company, now):
        self._zone, self._days = company._approval_zone(), {}
        first = self.moment(self.day(now))
        self._hours = company._approval_working_time().read_from(first)
        self._first, self._open_days = first, {}

    def day(self, moment):
        """Return which day it is where the company is, naive UTC given."""
        found = self._days.get(moment)
        if not found:
            found = moment.replace(tzinfo=UTC).astimezone(self._zone).date()
            self._days[moment] = found
        return found

    def moment(self, day):
        """Return when a day begins, naive UTC."""
        midnight = datetime.combine(day, time.min, self._zone)
        return midnight.astimezone(UTC).replace(tzinfo=None)

    def open_day(self, day):
        """Return the first day from this one on that is worked; the day itself where
        the company never works."""
        found = self._open_days.get(day)
        if not found:
            start = max(self.moment(day), self._first)
            worked = self._hours.plan(MOMENT, start)
            found = self.day(worked - timedelta(seconds=1)) if worked else day
            self._open_days[day] = found = max(found, day)
        return found

    def plan(self, hours, start):
        """Return the moment so many working hours later; hours of the clock where the
        company never works."""
        start = max(start, self._first)
        return self._hours.plan(hours, start) or start + timedelta(hours=hours)


class ResCompany(models.Model):
    _inherit = "res.company"

    promise_beside_forecast = fields.Boolean(
        string="Our Day Beside Odoo's Forecast",
        groups="base.group_user",
        help="Order lines show the day of the promise where Odoo shows its forecast.",
    )

    def _promise_calendar(self, now=None):
        """Return days and working time of the company from now on.

        :rtype: OpenDays
        """
        self.ensure_one()
        return OpenDays(self.sudo(), now or fields.Datetime.now())
