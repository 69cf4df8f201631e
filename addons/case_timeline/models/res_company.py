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
            self.env.cr.execute(
                SQL(
                    """
                    INSERT INTO timeline_change
                           (source, res_id, operation, new, noted_on)
                    SELECT 'timeline_span', 0, 'count',
                           jsonb_build_object('sale', sale_id, 'lead', lead_id),
                           now() AT TIME ZONE 'UTC'
                      FROM timeline_span
                     WHERE company_id = ANY(%s)
                  GROUP BY sale_id, lead_id
                    """,
                    companies.ids,
                )
            )
        return result
