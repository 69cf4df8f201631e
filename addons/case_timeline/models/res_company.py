from odoo import api, models
from odoo.fields import Domain
from odoo.tools import SQL


class ResCompany(models.Model):
    _inherit = "res.company"

    @api.model
    def _approval_working_time_changed(self, changed):
        """Let the job count the working hours of cases anew."""
        result = super()._approval_working_time_changed(changed)
        concerned = Domain("resource_calendar_id", "in", changed.calendars.ids)
        concerned |= Domain("id", "in", changed.companies.ids)
        if changed.everybody:
            concerned = Domain.TRUE
        companies = self.sudo().search(concerned)
        if companies:
            theirs = SQL("company_id = ANY(%s)", companies.ids)
            self.env["timeline.span"]._note_anew(theirs)
        return result
