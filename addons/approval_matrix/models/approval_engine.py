from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import SQL


class ApprovalProcess(models.Model):
    """How a request moves: private methods that take many processes at once.

    They run with the system's rights, after explicit checks of who asks. The row
    of the process is the lock: every decision updates it, so that of two people
    deciding in the same moment one fails with a serialization error, which Odoo
    retries, and then sees what the other did.
    """

    _inherit = "approval.process"

    # ------------------------------------------------------------
    # START
    # ------------------------------------------------------------

    @api.model
    def _start(self, documents):
        """Open one process for each document and ask its first step.

        :param documents: records under ``approval.mixin``
        :return: the new processes, in the order of the documents
        :raises UserError: without a matching rule, with a request open already, or
            when a step resolves to too few people
        """
        routes = self.env["approval.rule"]._match(documents)
        latest = documents._approval_latest()
        for document in documents:
            document._approval_check_start(
                routes.get(document.id), latest.get(document.id)
            )
        # Written first, so that of two submissions at once the second meets a
        # serialization error, which is retried, and not a unique index.
        documents.flush_recordset()
        if latest:
            self.union(*latest.values()).sudo()._engine_write({"is_latest": False})
            # the insertion must find the old rows out of its unique indexes
            self.flush_model(["state", "is_latest"])
        processes = self.sudo()._engine_create(
            [
                self._prepare_process_values(document, routes[document.id])
                for document in documents
            ]
        )
        task_values = []
        for document, process in zip(documents, processes, strict=True):
            task_values += process.rule_id.step_ids._prepare_task_values(
                process, document.sudo()
            )
        self.env["approval.task"].sudo()._engine_create(task_values)
        processes._forget_on_documents()
        processes._log("submitted")
        processes._advance()
        return processes

    def _prepare_process_values(self, document, rule):
        """Return what a process keeps of the document and the rule."""
        requester = document._approval_requester()
        summary = document.sudo()._approval_summary()
        document = document.sudo().with_company(document.sudo()._approval_company())
        return {
            "res_model": document._name,
            "res_id": document.id,
            "document_name": document.display_name,
            "company_id": document.env.company.id,
            "amount": document._approval_amount(),
            "rule_id": rule.id,
            "requester_id": requester.id,
            "editor_id": document.approval_editor_id.id,
            "terms": document._approval_terms(),
            "fingerprint": document._approval_fingerprint(),
            "about": summary["about"],
            "summary": summary,
            "submitted_at": fields.Datetime.now(),
        }

    # ------------------------------------------------------------
    # DECIDE
    # ------------------------------------------------------------

    def _decide(self, decision, comment=None):
        """Record what the user decides on the steps that wait for them.

        :param str decision: ``approved`` or ``rejected``
        :param str comment: required to reject
        :raises UserError: when a process is closed, waits for somebody else, or its
            document changed in the meantime
        :raises AccessError: when four eyes would be two
        """
        comment = self._clean_text(comment)
        if decision == "rejected" and not comment:
            raise UserError(
                self.env._("Say why: the requester must know what to change.")
            )
        processes = self.sudo()
        processes._lock()
        tasks = processes.task_ids.filtered(
            lambda task: task.state == "active" and task.user_id == self.env.user
        )
        for process in processes:
            process._check_decision(tasks & process.task_ids)
        tasks._engine_write(
            {
                "state": decision,
                "decided_at": fields.Datetime.now(),
                "decided_by_id": self.env.uid,
                "comment": comment,
            }
        )
        for task in tasks:
            task.process_id._log(decision, task.step_name, comment)
        tasks._withdraw_notice()
        if decision == "rejected":
            processes._close("rejected", comment, logged=True)
            processes._hand_back(comment)
            processes._notify_rejection(comment)
        else:
            processes._advance()

    def _check_decision(self, tasks):
        """Refuse whoever must not decide, and decisions on what is not there."""
        self.ensure_one()
        if self.state != "open":
            raise UserError(
                self.env._(
                    "%(document)s: this request is closed (%(state)s).",
                    document=self.document_name,
                    state=self._get_state_label(),
                )
            )
        document = self._get_document()
        if self.env.user in (
            self.requester_id | self.editor_id | document.approval_editor_id
        ):
            raise AccessError(
                self.env._(
                    "%(document)s: you asked for this approval or last changed the "
                    "terms, so somebody else must decide.",
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
        if not document or document._approval_fingerprint() != self.fingerprint:
            raise UserError(
                self.env._(
                    "%(document)s changed after it was submitted. "
                    "Ask %(requester)s to withdraw it and submit it again.",
                    document=self.document_name,
                    requester=self.requester_id.name,
                )
            )

    def _withdraw(self):
        """Close the requests on behalf of their requester."""
        processes = self.sudo()
        processes._lock()
        for process in processes:
            if not process._can_withdraw(self.env.user):
                raise UserError(
                    self.env._(
                        "%(document)s: only %(requester)s can withdraw this request, "
                        "while it is open.",
                        document=process.document_name,
                        requester=process.requester_id.name,
                    )
                )
        reason = self.env._("Withdrawn by the requester.")
        processes._close("withdrawn", reason)
        processes._hand_back(reason)

    # ------------------------------------------------------------
    # MOVE
    # ------------------------------------------------------------

    def _lock(self):
        """Take the processes; raise a retryable error if somebody changed them."""
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                UPDATE approval_process SET revision = revision + 1
                 WHERE id IN (SELECT id FROM approval_process
                               WHERE id IN %s ORDER BY id FOR UPDATE)
                """,
                tuple(self.ids) or (None,),
            )
        )
        self.invalidate_recordset(["revision"], flush=False)

    def _advance(self):
        """Ask the next step where one is decided; finish where none is left."""
        settled = asked = self.env["approval.task"].sudo()
        finished = self.browse()
        stages = {}
        for process in self:
            current = process.task_ids.filtered(lambda t: t.state == "active")
            decided = current._get_settled()
            settled |= decided
            if current - decided:
                continue
            waiting = process.task_ids.filtered(lambda t: t.state == "waiting")
            if not waiting:
                finished |= process
                continue
            stage = min(waiting.mapped("stage"))
            stages.setdefault(stage, self.browse())
            stages[stage] |= process
            asked |= waiting.filtered(lambda t, stage=stage: t.stage == stage)
        settled._engine_write({"state": "skipped"})
        settled._withdraw_notice()
        for stage, processes in stages.items():
            processes._engine_write({"stage": stage})
        asked._engine_write({"state": "active", "activated_at": fields.Datetime.now()})
        self._forget_on_documents()
        asked._notify()
        if finished:
            finished._close("approved")
            for documents in finished._get_documents().values():
                documents._approval_granted()
            finished._notify_approval()

    def _close(self, state, reason=None, logged=False):
        """End the processes; a last row in the log says how.

        :param str state: one of the closed states
        :param str reason: shown to the requester
        :param bool logged: the log already has the row that ends them
        """
        processes = self.sudo()
        if not processes:
            return
        processes._engine_write(
            {
                "state": state,
                "closed_at": fields.Datetime.now(),
                "close_reason": reason,
            }
        )
        left = processes.task_ids.filtered(lambda t: t.state in ("waiting", "active"))
        left._engine_write({"state": "cancelled"})
        left._withdraw_notice()
        if not logged:
            processes._log("granted" if state == "approved" else state, comment=reason)
        processes._forget_on_documents()

    def _hand_back(self, reason):
        for documents in self._get_documents().values():
            documents._approval_refused(reason)

    def _notify_rejection(self, reason):
        """Give the requesters a to-do: change the document, or let it go."""
        for process in self:
            document = process._get_document()._approval_readable_by(
                process.requester_id
            )
            if document and "activity_ids" in document._fields:
                document.activity_schedule(
                    "mail.mail_activity_data_warning",
                    user_id=process.requester_id.id,
                    summary=self.env._("Rejected by %(user)s", user=self.env.user.name),
                    note=reason,
                )

    def _notify_approval(self):
        """Show the requesters who are at work that they can go on."""
        for process in self:
            requester = process.requester_id
            message = self.with_context(lang=requester.lang).env._(
                "%(document)s is approved.", document=process.document_name
            )
            requester._bus_send(
                "simple_notification", {"type": "success", "message": message}
            )

    def _log(self, event, step_name=None, comment=None, details=None):
        """Append a row to the log of each process, and tell the document's readers."""
        self.env["approval.log"].sudo()._engine_create(
            [
                {
                    "process_id": process.id,
                    "date": fields.Datetime.now(),
                    "event": event,
                    "user_id": self.env.uid,
                    "step_name": step_name,
                    "comment": comment,
                    "details": details,
                }
                for process in self
            ]
        )
        labels = dict(
            self.env["approval.log"]._fields["event"]._description_selection(self.env)
        )
        parts = [labels[event], step_name, comment]
        body = ": ".join(part for part in parts if part)
        for process in self:
            document = process._get_document()
            if document and "message_ids" in document._fields:
                document.message_post(body=body)

    def _forget_on_documents(self):
        """Drop what documents have cached about their approval."""
        names = [
            name
            for name in self.env["approval.mixin"]._fields
            if name.startswith("approval_") and name != "approval_editor_id"
        ]
        for model, processes in self.grouped("res_model").items():
            documents = self.env[model].browse(processes.mapped("res_id"))
            documents.invalidate_recordset(names, flush=False)

    def _clean_text(self, text):
        if text and not isinstance(text, str):
            raise UserError(self.env._("A comment is plain text."))
        return (text or "").strip()

    def _get_state_label(self):
        return dict(self._fields["state"]._description_selection(self.env))[self.state]
