from odoo import models
from odoo.tools import plaintext2html

TO_DO = "mail.mail_activity_data_warning"


class ApprovalProcess(models.Model):
    """What requesters hear of their requests."""

    _inherit = "approval.process"

    def _hand_back(self, reason):
        for documents in self._get_documents().values():
            documents._approval_refused(reason)

    def _notify_rejection(self, reason):
        """Give the requesters a to-do: change the document, or let it go."""
        summary = self.env._("Rejected by %(user)s", user=self.env.user.name)
        self._give_requester_to_do(summary, reason)

    def _notify_question(self, question):
        summary = self.env._("%(user)s asks", user=self.env.user.name)
        self._give_requester_to_do(summary, question)

    def _notify_answer(self, tasks, answer):
        """Show the approvers who asked that they can go on."""
        for user in tasks.holder_id:
            self._show(
                user,
                self.env._(
                    "%(document)s: %(answer)s",
                    answer=answer,
                    document=self.document_name,
                ),
            )

    def _notify_approval(self):
        """Tell the requesters that they can go on: one message for all of theirs."""
        groups = self.grouped(lambda process: (process.requester_id, process.res_model))
        for (requester, _model), processes in groups.items():
            env = self.with_context(lang=requester.lang).env
            names = ", ".join(processes.mapped("document_name"))
            message = env._("%(document)s is approved.", document=names)
            self._show(requester, message)
            document = processes[:1]._get_document()
            if document and "message_ids" in document._fields:
                document.message_notify(
                    partner_ids=requester.partner_id.ids, subject=message, body=message
                )

    def _show(self, user, message):
        user._bus_send("simple_notification", {"type": "success", "message": message})

    def _give_requester_to_do(self, summary, note):
        for process in self:
            document = process._get_document()._approval_readable_by(
                process.requester_id
            )
            if document and "activity_ids" in document._fields:
                document.activity_schedule(
                    TO_DO,
                    user_id=process.requester_id.id,
                    summary=summary,
                    note=plaintext2html(note),
                )
