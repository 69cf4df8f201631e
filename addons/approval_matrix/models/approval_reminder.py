from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_datetime

from ..batches import work_off
from . import approval_task_actions

#: Working hours before an automatic rejection at which people are told of it, unless
#: the step says otherwise.
WARNING_HOURS = 4.0
#: How long a requester waits before they remind the holders of a request again.
PATIENCE = timedelta(hours=4)


class ApprovalRuleStep(models.Model):
    """How often the holders of a step hear of it."""

    _inherit = "approval.rule.step"

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

    _reminders_not_negative = models.Constraint(
        "CHECK (repeat_hours >= 0 AND warning_hours >= 0)",
        "Hours cannot be negative.",
    )


class ApprovalTask(models.Model):
    """When the holder of a task is reminded again, and warned of what its limit does.

    Both moments follow the clock. What was told is written in the transaction that
    tells it, so that nobody is told twice.
    """

    _inherit = "approval.task"

    repeat_hours = fields.Float(readonly=True, help="As the rule had it at the start.")
    warning_hours = fields.Float(readonly=True, help="As the rule had it at the start.")
    remind_at = fields.Datetime(string="Reminded Again On", readonly=True)
    warn_at = fields.Datetime(string="Rejection Announced From", readonly=True)
    warned_at = fields.Datetime(string="Rejection Announced On", readonly=True)

    _reminded_again = models.Index(
        "(remind_at) WHERE state = 'active' AND remind_at IS NOT NULL"
    )
    _warned = models.Index(
        "(warn_at) WHERE state = 'active' AND warned_at IS NULL AND warn_at IS NOT NULL"
    )

    # ------------------------------------------------------------
    # CLOCK
    # ------------------------------------------------------------

    def _start_clock(self):
        result = super()._start_clock()
        self._follow_clock()
        return result

    def _resume_clock(self):
        result = super()._resume_clock()
        self._follow_clock()
        now = fields.Datetime.now()
        for task in self.filtered(lambda task: task.remind_at and task.remind_at < now):
            task._plan_reminder()
        return result

    def _set_limit(self, hours):
        result = super()._set_limit(hours)
        self._follow_clock()
        return result

    def _follow_clock(self):
        """Bring what is planned in line with when the tasks are due now."""
        now = fields.Datetime.now()
        anew = self.filtered(lambda task: task.remind_at and not task.timed_out_at)
        anew._system_write({"remind_at": False})
        for task in self.filtered(lambda task: task._has_warning()):
            at = task._get_warning_moment()
            values = {"warn_at": at}
            if at and at > now:
                values["warned_at"] = False  # of another limit than this one
            task._system_write(values)

    def _has_warning(self):
        """Tell whether the limit of the task rejects, after a warning."""
        self.ensure_one()
        return (
            self.state == "active"
            and bool(self.warning_hours)
            and self._get_timeout_action() == "reject"
        )

    def _get_warning_moment(self):
        """Return when people are told that the limit is about to reject."""
        self.ensure_one()
        if not self.due_at:
            return False
        since = self.counted_from or self.activated_at
        ahead = self.counted_hours if self.counted_from else self.limit_hours
        hours = ahead - min(self.warning_hours, self.limit_hours / 2)
        if hours <= 0:
            return since
        moment = self.company_id._approval_working_time().plan(hours, since)
        return min(moment or self.due_at, self.due_at)

    def _plan_reminder(self):
        """Say when the holders are reminded again, if they are."""
        now = fields.Datetime.now()
        for task in self.filtered("repeat_hours"):
            calendar = task.company_id._approval_working_time()
            task._system_write({"remind_at": calendar.plan(task.repeat_hours, now)})

    def _prepare_handed_over(self, user, origin):
        names = ("repeat_hours", "warning_hours")
        return [
            {**values, **{name: task[name] for name in names}}
            for task, values in zip(
                self, super()._prepare_handed_over(user, origin), strict=True
            )
        ]

    # ------------------------------------------------------------
    # CRON
    # ------------------------------------------------------------

    @api.model
    def _cron_enforce_limits(self):
        """After the limits: what is about to be rejected, and who is reminded again."""
        result = super()._cron_enforce_limits()
        running = [
            ("state", "=", "active"),
            ("paused_at", "=", False),
        ]
        now = fields.Datetime.now()
        to_warn = [*running, ("warn_at", "<=", now), ("warned_at", "=", False)]
        to_remind = [*running, ("remind_at", "<=", now)]
        cron, size = self.env["ir.cron"], approval_task_actions.BATCH
        work_off(cron, self, to_warn, "warn_at", self._warn_of_rejection, size)
        work_off(cron, self, to_remind, "remind_at", self._remind_again, size)
        return result

    @api.model
    def _warn_of_rejection(self, tasks):
        for process, warned in self._lock_processes(tasks):
            process._warn_of_rejection(warned)

    @api.model
    def _remind_again(self, tasks):
        for process, late in self._lock_processes(tasks):
            for step in late._grouped_by_step():
                process._remind_late(step)


