from odoo import api, models

from .res_company import changing_working_time

#: What a holiday is, and whose.
FACTS = frozenset(
    {"date_from", "date_to", "calendar_id", "company_id", "resource_id", "time_type"}
)


class ResourceCalendarLeaves(models.Model):
    """Limits that are running follow the holidays."""

    _inherit = "resource.calendar.leaves"

    @api.model_create_multi
    def create(self, vals_list):
        with changing_working_time(self.env) as changed:
            leaves = super().create(vals_list)
            leaves._approval_note(changed)
        return leaves

    def write(self, vals):
        if FACTS.isdisjoint(vals):
            return super().write(vals)
        with changing_working_time(self.env) as changed:
            self._approval_note(changed)
            result = super().write(vals)
            self._approval_note(changed)
        return result

    def unlink(self):
        with changing_working_time(self.env) as changed:
            self._approval_note(changed)
            return super().unlink()

    def _approval_note(self, changed):
        """Note whose holidays these are; time off of one resource is nobody else's."""
        for leave in self.sudo().filtered(lambda leave: not leave.resource_id):
            if leave.calendar_id:
                changed.calendars |= leave.calendar_id
            elif leave.company_id:
                changed.companies |= leave.company_id
            else:
                changed.everybody = True
