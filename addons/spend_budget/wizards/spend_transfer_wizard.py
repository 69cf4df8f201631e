from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError
from odoo.tools import format_amount

from ..shares import is_exact


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
        budgets = lines.budget_id
        if not budgets._may_transfer():
            raise AccessError(
                self.env._(
                    "Only a budget manager, or the owner of both budgets, can transfer."
                )
            )
        if len(lines) != 2:
            raise UserError(self.env._("Choose two different lines."))
        if len(budgets.company_id) != 1:
            raise UserError(self.env._("Transfers stay within one company."))
        if any(budget.state != "open" for budget in budgets):
            raise UserError(
                self.env._(
                    "Transfers are for open budgets: drafts are edited, closed "
                    "ones stay."
                )
            )
        if not (self.reason or "").strip():
            raise UserError(self.env._("Say why."))
        if not is_exact(self.amount, self.currency_id.rounding):
            raise UserError(
                self.env._("The amount is too large to be counted exactly.")
            )
        if self.currency_id.compare_amounts(self.amount, 0) <= 0:
            raise UserError(self.env._("Transfer more than nothing."))

    def _transfer(self):
        """Both rows are locked, so that what they hold cannot change meanwhile."""
        amount = self.currency_id.round(self.amount)
        source, target = self.from_line_id.sudo(), self.to_line_id.sudo()
        (source | target)._lock_rows()
        self._check_left(source, amount)
        source._system_write({"amount": source.amount - amount})
        target._system_write({"amount": target.amount + amount})
        self.env["spend.transfer"].sudo()._system_create(
            [self._prepare_transfer_values(amount)]
        )
        body = self.env._(
            "%(amount)s transferred from %(giver)s to %(taker)s: %(reason)s",
            amount=format_amount(self.env, amount, self.currency_id),
            giver=source.display_name,
            taker=target.display_name,
            reason=self.reason,
        )
        for budget in (source | target).budget_id:
            budget.message_post(body=body)

    def _check_left(self, source, amount):
        """Refuse more than the line has, and on blocking lines what is used."""
        left = source.amount - amount
        too_much = source.currency_id.compare_amounts(left, 0) < 0
        if source.control == "block":
            limit = source.currency_id.round(left * (1 + source.tolerance / 100))
            used = source._get_used()
            too_much |= source.currency_id.compare_amounts(used, limit) > 0
        if too_much:
            raise UserError(
                self.env._(
                    "%(line)s cannot give %(amount)s: %(available)s of it are "
                    "available.",
                    line=source.display_name,
                    amount=format_amount(self.env, amount, source.currency_id),
                    available=format_amount(
                        self.env, source.available, source.currency_id
                    ),
                )
            )

    @api.model
    def _prepare_transfer_values(self, amount):
        return {
            "from_line_id": self.from_line_id.id,
            "to_line_id": self.to_line_id.id,
            "company_id": self.from_line_id.company_id.id,
            "amount": amount,
            "reason": self.reason,
            "user_id": self.env.uid,
            "date": fields.Datetime.now(),
        }
