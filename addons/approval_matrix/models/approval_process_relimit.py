from odoo import models


class ApprovalProcess(models.Model):
    """Time limits that follow the document, say its urgency, while a request runs."""

    _inherit = "approval.process"

    def _relimit(self):
        """Shorten or lengthen the limits of steps that are not decided yet.

        What the rule gave when the request was made is the base, so that a limit that
        was shortened grows back; later edits of the rule do not count. The log says
        what changed.
        """
        processes = self.sudo()
        tasks = processes.task_ids.filtered(
            lambda task: task.state in ("waiting", "active")
        )
        limits = {task: task._get_adapted_hours() for task in tasks}
        changed = tasks.filtered(lambda task: limits[task] != task.limit_hours)
        if changed:
            changed.process_id._lock()
        for step in changed._grouped_by_step():
            step._relimit(limits[step[0]])
        for process in processes:
            is_urgent = process._get_document()._approval_is_urgent()
            if process.is_urgent != is_urgent:
                process._engine_write({"is_urgent": is_urgent})
                open_tasks = tasks & process.task_ids
                open_tasks._engine_write({"is_urgent": is_urgent})
        changed.process_id._sync_to_dos()
        active = tasks.filtered(lambda task: task.state == "active")
        active._refresh_counters(active.holder_id)
        changed.process_id._forget_on_documents()
