from markupsafe import escape

from odoo import fields, models
from odoo.tools import SQL

from ..fingerprint import fingerprint


class ApprovalProcess(models.Model):
    """How requests move from step to step, and end; for many of them at once.

    The row of the process is the lock: every decision updates it, so that of two
    people deciding in the same moment one fails with a serialization error, which
    Odoo retries, and then sees what the other did.
    """

    _inherit = "approval.process"

    def _lock(self):
        """Take the processes; raise a retryable error if somebody changed them.

        Whatever adds to a log does so first: a row added on an old snapshot meets a
        unique index, which nobody retries.
        """
        if not self:
            return
        self.flush_recordset()
        self.env.cr.execute(
            SQL(
                """
                UPDATE approval_process SET revision = revision + 1
                 WHERE id IN (SELECT id FROM approval_process
                               WHERE id IN %s ORDER BY id FOR UPDATE)
                """,
                tuple(self.ids),
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
        settled._refresh_counters(settled.holder_id)
        settled._engine_write({"state": "skipped"})
        for stage, processes in stages.items():
            processes._engine_write({"stage": stage})
        self._forget_on_documents()
        asked._ask()
        (self - finished)._tell_holders(asked)
        if finished:
            finished._end("approved")
            for documents in finished._get_documents().values():
                documents._approval_granted()
            finished._notify_approval()
            finished._sync_to_dos()

    def _close(self, state, reason=None, logged=False):
        """End the processes, with the to-dos of those who were asked.

        :param str state: one of the closed states
        :param str reason: shown to the requester
        :param bool logged: the log already has the row that ends them
        """
        processes = self.sudo()
        processes._lock()
        processes._end(state, reason, logged)
        processes._sync_to_dos()

    def _end(self, state, reason=None, logged=False):
        """End the processes; a last row in the log says how."""
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
        active = left.filtered(lambda task: task.state == "active")
        active._refresh_counters(active.holder_id)
        left._engine_write({"state": "cancelled"})
        if not logged:
            processes._log("granted" if state == "approved" else state, comment=reason)
        processes._forget_on_documents()

    def _keep(self, terms):
        """Let an approval stand for terms that changed within what is tolerated.

        From now on it is an approval of these terms; the log has both.
        """
        self.ensure_one()
        process = self.sudo()
        process._lock()
        process._log("kept", details={"before": process.terms, "after": terms})
        process._engine_write({"terms": terms, "fingerprint": fingerprint(terms)})

    def _log(
        self,
        event,
        step_name=None,
        comment=None,
        details=None,
        on_behalf_of=None,
        channel=None,
    ):
        """Append a row to the log of each process, and tell the document's readers."""
        self.env["approval.log"].sudo()._engine_create(
            [
                {
                    "process_id": process.id,
                    "date": fields.Datetime.now(),
                    "event": event,
                    "user_id": self.env.uid,
                    "on_behalf_of_id": on_behalf_of and on_behalf_of.id,
                    "channel": channel,
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
        label = labels[event]
        if on_behalf_of:
            label = self.env._(
                "%(event)s on behalf of %(user)s", event=label, user=on_behalf_of.name
            )
        parts = [label, step_name, comment]
        body = escape(": ".join(part for part in parts if part))
        for documents in self._get_documents().values():
            if documents and "message_ids" in documents._fields:
                documents._message_log_batch(dict.fromkeys(documents.ids, body))

    def _forget_on_documents(self):
        """Drop what documents have cached about their approval."""
        names = [
            name
            for name, field in self.env["approval.mixin"]._fields.items()
            if name.startswith("approval_") and not field.store
        ]
        for model, processes in self.grouped("res_model").items():
            documents = self.env[model].browse(processes.mapped("res_id"))
            documents.invalidate_recordset(names, flush=False)
