from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

#: What follows when the time limit of a step is over, and to whom it escalates.
ON_TIMEOUT = [("remind", "Remind"), ("escalate", "Escalate"), ("reject", "Reject")]
ESCALATE_TO = [
    ("user", "A named user"),
    ("manager", "The approver's manager"),
    ("next", "The next step"),
]

#: Working hours before an automatic rejection at which people are told of it, unless
#: the step says otherwise.
WARNING_HOURS = 4.0


class ApprovalRuleStep(models.Model):
    """What a step of a rule asks for, and whom it names."""

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
        [
            ("users", "Named users"),
            ("group", "Members of a group"),
            ("manager", "Manager of the requester"),
            ("department", "Head of the requester's department"),
            ("field", "User named in the document"),
        ],
        required=True,
        default="users",
    )
    user_ids = fields.Many2many(
        "res.users", string="Approvers", domain=[("share", "=", False)]
    )
    group_id = fields.Many2one("res.groups", string="Group")
    manager_level = fields.Integer(
        string="Levels Up", default=1, help="1: the manager; 2: the manager's manager."
    )
    model_id = fields.Many2one(related="rule_id.model_id")
    user_field_id = fields.Many2one(
        "ir.model.fields",
        string="Field",
        ondelete="cascade",
        domain="[('model_id', '=', model_id), ('relation', '=', 'res.users'),"
        " ('ttype', 'in', ('many2one', 'many2many'))]",
    )
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
    limit_hours = fields.Float(
        string="Time Limit",
        help="Working hours of the company's calendar from the moment the step is "
        "asked; zero: no limit.",
    )
    on_timeout = fields.Selection(
        ON_TIMEOUT, string="After the Limit", required=True, default="remind"
    )
    escalate_to = fields.Selection(ESCALATE_TO, default="user")
    escalation_user_id = fields.Many2one(
        "res.users", string="Escalate To User", domain=[("share", "=", False)]
    )
    repeat_hours = fields.Float(
        string="Remind Again Every",
        help="Working hours from one reminder to the next, until somebody has decided; "
        "zero: the limit is reminded of once.",
    )
    warning_hours = fields.Float(
        string="Warn Before Rejection",
        default=WARNING_HOURS,
        help="So many working hours before the limit rejects the request, approvers "
        "and requester are told. Of a shorter limit it is half the time. Zero: nobody "
        "is warned.",
    )

    _quorum_number_positive = models.Constraint(
        "CHECK (quorum_number >= 1)", "At least one approver must approve a step."
    )
    _manager_level_positive = models.Constraint(
        "CHECK (manager_level >= 1)", "The manager is at least one level up."
    )
    _limit_not_negative = models.Constraint(
        "CHECK (limit_hours >= 0)", "A time limit cannot be negative."
    )
    _reminders_not_negative = models.Constraint(
        "CHECK (repeat_hours >= 0 AND warning_hours >= 0)",
        "Hours cannot be negative.",
    )

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains(
        "approver_type",
        "user_ids",
        "group_id",
        "user_field_id",
        "quorum",
        "quorum_number",
    )
    def _check_approvers(self):
        for step in self:
            missing = step._get_missing_choice()
            if missing:
                raise ValidationError(
                    self.env._(
                        "Step “%(step)s”: %(missing)s", step=step.name, missing=missing
                    )
                )
            if (
                step.approver_type == "users"
                and step.quorum == "number"
                and step.quorum_number > len(step.user_ids)
            ):
                raise ValidationError(
                    self.env._(
                        "Step “%(step)s” asks for %(number)s approvals of "
                        "%(people)s people.",
                        step=step.name,
                        number=step.quorum_number,
                        people=len(step.user_ids),
                    )
                )

    def _get_missing_choice(self):
        """Return what a step of this type still needs to be told, in words."""
        self.ensure_one()
        if self.approver_type == "users" and not self.user_ids:
            return self.env._("choose at least one approver.")
        if self.approver_type == "group" and not self.group_id:
            return self.env._("choose a group.")
        if self.approver_type == "field":
            field = self.user_field_id
            if not field or field.relation != "res.users":
                return self.env._("choose a field that holds users.")
            if field.model_id != self.rule_id.model_id:
                return self.env._("the field belongs to another kind of document.")
        return False

    @api.constrains(
        "approver_type",
        "limit_hours",
        "on_timeout",
        "escalate_to",
        "escalation_user_id",
        "user_ids",
    )
    def _check_escalation(self):
        for step in self:
            if not step.limit_hours or step.on_timeout != "escalate":
                continue
            if step.escalate_to == "user":
                if not step.escalation_user_id:
                    raise ValidationError(
                        self.env._(
                            "Step “%(step)s”: choose whom to escalate to.",
                            step=step.name,
                        )
                    )
                if (
                    step.approver_type == "users"
                    and step.escalation_user_id in step.user_ids
                ):
                    raise ValidationError(
                        self.env._(
                            "Step “%(step)s” would escalate in a circle: %(user)s is "
                            "one of its approvers.",
                            step=step.name,
                            user=step.escalation_user_id.name,
                        )
                    )

    # ------------------------------------------------------------
    # APPROVERS: who a step names, for one document and one requester
    # ------------------------------------------------------------

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

    def _may_name(self, user):
        """Tell whether one of the steps names a user, whatever the document."""
        return any(
            (step.approver_type == "users" and user in step.user_ids)
            or (step.approver_type == "group" and user in step.group_id.all_user_ids)
            for step in self
        )

    def _needs_document(self):
        """Tell whether nobody can say whom the step asks without a document."""
        self.ensure_one()
        return self.approver_type == "field"

    def _falls_away(self, document):
        """Tell whether there is nobody to ask because the step has no bearing on a
        document: then the others decide, and the log says so.

        A kind of approver that may have none extends it. It is no way around a step
        that nobody is left for.
        """
        self.ensure_one()
        return False

    def _find_approvers(self, document, requester):
        """Return whom the step names for a document, of those who can be asked."""
        self.ensure_one()
        find = getattr(self, f"_get_approvers_{self.approver_type}")
        company = document._approval_company()
        return find(document, requester)._approval_able(company)

    def _resolve(self, document, requester, excluded):
        """Return who may decide this step, and how many of them must approve.

        :param document: record under ``approval.mixin``
        :param requester: the user who asks
        :param excluded: users whom the four-eyes rule excludes
        :return: ``(users, number of approvals needed)``
        :raises UserError: when nobody, or too few, are left; it names the step
        """
        self.ensure_one()
        approvers = self._find_approvers(document, requester) - excluded
        needed = self._get_needed(approvers)
        if len(approvers) < max(needed, 1):
            raise UserError(
                self.env._(
                    "Step “%(step)s” of rule “%(rule)s” has %(found)s of the "
                    "%(needed)s approvers it needs for %(document)s. Whoever asks for "
                    "the approval, or changed the terms, cannot approve. "
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
