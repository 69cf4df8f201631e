from odoo import api, fields, models
from odoo.exceptions import UserError
from odoo.tools import formatLang

from .supplier_deposit import STATES, UNPAID


class SupplierDeposit(models.Model):
    """What screens show of a deposit besides its own fields."""

    _inherit = "supplier.deposit"

    # columns of a kanban stand in the order in which deposits go through them
    state = fields.Selection(group_expand="_sort_states")
    milestone_name = fields.Char(related="milestone_id.name", string="Instalment")
    is_under_way = fields.Boolean(
        string="Payment on Its Way",
        compute="_compute_is_under_way",
        compute_sudo=True,
        help="The payment was posted; the deposit is paid when the bank says so.",
    )
    held_by = fields.Char(
        compute="_compute_held_by", help="Who has to act next, and on what it waits."
    )

    @api.model
    def _sort_states(self, states, domain):
        return [state for state, _label in STATES if state in states]

    @api.depends("state", "payment_id.state", "bill_id.payment_state")
    def _compute_is_under_way(self):
        for deposit in self:
            deposit.is_under_way = deposit.state == "due" and (
                deposit.payment_id.state == "in_process"
                or deposit.bill_id.payment_state in ("in_payment", "paid")
            )

    @api.depends(
        "state",
        "hold_reason",
        "is_refused",
        "is_under_way",
        "user_id",
        "amount_awaited",
        "approval_holder_ids",
    )
    def _compute_held_by(self):
        for deposit in self:
            deposit.held_by = deposit._get_holder()

    def _get_holder(self):
        """Return in words who has to act next, or nothing when all is done."""
        self.ensure_one()
        buyer = self._get_responsible().sudo().name
        if self.state == "waiting":
            return ", ".join(self.approval_holder_ids.sudo().mapped("name"))
        if self.state == "planned":
            stopped = self.is_refused or self.hold_reason
            return buyer if stopped else self.env._("Not due yet")
        if self.state == "due":
            return self.env._("Bank") if self.is_under_way else self.env._("Cashier")
        if self.amount_awaited:
            return buyer
        if self.state in ("paid", "applied"):
            return self.env._("Vendor, until the bill")
        return buyer if self.state == "refund_awaited" else False

    def _get_progress(self):
        """Return the deposits as the order shows them, each with what a buyer asks:
        how much, when, paid, deducted, and who holds it.

        Amounts are in words, so that no screen has to know currencies.
        """
        states = dict(self._fields["state"]._description_selection(self.env))
        return [
            {
                "id": deposit.id,
                "name": deposit.milestone_name,
                "reference": deposit.name,
                "percent": deposit.percent
                and deposit.milestone_id._format_percent(deposit.percent),
                "state": deposit.state,
                "label": states[deposit.state],
                "amount": deposit._format("amount"),
                "paid": deposit._format("amount_paid"),
                "applied": deposit._format("amount_applied"),
                "open": deposit._format("amount_open"),
                "refunded": deposit._format("amount_refunded"),
                "awaited": deposit._format("amount_awaited"),
                "share_open": deposit._get_part("amount_open"),
                "share_applied": deposit._get_part("amount_applied"),
                "due": deposit.state in UNPAID
                and fields.Date.to_string(deposit.date_due),
                "paid_on": fields.Date.to_string(deposit.date_paid),
                "holder": deposit.held_by,
                "reason": deposit.state in UNPAID and deposit.hold_reason,
            }
            for deposit in self
        ]

    def _get_part(self, name):
        """Return an amount in percent of the deposit."""
        return round(100 * min(1.0, self[name] / self.amount)) if self.amount else 0

    def _format(self, name):
        """Return an amount in words, or nothing when it is zero."""
        amount = self[name]
        if self.currency_id.is_zero(amount):
            return False
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_pay_batch(self):
        """Open the cashier's list: for what is selected, else for all that can be paid.

        :raises UserError: when a payment is on its way already
        """
        self._check_role("account.group_account_invoice")
        if not self:
            due = self.search([("state", "=", "due")])
            deposits = due.filtered(lambda deposit: not deposit.is_under_way)
            if not deposits:
                raise UserError(self.env._("No deposit is due: nothing to pay."))
            return deposits.action_pay()
        self._check_not_under_way()
        return self.action_pay()
