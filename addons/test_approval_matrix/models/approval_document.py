from odoo import fields, models


class ApprovalDocument(models.Model):
    _name = "test.approval.document"
    _description = "Document of the Approval Tests"
    _inherit = ["mail.thread", "mail.activity.mixin", "approval.mixin"]

    _approval_gate_states = ("done",)
    _approval_waiting_states = ("waiting",)
    _approval_void_states = ("cancelled",)

    name = fields.Char(required=True)
    company_id = fields.Many2one(
        "res.company", required=True, default=lambda self: self.env.company
    )
    amount = fields.Integer()
    owner_id = fields.Many2one("res.users")
    state = fields.Selection(
        [
            ("draft", "Draft"),
            ("waiting", "Waiting"),
            ("done", "Done"),
            ("cancelled", "Cancelled"),
        ],
        default="draft",
    )

    def _approval_amount(self):
        return float(self.amount)

    def _approval_terms(self):
        return {
            "company": self.company_id.id,
            "name": self.name,
            "amount": self.amount,
        }

    def _approval_term_fields(self):
        return frozenset({"company_id", "name", "amount"})

    def action_submit_approval(self):
        self.write({"state": "waiting"})
        return True

    def _approval_granted(self):
        self.write({"state": "done"})

    def _approval_refused(self, reason):
        self.write({"state": "draft"})

    def _approval_reopened(self):
        self.write({"state": "waiting"})
