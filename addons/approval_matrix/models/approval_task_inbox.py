from odoo import api, fields, models
from odoo.tools import format_amount

SHOWN = 6


class ApprovalTask(models.Model):
    """What the counter at the top of every screen asks for."""

    _inherit = "approval.task"

    @api.model
    @api.readonly
    def get_inbox(self):
        """Return how many tasks the user holds, and the first of them to decide.

        Urgent ones come first, then those that wait longest.

        :return: ``{"count": int, "tasks": [{"id": …, "document": …}, …]}``
        :rtype: dict
        """
        domain = [("holder_id", "=", self.env.uid), ("state", "=", "active")]
        mine = self.sudo().with_context(lang=self.env.user.lang)
        tasks = mine.search(domain, limit=SHOWN)
        count = len(tasks) if len(tasks) < SHOWN else mine.search_count(domain)
        return {"count": count, "tasks": [task._get_inbox_entry() for task in tasks]}

    def _get_inbox_entry(self):
        self.ensure_one()
        return {
            "id": self.id,
            "document": self.document_name,
            "about": self.about or "",
            "amount": format_amount(self.env, self.amount, self.currency_id),
            "step": self.step_name,
            "since": fields.Datetime.to_string(self.activated_at),
            "late": bool(self.due_at) and self.due_at < fields.Datetime.now(),
            "is_urgent": self.is_urgent,
        }
