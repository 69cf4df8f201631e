from datetime import timedelta

from odoo import api, fields, models
from odoo.exceptions import RedirectWarning, UserError
from odoo.tools import format_amount

from ..compare import compare
from ..mail_link import ANSWERING
from ..one_by_one import for_each
from .approval_process import SOURCE

#: Findings that a notification has room for.
SHOWN = 10
#: What a screen or the link of an e-mail asks for, and what it comes to.
DECISIONS = {"approve": "approved", "reject": "rejected"}
#: Events of the log that say that a task went from one holder to another.
MOVED = ("substituted", "returned")
#: For how long whoever had a task is told that it is theirs no more: a page may have
#: held their decision back all night, on a computer that slept.
TOLD_FOR = timedelta(days=1)


class ApprovalProcess(models.Model):
    """What people see of a request: its terms in words, its steps, its history."""

    _inherit = "approval.process"

    summary_html = fields.Html(compute="_compute_summary_html", sanitize=False)
    previous_id = fields.Many2one(
        "approval.process",
        string="Previous Request",
        compute="_compute_previous_id",
        help="The last request for the same document that was approved.",
    )
    changes_html = fields.Html(
        string="What Changed", compute="_compute_changes_html", sanitize=False
    )
    progress = fields.Json(string="Steps", compute="_compute_progress")

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    def _compute_previous_id(self):
        for process in self:
            process.previous_id = self.sudo().search(
                [
                    ("res_model", "=", process.res_model),
                    ("res_id", "=", process.res_id),
                    ("id", "<", process.id),
                    ("log_ids.event", "=", "granted"),
                ],
                order="id desc",
                limit=1,
            )

    @api.depends("about_kept", "about_words")
    @api.depends_context("lang")
    def _compute_about(self):
        """As it was kept for whoever reads so, else as it is told while it stands."""
        lang = self.env.lang or SOURCE
        foreign = self.filtered(
            lambda process: process.about_words and lang not in process.about_words
        )
        said = foreign._get_summaries() if foreign else {}
        for process in self:
            kept = (process.about_words or {}).get(lang)
            told = said.get(process, {}).get("about")
            process.about = kept or told or process.about_kept

    @api.model
    def _search_about(self, operator, value):
        return [("about_kept", operator, value)]

    @api.depends("summary")
    @api.depends_context("lang")
    def _compute_summary_html(self):
        for process in self:
            process.summary_html = self.env["ir.qweb"]._render(
                "approval_matrix.summary", {"summary": process._get_summary()}
            )

    @api.depends("previous_id", "terms")
    @api.depends_context("lang")
    def _compute_changes_html(self):
        for process in self:
            previous = process.previous_id.sudo()
            process.changes_html = bool(previous) and self.env["ir.qweb"]._render(
                "approval_matrix.changes", {"changes": process._get_changes(previous)}
            )

    @api.depends("state", "task_ids.state")
    def _compute_progress(self):
        for process in self:
            process.progress = process._get_progress()

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_decide(self, decision, text=None, is_leaving=False):
        """Decide these requests, and no others of their documents.

        The screen calls it when it has held a decision back. A page that is left reads
        no answer: why it was refused comes as a notice. What the page had sent already
        when it was left is decided, and nobody hears that it cannot be decided again.

        Who stood in may not read it any more, and is told all the same that it is not
        in their hands, for as long as ``TOLD_FOR``.

        What cannot be decided of several does not keep the others, as where they are
        ticked in a list.

        :param str decision: ``approve`` or ``reject``
        :param str text: comment, or the reason, which is required
        :param bool is_leaving: whether nobody reads the answer
        :return: the action of the dialog that names which of several did not go; True
            when all are decided
        :raises AccessError: for those who have nothing to do with it, nor had lately
        :raises UserError: when none can be decided, and somebody reads that
        """
        lost = self._find_lost()
        (self - lost).check_access("read")
        verdict = DECISIONS.get(decision) if isinstance(decision, str) else None
        if not verdict:
            raise UserError(self.env._("Approve or reject."))
        if not is_leaving:
            if lost and lost == self:
                raise UserError("\n".join(lost.mapped(self._tell_lost)))
            refused = for_each(self - lost, lambda some: some._decide(verdict, text))
            if refused or lost:
                action = self.env["approval.decision"]._tell_refused(refused, len(lost))
                left = [*(each.id for each in refused), *lost.ids]
                return action | {"context": action["context"] | {"left_ids": left}}
            return True
        for process in lost:
            process._tell_not_decided(verdict, self._tell_lost(process))
        for process in self - lost:
            try:
                with self.env.cr.savepoint():
                    process._decide(verdict, text)
            except (UserError, RedirectWarning) as error:
                if not process._was_decided(verdict):
                    process._tell_not_decided(verdict, error.args[0])
        return True

    def _find_lost(self):
        """Return those of the requests, with the system's rights, that the user held
        until lately for somebody who is back, or for whom somebody else stands in now,
        and that they may not read any more."""
        hidden = self - self._filtered_access("read")
        if not hidden:
            return self.browse().sudo()
        moved = self.env["approval.log"].sudo()
        moved = moved.search(
            [
                ("process_id", "in", hidden.ids),
                ("event", "in", MOVED),
                ("date", ">=", fields.Datetime.now() - TOLD_FOR),
            ]
        ).filtered(lambda log: (log.details or {}).get("left") == self.env.uid)
        return moved.process_id

    @api.model
    def _tell_lost(self, process):
        return self.env._(
            "%(document)s is not in your hands any more.",
            document=process.document_name,
        )

    def _was_decided(self, verdict):
        """Tell whether the user has decided so, and is not asked any more.

        :param str verdict: ``approved`` or ``rejected``
        """
        tasks = self.sudo().task_ids
        mine = tasks.filtered(lambda task: task.decided_by_id == self.env.user)
        return verdict in mine.mapped("state") and not tasks._may_be_decided_by(
            self.env.user
        )

    def _tell_not_decided(self, verdict, reason):
        """Tell the user, who has left the page, that the request still waits."""
        values = {"document": self.document_name, "reason": reason}
        if verdict == "approved":
            message = self.env._("%(document)s was not approved. %(reason)s", **values)
        else:
            message = self.env._("%(document)s was not rejected. %(reason)s", **values)
        self.env["approval.notice"]._tell_refused(self.sudo(), self.env.user, message)

    def action_open_document(self):
        """Open the document, as far as the user may read it."""
        self.ensure_one()
        view = self.env["ir.ui.view"]
        if not view.env["ir.model.access"].check(self.res_model, "read", False):
            view = self.env[self.res_model]._approval_reader_view()
        return {
            "type": "ir.actions.act_window",
            "res_model": self.res_model,
            "res_id": self.res_id,
            "views": [(view.id, "form")],
        }

    def _get_document_place(self):
        """Return where the user finds the document; nothing if they may not read it."""
        process = self.sudo()
        if process.res_model in self.env and self.env["ir.model.access"].check(
            process.res_model, "read", False
        ):
            document = self.env[process.res_model].browse(process.res_id).exists()
            if document._filtered_access("read"):
                name = document._name
                return f"/odoo/{name if '.' in name else f'm-{name}'}/{document.id}"
        return None

    @api.model
    def _get_answer_place(self, process_id):
        """Return where the user finds the document of a request, whose form opens the
        dialog to answer; where they may not read it, their inbox."""
        known = 0 < process_id < 2**31
        process = self.browse(process_id if known else ()).exists()
        place = process._filtered_access("read")._get_document_place()
        return f"{place}?{ANSWERING}=1" if place else "/odoo/my-approvals"

    def action_open_answer(self):
        """Answer the questions of the approvers."""
        return self._get_decision_action("answer")

    def action_remind(self):
        """Remind those who hold the requests now, as their requester.

        :raises UserError: for anybody else, when nobody else is waited for, or when
            they were reminded a short time ago
        """
        self.check_access("read")
        return self._remind()

    def _get_decision_action(self, decision):
        wizard = self.env["approval.decision"]
        names = dict(wizard._fields["decision"]._description_selection(self.env))
        return {
            "type": "ir.actions.act_window",
            "name": names[decision],
            "res_model": wizard._name,
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_process_ids": self.ids, "default_decision": decision},
        }

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

    # ------------------------------------------------------------
    # TERMS
    # ------------------------------------------------------------

    def _get_summary(self):
        """Return the terms in words: in the reader's language while they stand."""
        self.ensure_one()
        return self._get_summaries()[self]

    def _get_summaries(self):
        """As ``_get_summary``, of all of them together.

        :rtype: dict
        """
        documents = self._map_documents()
        standing = self.filtered(
            lambda process: (
                process in documents and process._has_terms_of(documents[process])
            )
        )
        said = {}
        for (model, company), group in standing.grouped(
            lambda process: (process.res_model, process.sudo().company_id)
        ).items():
            own = self.env[model].sudo().browse(group.mapped("res_id"))
            texts = own.with_company(company)._approval_for_texts()
            said |= dict(zip(group, texts._approval_summaries(), strict=True))
        return {
            process: said[process] if process in said else process._get_kept_summary()
            for process in self
        }

    def _get_rule_words(self):
        """Return name and condition of the rule as they were when it was submitted, in
        the reader's language while the rule stands; nothing where it is gone and the
        request is older than this is kept.

        :return: see ``approval.rule._tell``
        """
        self.ensure_one()
        process = self.sudo()
        rule, kept = process.rule_id, process.rule_words
        if not rule or not kept:
            return rule._tell(process.currency_id) if rule else kept or {}
        then = rule.with_context(lang=kept["lang"] or None)
        if then._tell(process.currency_id) == kept:
            return rule._tell(process.currency_id)
        return kept

    def _get_warnings(self):
        """Return what the user should stop at before they approve all of these.

        :return: one line for each request that has something, by request
        :rtype: dict
        """
        lines = {}
        for process, warnings in self._list_warnings().items():
            name = " · ".join(filter(None, (process.document_name, process.about)))
            reasons = ", ".join(sentence or mark for mark, sentence in warnings)
            lines[process] = f"{name}: {reasons}"
        return lines

    def _list_warnings(self):
        """Return what the user should stop at, in a few words each.

        Others than those who are asked are told nothing.

        :return: by request ``[(mark, sentence), …]``, see
            ``approval.document._approval_warnings``; those without any are left out
        :rtype: dict
        """
        found = {}
        # of requests that the user reads: whose the tasks are is asked next
        waiting = self.sudo().task_ids._may_be_decided_by(self.env.user)
        asked = waiting.grouped("process_id")
        documents = waiting.process_id._map_documents()
        for (model, company), group in (
            self.filtered(lambda process: process in asked and process in documents)
            .grouped(lambda each: (each.res_model, each.sudo().company_id))
            .items()
        ):
            own = self.env[model].sudo().browse(group.mapped("res_id"))
            texts = own.with_company(company)._approval_for_texts()
            warnings = texts._approval_warnings()
            others = texts._approval_comparisons()
            for process, document in zip(group, texts, strict=True):
                found[process] = [*warnings[document], *others.get(document, ())]
                if any(task._is_late() for task in asked[process]):
                    found[process].append((self.env._("past its time limit"), ""))
        return {process: found[process] for process in self if found.get(process)}

    def _get_changes(self, previous):
        """Set the terms beside those of an earlier request, in the reader's words.

        The terms are compared, not the summaries: these are in the language of whoever
        submitted, and do not tell everything that was approved.
        """
        self.ensure_one()
        document = self.env[self.res_model].sudo().browse(self.res_id)
        process = self.sudo()
        old, new = (
            document._approval_describe(each._get_granted_terms())
            for each in (previous, process)
        )
        label = self.env._("Amount")
        for described, each in ((old, previous), (new, process)):
            amount = format_amount(self.env, each.amount, each.currency_id)
            described["facts"] = [*described["facts"], [label, amount]]
        return compare(old, new)

    # ------------------------------------------------------------
    # STEPS AND HISTORY
    # ------------------------------------------------------------

    def _get_progress(self):
        """Return the steps for the banner: names, states and people, no amounts.

        Everybody who may open the document reads this, so it tells nothing that
        only approvers may know.
        """
        self.ensure_one()
        process = self.sudo()
        steps = [
            process._get_step_progress(tasks)
            for tasks in process.task_ids._grouped_by_step()
        ]
        return {
            "state": process.state,
            "label": process._get_label("state"),
            "rule": process._get_rule_words().get("name", False),
            "requester": process.requester_id.name,
            "submitted_at": fields.Datetime.to_string(process.submitted_at),
            "closed_at": process.closed_at
            and fields.Datetime.to_string(process.closed_at),
            "reason": process.close_reason or False,
            "steps": steps,
        }

    def _get_step_progress(self, tasks):
        """Return one step as the banner shows it.

        :param tasks: all of the step
        """
        states = set(tasks.mapped("state"))
        decided = tasks.filtered(lambda task: task.state in ("approved", "rejected"))
        active = tasks.filtered(lambda task: task.state == "active")
        if "rejected" in states:
            state = "rejected"
        elif active:
            state = "active"
        elif len(decided) >= tasks[0].needed:
            state = "approved"
        elif states <= {"skipped", "forwarded"}:
            state = "skipped"
        else:
            state = "cancelled" if "cancelled" in states else "waiting"
        labels = dict(tasks._fields["state"]._description_selection(self.env))
        due = [task.due_at for task in active if task.due_at]
        paused = active.filtered("paused_at")[:1]
        return {
            "key": tasks[0].id,
            "name": tasks[0].step_name,
            "state": state,
            "label": labels[state],
            "needed": tasks[0].needed,
            "approvers": tasks.user_id.mapped("name"),
            "holders": [task._get_holder_name() for task in active],
            "since": fields.Datetime.to_string(active[:1].activated_at) or False,
            "due": bool(due) and fields.Datetime.to_string(min(due)),
            "late": bool(due) and min(due) < fields.Datetime.now(),
            "question": paused.question or False,
            "returned": active.filtered("return_reason")[:1].return_reason or False,
            "decisions": [
                {
                    "user": task._get_decider_name(),
                    "date": fields.Datetime.to_string(task.decided_at),
                    "comment": task.comment or False,
                }
                for task in decided
            ],
        }

    def _get_history(self):
        """Return the logs as ``approval.mixin.get_approval_history`` does."""
        return [
            {
                "id": process.id,
                "state": process._get_label("state"),
                "rows": [
                    {
                        "id": log.id,
                        "date": fields.Datetime.to_string(log.date),
                        "event": log._get_label("event"),
                        "user": log._get_who(),
                        "step": log.step_name or "",
                        "comment": log.comment or "",
                    }
                    for log in process.log_ids
                ],
            }
            for process in self.sudo()
        ]
