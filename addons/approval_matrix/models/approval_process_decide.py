from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class ApprovalProcess(models.Model):
    """What people do with requests.

    These methods run with the system's rights, after explicit checks of who asks.
    """

    _inherit = "approval.process"

    # ------------------------------------------------------------
    # DECISIONS
    # ------------------------------------------------------------

    def _decide(self, decision, comment=None, channel="screen"):
        """Record what the user decides on the steps that wait for them.

        :param str decision: ``approved`` or ``rejected``
        :param str comment: required to reject
        :param str channel: how the decision came, see ``approval.log``
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
        tasks = processes.task_ids._may_be_decided_by(self.env.user)
        processes._check_decisions(tasks)
        tasks._refresh_counters(tasks.holder_id)
        tasks._engine_write(
            {
                "state": decision,
                "decided_at": fields.Datetime.now(),
                "decided_by_id": self.env.uid,
                "channel": channel,
                "comment": comment,
            }
        )
        tasks._log_each(decision, comment, channel)
        if decision == "rejected":
            processes._close("rejected", comment, logged=True)
            processes._hand_back(comment)
            processes._notify_rejection(comment)
        else:
            processes._advance()

    def _forward(self, user, reason):
        """Hand the user's tasks to somebody else, who decides in their place.

        :param user: who shall decide
        :param str reason: required, kept in the log
        :raises UserError: when that user cannot be asked, or was asked already
        """
        reason = self._clean_text(reason)
        if not reason or not user:
            raise UserError(self.env._("Say to whom you forward it, and why."))
        processes = self.sudo()
        processes._lock()
        tasks = processes.task_ids._may_be_decided_by(self.env.user)
        processes._check_decisions(tasks)
        for process in processes:
            process._check_forward(user, tasks & process.task_ids)
        tasks._refresh_counters(tasks.holder_id)
        asked = tasks._hand_over(user.sudo(), "forward")
        tasks._engine_write({"state": "forwarded", "decided_at": fields.Datetime.now()})
        tasks._log_each(
            "forwarded",
            self.env._("to %(user)s: %(reason)s", user=user.name, reason=reason),
        )
        processes._tell_holders(asked)
        processes._forget_on_documents()

    def _ask_information(self, question):
        """Ask the requester; the clock of the steps stops until they answer.

        :param str question: required
        """
        question = self._clean_text(question)
        if not question:
            raise UserError(self.env._("Say what you want to know."))
        processes = self.sudo()
        processes._lock()
        tasks = processes.task_ids._may_be_decided_by(self.env.user)
        processes._check_decisions(tasks)
        running = tasks.filtered(lambda task: not task.paused_at)
        running._pause_clock(question)
        tasks._log_each("questioned", question)
        processes._notify_question(question)
        processes._forget_on_documents()

    def _answer(self, answer):
        """Answer what approvers asked; their clocks go on.

        :param str answer: required
        :raises UserError: for anybody but the requester, or when nothing was asked
        """
        answer = self._clean_text(answer)
        if not answer:
            raise UserError(self.env._("An answer must say something."))
        processes = self.sudo()
        processes._lock()
        for process in processes:
            asked = process.task_ids.filtered(
                lambda task: task.state == "active" and task.paused_at
            )
            if not asked or process.requester_id != self.env.user:
                raise UserError(
                    self.env._(
                        "%(document)s: nobody waits for an answer from you.",
                        document=process.document_name,
                    )
                )
            asked._resume_clock()
            process._sync_to_dos()
            process._log("answered", comment=answer)
            process._notify_answer(asked, answer)
        processes._forget_on_documents()

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
    # CHECKS
    # ------------------------------------------------------------

    def _check_decisions(self, tasks):
        """Check each process with those of the tasks that are its own."""
        documents = {
            (model, document.id): document
            for model, found in self._get_documents().items()
            for document in found
        }
        for process in self:
            key = (process.res_model, process.res_id)
            document = documents.get(key, self.env[process.res_model])
            process._check_decision(tasks & process.task_ids, document)

    def _check_decision(self, tasks, document):
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
        if not self.env.user._approval_able(self.company_id):
            raise AccessError(
                self.env._(
                    "%(user)s has no access to %(company)s and cannot approve there.",
                    user=self.env.user.name,
                    company=self.company_id.name,
                )
            )
        excluded = self._get_excluded_users() | document.approval_editor_id
        if self.env.user in excluded:
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

    def _check_forward(self, user, tasks):
        """Refuse a chain that ends with the requester, or with somebody asked."""
        self.ensure_one()
        if user in self._get_excluded_users():
            raise UserError(
                self.env._(
                    "%(user)s asked for this approval or last changed the terms, and "
                    "cannot approve it.",
                    user=user.name,
                )
            )
        if not user.sudo()._approval_able(self.company_id):
            raise UserError(
                self.env._(
                    "%(user)s has no access to %(company)s and cannot approve there.",
                    user=user.name,
                    company=self.company_id.name,
                )
            )
        if not self._get_document()._approval_readable_by(user):
            raise UserError(
                self.env._(
                    "%(user)s may not open %(document)s, so cannot decide on it.",
                    user=user.name,
                    document=self.document_name,
                )
            )
        keys = tasks.mapped("step_key")
        asked = self.task_ids.filtered(lambda task: task.step_key in keys)
        if user in asked.user_id | asked.holder_id:
            raise UserError(
                self.env._("%(user)s is asked in this step already.", user=user.name)
            )

    def _clean_text(self, text):
        if text and not isinstance(text, str):
            raise UserError(self.env._("A comment is plain text."))
        return (text or "").replace("\0", "").strip()

    def _get_state_label(self):
        return dict(self._fields["state"]._description_selection(self.env))[self.state]
