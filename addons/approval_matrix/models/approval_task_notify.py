from odoo import models

ACTIVITY_TYPE = "approval_matrix.mail_activity_type_approval"


class ApprovalTask(models.Model):
    """How holders hear of their tasks: a to-do, a live counter, an e-mail."""

    _inherit = "approval.task"

    def _notify(self):
        """Tell the holders of tasks that have just become theirs."""
        for task in self:
            document = task._get_notifiable_document()
            if document:
                document.activity_schedule(
                    ACTIVITY_TYPE,
                    date_deadline=task._get_due_date(),
                    user_id=task.holder_id.id,
                    summary=task.step_name,
                )
        self._refresh_counters()

    def _withdraw_notice(self):
        """Remove the to-dos of tasks that nobody waits for any more."""
        for task in self:
            task._withdraw_notice_from(task.holder_id)

    def _withdraw_notice_from(self, user):
        document = self.process_id._get_document()
        if document and "activity_ids" in document._fields:
            document.activity_unlink([ACTIVITY_TYPE], user_id=user.id)
        user._bus_send("approval_matrix/inbox", {})

    def _refresh_counters(self):
        """Have the open screens of the holders count again."""
        self.holder_id._bus_send("approval_matrix/inbox", {})

    def _get_notifiable_document(self):
        document = self.process_id._get_document()
        if document and "activity_ids" in document._fields:
            return document._approval_readable_by(self.holder_id)
        return document.browse()
