import logging

from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.fields import Domain

from ..batches import work_off
from ..system import as_system

_logger = logging.getLogger(__name__)

#: Tasks over their limit that are dealt with in one transaction.
BATCH = 50
#: Tasks whose limits move together when working time changes.
RECOUNTED = 500


class ApprovalLimit(models.AbstractModel):
    """Time limits of steps: what the clock sets in motion, and what moves the clock.

    Clocks are read and set by the tasks themselves. What people were told is written in
    the transaction that tells it, so that nobody is told twice.
    """

    _name = "approval.limit"
    _description = "Time limits of approvals"

    # ------------------------------------------------------------
    # CRON
    # ------------------------------------------------------------

    @api.model
    def _enforce_all(self):
        """Remind, escalate or reject what is over its limit; then tell of what is about
        to be rejected, and remind again. Several workers may."""
        tasks = self.env["approval.task"]
        for by, done, act in (
            ("due_at", "timed_out_at", self._enforce_limit),
            ("warn_at", "warned_at", self._warn_of_rejection),
            ("remind_at", None, self._remind_again),
        ):
            domain = [
                ("state", "=", "active"),
                ("paused_at", "=", False),
                (by, "<=", fields.Datetime.now()),
                *([(done, "=", False)] if done else ()),
            ]

            def deal_with(batch, act=act):
                """Deal with those whose requests nobody else holds."""
                processes = batch.process_id.try_lock_for_update()
                free = batch.filtered(lambda task: task.process_id in processes)
                for process, due in free.grouped("process_id").items():
                    act(process, due)

            work_off(self.env["ir.cron"], tasks, domain, by, deal_with, BATCH)

    @api.model
    def _enforce_limit(self, process, tasks):
        """Do what the step says; where that is impossible, remind.

        :param tasks: active tasks of this request that are over their limit
        """
        tasks._system_write({"timed_out_at": fields.Datetime.now()})
        for step in tasks._grouped_by_step():
            # what follows on the limit of one step may end the others
            late = step.filtered(lambda task: task.state == "active")
            if late:
                self._enforce_step_limit(process, late)

    @api.model
    def _enforce_step_limit(self, process, tasks):
        action = tasks[0]._get_timeout_action()
        if action == "reject" and self._reject_late(process, tasks):
            return
        if action == "escalate" and self._escalate(process, tasks):
            return
        self._remind_late(process, tasks)
        if action != tasks[0]._get_timeout_action(by_rule=True):
            with process._moving():
                # what the rule says follows when the time the rule gives is over
                self._relimit_step(tasks, tasks[0].rule_hours)

    @api.model
    def _remind_again(self, process, tasks):
        for step in tasks._grouped_by_step():
            self._remind_late(process, step)

    @api.model
    def _remind_late(self, process, tasks):
        """Tell the holders of one step again that it waits for them."""
        with process._moving(remind=tasks) as moving:
            for task in tasks:
                name = task._get_holder_name()
                moving._log("reminded", task.step_name, name, channel="system")
        tasks.filtered("timed_out_at")._plan_reminder()
        self.env["approval.notice"]._tell_reminded(tasks)

    @api.model
    def _warn_of_rejection(self, process, tasks):
        """Tell holders and requester that the limit of these tasks is about to reject.

        :param tasks: active tasks of this request
        """
        tasks._system_write({"warned_at": fields.Datetime.now()})
        with process._moving(remind=tasks) as moving:
            for step in tasks._grouped_by_step():
                names = ", ".join(task._get_holder_name() for task in step)
                moving._log("warned", step[0].step_name, names, channel="system")
        self.env["approval.notice"]._tell_before_rejection(tasks)

    @api.model
    def _reject_late(self, process, tasks):
        """Reject, unless the document refuses to go back to its owner.

        :return: whether it was rejected
        """
        reason = process._in_words().env._(
            "Step “%(step)s”: nobody decided within %(hours)g working hours.",
            step=tasks[0].step_name,
            hours=tasks[0].limit_hours,
        )
        try:
            with self.env.cr.savepoint(), process._moving() as moving:
                moving._end("rejected", reason)
                moving._hand_back(reason)
                self.env["approval.notice"]._tell_rejected(moving, reason)
        except UserError as error:  # one document must not hold up all others
            _logger.warning("%s was not rejected: %s", process.document_name, error)
            return False
        return True

    @api.model
    def _escalate(self, process, tasks):
        """Hand the step to somebody else, or on to the next step.

        :return: whether there was somebody to hand it to
        """
        to_next = tasks[0].escalate_to == "next"
        if to_next and all(task.state != "waiting" for task in process.task_ids):
            return False
        with process._moving() as moving:
            if not to_next:
                return self._escalate_to_user(moving, tasks)
            step = tasks._get_steps().filtered(lambda task: task.state == "active")
            step._system_write({"state": "skipped"})
            moving._log("escalated", tasks[0].step_name, channel="system")
            moving._ask_next()._finish({})
        return True

    @api.model
    def _escalate_to_user(self, process, tasks):
        handed = False
        for task in tasks:
            user = task._get_escalation_user()
            asked = task._get_steps()
            # not whoever has a part in the step already, also on behalf: two parts
            # in one hand would make one person a quorum of two
            involved = asked.user_id | asked.holder_id | asked.decided_by_id
            free = user and process._may_take(user, task.step_key)
            if free and user not in involved | process._get_excluded_users():
                process._log("escalated", task.step_name, user.name, channel="system")
                process._hand_over(task, user, "escalation")
                handed = True
        return handed

    # ------------------------------------------------------------
    # OTHER LIMITS
    # ------------------------------------------------------------

    @api.model
    def _relimit(self, processes):
        """Bring the limits of steps that are not decided yet in line with the document.

        What the rule gave when the request was made is the base, so that a limit that
        was shortened grows back; later edits of the rule do not count. The log says
        what changed.
        """
        processes = processes.sudo()
        tasks = processes.task_ids.filtered(
            lambda task: task.state in ("waiting", "active")
        )
        limits = {task: self._get_adapted_hours(task) for task in tasks}
        changed = tasks.filtered(lambda task: limits[task] != task.limit_hours)
        turned = processes.filtered(
            lambda process: (
                process.urgency != process._get_document()._approval_urgency()
            )
        )
        with (changed.process_id | turned)._moving():
            for step in changed._grouped_by_step():
                self._relimit_step(step, limits[step[0]])
            for process in turned:
                urgency = {"urgency": process._get_document()._approval_urgency()}
                process._system_write(urgency)
                (tasks & process.task_ids)._system_write(urgency)

    @api.model
    def _relimit_step(self, tasks, hours):
        """Give the tasks of one step another limit, and log it.

        :param float hours: working hours; zero: no limit
        """
        first = tasks[0]
        comment = self._get_limit_comment(first.limit_hours, hours)
        before = first._get_limit_details()
        tasks._set_limit(hours)
        first.process_id._log(
            "relimited",
            first.step_name,
            comment,
            details={"before": before, "after": first._get_limit_details()},
            channel="system",
        )

    @api.model
    def _get_adapted_hours(self, task):
        """Return the limit that a task has under the document's present urgency."""
        document = as_system(task.process_id._get_document())
        return document._approval_adapt_hours(task.rule_hours, task.on_timeout)

    @api.model
    def _get_limit_comment(self, before, after):
        values = {"before": before, "after": after}
        if not before:
            return self.env._("no limit → %(after)g working hours", **values)
        if not after:
            return self.env._("%(before)g working hours → no limit", **values)
        return self.env._("%(before)g → %(after)g working hours", **values)

    # ------------------------------------------------------------
    # OTHER WORKING TIME
    # ------------------------------------------------------------

    @api.model
    def _recount(self, companies):
        """Working time changed: move the limits that are running.

        :param companies: whose working time it is
        """
        domain = [
            ("state", "=", "active"),
            ("company_id", "in", companies.ids),
            ("limit_hours", ">", 0),
            ("paused_at", "=", False),
        ]
        last, every = 0, self.env["approval.task"].sudo()
        while tasks := every.search(
            [*domain, ("id", ">", last)], order="id", limit=RECOUNTED
        ):
            last = tasks[-1].id
            clocks = tasks._get_recounted_clocks()
            moved = tasks.filtered(
                lambda task, clocks=clocks: (clocks[task].due or False) != task.due_at
            )
            with moved.process_id._moving():
                self._move_limits(moved, clocks)

    @api.model
    def _move_limits(self, moved, clocks):
        """Give tasks the due dates of these clocks, and log it."""
        now = fields.Datetime.now()
        groups = moved.grouped(
            lambda task: (task.step_name, task.due_at, clocks[task].due)
        )
        for (step_name, before, after), tasks in groups.items():
            values = {"due_at": after or False}
            if not after or after > now:
                values["timed_out_at"] = False  # the new limit counts anew
            tasks._system_write(values)
            tasks.process_id._log(
                "relimited",
                step_name,
                self.env._("working time changed"),
                details={
                    name: {"due": fields.Datetime.to_string(due) or ""}
                    for name, due in (("before", before), ("after", after))
                },
                channel="system",
            )
        moved._follow_clock()


class ResCompany(models.Model):
    """Running limits follow working time."""

    _inherit = "res.company"

    @api.model
    def _approval_working_time_changed(self, changed):
        """Move the running limits of companies whose working time changed."""
        super()._approval_working_time_changed(changed)
        if not self.env["approval.rule"]._get_all():
            return
        companies = self.sudo()
        domain = Domain("resource_calendar_id", "in", changed.calendars.ids)
        domain |= Domain("id", "in", changed.companies.ids)
        companies = companies.search(Domain.TRUE if changed.everybody else domain)
        as_system(self.env["approval.limit"], for_texts=True)._recount(companies)
