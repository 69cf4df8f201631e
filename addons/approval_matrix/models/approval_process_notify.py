from odoo import models


class ApprovalProcess(models.Model):
    """What requesters hear of their requests."""

    _inherit = "approval.process"

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
