from odoo import api, fields, models
from odoo.tools import SQL, sql

from ..fingerprint import fingerprint, first_broken
from ..replay import Request, describe
from ..system import as_system
from ..two_persons import can_be_staffed

#: Requests whose logs are read together.
BATCH = 500
#: Findings that a notification has room for.
SHOWN = 10


class ApprovalProcess(models.Model):
    """One run of a rule over one document, with everything as it was at the start.

    This file holds the record; ``approval_process_flow`` moves it,
    ``approval_process_show`` says what people see of it.
    """

    _name = "approval.process"
    _description = "Approval Request"
    _inherit = ["approval.protected"]
    _order = "id desc"
    _rec_name = "document_name"

    res_model = fields.Char(string="Document Model", required=True, readonly=True)
    res_id = fields.Many2oneReference(
        string="Document ID", model_field="res_model", required=True, readonly=True
    )
    document_name = fields.Char(string="Document", readonly=True)
    about = fields.Char(readonly=True, help="What it is about, in one line.")
    is_urgent = fields.Boolean(readonly=True)
    company_id = fields.Many2one(
        "res.company", required=True, index=True, readonly=True, ondelete="restrict"
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(readonly=True, help="In company currency, when submitted.")
    threshold_amount = fields.Float(
        readonly=True, help="What ranges of rules were compared with."
    )
    tolerance = fields.Float(
        readonly=True, help="Percent of the amount, as the rule had it at the start."
    )
    allow_same_person = fields.Boolean(
        readonly=True,
        help="Whether one person may decide several steps, as the rule had it at the "
        "start.",
    )
    rule_id = fields.Many2one(
        "approval.rule", index=True, readonly=True, ondelete="set null"
    )
    requester_id = fields.Many2one(
        "res.users", required=True, index=True, readonly=True, ondelete="restrict"
    )
    editor_id = fields.Many2one(
        "res.users",
        string="Terms Last Edited By",
        index="btree_not_null",
        readonly=True,
        ondelete="restrict",
    )
    excluded_ids = fields.Json(
        string="Excluded Users",
        readonly=True,
        help="Who asked for the approval, or changed the terms since the last one.",
    )
    state = fields.Selection(
        [
            ("open", "Waiting for approval"),
            ("approved", "Approved"),
            ("rejected", "Rejected"),
            ("withdrawn", "Withdrawn"),
            ("superseded", "Superseded"),
            ("cancelled", "Cancelled"),
        ],
        required=True,
        default="open",
        readonly=True,
    )
    stage = fields.Integer(readonly=True, help="Number of the step that is asked now.")
    terms = fields.Json(readonly=True)
    terms_version = fields.Json(
        readonly=True, help="Version of the shape that the terms have."
    )
    fingerprint = fields.Char(readonly=True, help="Hash of the terms.")
    summary = fields.Json(readonly=True)
    submitted_at = fields.Datetime(readonly=True, required=True)
    closed_at = fields.Datetime(readonly=True)
    close_reason = fields.Text(readonly=True)
    revision = fields.Integer(
        readonly=True, default=0, help="Raised by each decision, to tell races."
    )
    log_count = fields.Integer(readonly=True)
    log_hash = fields.Char(readonly=True)
    task_ids = fields.One2many("approval.task", "process_id", readonly=True)
    log_ids = fields.One2many("approval.log", "process_id", readonly=True)
    holder_ids = fields.Many2many("res.users", compute="_compute_holder_ids")

    _one_open_per_document = models.UniqueIndex(
        "(res_model, res_id) WHERE state = 'open'",
        "This document already waits for an approval.",
    )
    _document = models.Index("(res_model, res_id)")

    def _auto_init(self):
        """Requests from before this field go on as they were started."""
        cr = self.env.cr
        if sql.table_exists(cr, self._table) and not sql.column_exists(
            cr, self._table, "allow_same_person"
        ):
            sql.create_column(cr, self._table, "allow_same_person", "bool")
            cr.execute(SQL("UPDATE approval_process SET allow_same_person = true"))
        return super()._auto_init()

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("task_ids.state", "task_ids.holder_id")
    def _compute_holder_ids(self):
        for process in self:
            active = process.sudo().task_ids.filtered(lambda t: t.state == "active")
            process.holder_ids = active.holder_id

    # ------------------------------------------------------------
    # DOCUMENT
    # ------------------------------------------------------------

    def _get_document(self):
        """Return the document with the system's rights, in its own company."""
        self.ensure_one()
        document = self._get_documents()[self.res_model]
        return document.with_company(self.sudo().company_id)

    def _get_documents(self):
        """Return the documents still there, as ``{model: records}``."""
        documents = {}
        for model, processes in self.grouped("res_model").items():
            records = self.env[model].sudo().browse(processes.mapped("res_id"))
            documents[model] = records._approval_existing()
        return documents

    def _has_terms_of(self, document):
        """Tell whether the document still has the terms of this request.

        Terms from before an update are compared in the shape they had.
        """
        self.ensure_one()
        process = self.sudo()
        version = process.terms_version or {}
        if version.keys() <= document._approval_terms_version().keys():
            return process.fingerprint == document._approval_fingerprint(version)
        # an addon that added to the terms is gone: what it added counts no more
        terms = as_system(document)._approval_terms()
        known = {name: each for name, each in process.terms.items() if name in terms}
        return fingerprint(known) == fingerprint(terms)

    def _has_been_about(self, fingerprint_before):
        """Tell whether the request is, or was until some news came, about these terms.

        :param str fingerprint_before: hash of the terms
        """
        self.ensure_one()
        process = self.sudo()
        return process.fingerprint == fingerprint_before or any(
            fingerprint(log.details["before"]) == fingerprint_before
            for log in process.log_ids
            if log.event == "kept"
        )

    # ------------------------------------------------------------
    # PEOPLE
    # ------------------------------------------------------------

    def _get_excluded_users(self):
        """Return whom the four-eyes rule keeps from deciding; some may be deleted."""
        self.ensure_one()
        return self.env["res.users"].browse(self.excluded_ids or ())

    def _may_take(self, user, step_key):
        """Tell whether a user may decide a step: two steps are two persons, unless the
        rule says otherwise.

        Not who decided another step; nor who is needed for another one, as long as
        there are different people for all of them. Where there are too few, whoever
        decides one step forwards the other.
        """
        self.ensure_one()
        if self.allow_same_person:
            return True
        tasks = self.sudo().task_ids
        approved = tasks.filtered(lambda task: task.state == "approved")
        if user in approved.filtered(lambda t: t.step_key != step_key).decided_by_id:
            return False
        before, after = [], []
        for step in tasks._grouped_by_step():
            needed = step[0].needed - len(step & approved)
            left = step.filtered(lambda task: task.state in ("waiting", "active"))
            people = set(left.user_id.ids) - set((approved - step).decided_by_id.ids)
            # where too few are left anyway, the requester was told
            before.append((people, min(needed, len(left.user_id))))
            needed -= step[0].step_key == step_key
            after.append((people - {user.id}, min(needed, len(left.user_id))))
        return can_be_staffed(after) or not can_be_staffed(before)

    def _concerns(self, user):
        """Tell whether the user asks or is asked: a refusal may tell them more."""
        people = self.requester_id | self.task_ids.user_id | self.task_ids.holder_id
        return user in people

    def _can_withdraw(self, user):
        self.ensure_one()
        return self.state == "open" and self.requester_id == user

    # ------------------------------------------------------------
    # LOG: whether it is what was written
    # ------------------------------------------------------------

    def action_verify_log(self):
        """Verify the hash chains of the selected requests, and that the requests are
        what their logs say; say what is not."""
        self.check_access("read")
        found = self.env["approval.verification"]._find_in_requests(self)
        if found:
            message = "\n".join(finding.text for finding in found[:SHOWN])
        else:
            message = self.env._(
                "%s logs are whole, and the requests are as they say.", len(self)
            )
        return {
            "type": "ir.actions.client",
            "tag": "display_notification",
            "params": {
                "message": message,
                "type": "danger" if found else "success",
                "sticky": bool(found),
            },
        }

    def _get_request(self):
        """Return the request as ``replay`` wants it."""
        self.ensure_one()
        return Request(
            state=self.state,
            terms=self.terms,
            fingerprint=self.fingerprint,
            excluded=tuple(self.excluded_ids or ()),
            amounts={
                "amount": self.amount,
                "threshold": self.threshold_amount,
                "tolerance": self.tolerance,
            },
        )

    def _describe_start(self):
        """Return what the first row of the log seals, to compare with later."""
        return describe(self._get_request(), self.task_ids._get_tasks())

    def _find_broken_log(self):
        """Verify the hash chain of each process.

        :return: ``{process: number of the first bad row, from 1}``; whole chains are
            left out
        """
        broken = {}
        for process in self.sudo():
            index = first_broken(process.log_ids._get_rows(), process.log_hash)
            if index is not None:
                broken[process] = index + 1
        return broken

    @api.model
    def _verify_logs(self, batch=BATCH):
        """Verify the log of every request, with the memory of one batch.

        :param int batch: how many requests are read at a time
        :return: generator of ``(how many were verified, what is broken)``, one pair
            for each batch
        """
        last = 0
        while processes := self.sudo().search(
            [("id", ">", last)], order="id", limit=batch
        ):
            last = processes[-1].id
            yield len(processes), processes._find_broken_log()
            self.env.invalidate_all()
