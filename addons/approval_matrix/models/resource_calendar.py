from odoo import models

from .res_company import changing_working_time

#: What working time depends on, besides the hours themselves.
SHAPES = frozenset(
    {"tz", "two_weeks_calendar", "schedule_type", "flexible_hours", "hours_per_day"}
)


class ResourceCalendar(models.Model):
    """Limits that are running follow the working hours."""

    _inherit = "resource.calendar"

    def write(self, vals):
        """Open the watch for hours and holidays that come with the form, too: limits
        move once."""
        with changing_working_time(self.env) as changed:
            if not SHAPES.isdisjoint(vals):
                changed.calendars |= self.sudo()
            return super().write(vals)

    def unlink(self):
        """Holidays of working hours that are deleted are holidays of all others."""
        with changing_working_time(self.env) as changed:
            self.sudo().leave_ids._approval_note(changed)
            changed.companies |= self.sudo().leave_ids.company_id
            return super().unlink()
