from odoo import api, fields, models

BATCH = 50


class ApprovalTask(models.Model):
    """Time limits: in working hours, for the step whose turn it is, once each."""

    _inherit = "approval.task"

    limit_hours = fields.Float(
        string="Time Limit", readonly=True, help="Working hours; zero: no limit."
    )
    on_timeout = fields.Selection(
        [("remind", "Remind"), ("escalate", "Escalate"), ("reject", "Reject")],
        readonly=True,
    )
    escalate_to = fields.Selection(
        [
            ("user", "A named user"),
            ("manager", "The approver's manager"),
            ("next", "The next step"),
        ],
        readonly=True,
    )
    escalation_user_id = fields.Many2one(
        "res.users", readonly=True, ondelete="restrict"
    )
    due_at = fields.Datetime(string="Due", readonly=True)
    timed_out_at = fields.Datetime(string="Limit Enforced On", readonly=True)
    paused_at = fields.Datetime(string="Waiting for Information Since", readonly=True)
    hours_left = fields.Float(
        readonly=True, help="Working hours that were left when the clock stopped."
    )
    question = fields.Text(readonly=True)

    _overdue = models.Index(
        "(due_at) WHERE state = 'active' AND timed_out_at IS NULL"
        " AND paused_at IS NULL AND due_at IS NOT NULL"
    )

    # ------------------------------------------------------------
    # CLOCK
    # ------------------------------------------------------------

    def _start_clock(self):
        """Set when tasks that are asked now are due."""
        by_limit = self.grouped(lambda task: (task.company_id, task.limit_hours))
        for (company, hours), tasks in by_limit.items():
            tasks._engine_write(self._prepare_clock_values(company, hours))

    @api.model
    def _prepare_clock_values(self, company, hours):
        """Return the values of a task that is asked from now on.

        :param company: whose working time counts
        :param float hours: working hours; zero: no limit
        """
        now = fields.Datetime.now()
        due = hours and company._approval_plan_hours(hours, now)
        return {"state": "active", "activated_at": now, "due_at": due or False}

    def _pause_clock(self, question):
        """Stop the clock until the requester has answered."""
        now = fields.Datetime.now()
        for task in self:
            company, due = task.company_id, task.due_at
            # counted now: the calendar may be another one when the clock goes on
            left = company._approval_count_hours(now, due) if due else 0.0
            task._engine_write(
                {"paused_at": now, "question": question, "hours_left": left}
            )

    def _resume_clock(self):
        """Go on with the hours that were left when the clock stopped."""
        now = fields.Datetime.now()
        for task in self:
            due = task.due_at
            if due:
                due = task.company_id._approval_plan_hours(task.hours_left, now)
            task._engine_write({"paused_at": False, "due_at": due or False})

    def _get_due_date(self):
        """Return the day of the limit, in the company's time zone; else today."""
        when = self.due_at or fields.Datetime.now()
        calendar = self.company_id.resource_calendar_id
        return fields.Datetime.context_timestamp(
            self.with_context(tz=calendar.tz), when
        ).date()

    # ------------------------------------------------------------
    # CRON
    # ------------------------------------------------------------

    @api.model
    def _cron_enforce_limits(self):
        """Remind, escalate or reject what is over its limit; several workers may.

        Each takes processes nobody else holds. What was done is marked in the same
        transaction, so that a killed worker neither loses nor repeats it.
        """
        domain = [
            ("state", "=", "active"),
            ("due_at", "<=", fields.Datetime.now()),
            ("timed_out_at", "=", False),
            ("paused_at", "=", False),
        ]
        remaining = self.search_count(domain)
        while remaining:
            tasks = self.search(domain, order="due_at, id", limit=BATCH)
            processes = tasks.process_id.try_lock_for_update()
            tasks = tasks.filtered(lambda task, mine=processes: task.process_id in mine)
            if not tasks:
                break
            for process, late in tasks.grouped("process_id").items():
                process._enforce_limit(late)
            remaining = max(0, remaining - len(tasks))
            if not self.env["ir.cron"]._commit_progress(
                len(tasks), remaining=remaining
            ):
                break
