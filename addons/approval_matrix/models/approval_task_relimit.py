from odoo import fields, models
from odoo.tools import SQL, sql

#: Working hours left to decide when shortening a limit would refuse at once.
GRACE_HOURS = 1.0


class ApprovalTask(models.Model):
    """Limits that change while the clock runs."""

    _inherit = "approval.task"

    rule_hours = fields.Float(
        readonly=True,
        help="Working hours the rule gave when it was asked; zero: no limit.",
    )

    def _auto_init(self):
        """Tasks from before this field have the limit of their rule."""
        cr = self.env.cr
        if sql.table_exists(cr, self._table) and not sql.column_exists(
            cr, self._table, "rule_hours"
        ):
            sql.create_column(cr, self._table, "rule_hours", "float8")
            cr.execute(SQL("UPDATE approval_task SET rule_hours = limit_hours"))
        return super()._auto_init()

    def _get_adapted_hours(self):
        self.ensure_one()
        document = self.process_id._get_document()._approval_neutral()
        return document._approval_adapt_hours(self.rule_hours, self.on_timeout)

    def _relimit(self, hours):
        """Give the tasks of one step another limit, and log it.

        :param float hours: working hours; zero: no limit
        """
        first = self[0]
        before = {"hours": first.limit_hours, "due": first._get_due_text()}
        for task in self:
            values = {"limit_hours": hours}
            if task.paused_at and task.due_at:
                used = task.limit_hours - task.hours_left
                values["hours_left"] = max(hours - used, 0.0)
            if task.state == "active":
                due = task._get_new_due(hours)
                values["due_at"] = due
                if not due or due > fields.Datetime.now():
                    values["timed_out_at"] = False  # the new limit counts anew
            task._engine_write(values)
        after = {"hours": hours, "due": first._get_due_text()}
        first.process_id._log(
            "relimited",
            first.step_name,
            self._get_limit_comment(before["hours"], hours),
            details={
                name: {key: str(value) for key, value in each.items()}
                for name, each in (("before", before), ("after", after))
            },
            channel="system",
        )

    def _get_new_due(self, hours):
        """Return when an active task is due with another limit.

        The working hours it has used so far count, without those in which it waited
        for information. Who has used up the new limit is late now, not in the past;
        and where being late refuses, they have a last hour.

        :param float hours: the new limit; zero: none
        """
        self.ensure_one()
        if not hours:
            return False
        company = self.company_id
        now = fields.Datetime.now()
        at = self.paused_at or now
        if self.due_at:
            left = company._approval_count_hours(at, self.due_at)
            late = company._approval_count_hours(self.due_at, at)
            used = self.limit_hours - left + late
        else:
            used = company._approval_count_hours(self.activated_at, at)
        left = hours - used
        if self.on_timeout == "reject" and left < GRACE_HOURS:
            last = company._approval_plan_hours(GRACE_HOURS, at)
            return (
                min(filter(None, (last, self.due_at))) if self._is_running() else last
            )
        return company._approval_plan_hours(left, at) or at if left > 0 else at

    def _is_running(self):
        """Tell whether there is a limit that is still to come."""
        return bool(self.due_at) and self.due_at > (
            self.paused_at or fields.Datetime.now()
        )

    def _get_limit_comment(self, before, after):
        values = {"before": before, "after": after}
        if not before:
            return self.env._("no limit → %(after)g working hours", **values)
        if not after:
            return self.env._("%(before)g working hours → no limit", **values)
        return self.env._("%(before)g → %(after)g working hours", **values)

    def _get_due_text(self):
        return fields.Datetime.to_string(self.due_at) or ""
