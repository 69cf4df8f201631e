from odoo import models
from odoo.exceptions import UserError


class ApprovalRuleStep(models.Model):
    """Who a step names, for one document and one requester."""

    _inherit = "approval.rule.step"

    def _get_approvers(self, document, requester):
        """Return the users this step names, before four eyes.

        :param document: record under ``approval.mixin``
        :param requester: the user who asks
        :rtype: res.users
        """
        self.ensure_one()
        find = getattr(self, f"_get_approvers_{self.approver_type}")
        return find(document, requester)

    def _get_approvers_users(self, document, requester):
        return self.user_ids

    def _get_approvers_group(self, document, requester):
        return self.group_id.all_user_ids

    def _get_approvers_manager(self, document, requester):
        company = document._approval_company()
        return requester._approval_manager(company, self.manager_level)

    def _get_approvers_department(self, document, requester):
        """The nearest head above the requester who is not the requester."""
        employee = requester._approval_employee(document._approval_company())
        department = employee.department_id
        seen = department.browse()
        while department and department not in seen:
            head = department.manager_id.user_id
            if head and head != requester:
                return head
            seen |= department
            department = department.parent_id
        return requester.browse()

    def _get_approvers_field(self, document, requester):
        return document[self.user_field_id.name]

    def _resolve(self, document, requester, excluded):
        """Return who may decide this step, and how many of them must approve.

        :param document: record under ``approval.mixin``
        :param requester: the user who asks
        :param excluded: users kept out by the four-eyes rule
        :return: ``(users, number of approvals needed)``
        :raises UserError: when nobody, or too few, are left; it names the step
        """
        self.ensure_one()
        approvers = self._get_approvers(document, requester)
        approvers = approvers._approval_able(document._approval_company()) - excluded
        needed = self._get_needed(approvers)
        if len(approvers) < max(needed, 1):
            raise UserError(
                self.env._(
                    "Step “%(step)s” of rule “%(rule)s” has %(found)s of the "
                    "%(needed)s approvers it needs for %(document)s. Whoever asks for "
                    "the approval, or last changed the terms, cannot approve. "
                    "Ask an administrator to name somebody else.",
                    step=self.name,
                    rule=self.rule_id.name,
                    found=len(approvers),
                    needed=max(needed, 1),
                    document=document.display_name,
                )
            )
        return approvers, needed

    def _get_needed(self, approvers):
        if self.quorum == "one":
            return 1
        if self.quorum == "all":
            return len(approvers)
        return self.quorum_number

    def _prepare_task_values(self, process, document):
        """Return the values of one task per approver: the snapshot of the steps."""
        excluded = process._get_excluded_users()
        tasks = []
        for step in self:
            approvers, needed = step._resolve(document, process.requester_id, excluded)
            values = {
                "process_id": process.id,
                "step_key": step.id,
                "step_name": step.name,
                "stage": step.sequence,
                "needed": needed,
                "company_id": process.company_id.id,
                "is_urgent": process.is_urgent,
                "limit_hours": document._approval_limit_hours(step),
                "rule_hours": step.limit_hours,
                "on_timeout": step.on_timeout,
                "escalate_to": step.escalate_to,
                "escalation_user_id": step.escalation_user_id.id,
            }
            tasks += [
                {**values, "user_id": user.id, "holder_id": user.id}
                for user in approvers
            ]
        return tasks
