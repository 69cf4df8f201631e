from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ResUsers(models.Model):
    """Where approvers are found in the organisation; and people who took part stay on
    record."""

    _inherit = "res.users"

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_on_record(self):
        """Say what to do instead, where the database would only refuse."""
        for user in self:
            if user._approval_is_on_record():
                raise UserError(
                    self.env._(
                        "%(user)s takes part in approvals, which stay on record. "
                        "Archive the user instead: what waits for them is handed on.",
                        user=user.name,
                    )
                )

    def _approval_is_on_record(self):
        """Tell whether a request, a task or a log names the user."""
        self.ensure_one()
        return any(
            self.env[model]
            .sudo()
            .search_count(
                Domain.OR(
                    Domain(name, "=", self.id)
                    for name, field in self.env[model]._fields.items()
                    if field.store and field.comodel_name == "res.users"
                ),
                limit=1,
            )
            for model in ("approval.task", "approval.process", "approval.log")
        )

    # ------------------------------------------------------------
    # ORGANISATION
    # ------------------------------------------------------------

    def _approval_able(self, company):
        """Return those who can be asked: at work here, and in that company, as Odoo's
        record rules know it."""
        return self.filtered(
            lambda user: (
                user.active
                and not user.share
                and not set(company.ids).isdisjoint(user._get_company_ids())
            )
        )

    def _approval_employee(self, company):
        """Return the employee record of the user in a company, or of its parents."""
        self.ensure_one()
        domain = [
            ("user_id", "=", self.id),
            ("active", "=", True),
            ("company_id", "in", company.parent_ids.ids),
        ]
        employees = self.env["hr.employee"].sudo().search(domain)
        own = employees.filtered(lambda employee: employee.company_id == company)
        return (own or employees)[:1]

    def _approval_manager(self, company, level=1):
        """Return the user that many levels above this one; nobody if it ends before.

        :param company: where the organisation is looked at
        :param int level: 1 is the direct manager
        """
        employee = self._approval_employee(company)
        seen = employee
        for _step in range(level):
            employee = employee.parent_id
            if not employee or employee in seen:
                return self.browse()
            seen |= employee
        return employee.user_id

    def _approval_name_for(self, approver):
        """Return the name of the user, and on whose behalf they act."""
        if not approver or approver == self:
            return self.name
        return self.env._(
            "%(substitute)s on behalf of %(approver)s",
            substitute=self.name,
            approver=approver.name,
        )
