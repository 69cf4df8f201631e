from odoo import fields, models

ACTIVITY_TYPE = "approval_matrix.mail_activity_type_approval"


class ApprovalTask(models.Model):
    """One approver's part in one step of a process, named when it started."""

    _name = "approval.task"
    _description = "Approval Task"
    _inherit = ["approval.protected"]
    _order = "activated_at desc, id desc"
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
    state = fields.Selection(
        [
            ("waiting", "Not asked yet"),
            ("active", "To decide"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
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
    comment = fields.Text(readonly=True)

    document_name = fields.Char(related="process_id.document_name")
    about = fields.Char(related="process_id.about")
    requester_id = fields.Many2one(related="process_id.requester_id")
    amount = fields.Monetary(related="process_id.amount")
    currency_id = fields.Many2one(related="process_id.currency_id")
    summary_html = fields.Html(related="process_id.summary_html", sanitize=False)
    progress = fields.Json(related="process_id.progress")

    _inbox = models.Index("(user_id, activated_at DESC) WHERE state = 'active'")
    _once_per_step = models.UniqueIndex("(process_id, step_key, user_id)")

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_approve(self):
        """Approve the requests of the selected tasks."""
        self.process_id._decide("approved")
        return True

    def action_open_rejection(self):
        """Ask for the reason, then refuse the requests of the selected tasks."""
        return self.process_id._get_rejection_action()

    def action_open_document(self):
        """Open the document, as far as the user may read it."""
        return self.process_id.action_open_document()

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

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
        else:
            state = "cancelled" if "cancelled" in states else "waiting"
        since = active and active[0].activated_at
        return {
            "key": self[0].id,
            "name": self[0].step_name,
            "state": state,
            "needed": self[0].needed,
            "approvers": self.user_id.mapped("name"),
            "holders": active.user_id.mapped("name"),
            "since": since and fields.Datetime.to_string(since),
            "decisions": [
                {
                    "user": task.decided_by_id.name,
                    "date": fields.Datetime.to_string(task.decided_at),
                    "comment": task.comment or False,
                }
                for task in decided
            ],
        }

    def _notify(self):
        """Give each approver an activity on the document, if they may read it."""
        for task in self:
            document = task._get_notifiable_document()
            if document:
                document.activity_schedule(
                    ACTIVITY_TYPE,
                    user_id=task.user_id.id,
                    summary=task.step_name,
                )

    def _withdraw_notice(self):
        """Remove the activities of tasks that nobody waits for any more."""
        for task in self:
            document = task._get_notifiable_document()
            if document:
                document.activity_unlink([ACTIVITY_TYPE], user_id=task.user_id.id)

    def _get_notifiable_document(self):
        document = self.process_id._get_document()
        if document and "activity_ids" in document._fields:
            return document._approval_readable_by(self.user_id)
        return document.browse()
