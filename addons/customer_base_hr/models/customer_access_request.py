from odoo import api, models


class CustomerAccessRequest(models.Model):
    _inherit = "customer.access.request"

    @api.model
    def _get_leader(self, partner, user):
        """Return the manager of the owner's department, or of one above it, where the
        owner is in no sales team with a leader."""
        leader = super()._get_leader(partner, user)
        if leader:
            return leader
        owner = partner.user_id or user
        employees = self.env["hr.employee"].sudo()
        department = employees.search([("user_id", "=", owner.id)], limit=1)
        department = department.department_id
        while department:
            # who left may be named by the department still
            manager = department.manager_id.filtered("active").user_id
            # nobody decides on what they ask for, or own, themselves
            if manager.active and manager not in (owner, user):
                return manager.with_env(self.env)
            department = department.parent_id
        return leader
