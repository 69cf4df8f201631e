from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ..shares import is_exact


class SpendTransfer(models.Model):
    """A transfer that was made: kept for ever, made by :meth:`_make` only."""

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
    request_id = fields.Many2one(
        "spend.transfer.request",
        string="Asked For By",
        index="btree_not_null",
        ondelete="restrict",
    )

    _once_per_request = models.UniqueIndex(
        "(request_id) WHERE request_id IS NOT NULL",
        "This request was carried out already.",
    )

    @api.model
    def _get_refusal(self):
        return self.env._(
            "Transfers are made with the button, and stay as they were made."
        )

    # ------------------------------------------------------------
    # BUSINESS: whoever calls these has checked who asks
    # ------------------------------------------------------------

    @api.model
    def _check_terms(self, source, target, amount, reason):
        """Refuse what is no transfer, whoever asks for it.

        :param source: the ``spend.budget.line`` that gives
        :param target: the one that gets
        :raises UserError: which says what is missing
        """
        if len(source | target) != 2:
            raise UserError(self.env._("Choose two different lines."))
        if source.company_id != target.company_id:
            raise UserError(self.env._("Transfers stay within one company."))
        if any(budget.state != "open" for budget in (source | target).budget_id):
            raise UserError(
                self.env._(
                    "Transfers are for open budgets: drafts are edited, closed "
                    "ones stay."
                )
            )
        if not (reason or "").strip():
            raise UserError(self.env._("Say why."))
        if not is_exact(amount, source.currency_id.rounding):
            raise UserError(
                self.env._("The amount is too large to be counted exactly.")
            )
        if source.currency_id.compare_amounts(amount, 0) <= 0:
            raise UserError(self.env._("Transfer more than nothing."))

    @api.model
    def _make(self, source, target, amount, reason, request=None):
        """Move an amount from one line to the other, and log who and why.

        Both rows are locked, so that what they hold cannot change meanwhile.

        :param request: the ``spend.transfer.request`` that asked for it
        :raises UserError: when the line cannot give that much
        """
        amount = source.currency_id.round(amount)
        source, target = source.sudo(), target.sudo()
        (source | target)._lock_rows()
        self._check_left(source, amount)
        source._system_write({"amount": source.amount - amount})
        target._system_write({"amount": target.amount + amount})
        values = self._prepare_values(source, target, amount, reason)
        transfer = self.sudo()._system_create(
            [{**values, "request_id": request and request.id}]
        )
        body = self.env._(
            "%(amount)s transferred from %(giver)s to %(taker)s: %(reason)s",
            amount=format_amount(self.env, amount, source.currency_id),
            giver=source.display_name,
            taker=target.display_name,
            reason=reason,
        )
        for budget in (source | target).budget_id:
            budget.message_post(body=body)
        return transfer

    @api.model
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
    def _prepare_values(self, source, target, amount, reason):
        return {
            "from_line_id": source.id,
            "to_line_id": target.id,
            "company_id": source.company_id.id,
            "amount": amount,
            "reason": reason,
            "user_id": self.env.uid,
            "date": fields.Datetime.now(),
        }
