from odoo import api, models

from .res_company import changing_working_time


class ResourceCalendarAttendance(models.Model):
    """Limits that are running follow the working hours."""

    _inherit = "resource.calendar.attendance"

    @api.model_create_multi
    def create(self, vals_list):
        with changing_working_time(self.env) as changed:
            attendances = super().create(vals_list)
            changed.calendars |= attendances.sudo().calendar_id
        return attendances

    def write(self, vals):
        with changing_working_time(self.env) as changed:
            changed.calendars |= self.sudo().calendar_id
            result = super().write(vals)
            changed.calendars |= self.sudo().calendar_id
        return result

    def unlink(self):
        with changing_working_time(self.env) as changed:
            changed.calendars |= self.sudo().calendar_id
            return super().unlink()
