from contextlib import contextmanager
from datetime import date, datetime, timedelta
from typing import NamedTuple
from zoneinfo import ZoneInfo

from pytz import utc

from odoo import api, fields, models
from odoo.tools import SQL

from ..clock import Timetable
from ..watch import Judge, watching


class WorkingTime(NamedTuple):
    """Working time of a company, as ``clock`` asks for it.

    A company without a calendar works around the clock.
    """

    company: models.BaseModel

    def plan(self, hours: float, start: datetime):
        """Return the moment that many working hours after another.

        :param start: naive, UTC
        :return: naive datetime in UTC; nothing if the calendar has no such hours
        """
        calendar = self.company.resource_calendar_id
        if not calendar:
            return (start + timedelta(hours=hours)).replace(microsecond=0)
        end = calendar.plan_hours(
            hours,
            utc.localize(start),
            compute_leaves=True,
            domain=self._get_holiday_domain(),
        )
        return end.astimezone(utc).replace(tzinfo=None, microsecond=0) if end else None

    def count(self, start: datetime, end: datetime) -> float:
        """Return the working hours between two moments, both naive UTC."""
        calendar = self.company.resource_calendar_id
        if end <= start:
            return 0.0
        if not calendar:
            return (end - start).total_seconds() / 3600
        return calendar.get_work_hours_count(
            start, end, domain=self._get_holiday_domain()
        )

    def read_from(self, first):
        """Return the same for many questions: it is read once.

        :param first: moment before which nobody asks
        """
        calendar = self.company.resource_calendar_id
        if not calendar:
            return self

        def load(start, end):
            spans = calendar._work_intervals_batch(
                utc.localize(start),
                utc.localize(end),
                domain=self._get_holiday_domain(),
            )
            for begin, stop, _attendances in spans[False]:
                yield tuple(
                    moment.astimezone(utc).replace(tzinfo=None)
                    for moment in (begin, stop)
                )

        return Timetable(load, first)

    def _get_holiday_domain(self):
        """Holidays of all working hours are those of one company: Odoo takes those of
        the others, too, where it is asked without an employee."""
        return [
            ("time_type", "=", "leave"),
            "|",
            ("calendar_id", "!=", False),
            ("company_id", "in", [False, self.company.id]),
        ]


class WorkingTimeJudge(Judge):
    """Whose working time changed. In the end their running limits move, once."""

    sequence = 30

    def __init__(self, env):
        super().__init__(env)
        self.companies = env["res.company"].sudo()
        self.calendars = env["resource.calendar"].sudo()
        self.everybody = False

    def settle(self):
        if self.companies or self.calendars or self.everybody:
            self.env["res.company"]._approval_working_time_changed(self)


@contextmanager
def changing_working_time(env):
    """Give the block the judge that notes whose working time it changes."""
    with watching(env, WorkingTimeJudge) as judge:
        yield judge


class ResCompany(models.Model):
    _inherit = "res.company"

    approval_link_login = fields.Selection(
        [
            ("never", "Never a log-in"),
            ("amount", "Log-in from an amount"),
            ("always", "Always a log-in"),
        ],
        string="Links in Approval E-mails",
        default="never",
        groups="base.group_user",
        help="How approvers decide by the link in their e-mail.",
    )
    approval_link_login_amount = fields.Monetary(
        string="Log-in From Amount",
        groups="base.group_user",
        help="In company currency; this amount included.",
    )
    approval_zone = fields.Char(
        string="Time Zone of Days",
        compute="_compute_approval_zone",
        compute_sudo=True,
        groups="base.group_user",
    )

    def write(self, vals):
        if "resource_calendar_id" not in vals:
            return super().write(vals)
        with changing_working_time(self.env) as changed:
            changed.companies |= self.sudo()
            return super().write(vals)

    def _approval_link_needs_login(self, process):
        """Tell whether the link in an e-mail decides a request after a log-in only."""
        self.ensure_one()
        company, process = self.sudo(), process.sudo()
        if company.approval_link_login == "amount":
            # what is compared with rules may be more than what is shown
            amount = max(abs(process.amount), abs(process.threshold_amount))
            return amount >= company.approval_link_login_amount
        return company.approval_link_login == "always"

    def _approval_working_time(self):
        """Return the calendar by which approvals count time limits."""
        self.ensure_one()
        return WorkingTime(self)

    @api.model
    def _approval_working_time_changed(self, changed):
        """Called once, at the end of what changed working time.

        :param changed: a :class:`WorkingTimeJudge`
        """

    def _approval_zone(self):
        """Return the time zone that the company's days are counted in.

        Of no company, as while a form has none yet, it is UTC.

        :rtype: zoneinfo.ZoneInfo
        """
        return ZoneInfo(self.sudo().approval_zone or "UTC")

    @api.depends("partner_id.tz", "resource_calendar_id.tz")
    def _compute_approval_zone(self):
        """Read nothing else of companies, contacts and calendars: each change of a
        document asks for the day."""
        self.flush_model(["partner_id", "resource_calendar_id"])
        self.env["res.partner"].flush_model(["tz"])
        self.env["resource.calendar"].flush_model(["tz"])
        query = SQL(
            """
            SELECT company.id, COALESCE(NULLIF(contact.tz, ''), calendar.tz)
              FROM res_company AS company
              JOIN res_partner AS contact ON contact.id = company.partner_id
         LEFT JOIN resource_calendar AS calendar
                ON calendar.id = company.resource_calendar_id
             WHERE company.id IN %s
            """,
            tuple(self.ids) or (0,),
        )
        zones = dict(self.env.execute_query(query))
        for company in self:
            company.approval_zone = zones.get(company._origin.id)

    def _approval_day(self, moment=None) -> date:
        """Return which day it is, or was at a moment, where the company is.

        What is approved, budgets and deposits know this day only: not that of UTC, and
        not that of whoever looks. Else an hour more or less would be another day, and
        another budget, for one of them and not for the other.

        :param moment: naive datetime in UTC; now, if nothing is said
        """
        moment = moment or fields.Datetime.now()
        local = moment.replace(tzinfo=ZoneInfo("UTC")).astimezone(self._approval_zone())
        return local.date()

    def _approval_moment(self, day, moment=None):
        """Return the same time of another day, as days are where the company is.

        :param date day: which day
        :param moment: naive datetime in UTC, for the time of the day; now, if nothing
            is said
        :return: naive datetime in UTC
        """
        zone = self._approval_zone()
        moment = (moment or fields.Datetime.now()).replace(tzinfo=ZoneInfo("UTC"))
        local = datetime.combine(day, moment.astimezone(zone).time(), tzinfo=zone)
        return local.astimezone(ZoneInfo("UTC")).replace(tzinfo=None)
