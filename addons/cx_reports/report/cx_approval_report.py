from odoo import fields, models
from odoo.tools import SQL


class CxApprovalReport(models.Model):
    """How long documents waited for their approval: one row a request.

    Whoever may read a request sees its row.
    """

    _name = "cx.approval.report"
    _description = "Approval Speed"
    _inherit = ["cx.request.report"]
    _auto = False
    _order = "submitted_at desc, id desc"
    _rec_name = "document_name"

    rule_id = fields.Many2one("approval.rule", readonly=True)
    requester_id = fields.Many2one("res.users", readonly=True)
    state = fields.Selection(selection="_select_states", readonly=True)
    submitted_at = fields.Datetime(string="Submitted", readonly=True)
    granted_at = fields.Datetime(string="Granted", readonly=True)
    closed_at = fields.Datetime(string="Ended", readonly=True)
    is_granted = fields.Boolean(readonly=True)
    hours_total = fields.Float(
        string="Submitted to Granted (h)",
        readonly=True,
        aggregator="median",
        help="Working hours of the company from the submission to the last approval. "
        "Source: the approval log. Of several: the median.",
    )
    hours_questioned = fields.Float(
        string="Waiting for Answers (h)",
        readonly=True,
        aggregator="sum",
        help="Working hours from the question of an approver to the answer of the "
        "requester; questions at the same time count once, those without an answer "
        "not at all. Source: the approval log.",
    )
    hours = fields.Float(
        string="Approval Time (h)",
        readonly=True,
        aggregator="median",
        help="Working hours from submitted to granted, minus those from questioned to "
        "answered. Source: the approval log. Of several: the median, half of them "
        "were faster.",
    )
    hours_p80 = fields.Float(
        string="Approval Time, 4 of 5 (h)",
        readonly=True,
        aggregator="p80",
        help="Four of five requests were granted within these working hours, counted "
        "as the approval time. Source: the approval log.",
    )
    hours_p95 = fields.Float(
        string="Approval Time, 19 of 20 (h)",
        readonly=True,
        aggregator="p95",
        help="Nineteen of twenty requests were granted within these working hours, "
        "counted as the approval time. Source: the approval log.",
    )
    hours_open = fields.Float(
        string="Open For (h)",
        readonly=True,
        aggregator="max",
        help="Working hours since it was submitted, of requests that still wait. They "
        "are in no median. Of several: the longest. Source: requests for approval.",
    )

    _depends = {
        "approval.process": [
            "closed_at",
            "company_id",
            "document_name",
            "is_urgent",
            "requester_id",
            "res_model",
            "rule_id",
            "state",
            "submitted_at",
        ],
        "approval.log": ["date", "event", "process_id", "sequence", "user_id"],
    }

    def _select_states(self):
        """Return the states of requests, in the reader's language."""
        state = self.env["approval.process"]._fields["state"]
        return state._description_selection(self.env)

    @property
    def _table_query(self):
        self.env["approval.process"].flush_model(["company_id", "submitted_at"])
        return SQL(
            """
            WITH worktime AS MATERIALIZED (%(worktime)s)
            SELECT process.id, process.id AS process_id, %(document)s AS document_name,
                   process.res_model AS document_model, process.rule_id,
                   process.requester_id, process.company_id, process.is_urgent,
                   process.state, process.submitted_at,
                   granted.moment AS granted_at, process.closed_at,
                   granted.moment IS NOT NULL AS is_granted,
                   net.total AS hours_total,
                   COALESCE(questions.hours, 0) AS hours_questioned,
                   net.hours, net.hours AS hours_p80, net.hours AS hours_p95,
                   CASE WHEN process.state = 'open' THEN %(open)s END AS hours_open
              FROM approval_process process
              JOIN worktime ON worktime.company_id = process.company_id
             CROSS JOIN LATERAL (
                SELECT min(log.date) FROM approval_log log
                 WHERE log.process_id = process.id AND log.event = 'granted'
             ) granted (moment)
             CROSS JOIN LATERAL (%(questions)s) questions (hours)
             CROSS JOIN LATERAL (
                SELECT %(total)s, %(total)s - COALESCE(questions.hours, 0)
             ) net (total, hours)
             WHERE %(readable)s
            """,
            document=self.env["approval.process"]._field_to_sql(
                "process", "document_name"
            ),
            worktime=self._get_worktime_sql(
                self._get_firsts("approval_process", "submitted_at")
            ),
            open=self._get_worked_sql(
                SQL("process.submitted_at"), SQL("%s::timestamp", fields.Datetime.now())
            ),
            questions=self._get_questions_sql(
                SQL("process.id"), SQL("granted.moment"), SQL("TRUE")
            ),
            total=self._get_worked_sql(
                SQL("process.submitted_at"), SQL("granted.moment")
            ),
            readable=self._get_readable_sql("approval.process", SQL("process.id")),
        )
