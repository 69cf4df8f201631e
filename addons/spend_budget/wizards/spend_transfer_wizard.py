from odoo import api, fields, models
from odoo.exceptions import AccessError


class SpendTransferWizard(models.TransientModel):
    _name = "spend.transfer.wizard"
    _description = "Transfer between Budget Lines"

    from_line_id = fields.Many2one(
        "spend.budget.line",
        string="From",
        required=True,
        ondelete="cascade",
        domain="[('budget_id.state', '=', 'open')]",
    )
    to_line_id = fields.Many2one(
        "spend.budget.line",
        string="To",
        required=True,
        ondelete="cascade",
        domain="[('budget_id.state', '=', 'open'), ('id', '!=', from_line_id)]",
    )
    currency_id = fields.Many2one(related="from_line_id.currency_id")
    available = fields.Monetary(related="from_line_id.available", related_sudo=False)
    amount = fields.Monetary(required=True)
    reason = fields.Char(required=True)

    @api.constrains("from_line_id", "to_line_id")
    def _check_readable(self):
        """Names and figures of other people's lines are not for asking here.

        With the user's own rights: Odoo runs constraints with the system's.
        """
        own = self.sudo(False)
        (own.from_line_id | own.to_line_id).check_access("read")

    def action_transfer(self):
        """Move the amount from one line to the other, and log who and why.

        :raises AccessError: for anybody but managers and the owner of both budgets
        :raises UserError: when the lines, amount or reason do not allow it
        """
        for wizard in self:
            wizard._check()
            wizard._transfer()
        return {"type": "ir.actions.act_window_close"}

    def _check(self):
        self.ensure_one()
        lines = self.from_line_id | self.to_line_id
        lines.check_access("read")
        if not lines.budget_id._may_transfer():
            raise AccessError(
                self.env._(
                    "Only a budget manager, or the owner of both budgets, can transfer."
                )
            )
        self.env["spend.transfer"]._check_terms(
            self.from_line_id, self.to_line_id, self.amount, self.reason
        )

    def _transfer(self):
        self.env["spend.transfer"]._make(
            self.from_line_id, self.to_line_id, self.amount, self.reason
        )
