from odoo import api, fields, models


class ApprovalTask(models.Model):
    """One approver's part in one step of a process, named when it was asked.

    This file holds the record and what its holder does; the others hold its time
    limit, its absences and its notices.
    """

    _name = "approval.task"
    _description = "Approval Task"
    _inherit = ["approval.protected"]
    _order = "is_urgent desc, activated_at, id"
    _rec_name = "step_name"

    process_id = fields.Many2one(
        "approval.process",
        required=True,
        index=True,
        readonly=True,
        ondelete="restrict",
    )
    company_id = fields.Many2one(
        "res.company", required=True, readonly=True, ondelete="restrict"
    )
    step_key = fields.Integer(
        required=True,
        readonly=True,
        help="Tells the steps of a process apart, even after the rule was edited.",
    )
    step_name = fields.Char(string="Step", required=True, readonly=True)
    stage = fields.Integer(required=True, readonly=True)
    needed = fields.Integer(
        required=True, readonly=True, help="Approvals this step needs."
    )
    user_id = fields.Many2one(
        "res.users",
        string="Approver",
        required=True,
        readonly=True,
        ondelete="restrict",
    )
    holder_id = fields.Many2one(
        "res.users",
        string="Holder",
        required=True,
        readonly=True,
        ondelete="restrict",
        help="The approver, or the substitute while the approver is away.",
    )
    is_substituted = fields.Boolean(string="On Behalf", readonly=True)
    can_decide = fields.Boolean(compute="_compute_can_decide")
    origin = fields.Selection(
        [("rule", "Rule"), ("forward", "Forwarded"), ("escalation", "Escalated")],
        required=True,
        default="rule",
        readonly=True,
    )
    origin_user_id = fields.Many2one(
        "res.users", string="Handed Over By", readonly=True, ondelete="restrict"
    )
    state = fields.Selection(
        [
            ("waiting", "Not asked yet"),
            ("active", "To decide"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
            ("forwarded", "Forwarded"),
            ("skipped", "Not needed"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="waiting",
        readonly=True,
    )
    activated_at = fields.Datetime(string="Asked On", readonly=True)
    decided_at = fields.Datetime(string="Decided On", readonly=True)
    decided_by_id = fields.Many2one("res.users", readonly=True, ondelete="restrict")
    channel = fields.Selection(
        [("screen", "Screen"), ("mail", "E-mail link"), ("system", "System")],
        readonly=True,
    )
    comment = fields.Text(readonly=True)

    document_name = fields.Char(related="process_id.document_name")
    about = fields.Char(related="process_id.about")
    is_urgent = fields.Boolean(readonly=True)
    requester_id = fields.Many2one(related="process_id.requester_id")
    amount = fields.Monetary(related="process_id.amount")
    currency_id = fields.Many2one(related="process_id.currency_id")
    summary_html = fields.Html(related="process_id.summary_html", sanitize=False)
    changes_html = fields.Html(related="process_id.changes_html", sanitize=False)
    progress = fields.Json(related="process_id.progress")

    _inbox = models.Index(
        "(holder_id, is_urgent DESC, activated_at, id) WHERE state = 'active'"
    )
    _approver = models.Index("(user_id, process_id)")
    _asked = models.Index("(user_id) WHERE state = 'active'")
    _holder = models.Index("(holder_id, process_id)")
    _once_per_step = models.UniqueIndex("(process_id, step_key, user_id)")

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("state", "user_id", "holder_id")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        mine = self._may_be_decided_by(self.env.user)
        for task in self:
            task.can_decide = task in mine

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_approve(self):
        """Approve the requests of the selected tasks."""
        self.process_id._decide("approved")
        return True

    def action_open_approval(self):
        """Ask for a comment, then approve."""
        return self.process_id._get_decision_action("approve")

    def action_open_rejection(self):
        """Ask for the reason, then refuse the requests of the selected tasks."""
        return self.process_id._get_decision_action("reject")

    def action_open_forward(self):
        """Ask to whom and why, then forward."""
        return self.process_id._get_decision_action("forward")

    def action_open_question(self):
        """Ask the requester something; the time limit waits for the answer."""
        return self.process_id._get_decision_action("ask")

    def action_open_document(self):
        """Open the document, as far as the user may read it."""
        return self.process_id.action_open_document()

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _may_be_decided_by(self, user):
        """Return those tasks that wait for the user, who may be a substitute."""
        return self.filtered(
            lambda task: (
                task.state == "active" and user in (task.holder_id | task.user_id)
            )
        )

    def _grouped_by_step(self):
        """Return the tasks of each step, in the order they are asked."""
        ordered = self.sorted(lambda task: (task.stage, task.step_key, task.id))
        return list(
            ordered.grouped(lambda task: (task.process_id, task.step_key)).values()
        )

    def _get_settled(self):
        """Return those active tasks whose step has the approvals it needs."""
        settled = self.browse()
        for task in self:
            step = task.process_id.task_ids.filtered(
                lambda other, key=task.step_key: other.step_key == key
            )
            approvals = step.filtered(lambda other: other.state == "approved")
            if len(approvals) >= task.needed:
                settled |= task
        return settled

    def _get_step_progress(self):
        """Return one step as the banner shows it; ``self`` is its tasks."""
        states = set(self.mapped("state"))
        decided = self.filtered(lambda task: task.state in ("approved", "rejected"))
        active = self.filtered(lambda task: task.state == "active")
        if "rejected" in states:
            state = "rejected"
        elif active:
            state = "active"
        elif len(decided) >= self[0].needed:
            state = "approved"
        elif states <= {"skipped", "forwarded"}:
            state = "skipped"
        else:
            state = "cancelled" if "cancelled" in states else "waiting"
        due = [task.due_at for task in active if task.due_at]
        paused = active.filtered("paused_at")[:1]
        return {
            "key": self[0].id,
            "name": self[0].step_name,
            "state": state,
            "needed": self[0].needed,
            "approvers": self.user_id.mapped("name"),
            "holders": [task._get_holder_name() for task in active],
            "since": fields.Datetime.to_string(active[:1].activated_at) or False,
            "due": bool(due) and fields.Datetime.to_string(min(due)),
            "late": bool(due) and min(due) < fields.Datetime.now(),
            "question": paused.question or False,
            "decisions": [
                {
                    "user": task._get_decider_name(),
                    "date": fields.Datetime.to_string(task.decided_at),
                    "comment": task.comment or False,
                }
                for task in decided
            ],
        }

    def _get_holder_name(self):
        if not self.is_substituted:
            return self.user_id.name
        return self.env._(
            "%(substitute)s for %(approver)s",
            substitute=self.holder_id.name,
            approver=self.user_id.name,
        )

    def _get_decider_name(self):
        if self.decided_by_id == self.user_id:
            return self.decided_by_id.name
        return self.env._(
            "%(substitute)s on behalf of %(approver)s",
            substitute=self.decided_by_id.name,
            approver=self.user_id.name,
        )
