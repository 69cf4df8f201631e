from odoo import api, models
from odoo.fields import Domain

from ..system import as_system


class ApprovalSubstitute(models.Model):
    """Open tasks follow absences."""

    _inherit = "approval.substitute"

    @api.model
    def _refresh(self, users):
        """Move open tasks of approvers, whose holder is not whom it should be."""
        users |= self.sudo().search([("substitute_id", "in", users.ids)]).user_id
        tasks = self.env["approval.task"].sudo()
        tasks = tasks.search([("state", "=", "active"), ("user_id", "in", users.ids)])
        self.env["approval.process"]._follow_absences(tasks)
        return super()._refresh(users)

    @api.model
    def _find_represented(self):
        """Somebody may hold a task whose absence is over by now."""
        tasks = self.env["approval.task"].sudo()
        held = tasks.search([("state", "=", "active"), ("is_substituted", "=", True)])
        return super()._find_represented() | held.user_id

    def _count_left(self):
        tasks = self.env["approval.task"].search(
            [("state", "=", "active"), ("unable_id", "=", self.substitute_id.id)]
        )
        left = tasks.filtered(lambda task: task.user_id == self.user_id)
        return super()._count_left() + len(left.process_id.filtered(self._reaches))

    def _get_open_places(self):
        tasks = self.env["approval.task"].sudo()
        tasks = tasks.search(
            [
                ("user_id", "=", self.user_id.id),
                ("state", "in", ("waiting", "active")),
                ("process_id.state", "=", "open"),
            ]
        )
        processes = tasks.process_id.filtered(self._reaches)
        return super()._get_open_places() | {
            (process.company_id, process.res_model) for process in processes
        }

    def _reaches(self, process):
        """Tell whether a request is in the scope."""
        return self._covers(process.rule_id, process.res_model)


class ResUsers(models.Model):
    """Open tasks leave those who cannot be asked any more."""

    _inherit = "res.users"

    def write(self, vals):
        result = super().write(vals)
        if not {"active", "company_ids", "group_ids"}.isdisjoint(vals):
            self._approval_hand_on()
            self.env["approval.substitute"]._check_substitutes(self)
        return result

    def _approval_hand_on(self):
        """Find somebody for what waits for those who cannot be asked any more: they
        were archived, left the company, or are no employees now."""
        tasks = self.env["approval.task"].sudo()
        held = tasks.search([("state", "=", "active"), ("holder_id", "in", self.ids)])
        lost = held.filtered(
            lambda task: not task.holder_id._approval_able(task.company_id)
        )
        if lost:
            self.env["approval.process"]._follow_departures(lost)


class ResCompany(models.Model):
    """Running limits follow working time."""

    _inherit = "res.company"

    @api.model
    def _approval_working_time_changed(self, changed):
        """Move the running limits of companies whose working time changed."""
        super()._approval_working_time_changed(changed)
        if not self.env["approval.rule"]._get_all():
            return
        companies = self.sudo()
        domain = Domain("resource_calendar_id", "in", changed.calendars.ids)
        domain |= Domain("id", "in", changed.companies.ids)
        companies = companies.search(Domain.TRUE if changed.everybody else domain)
        as_system(self.env["approval.process"], for_texts=True)._recount(companies)
