from odoo import fields, models
from odoo.exceptions import UserError


class ApprovalRuleStep(models.Model):
    """Steps that ask the owners of the budget lines that pay."""

    _inherit = "approval.rule.step"

    approver_type = fields.Selection(
        selection_add=[("budget_owner", "Owner of the budget line")],
        ondelete={"budget_owner": lambda steps: steps._lose_owners()},
    )

    def _lose_owners(self):
        """Without budgets nobody owns any: until somebody decides whom to ask, those
        who make rules are asked. Without the step more would pass than should."""
        group = self.env.ref("approval_matrix.group_approval_manager")
        self.write({"approver_type": "group", "group_id": group.id})
        for rule in self.rule_id:
            rule.message_post(
                body=self.env._(
                    "A step asked the owners of budgets, which are gone. Say whom it "
                    "asks instead of administrators of approvals."
                )
            )

    def _get_missing_choice(self):
        missing = super()._get_missing_choice()
        if missing or self.approver_type != "budget_owner":
            return missing
        model = self.rule_id.model_id.model
        if model and not self.env[model]._approval_has_budget():
            return self.env._("documents of this kind take nothing from budgets.")
        return False

    def _get_approvers_budget_owner(self, document, requester):
        """All owners, where several lines pay."""
        return document._approval_budget_lines().sudo().budget_id.user_id

    def _needs_document(self):
        return self.approver_type == "budget_owner" or super()._needs_document()

    def _falls_away(self, document):
        if self.approver_type == "budget_owner":
            return not document._approval_budget_lines()
        return super()._falls_away(document)

    def _resolve(self, document, requester, excluded):
        if self.approver_type == "budget_owner":
            self._check_owner_is_another(document, requester, excluded)
        return super()._resolve(document, requester, excluded)

    def _check_owner_is_another(self, document, requester, excluded):
        """Refuse what only those could approve who ask for it, or changed it.

        :raises UserError: it names the budget lines
        """
        lines = document._approval_budget_lines().sudo()
        owners = lines.budget_id.user_id
        if owners and owners <= excluded:
            raise UserError(
                self.env._(
                    "Step “%(step)s” asks the owner of the budget, who must not be "
                    "who asks for %(document)s or changed it: %(owners)s owns "
                    "%(lines)s. Have somebody else submit it, or ask a budget "
                    "manager for another owner.",
                    step=self.name,
                    document=document.display_name,
                    owners=", ".join(owners.mapped("name")),
                    lines=", ".join(lines.mapped("display_name")),
                )
            )
