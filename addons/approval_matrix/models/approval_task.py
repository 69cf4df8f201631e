from contextlib import suppress

from odoo import api, fields, models
from odoo.tools import SQL, sql

from ..clock import Clock
from ..replay import Task
from .approval_log import CHANNELS
from .approval_process import FROM_FLAG
from .approval_rule_step import ESCALATE_TO, ON_TIMEOUT


class ApprovalTask(models.Model):
    """One approver's part in one step of a request, named when it was asked.

    This file holds the record and its clock; ``approval_holder`` finds its holder,
    ``approval_task_actions`` has what sets it in motion, and ``approval_task_card``
    what people see of it first.
    """

    _name = "approval.task"
    _description = "Approval Task"
    _inherit = ["approval.protected"]
    _order = "urgency desc, due_at, activated_at, id"
    _rec_name = "step_name"
    _rec_names_search = ["document_name", "step_name"]

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
    unable_id = fields.Many2one(
        "res.users",
        string="Cannot Stand In",
        readonly=True,
        ondelete="restrict",
        help="The substitute of an approver who is away, if the task stays with the "
        "approver all the same.",
    )
    can_decide = fields.Boolean(compute="_compute_can_decide")
    can_send_back = fields.Boolean(compute="_compute_can_send_back")
    is_answered = fields.Boolean(
        string="Answered",
        compute="_compute_is_answered",
        search="_search_is_answered",
        compute_sudo=True,
        help="It waits again, as a question about it is answered.",
    )
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
    channel = fields.Selection(CHANNELS, readonly=True)
    comment = fields.Text(readonly=True)

    limit_hours = fields.Float(
        string="Time Limit", readonly=True, help="Working hours; zero: no limit."
    )
    rule_hours = fields.Float(
        readonly=True,
        help="Working hours the rule gave when it was asked; zero: no limit.",
    )
    on_timeout = fields.Selection(ON_TIMEOUT, readonly=True)
    escalate_to = fields.Selection(ESCALATE_TO, readonly=True)
    escalation_user_id = fields.Many2one(
        "res.users", readonly=True, ondelete="restrict"
    )
    due_at = fields.Datetime(string="Due", readonly=True)
    timed_out_at = fields.Datetime(string="Limit Enforced On", readonly=True)
    paused_at = fields.Datetime(string="Waiting for Information Since", readonly=True)
    hours_left = fields.Float(
        readonly=True, help="Working hours that were left when the clock stopped."
    )
    counted_from = fields.Datetime(
        readonly=True, help="From when the hours until it is due count."
    )
    counted_hours = fields.Float(
        readonly=True, help="Working hours from then until it is due."
    )
    question = fields.Text(readonly=True)
    repeat_hours = fields.Float(readonly=True, help="As the rule had it at the start.")
    warning_hours = fields.Float(readonly=True, help="As the rule had it at the start.")
    remind_at = fields.Datetime(string="Reminded Again On", readonly=True)
    warn_at = fields.Datetime(string="Rejection Announced From", readonly=True)
    warned_at = fields.Datetime(string="Rejection Announced On", readonly=True)
    return_reason = fields.Text(
        string="Sent Back", readonly=True, help="Why the step is decided again."
    )

    document_name = fields.Char(related="process_id.document_name")
    about = fields.Char(
        compute="_compute_about",
        search="_search_about",
        compute_sudo=True,
        help="As that of the request, without the level, which stands beside it.",
    )
    urgency = fields.Integer(readonly=True, help="As that of the request.")
    is_urgent = fields.Boolean(
        compute="_compute_is_urgent", store=True, precompute=True
    )
    requester_id = fields.Many2one(related="process_id.requester_id")
    amount = fields.Monetary(related="process_id.amount")
    currency_id = fields.Many2one(related="process_id.currency_id")
    summary_html = fields.Html(related="process_id.summary_html", sanitize=False)
    changes_html = fields.Html(related="process_id.changes_html", sanitize=False)
    progress = fields.Json(related="process_id.progress")

    _inbox = models.Index(
        "(holder_id, urgency DESC, due_at, activated_at, id) WHERE state = 'active'"
    )
    _approver = models.Index("(user_id, process_id)")
    _asked = models.Index("(user_id) WHERE state = 'active'")
    _holder = models.Index("(holder_id, process_id)")
    _decided = models.Index(
        "(decided_by_id, decided_at DESC) WHERE decided_by_id IS NOT NULL"
    )
    _once_per_step = models.UniqueIndex("(process_id, step_key, user_id)")
    _overdue = models.Index(
        "(due_at) WHERE state = 'active' AND timed_out_at IS NULL"
        " AND paused_at IS NULL AND due_at IS NOT NULL"
    )
    _reminded_again = models.Index(
        "(remind_at) WHERE state = 'active' AND remind_at IS NOT NULL"
    )
    _warned = models.Index(
        "(warn_at) WHERE state = 'active' AND warned_at IS NULL AND warn_at IS NOT NULL"
    )

    def _auto_init(self):
        """Tasks from before these fields have the limit of their rule, and are as
        urgent as any other that is."""
        cr = self.env.cr
        if sql.table_exists(cr, self._table):
            if not sql.column_exists(cr, self._table, "rule_hours"):
                sql.create_column(cr, self._table, "rule_hours", "float8")
                cr.execute(SQL("UPDATE approval_task SET rule_hours = limit_hours"))
            if not sql.column_exists(cr, self._table, "urgency"):
                sql.create_column(cr, self._table, "urgency", "int4")
                cr.execute(SQL("UPDATE approval_task SET urgency = %s", FROM_FLAG))
        return super()._auto_init()

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("document_name", "step_name")
    def _compute_display_name(self):
        """Breadcrumbs and tabs of a browser name the document first: a step is called
        the same in many requests."""
        for task in self:
            names = (task.document_name, task.step_name)
            task.display_name = ": ".join(filter(None, names))

    @api.depends("process_id.about", "is_urgent")
    @api.depends_context("lang")
    def _compute_about(self):
        cards = self.env["approval.card"]
        levels = cards._read_levels(self)
        for task in self:
            process = task.process_id
            task.about = cards._tell_about(process, levels.get(process))

    @api.model
    def _search_about(self, operator, value):
        return [("process_id.about", operator, value)]

    @api.depends("urgency")
    def _compute_is_urgent(self):
        for task in self:
            task.is_urgent = bool(task.urgency)

    @api.depends("state", "user_id", "holder_id")
    @api.depends_context("uid")
    def _compute_can_decide(self):
        mine = self._may_be_decided_by(self.env.user)
        for task in self:
            task.can_decide = task in mine

    @api.depends("state", "paused_at", "activated_at", "process_id.log_ids")
    def _compute_is_answered(self):
        waiting = self.filtered(lambda task: task.state == "active")
        waiting -= waiting.filtered("paused_at")
        groups = self.env["approval.log"]._read_group(
            [
                ("process_id", "in", waiting.process_id.ids),
                ("event", "=", "answered"),
            ],
            ["process_id"],
            ["date:max"],
        )
        last = dict(groups)
        for task in self:
            answered_at = task in waiting and last.get(task.process_id)
            task.is_answered = answered_at and answered_at >= task.activated_at

    def _search_is_answered(self, operator, value):
        if operator != "in":
            return NotImplemented
        self.flush_model(["state", "paused_at", "activated_at"])
        answered = SQL(
            """
            (SELECT task.id
               FROM approval_task task
               JOIN approval_log log ON log.process_id = task.process_id
              WHERE task.state = 'active'
                AND task.paused_at IS NULL
                AND log.event = 'answered'
                AND log.date >= task.activated_at)
            """
        )
        return [("id", "in" if True in value else "not in", answered)]

    @api.depends("can_decide", "process_id.stage")
    @api.depends_context("uid")
    def _compute_can_send_back(self):
        for task in self:
            process = task.process_id.sudo()
            before = process.task_ids._get_stage_before(process.stage)
            task.can_send_back = task.can_decide and before is not None

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def _may_be_decided_by(self, user):
        """Return those tasks that wait for the user, who may be a substitute."""
        return self.filtered(
            lambda task: (
                task.state == "active" and user in (task.holder_id, task.user_id)
            )
        )

    def _grouped_by_step(self):
        """Return the tasks of each step, in the order they are asked."""
        ordered = self.sorted(lambda task: (task.stage, task.step_key, task.id))
        return list(
            ordered.grouped(lambda task: (task.process_id, task.step_key)).values()
        )

    def _get_steps(self):
        """Return all tasks of the steps that these belong to."""
        keys = {(task.process_id, task.step_key) for task in self}
        return self.process_id.task_ids.filtered(
            lambda task: (task.process_id, task.step_key) in keys
        )

    def _get_stage_before(self, stage):
        """Return the number of the step before another one, which may be several steps
        at the same time; nothing if there is none."""
        return max(
            (each for each in self.mapped("stage") if each < stage), default=None
        )

    def _get_tasks(self):
        """Return the tasks as ``replay`` wants them."""
        return [
            Task(
                key=task.step_key,
                step=task.step_name,
                stage=task.stage,
                needed=task.needed,
                user=task.user_id.id,
                holder=task.holder_id.id,
                origin=task.origin,
                state=task.state,
                decided_by=task.decided_by_id.id,
            )
            for task in self
        ]

    def _leave_other_steps(self):
        """Whoever has approved these tasks is not asked in other steps any more, where
        others can decide them.

        :return: tasks of other steps that the user holds for others: they must move
        """
        user = self.env.user
        apart = self.process_id.filtered(lambda process: not process.allow_same_person)
        others = apart.task_ids.filtered(
            lambda task: task.state in ("waiting", "active")
        )
        others -= self._get_steps()
        mine = others.filtered(lambda task: task.user_id == user)
        for task in mine:
            step = task._get_steps()
            left = step.filtered(lambda t: t.state in ("waiting", "active", "approved"))
            if len(left - task) >= task.needed:
                task._system_write({"state": "skipped"})
        return others.filtered(
            lambda task: task.state == "active" and task.holder_id == user
        )

    def _filter_decided_steps(self):
        """Return those tasks whose step has the approvals it needs."""

        def is_decided(task):
            step = task._get_steps()
            approved = step.filtered(lambda other: other.state == "approved")
            return len(approved) >= task.needed

        return self.filtered(is_decided)

    def _get_holder_name(self):
        if not self.is_substituted:
            return self.user_id.name
        return self.env._(
            "%(substitute)s for %(approver)s",
            substitute=self.holder_id.name,
            approver=self.user_id.name,
        )

    def _get_decider_name(self):
        return self.decided_by_id._approval_name_for(self.user_id)

    # ------------------------------------------------------------
    # WRITING
    # ------------------------------------------------------------

    def _write_multi(self, vals_list):
        """Update all in one statement, whichever of their columns changed.

        Odoo takes a statement for each set of columns: one for the task that is
        decided, another one for those that are asked next. Here what did not change is
        written as it is; the request is locked, so that nobody else has changed it.
        """
        names = dict.fromkeys(name for vals in vals_list for name in vals)
        with suppress(KeyError):  # what was not read is not known
            vals_list = [
                {
                    name: vals[name]
                    if name in vals
                    else self._fields[name].get_column_update(task)
                    for name in names
                }
                for task, vals in zip(self, vals_list, strict=True)
            ]
        return super()._write_multi(vals_list)

    # ------------------------------------------------------------
    # CLOCK
    # ------------------------------------------------------------

    def _is_late(self):
        return bool(self.due_at) and self.due_at < fields.Datetime.now()

    def _get_clock(self):
        """Return the clock of a task that is asked, see ``clock``."""
        self.ensure_one()
        return Clock(
            self.limit_hours,
            self.activated_at,
            self.due_at or None,
            self.paused_at or None,
            self.hours_left,
            self.counted_from or None,
            self.counted_hours,
        )

    @api.model
    def _prepare_due_values(self, clock):
        """Return the values that say when a task is due, and how that was counted."""
        return {
            "due_at": clock.due or False,
            "counted_from": clock.since or False,
            "counted_hours": clock.ahead,
        }

    def _start_clock(self):
        """Set when tasks that are asked now are due."""
        by_limit = self.grouped(lambda task: (task.company_id, task.limit_hours))
        for (company, hours), tasks in by_limit.items():
            tasks._system_write(self._prepare_clock_values(company, hours))
        self._follow_clock()

    @api.model
    def _prepare_clock_values(self, company, hours):
        """Return the values of a task that is asked from now on.

        :param company: whose working time counts
        :param float hours: working hours; zero: no limit
        """
        now = fields.Datetime.now()
        clock = Clock.start(company._approval_working_time(), hours, now)
        due = self._prepare_due_values(clock)
        return {"state": "active", "activated_at": now, **due}

    def _pause_clock(self, question):
        """Stop the clock until the requester has answered."""
        now = fields.Datetime.now()
        for task in self:
            calendar = task.company_id._approval_working_time()
            clock = task._get_clock().pause(calendar, now)
            task._system_write(
                {"paused_at": now, "question": question, "hours_left": clock.left}
            )

    def _resume_clock(self):
        """Go on with the hours that were left when the clock stopped."""
        now = fields.Datetime.now()
        for task in self:
            calendar = task.company_id._approval_working_time()
            clock = task._get_clock().resume(calendar, now)
            task._system_write({"paused_at": False, **self._prepare_due_values(clock)})
        self._follow_clock()
        for task in self.filtered(lambda task: task.remind_at and task.remind_at < now):
            task._plan_reminder()

    def _set_limit(self, hours):
        """Give tasks another limit, whether their turn has come or not.

        :param float hours: working hours; zero: no limit
        """
        now = fields.Datetime.now()
        for task in self:
            values = {"limit_hours": hours}
            if task.state == "active":
                clock = task._get_clock().relimit(
                    task.company_id._approval_working_time(),
                    hours,
                    now,
                    refuses=task.on_timeout == "reject",
                )
                values |= self._prepare_due_values(clock)
                values["hours_left"] = clock.left
                if not clock.due or clock.due > now:
                    values["timed_out_at"] = False  # the new limit counts anew
            task._system_write(values)
        self._follow_clock()

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

    def _get_timeout_action(self, by_rule=False):
        """Return what follows when the limit is over.

        Urgency shortens time, never control. What the rule says of steps without a
        limit was never meant. And a step is passed over only when the time is over that
        the rule gives.

        :param bool by_rule: when that time is over
        """
        self.ensure_one()
        if not self.rule_hours:
            return "remind"
        passes_over = self.on_timeout == "escalate" and self.escalate_to == "next"
        if passes_over and not by_rule and self.limit_hours < self.rule_hours:
            return "remind"
        return self.on_timeout

    def _get_recounted_clocks(self):
        """Return the clock of each task by the working time as it is now.

        Working time is read once for all of a company.
        """
        now = fields.Datetime.now()
        clocks = {}
        for company, tasks in self.grouped("company_id").items():
            starts = [*tasks.mapped("activated_at"), *tasks.mapped("counted_from")]
            calendar = company._approval_working_time().read_from(
                min(filter(None, starts))
            )
            for task in tasks:
                clocks[task] = task._get_clock().recount(
                    calendar, now, refuses=task.on_timeout == "reject"
                )
        return clocks

    def _get_due_date(self):
        """Return the day of the limit, in the company's time zone; else today."""
        return self.company_id._approval_day(self.due_at)

    def _get_limit_details(self):
        due = fields.Datetime.to_string(self.due_at) or ""
        return {"hours": str(self.limit_hours), "due": due}

    # ------------------------------------------------------------
    # HOLDERS
    # ------------------------------------------------------------

    def _has_able_holder(self):
        self.ensure_one()
        return self.state == "active" and self.holder_id._approval_able(self.company_id)

    def _get_escalation_user(self):
        """Return who is asked when the limit is over, if that user can be asked."""
        self.ensure_one()
        if self.escalate_to == "manager":
            user = self.user_id._approval_manager(self.company_id)
        else:
            user = self.escalation_user_id
        return user._approval_able(self.company_id)

    def _prepare_handed_over(self, user, origin):
        """Return the values of tasks that ask another user in the same steps.

        :param str origin: why, see :attr:`origin`
        """
        return [
            {
                "process_id": task.process_id.id,
                "company_id": task.company_id.id,
                "urgency": task.urgency,
                "step_key": task.step_key,
                "step_name": task.step_name,
                "stage": task.stage,
                "needed": task.needed,
                "limit_hours": task.limit_hours,
                "rule_hours": task.rule_hours,
                "repeat_hours": task.repeat_hours,
                "warning_hours": task.warning_hours,
                # a step changes hands by itself once, so that it never goes in circles
                "on_timeout": "remind" if origin == "escalation" else task.on_timeout,
                "escalate_to": task.escalate_to,
                "escalation_user_id": task.escalation_user_id.id,
                "user_id": user.id,
                "holder_id": user.id,
                "origin": origin,
                "origin_user_id": task.holder_id.id,
            }
            for task in self
        ]
