from contextlib import contextmanager
from datetime import timedelta

from markupsafe import Markup, escape

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL, format_datetime, sql

from ..fingerprint import fingerprint, first_broken
from ..replay import Request, describe
from ..system import as_system
from ..two_persons import can_be_staffed

#: How long a requester waits before they remind the holders of a request again.
PATIENCE = timedelta(days=1)
#: How urgent what was kept is that only says whether it is.
FROM_FLAG = SQL("COALESCE(is_urgent, FALSE)::integer")
#: The language of texts for whoever has none.
SOURCE = "en_US"
#: Key among what the transaction remembers: what is logged together.
TOGETHER = "approval_matrix.logged_together"


class ApprovalProcess(models.Model):
    """One run of a rule over one document, with everything as it was at the start.

    This file holds the record, its log, and who may do what; ``approval_process_flow``
    moves it, and ``approval_process_display`` says what people see of it.
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
    document_name = fields.Char(
        string="Document",
        readonly=True,
        translate=True,
        help="What it was called when it was submitted, as each reader calls it.",
    )
    about_kept = fields.Char(
        string="About, as Kept",
        readonly=True,
        help="What it is about, in one line, as it was first told.",
    )
    about_words = fields.Json(
        string="About by Language",
        readonly=True,
        help="The same by language: as whoever asked and those who are asked read it.",
    )
    about = fields.Char(
        compute="_compute_about",
        search="_search_about",
        help="What it is about, in one line, in the reader's language.",
    )
    urgency = fields.Integer(
        readonly=True, help="The higher, the sooner it is shown. Zero: not urgent."
    )
    is_urgent = fields.Boolean(
        compute="_compute_is_urgent", store=True, precompute=True
    )
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
    rule_words = fields.Json(
        readonly=True,
        help="Name and condition of the rule when it was submitted, and in which "
        "language.",
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
    asked_again_at = fields.Datetime(
        string="Reminded On",
        readonly=True,
        help="When the requester last reminded those who hold it.",
    )
    close_reason = fields.Text(readonly=True)
    revision = fields.Integer(
        readonly=True, default=0, help="Raised by each decision, to tell races."
    )
    log_count = fields.Integer(readonly=True)
    log_hash = fields.Char(readonly=True)
    task_ids = fields.One2many("approval.task", "process_id", readonly=True)
    log_ids = fields.One2many("approval.log", "process_id", readonly=True)
    holder_ids = fields.Many2many("res.users", compute="_compute_holder_ids")
    can_remind = fields.Boolean(compute="_compute_can_remind")

    _one_open_per_document = models.UniqueIndex(
        "(res_model, res_id) WHERE state = 'open'",
        "This document already waits for an approval.",
    )
    _document = models.Index("(res_model, res_id)")

    def _auto_init(self):
        """Requests from before these fields go on as they were started."""
        cr = self.env.cr
        if sql.table_exists(cr, self._table):
            if not sql.column_exists(cr, self._table, "allow_same_person"):
                sql.create_column(cr, self._table, "allow_same_person", "bool")
                cr.execute(SQL("UPDATE approval_process SET allow_same_person = true"))
            if not sql.column_exists(cr, self._table, "urgency"):
                sql.create_column(cr, self._table, "urgency", "int4")
                cr.execute(SQL("UPDATE approval_process SET urgency = %s", FROM_FLAG))
        return super()._auto_init()

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("urgency")
    def _compute_is_urgent(self):
        for process in self:
            process.is_urgent = bool(process.urgency)

    @api.depends("task_ids.state", "task_ids.holder_id")
    def _compute_holder_ids(self):
        for process in self:
            active = process.sudo().task_ids.filtered(lambda t: t.state == "active")
            process.holder_ids = active.holder_id

    @api.depends("state", "requester_id", "asked_again_at", "task_ids.state")
    @api.depends_context("uid")
    def _compute_can_remind(self):
        for process in self:
            process.can_remind = process._can_remind(self.env.user)

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

    def _get_granted_terms(self):
        """Return the terms as they were approved, before changes that were kept."""
        kept = self._get_first_kept()
        return kept["before"] if kept else self.terms

    def _get_granted_version(self):
        """Return the version of the shape of those terms."""
        kept = self._get_first_kept()
        return kept.get("version", self.terms_version) if kept else self.terms_version

    def _get_first_kept(self):
        """Return what was kept first after the approval; before it, news is no change
        of what was granted."""
        granted = self.log_ids.filtered(lambda log: log.event == "granted")[-1:]
        kept = self.log_ids.filtered(
            lambda log: log.event == "kept" and log.sequence > granted.sequence
        )[:1]
        return granted and kept.details

    # ------------------------------------------------------------
    # LANGUAGE
    # ------------------------------------------------------------

    def _in_words(self, requester=None):
        """Return the requests in the language in which what happens to them is kept:
        that of the call. Programs and the system have none: then it is the requester's.

        :param requester: of requests that are not there yet
        """
        lang = not self.env.lang and (requester or self.requester_id[:1]).sudo().lang
        return self.with_context(lang=lang) if lang and lang != SOURCE else self

    def _prepare_words(self, document, users):
        """Return what is kept in the languages of those who are asked, as values.

        :param document: as the system
        :param users: whose languages, besides that of the summary that is kept
        """
        self.ensure_one()
        process = self.sudo()
        words = process.about_words or {}
        languages = sorted({user.sudo().lang or SOURCE for user in users} - {*words})
        if not languages:
            return {}
        said = {
            lang: document.with_context(lang=lang)
            ._approval_for_texts()
            ._approval_summary()
            for lang in languages
        }
        abouts = {lang: summary["about"] for lang, summary in said.items()}
        return {
            "about_words": {**words, **abouts},
            "summary": {**process.summary, "said": said},
        }

    def _keep_names(self, document):
        """Keep what the document is called in each language that people read here.

        Some are called after amounts and what those are for, and not all who read of
        a request may read its document. A language that comes later has the English
        name.

        :param document: as the system
        """
        self.ensure_one()
        languages = [lang for lang, _name in self.env["res.lang"].get_installed()]
        # the one that stands in for others first
        for lang in sorted(languages, key=lambda lang: lang != SOURCE):
            spoken = document.with_context(lang=lang)._approval_for_texts()
            process = self.sudo().with_context(lang=lang)
            if spoken.display_name != process.document_name:
                process._system_write({"document_name": spoken.display_name})

    def _get_kept_summary(self):
        """Return the terms in words as they were kept, in the reader's language if
        somebody who was asked reads it too."""
        self.ensure_one()
        summary = self.sudo().summary or {}
        return summary.get("said", {}).get(self.env.lang or SOURCE) or summary

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

    def _can_remind(self, user):
        self.ensure_one()
        return (
            self.state == "open"
            and self.requester_id == user
            and bool(self._get_tasks_to_remind())
        )

    def _get_unanswered(self):
        """Return the tasks whose approvers wait for an answer of the requester."""
        return self.sudo().task_ids.filtered(
            lambda task: task.state == "active" and task.paused_at
        )

    def _get_waiting_for_others(self):
        """Return what waits for somebody else than the requester."""
        return self.sudo().task_ids.filtered(
            lambda task: task.state == "active" and not task.paused_at
        )

    def _get_tasks_to_remind(self):
        """Return of these what the requester may remind of now: once a day, and at once
        whoever was asked after the last reminder."""
        since = fields.Datetime.now() - PATIENCE

        def is_to_remind(task):
            last = task.process_id.asked_again_at
            return not last or last <= since or last < task.activated_at

        return self._get_waiting_for_others().filtered(is_to_remind)

    # ------------------------------------------------------------
    # CHECKS: who may decide
    # ------------------------------------------------------------

    def _get_tasks_to_decide(self):
        """Return the tasks that wait for the user, one at least for each request.

        :raises UserError: when it is not the user's turn, see ``_check_decision``
        :raises AccessError: when the user must not decide
        """
        tasks = self.task_ids._may_be_decided_by(self.env.user)
        self._check_decisions(tasks)
        return tasks

    @api.model
    def _keep_to_one_step(self, tasks):
        """Return those tasks that the user may decide in one go: of several steps the
        first that leaves somebody else for the others, unless the rule lets one person
        decide them all.

        :raises AccessError: when the user decided another step, or is needed for one
        """
        kept = tasks.browse()
        for process, own in tasks.grouped("process_id").items():
            steps = own._grouped_by_step()
            if not process.allow_same_person:
                free = [
                    step
                    for step in steps
                    if process._may_take(self.env.user, step[0].step_key)
                ]
                if not free:
                    raise AccessError(
                        self.env._(
                            "%(document)s: two steps are two persons. You have decided "
                            "another step of this request, or are needed for one. "
                            "Leave this one to the others, or forward it.",
                            document=process.document_name,
                        )
                    )
                steps = free[:1]
            kept = kept.union(*steps)
        return kept

    def _map_documents(self):
        """Return the document of each request, as far as they are still there."""
        documents = {
            (model, document.id): document
            for model, found in self._get_documents().items()
            for document in found
        }
        keys = {process: (process.res_model, process.res_id) for process in self}
        return {
            process: documents[key] for process, key in keys.items() if key in documents
        }

    def _check_decisions(self, tasks):
        """Check each request with those of the tasks that are its own."""
        documents = self._map_documents()
        for process in self:
            document = documents.get(process, self.env[process.res_model])
            process._check_decision(tasks & process.task_ids, document)

    def _check_decision(self, tasks, document):
        """Refuse whoever must not decide, and decisions on what is not there."""
        self.ensure_one()
        if self.state != "open":
            raise UserError(
                self.env._(
                    "%(document)s: this request is closed (%(state)s).",
                    document=self.document_name,
                    state=self._get_label("state"),
                )
            )
        if not self.env.user._approval_able(self.company_id):
            raise AccessError(
                self.env._(
                    "%(user)s has no access to %(company)s and cannot approve there.",
                    user=self.env.user.name,
                    company=self.company_id.name,
                )
            )
        excluded = self._get_excluded_users() | document._approval_get_editors()
        if self.env.user in excluded:
            raise AccessError(
                self.env._(
                    "%(document)s: you asked for this approval or changed the terms, "
                    "so somebody else must decide.",
                    document=self.document_name,
                )
            )
        if not tasks:
            raise UserError(
                self.env._(
                    "%(document)s waits for %(holders)s, not for you.",
                    document=self.document_name,
                    holders=", ".join(self.holder_ids.mapped("name")),
                )
            )
        if not document or not self._has_terms_of(document):
            raise UserError(
                self.env._(
                    "%(document)s changed after it was submitted. "
                    "Ask %(requester)s to withdraw it and submit it again.",
                    document=self.document_name,
                    requester=self.requester_id.name,
                )
            )

    def _check_forward(self, user, tasks):
        """Refuse a chain that ends with the requester, or with somebody asked."""
        reason = self._why_not_forward(user, tasks)
        if reason:
            raise UserError(reason)

    def _why_not_forward(self, user, tasks):
        """Return why tasks cannot be forwarded to a user, in words; nothing if they
        can."""
        self.ensure_one()
        values = {"user": user.name, "document": self.document_name}
        if user in self._get_excluded_users():
            return self.env._(
                "%(user)s asked for this approval or changed the terms, and "
                "cannot approve it.",
                **values,
            )
        if not user.sudo()._approval_able(self.company_id):
            return self.env._(
                "%(user)s has no access to %(company)s and cannot approve there.",
                company=self.company_id.name,
                **values,
            )
        if not self._get_document()._approval_readable_by(user):
            return self.env._(
                "%(user)s may not open %(document)s, so cannot decide on it.", **values
            )
        if not all(self._may_take(user, key) for key in set(tasks.mapped("step_key"))):
            return self.env._(
                "%(user)s has decided another step of this request, or is needed "
                "for one: two steps are two persons.",
                **values,
            )
        asked = tasks._get_steps()
        if user in asked.user_id | asked.holder_id:
            return self.env._("%(user)s is asked in this step already.", **values)
        return ""

    def _find_candidates(self):
        """Return those to whom the user can forward all of these requests."""
        users = self.env["res.users"].sudo()
        if not self:
            return users
        users = users.search(
            [
                ("share", "=", False),
                *(("company_ids", "in", each.ids) for each in self.company_id),
            ]
        )
        for process in self.sudo():
            tasks = process.task_ids._may_be_decided_by(self.env.user)
            users = users.filtered(
                lambda user, process=process, tasks=tasks: (
                    not process._why_not_forward(user, tasks)
                )
            )
        return users

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
        if not self._get_waiting_for_others():
            raise UserError(self.env._("%(document)s waits for your answer.", **values))
        if not self._get_tasks_to_remind():
            then = self.asked_again_at + PATIENCE
            raise UserError(
                self.env._(
                    "%(document)s: they were reminded already. You can remind them "
                    "again from %(moment)s.",
                    moment=format_datetime(self.env, then, dt_format="short"),
                    **values,
                )
            )

    # ------------------------------------------------------------
    # LOG
    # ------------------------------------------------------------

    def _log(
        self,
        event,
        step_name=None,
        comment=None,
        on_behalf_of=None,
        details=None,
        **values,
    ):
        """Append a row to the log of each request, and tell the document's readers.

        :param details: for all of them, or a function that returns those of one
        :param values: of further fields of ``approval.log``
        """
        env = self._in_words().env
        events = env["approval.log"]._fields["event"]
        label = dict(events._description_selection(env))[event]
        if on_behalf_of:
            label = env._(
                "%(event)s on behalf of %(user)s", event=label, user=on_behalf_of.name
            )
        parts = [label, step_name, comment]
        note = escape(": ".join(part for part in parts if part))
        entries = [
            (
                process,
                {
                    "process_id": process.id,
                    "date": fields.Datetime.now(),
                    "event": event,
                    "user_id": self.env.uid,
                    "on_behalf_of_id": on_behalf_of and on_behalf_of.id,
                    "step_name": step_name,
                    "comment": comment,
                    "details": details(process) if callable(details) else details,
                    **values,
                },
                note,
            )
            for process in self
        ]
        together = self.env.cr.cache.get(TOGETHER)
        if together is None:
            self.env["approval.message"]._post(self._append(entries), with_tracked=True)
        else:
            together += entries

    @contextmanager
    def _logging_together(self):
        """Append what the block logs in one go: one insertion of rows, and one note for
        each document.

        In the block nobody reads the log, and nothing is rolled back by itself. The
        notes are still to be posted, see ``approval.message._post``.

        :return: a dictionary that has them when the block has ended, by document
        """
        memo = self.env.cr.cache
        entries = memo[TOGETHER] = []
        notes = {}
        try:
            yield notes
        finally:
            memo.pop(TOGETHER, None)
        notes.update(self._append(entries))

    @api.model
    def _append(self, entries):
        """Append rows to logs.

        :param entries: for each row its request, its values, and what it says
        :return: the notes for the readers of the documents, by document
        :rtype: dict
        """
        logs = self.env["approval.log"].sudo()
        logs._system_create([row for _process, row, _note in entries])
        notes = {}
        for process, _row, note in entries:
            notes.setdefault((process.res_model, process.res_id), []).append(note)
        processes = self.union(*(process for process, _row, _note in entries))
        return {
            document: Markup("<br/>").join(notes[model, document.id])
            for model, documents in processes._get_documents().items()
            for document in documents
        }

    @api.model
    def _log_tasks(self, tasks, event, comment=None, channel=None):
        """Append one row per task to the logs; it says for whom the user acted."""
        groups = tasks.grouped(
            lambda task: (task.step_key, task.step_name, task.user_id)
        )
        for (_key, step_name, approver), group in groups.items():
            group.process_id._log(
                event,
                step_name,
                comment,
                on_behalf_of=approver if approver != self.env.user else None,
                channel=channel,
            )

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