class ApprovalProcess(models.Model):
    """Reminders: those of limits, and those of the requester."""

    _inherit = "approval.process"

    asked_again_at = fields.Datetime(
        string="Reminded On",
        readonly=True,
        help="When the requester last reminded those who hold it.",
    )
    can_remind = fields.Boolean(compute="_compute_can_remind")

    # ------------------------------------------------------------
    # REMINDERS OF THE REQUESTER
    # ------------------------------------------------------------

    @api.depends("state", "requester_id", "asked_again_at", "task_ids.state")
    @api.depends_context("uid")
    def _compute_can_remind(self):
        for process in self:
            process.can_remind = process._can_remind(self.env.user)

    def _can_remind(self, user):
        self.ensure_one()
        return (
            self.state == "open"
            and self.requester_id == user
            and bool(self._get_tasks_to_remind())
            and not self._get_patience_end()
        )

    def _get_tasks_to_remind(self):
        """Return what waits for somebody else than the requester."""
        return self.sudo().task_ids.filtered(
            lambda task: task.state == "active" and not task.paused_at
        )

    def _get_patience_end(self):
        """Return from when the requester may remind again; nothing if now."""
        self.ensure_one()
        then = self.asked_again_at and self.asked_again_at + PATIENCE
        return then if then and then > fields.Datetime.now() else None

    def action_remind(self):
        """Remind those who hold the requests now, as their requester.

        :raises UserError: for anybody else, when nobody else is waited for, or when
            they were reminded a short time ago
        """
        self.check_access("read")
        return self._remind()

    def _remind(self):
        """Tell the holders again. It decides nothing, and moves no limit.

        :return: the action that says who was told
        """
        with self._moving(remind=self._get_tasks_to_remind()) as processes:
            for process in processes:
                process._check_reminder()
            processes._system_write({"asked_again_at": fields.Datetime.now()})
            tasks = processes._get_tasks_to_remind()
            for step in tasks._grouped_by_step():
                names = ", ".join(task._get_holder_name() for task in step)
                step.process_id._log(
                    "reminded", step[0].step_name, names, channel="screen"
                )
            processes.env["approval.notice"]._tell_reminded(tasks)
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "type": "success",
                "message": self.env._(
                    "Reminded: %(holders)s",
                    holders=", ".join(tasks.holder_id.mapped("name")),
                ),
                "next": {"type": "ir.actions.act_window_close"},
            },
        }

    def _check_reminder(self):
        """Refuse reminders of others, and such as come too often."""
        self.ensure_one()
        values = {"document": self.document_name}
        if self.state != "open" or self.requester_id != self.env.user:
            raise UserError(
                self.env._(
                    "%(document)s: only %(requester)s can remind the approvers, while "
                    "the request is open.",
                    requester=self.requester_id.name,
                    **values,
                )
            )
        if not self._get_tasks_to_remind():
            raise UserError(self.env._("%(document)s waits for your answer.", **values))
        then = self._get_patience_end()
        if then:
            raise UserError(
                self.env._(
                    "%(document)s: they were reminded already. You can remind them "
                    "again from %(moment)s.",
                    moment=format_datetime(self.env, then, dt_format="short"),
                    **values,
                )
            )

    # ------------------------------------------------------------
    # START
    # ------------------------------------------------------------

    @api.model
    def _start(self, documents, routes, previous):
        processes = super()._start(documents, routes, previous)
        processes.sudo().task_ids._follow_clock()
        return processes

    def _prepare_step_values(self, steps, document):
        by_id = {step.id: step for step in steps}
        return [
            {
                **values,
                "repeat_hours": by_id[values["step_key"]].repeat_hours,
                "warning_hours": by_id[values["step_key"]].warning_hours,
            }
            for values in super()._prepare_step_values(steps, document)
        ]

    # ------------------------------------------------------------
    # TIME LIMITS
    # ------------------------------------------------------------

    @api.model
    def _move_limits(self, moved, clocks):
        result = super()._move_limits(moved, clocks)
        moved._follow_clock()
        return result

    def _remind_late(self, tasks):
        result = super()._remind_late(tasks)
        tasks.filtered("timed_out_at")._plan_reminder()
        self.env["approval.notice"]._tell_reminded(tasks)
        return result

    def _warn_of_rejection(self, tasks):
        """Tell holders and requester that the limit of these tasks is about to reject.

        :param tasks: active tasks of this request
        """
        self.ensure_one()
        tasks._system_write({"warned_at": fields.Datetime.now()})
        with self._moving(remind=tasks) as process:
            for step in tasks._grouped_by_step():
                names = ", ".join(task._get_holder_name() for task in step)
                process._log("warned", step[0].step_name, names, channel="system")
        notice = self.env["approval.notice"]
        notice._tell_before_rejection(tasks)


