from odoo import models


class HrLeave(models.Model):
    _inherit = "hr.leave"

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "validate":
            self._propose_approval_substitutes()
        return result

    def _propose_approval_substitutes(self):
        """Propose the manager as substitute of approvers who will be away.

        The proposal is archived: nothing moves until the approver, who gets a to-do,
        has looked at it and made it active, perhaps with somebody else's name.
        """
        for leave in self.sudo():
            user = leave.employee_id.user_id
            if not user or not leave._is_for_an_approver(user):
                continue
            substitute = user._approval_manager(leave.company_id)
            if not substitute or substitute == user:
                continue
            absences = self.env["approval.substitute"].sudo()
            same = [
                ("user_id", "=", user.id),
                ("date_from", "<", leave.date_to),
                ("date_to", ">", leave.date_from),
            ]
            if absences.with_context(active_test=False).search_count(same, limit=1):
                continue
            proposal = absences.create(
                {
                    "user_id": user.id,
                    "substitute_id": substitute.id,
                    "date_from": leave.date_from,
                    "date_to": leave.date_to,
                    "active": False,
                }
            )
            proposal.activity_schedule(
                "mail.mail_activity_data_todo",
                user_id=user.id,
                date_deadline=leave.date_from.date(),
                summary=self.env._("Who approves while you are away?"),
                note=self.env._(
                    "%(name)s is proposed. Restore the absence to let your requests "
                    "move there.",
                    name=substitute.name,
                ),
            )

    def _is_for_an_approver(self, user):
        """Tell whether a rule names the user, or requests waited for them lately."""
        steps = self.env["approval.rule.step"].sudo()
        tasks = self.env["approval.task"].sudo()
        return bool(
            steps.search_count([("user_ids", "in", user.ids)], limit=1)
            or tasks.search_count([("user_id", "=", user.id)], limit=1)
        )
