from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError


class ApprovalRuleStep(models.Model):
    _name = "approval.rule.step"
    _description = "Approval Step"
    _order = "sequence, id"

    name = fields.Char(required=True, translate=True)
    rule_id = fields.Many2one(
        "approval.rule", required=True, index=True, ondelete="cascade"
    )
    sequence = fields.Integer(
        default=10, help="Steps with the same number are asked at the same time."
    )
    approver_type = fields.Selection(
        [("users", "Named users"), ("group", "Members of a group")],
        required=True,
        default="users",
    )
    user_ids = fields.Many2many(
        "res.users", string="Approvers", domain=[("share", "=", False)]
    )
    group_id = fields.Many2one("res.groups", string="Group")
    quorum = fields.Selection(
        [
            ("one", "One of them"),
            ("all", "All of them"),
            ("number", "A number of them"),
        ],
        string="Who Must Approve",
        required=True,
        default="one",
    )
    quorum_number = fields.Integer(string="Number", default=1)

    _quorum_number_positive = models.Constraint(
        "CHECK (quorum_number >= 1)",
        "At least one approver must approve a step.",
    )

    @api.constrains("approver_type", "user_ids", "group_id", "quorum", "quorum_number")
    def _check_approvers(self):
        for step in self:
            if step.approver_type == "group":
                if not step.group_id:
                    raise ValidationError(
                        self.env._("Step “%(step)s”: choose a group.", step=step.name)
                    )
                continue
            if not step.user_ids:
                raise ValidationError(
                    self.env._(
                        "Step “%(step)s”: choose at least one approver.", step=step.name
                    )
                )
            if step.quorum == "number" and step.quorum_number > len(step.user_ids):
                raise ValidationError(
                    self.env._(
                        "Step “%(step)s” asks for %(number)s approvals of "
                        "%(people)s people.",
                        step=step.name,
                        number=step.quorum_number,
                        people=len(step.user_ids),
                    )
                )

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _get_approvers(self, document):
        """Return the users this step names for the document, before four eyes.

        :param document: record under ``approval.mixin``
        :rtype: res.users
        """
        self.ensure_one()
        if self.approver_type == "group":
            return self.group_id.all_user_ids
        return self.user_ids

    def _resolve(self, document, excluded):
        """Return who may decide this step, and how many of them must approve.

        :param document: record under ``approval.mixin``
        :param excluded: users kept out by the four-eyes rule
        :return: ``(users, number of approvals needed)``
        :raises UserError: when nobody, or too few, are left; it names the step
        """
        self.ensure_one()
        company = document._approval_company()
        approvers = self._get_approvers(document).filtered(
            lambda user: user.active and not user.share and company in user.company_ids
        )
        approvers -= excluded
        needed = self._get_needed(approvers)
        if not approvers or len(approvers) < needed:
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
        """Return the values of one task per approver."""
        excluded = process.requester_id | process.editor_id
        tasks = []
        for step in self:
            approvers, needed = step._resolve(document, excluded)
            tasks += [
                {
                    "process_id": process.id,
                    "step_key": step.id,
                    "step_name": step.name,
                    "stage": step.sequence,
                    "needed": needed,
                    "user_id": user.id,
                    "company_id": process.company_id.id,
                }
                for user in approvers
            ]
        return tasks
