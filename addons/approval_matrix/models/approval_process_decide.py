from odoo import fields, models
from odoo.exceptions import AccessError, UserError


class ApprovalProcess(models.Model):
    """What people do with requests.

    These methods run with the system's rights, after explicit checks of who asks.
    """

    _inherit = "approval.process"

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

    def _clean_text(self, text):
        if text and not isinstance(text, str):
            raise UserError(self.env._("A comment is plain text."))
        return (text or "").strip()

    def _get_state_label(self):
        return dict(self._fields["state"]._description_selection(self.env))[self.state]
