from odoo import api, fields, models


class SpendTransfer(models.Model):
    """A transfer that was made: kept for ever, made by the wizard only."""

    _name = "spend.transfer"
    _description = "Budget Transfer"
    _inherit = ["approval.protected"]
    _order = "id desc"
    _rec_name = "reason"
    _log_access = False

    from_line_id = fields.Many2one(
        "spend.budget.line",
        string="From",
        required=True,
        index=True,
        ondelete="restrict",
    )
    to_line_id = fields.Many2one(
        "spend.budget.line", string="To", required=True, index=True, ondelete="restrict"
    )
    company_id = fields.Many2one("res.company", required=True, ondelete="restrict")
    currency_id = fields.Many2one(related="company_id.currency_id")
    amount = fields.Monetary(required=True)
    reason = fields.Char(required=True)
    user_id = fields.Many2one("res.users", string="By", required=True)
    date = fields.Datetime(required=True)

    @api.model
    def _get_refusal(self):
        return self.env._(
            "Transfers are made with the button, and stay as they were made."
        )
