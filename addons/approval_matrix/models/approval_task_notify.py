from odoo import models

ACTIVITY_TYPE = "approval_matrix.mail_activity_type_approval"


class ApprovalTask(models.Model):
    """How holders hear of their tasks: a to-do, a live counter, an e-mail."""

    _inherit = "approval.task"

    def _notify(self):
        """Tell the holders of tasks that have just become theirs."""
        groups = self.grouped(
            lambda task: (
                task.process_id.res_model,
                task.holder_id,
                task.step_name,
                task._get_due_date(),
            )
        )
        for (_model, holder, step_name, date), tasks in groups.items():
            documents = tasks._get_notifiable_documents()._approval_readable_by(holder)
            if documents:
                # without Odoo's e-mail on new activities, which leads nowhere
                documents.with_context(
                    mail_activity_quick_update=True
                ).activity_schedule(
                    ACTIVITY_TYPE,
                    date_deadline=date,
                    user_id=holder.id,
                    summary=step_name,
                )
        self._notify_by_mail()
        self._refresh_counters(self.holder_id)

    def _withdraw_notice(self):
        """Remove the to-dos of tasks that nobody waits for any more."""
        for holder, tasks in self.grouped("holder_id").items():
            tasks._withdraw_notice_from(holder)

    def _withdraw_notice_from(self, user):
        for tasks in self.grouped(lambda task: task.process_id.res_model).values():
            documents = tasks._get_notifiable_documents()
            if documents:
                documents.activity_unlink([ACTIVITY_TYPE], user_id=user.id)
        self._refresh_counters(user)

    def _refresh_counters(self, users):
        """Have the open screens of the users count again."""
        users._bus_send("approval_matrix/inbox", {})

    def _get_notifiable_documents(self):
        """Return the documents, all of one model, if they can carry to-dos."""
        model = self.process_id[:1].res_model
        documents = self.process_id._get_documents()[model]
        if "activity_ids" in documents._fields:
            return documents
        return documents.browse()
