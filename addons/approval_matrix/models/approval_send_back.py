from odoo import api, fields, models
from odoo.exceptions import UserError

#: What a task forgets when it is decided again; the log keeps it.
FORGOTTEN = (
    "decided_at",
    "decided_by_id",
    "channel",
    "comment",
    "timed_out_at",
    "paused_at",
    "question",
    "remind_at",
    "warn_at",
    "warned_at",
    "return_reason",
)


class ApprovalTask(models.Model):
    """A step may be decided again: who decides after it sent the request back."""

    _inherit = "approval.task"

    return_reason = fields.Text(
        string="Sent Back", readonly=True, help="Why the step is decided again."
    )
    can_send_back = fields.Boolean(compute="_compute_can_send_back")

    @api.depends("can_decide", "process_id.stage")
    @api.depends_context("uid")
    def _compute_can_send_back(self):
        for task in self:
            process = task.process_id
            task.can_send_back = (
                task.can_decide and process._get_previous_stage() is not None
            )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_open_send_back(self):
        return self.process_id._get_decision_action("send_back")

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def _get_step_progress(self):
        active = self.filtered(lambda task: task.state == "active")
        returned = active.filtered("return_reason")[:1]
        return {
            **super()._get_step_progress(),
            "returned": returned.return_reason or False,
        }


class ApprovalProcess(models.Model):
    """How a request goes back to the step before, instead of starting over."""

    _inherit = "approval.process"

    def _get_previous_stage(self):
        """Return the number of the step before the one that is asked now, which may be
        several steps at the same time; nothing if there is none."""
        self.ensure_one()
        stages = self.sudo().task_ids.mapped("stage")
        return max((stage for stage in stages if stage < self.stage), default=None)

    def _send_back(self, reason):
        """Let the step before decide again: the same people, as they were named when
        the request was made.

        What was decided from that step on counts no more, also by others who are asked
        now. The log keeps it, and says that it does not count.

        :param str reason: required; who decides again and the requester read it
        :raises UserError: without a reason, when it is not the user's turn, or when
            nobody decided before
        :raises AccessError: when the user must not decide
        """
        reason = self._clean_text(reason)
        if not reason:
            raise UserError(
                self.env._("Say why: the step before must know what to look at.")
            )
        with self._moving() as processes:
            tasks = self._keep_to_one_step(processes._get_tasks_to_decide())
            for process in processes:
                process._ask_again(tasks & process.task_ids, reason)
            processes.env["approval.notice"]._tell_sent_back(processes, reason)

    def _ask_again(self, tasks, reason):
        """Ask the step before again.

        :param tasks: the user's tasks, whose step sends the request back
        """
        self.ensure_one()
        stage = self._get_previous_stage()
        if stage is None:
            raise UserError(
                self.env._(
                    "%(document)s: this is the first step, so nobody decided before. "
                    "Ask for information, or reject.",
                    document=self.document_name,
                )
            )
        again = self.task_ids.filtered(
            lambda task: (
                task.stage >= stage and task.state in ("active", "approved", "skipped")
            )
        )
        before = again.filtered(lambda task: task.stage == stage)
        details = {
            "steps": sorted({(task.step_key, task.step_name) for task in again}),
            "void": [
                [task.step_name, task.decided_by_id.id, task.user_id.id]
                for task in again.sorted("id")
                if task.state == "approved"
            ],
        }
        names = [f"“{step[0].step_name}”" for step in before._grouped_by_step()]
        comment = self.env._(
            "to %(steps)s: %(reason)s", steps=", ".join(names), reason=reason
        )
        for task in tasks:
            approver = task.user_id if task.user_id != self.env.user else None
            self._log(
                "sent_back",
                task.step_name,
                comment,
                on_behalf_of=approver,
                details=details,
                channel="screen",
            )
            details = None  # what counts no more is said once
        again._system_write({"state": "waiting", **dict.fromkeys(FORGOTTEN, False)})
        before._system_write({"return_reason": reason})
        self._system_write({"stage": stage})
        self._ask(before)


class ApprovalNotice(models.AbstractModel):
    """Who is asked again hears it like everybody who is asked; the requester, too."""

    _inherit = "approval.notice"

    @api.model
    def _tell_sent_back(self, processes, reason):
        for process in processes:
            requester = process.requester_id
            message = self._speak_to(requester)._(
                "%(document)s: %(user)s sent it back to the step before. %(reason)s",
                document=process.document_name,
                user=self.env.user.name,
                reason=reason,
            )
            self._notify(process, requester, message)
