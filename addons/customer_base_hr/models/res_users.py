from odoo import models


class ResUsers(models.Model):
    """Heads of departments, and whom they lead."""

    _inherit = "res.users"

    def _get_led_user_ids(self):
        """Also those who work in the departments that this user manages, and in all
        below these."""
        led = super()._get_led_user_ids()
        departments = self._get_managed_departments()
        if departments:
            employees = self.env["hr.employee"].sudo()
            employees = employees.search_fetch(
                [
                    ("department_id", "child_of", departments.ids),
                    ("user_id", "not in", [False, self.id]),
                ],
                ["user_id"],
            )
            led |= set(employees.user_id.ids)
        return led

    def _is_customer_leader(self):
        return super()._is_customer_leader() or bool(self._get_managed_departments())

    def _get_managed_departments(self):
        self.ensure_one()
        departments = self.env["hr.department"].sudo()
        return departments.search([("manager_id.user_id", "=", self.id)])