class ApprovalNotice(models.AbstractModel):
    """Reminders reach everybody: by our e-mail those who want e-mails, all others in
    their inbox."""

    _inherit = "approval.notice"

    @api.model
    def _tell_reminded(self, tasks):
        """Tell holders who get no e-mail of ours that somebody waits for them."""
        for task in tasks:
            env = self._speak_to(task.holder_id)
            message = env._(
                "%(document)s waits for your decision: %(step)s",
                document=task.document_name,
                step=task.step_name,
            )
            self._notify(task.process_id, task.holder_id, message, is_holder=True)

    @api.model
    def _tell_before_rejection(self, tasks):
        """Tell holders and requester what happens if nobody decides.

        :param tasks: active tasks of one request
        """
        process = tasks.process_id
        for user in tasks.holder_id | process.requester_id:
            env = self._speak_to(user)
            due = min(tasks.mapped("due_at"))
            message = env._(
                "%(document)s is rejected at %(moment)s unless somebody decides: "
                "step “%(step)s” waits for %(holders)s.",
                document=process.document_name,
                moment=format_datetime(env, due, tz=user.tz, dt_format="short"),
                step=tasks[0].step_name,
                holders=", ".join(task._get_holder_name() for task in tasks),
            )
            self._notify(process, user, message, is_holder=user in tasks.holder_id)

    @api.model
    def _speak_to(self, user):
        """Return an environment whose texts are in the language of a user."""
        return self.with_context(lang=user.lang or self.env.lang).env

    @api.model
    def _notify(self, process, user, message, is_holder=False):
        """Tell a user something about a request, on the screen and for later.

        :param bool is_holder: who gets our e-mail already, if e-mails are wanted
        """
        self._show(user, message)
        if is_holder and user.notification_type == "email" and user.email:
            return
        document = process._get_document()._approval_readable_by(user)
        if document and "message_ids" in document._fields:
            document.message_notify(
                partner_ids=user.partner_id.ids,
                # a header has one line, whatever somebody wrote
                subject=message.splitlines()[0],
                body=message,
            )
