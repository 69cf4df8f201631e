from odoo import models, tools


class ResUsers(models.Model):
    """Heads of departments, and whom they lead."""

    _inherit = "res.users"

    def _get_led_user_ids(self):
        """Also those who work in the departments that this user manages, and in all
        below these."""
        led = super()._get_led_user_ids()
        if departments := self._read_managed_department_ids():
            employees = self.env["hr.employee"].sudo()
            employees = employees.search_fetch(
                [
                    ("department_id", "child_of", [*departments]),
                    ("user_id", "not in", [False, self.id]),
                ],
                ["user_id"],
            )
            led |= set(employees.user_id.ids)
        return led

    def _is_customer_leader(self):
        return super()._is_customer_leader() or bool(
            self._read_managed_department_ids()
        )

    def _read_managed_department_ids(self):
        """Return the departments that this user manages.

        :rtype: tuple[int, ...]
        """
        self.ensure_one()
        leading = self.env["customer.leading"]
        return leading._recall(
            self, "_find_managed_department_ids", "_find_managed_department_ids_once"
        )

    @tools.ormcache("self.id")
    def _find_managed_department_ids_once(self):
        return self._find_managed_department_ids()

    def _find_managed_department_ids(self):
        departments = self.env["hr.department"].sudo().with_context(active_test=True)
        # "manager_id.user_id" would find those too who left
        manages = [("active", "=", True), ("user_id", "=", self.id)]
        return departments.search([("manager_id", "any", manages)])._ids
