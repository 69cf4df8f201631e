from odoo import models


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
