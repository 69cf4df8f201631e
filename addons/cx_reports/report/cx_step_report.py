from odoo import fields, models
from odoo.tools import SQL


class CxStepReport(models.Model):
    """What approvers decided, and how long it took: one row a step and approver.

    Everybody sees their own work; those who make the rules see all of it. Nothing ranks
    people.
    """

    _name = "cx.step.report"
    _description = "Load of Approvers"
    _inherit = ["cx.request.report"]
    _auto = False
    _order = "asked_at desc, id desc"
    _rec_name = "step_name"

    step_name = fields.Char(string="Step", readonly=True)
    user_id = fields.Many2one(
        "res.users",
        string="Person",
        readonly=True,
        help="Who decided; of what still waits, who holds it.",
    )
    state = fields.Selection(
        [
            ("active", "To decide"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
            ("forwarded", "Forwarded"),
        ],
        readonly=True,
    )
    asked_at = fields.Datetime(string="Asked", readonly=True)
    decided_at = fields.Datetime(string="Decided", readonly=True)
    due_at = fields.Datetime(string="Due", readonly=True)
    hours = fields.Float(
        string="Time to Decide (h)",
        readonly=True,
        aggregator="median",
        help="Working hours of the company from when the step was asked to the "
        "decision, minus those in which the step waited for an answer. Source: "
        "approval tasks and the approval log. Of several: the median.",
    )
    hours_p80 = fields.Float(
        string="Time to Decide, 4 of 5 (h)",
        readonly=True,
        aggregator="p80",
        help="Four of five steps were decided within these working hours, counted as "
        "the time to decide. Source: approval tasks and the approval log.",
    )
    hours_open = fields.Float(
        string="Open For (h)",
        readonly=True,
        aggregator="max",
        help="Working hours since it was asked, of steps that still wait. Of several: "
        "the longest. Source: approval tasks.",
    )
    in_time = fields.Selection(
        [("yes", "Within the Limit"), ("no", "Over the Limit")],
        string="Limit",
        readonly=True,
        help="Decided by the time it was due; what waits and is due already is over "
        "the limit. Nothing: there was no limit, or it is not over.",
    )
    in_time_rate = fields.Float(
        string="Within the Limit (%)",
        readonly=True,
        aggregator="avg",
        help="Steps within their limit ÷ steps within or over it. Source: approval "
        "tasks.",
    )

    _depends = {
        "approval.process": ["document_name", "res_model"],
        "approval.task": [
            "activated_at",
            "company_id",
            "decided_at",
            "decided_by_id",
            "due_at",
            "holder_id",
            "is_urgent",
            "process_id",
            "state",
            "step_name",
        ],
        "approval.log": ["date", "event", "process_id", "sequence", "user_id"],
    }

    @property
    def _table_query(self):
        self.env["approval.task"].flush_model(["company_id", "activated_at"])
        now = SQL("%s::timestamp", fields.Datetime.now())
        return SQL(
            """
            SELECT task.id, task.process_id, %(document)s AS document_name,
                   process.res_model AS document_model, task.step_name,
                   CASE WHEN task.state = 'active' THEN task.holder_id
                        ELSE COALESCE(task.decided_by_id, task.holder_id)
                   END AS user_id,
                   task.company_id, task.is_urgent, task.state,
                   task.activated_at AS asked_at, task.decided_at, task.due_at,
                   net.hours, net.hours AS hours_p80,
                   CASE WHEN task.state = 'active' THEN %(open)s END AS hours_open,
                   CASE kept.yes WHEN TRUE THEN 'yes' WHEN FALSE THEN 'no' END
                       AS in_time,
                   kept.yes::integer * 100.0 AS in_time_rate
              FROM approval_task task
              JOIN approval_process process ON process.id = task.process_id
         -- outer: where no hours are asked for, they are not joined
         LEFT JOIN (%(worktime)s) worktime ON worktime.company_id = task.company_id
         LEFT JOIN LATERAL (%(questions)s) questions (hours) ON TRUE
             CROSS JOIN LATERAL (
                SELECT CASE WHEN task.state <> 'active'
                            THEN %(total)s - COALESCE(questions.hours, 0) END
             ) net (hours)
             CROSS JOIN LATERAL (
                SELECT CASE WHEN task.state <> 'active'
                            THEN task.decided_at <= task.due_at
                            WHEN task.paused_at IS NULL AND task.due_at < %(now)s
                            THEN FALSE END
             ) kept (yes)
             WHERE task.state IN ('active', 'approved', 'rejected', 'forwarded')
               AND task.activated_at IS NOT NULL
               AND %(readable)s
            """,
            document=self.env["approval.process"]._field_to_sql(
                "process", "document_name"
            ),
            now=now,
            worktime=self._get_worktime_sql(
                self._get_firsts("approval_task", "activated_at")
            ),
            open=self._get_worked_sql(SQL("task.activated_at"), now),
            questions=self._get_questions_sql(
                SQL("task.process_id"),
                SQL("task.decided_at"),
                SQL(
                    """
                    asked.step_name = task.step_name
                    AND asked.date >= task.activated_at
                    """
                ),
            ),
            total=self._get_worked_sql(
                SQL("task.activated_at"), SQL("task.decided_at")
            ),
            readable=self._get_readable_sql("approval.task", SQL("task.id")),
        )
