from odoo import models


class ResUsers(models.Model):
    """Where approvers are found in the organisation."""

    _inherit = "res.users"

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
