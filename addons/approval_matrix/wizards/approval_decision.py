from odoo import fields, models


class ApprovalDecision(models.TransientModel):
    """Asks for the reason before requests are rejected."""

    _name = "approval.decision"
    _description = "Reject an Approval Request"

    process_ids = fields.Many2many("approval.process", string="Requests", readonly=True)
    reason = fields.Text(required=True)

    def action_reject(self):
        """Reject the requests with the reason given."""
        self.ensure_one()
        self.process_ids._decide("rejected", self.reason)
        return {"type": "ir.actions.act_window_close"}
