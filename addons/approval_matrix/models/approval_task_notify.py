from odoo import models


class ApprovalTask(models.Model):
    """What holders see of their tasks without looking for them."""

    _inherit = "approval.task"

    def _refresh_counters(self, users):
        """Have the open screens of the users count again."""
        users._bus_send("approval_matrix/inbox", {})

    def _prepare_to_do_values(self):
        """Return what the to-do of the holder says."""
        self.ensure_one()
        return {
            "user_id": self.holder_id.id,
            "summary": self.step_name,
            "date_deadline": self._get_due_date(),
        }
