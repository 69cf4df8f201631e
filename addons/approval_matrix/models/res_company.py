from datetime import datetime, timedelta
from typing import NamedTuple

from pytz import utc

from odoo import fields, models


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
        end = calendar.plan_hours(hours, utc.localize(start), compute_leaves=True)
        return end.astimezone(utc).replace(tzinfo=None, microsecond=0) if end else None

    def count(self, start: datetime, end: datetime) -> float:
        """Return the working hours between two moments, both naive UTC."""
        calendar = self.company.resource_calendar_id
        if end <= start:
            return 0.0
        if not calendar:
            return (end - start).total_seconds() / 3600
        return calendar.get_work_hours_count(start, end)


class ResCompany(models.Model):
    _inherit = "res.company"

    approval_link_login = fields.Selection(
        [
            ("never", "Never a log-in"),
            ("amount", "Log-in from an amount"),
            ("always", "Always a log-in"),
        ],
        string="Links in Approval E-mails",
        required=True,
        default="never",
        groups="base.group_user",
        help="How approvers decide by the link in their e-mail.",
    )
    approval_link_login_amount = fields.Monetary(
        string="Log-in From Amount",
        groups="base.group_user",
        help="In company currency; this amount included.",
    )

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
