from odoo import api, fields, models

from ..letter import LETTER, Letters


class ApprovalTask(models.Model):
    """What people see of a task first, and what became of it."""

    _inherit = "approval.task"

    marks = fields.Json(
        string="To Note",
        compute="_compute_marks",
        help="What kind of document it is, and what to stop at.",
    )
    card = fields.Json(compute="_compute_card", help="See approval.card.")
    outcome = fields.Char(
        compute="_compute_outcome", help="What became of the request."
    )

    @api.depends("state", "paused_at", "due_at")
    @api.depends_context("uid", "lang")
    def _compute_marks(self):
        marks = self.env["approval.card"]._read_marks(self)
        for task in self:
            task.marks = marks[task]

    @api.depends("state", "paused_at", "due_at")
    @api.depends_context("uid", "lang", "tz")
    def _compute_card(self):
        cards = self.env["approval.card"]._read(self)
        for task in self:
            task.card = cards[task]

    @api.depends("state", "process_id.state", "process_id.task_ids.state")
    @api.depends_context("lang")
    def _compute_outcome(self):
        """Say what became of it, and who has it now while it waits for others."""
        for task in self:
            process = task.process_id
            label = process._get_label("state")
            holders = process.holder_ids.sudo().mapped("name")
            task.outcome = ": ".join(filter(None, (label, ", ".join(holders))))

    def _get_letter(self):
        """Return what the e-mail about the task says: its template asks for it."""
        self.ensure_one()
        letters = self.env.context.get(LETTER)
        if not isinstance(letters, Letters):
            letters = self.env["approval.letter"]._write_to_holders(self)
        return letters[self.id]
