from odoo import api, models
from odoo.exceptions import UserError
from odoo.fields import Domain


class ResUsers(models.Model):
    """What becomes of approvals when an approver leaves."""

    _inherit = "res.users"

    def write(self, vals):
        result = super().write(vals)
        if not {"active", "company_ids", "group_ids"}.isdisjoint(vals):
            self._approval_hand_on()
        return result

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
