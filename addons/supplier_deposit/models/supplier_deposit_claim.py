from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_amount, format_date

from .supplier_deposit import UNPAID


class SupplierDeposit(models.Model):
    """What becomes of deposits when their order is cancelled, or was more than due."""

    _inherit = "supplier.deposit"

    def _stop(self):
        """Their orders are cancelled: claim back what is paid, drop the rest."""
        deposits = self._as_system()
        deposits.write({"is_order_ended": True})
        for deposit in deposits:
            if deposit.state in UNPAID:
                deposit._cancel_unpaid()
            elif deposit.state in ("paid", "applied"):
                deposit._claim()

    def _pause(self):
        """Their orders went back to a quotation: nothing is paid meanwhile."""
        for deposit in self._as_system():
            if deposit.state in UNPAID and deposit._is_free_to_change():
                deposit._drop_drafts()
                deposit.write({"state": "planned"})

    def _cancel_unpaid(self):
        """Cancel deposits that nobody has paid, with what was made to pay them."""
        for deposit in self:
            deposit._drop_drafts()
            bill = deposit.bill_id
            payments = deposit.payment_id | bill.reconciled_payment_ids
            payments = payments.filtered(lambda payment: payment.state == "in_process")
            posted_by = {payment: payment.write_uid for payment in payments}
            stuck = payments.filtered(
                lambda payment, deposit=deposit: not deposit._cancel_payment(payment)
            )
            # a bill whose payment cannot be stopped stays: it is claimed back when paid
            if bill.state == "posted" and not stuck:
                deposit._cancel_bill()
            deposit.write({"state": "cancelled", "hold_reason": False})
            deposit._drop_to_dos()
            for payment in payments - stuck:
                deposit._tell_of_cancelled_payment(payment, posted_by[payment])
            if stuck:
                deposit._tell_buyer(
                    self.env._(
                        "Stop payment %(payment)s of deposit %(deposit)s",
                        payment=", ".join(stuck.mapped("name")),
                        deposit=deposit.name,
                    ),
                    self.env._(
                        "The order is cancelled, but the payment was sent, or its "
                        "period is locked. When the bank has paid it, it will be "
                        "claimed back."
                    ),
                )

    def _cancel_payment(self, payment):
        """Cancel a payment that the bank has not seen yet.

        :return: whether it could be cancelled
        """
        move = payment.move_id
        if payment.is_sent:
            return False
        if move and (
            move._get_violated_lock_dates(move.date, False)
            or move.inalterable_hash
            or move.need_cancel_request
        ):
            return False
        payment.action_cancel()
        return True

    def _cancel_bill(self):
        """Cancel the posted bill of the deposit.

        :raises UserError: when its period is closed; it says what to do
        """
        self.ensure_one()
        bill = self.bill_id
        if bill.payment_state == "reversed":
            return
        if bill._get_violated_lock_dates(bill.date, bill._affect_tax_report()):
            raise UserError(
                self.env._(
                    "The bill %(bill)s of deposit %(deposit)s is dated %(date)s, and "
                    "that period is locked: it cannot be cancelled. Reverse it with a "
                    "credit note first.",
                    bill=bill.name,
                    deposit=self.name,
                    date=format_date(self.env, bill.date),
                )
            )
        bill.button_cancel()

    def _claim(self):
        """Claim back what is with the vendor, and ask the buyer to see to it."""
        for deposit in self:
            deposit.write({"is_claimed": True})
            deposit._sync()
            deposit._ask_for_refund()

    def _claim_part(self, amount):
        """Claim a part of what is with the vendor back; the rest is still deducted.

        :param float amount: in the deposit's currency, no more than is open
        :raises UserError:
        """
        self.ensure_one()
        currency = self.currency_id
        compared = currency.compare_amounts(amount, self.amount_open)
        if currency.compare_amounts(amount, 0) <= 0 or compared > 0:
            raise UserError(
                self.env._(
                    "The vendor holds %(amount)s: claim no more than that.",
                    amount=format_amount(self.env, self.amount_open, currency),
                )
            )
        if not compared:
            self._claim()
            return
        self._touch()
        self.write({"amount_claimed": self.amount_refunded + amount})
        self._sync()
        self._ask_for_refund()

    def _claim_credited(self):
        """Claim back what credit notes of the deposit bill say that is owed, as far as
        it is neither claimed nor refunded yet."""
        for deposit in self:
            notes = deposit._get_refunds_of_bill()
            credited = sum(notes.mapped("amount_total"))
            known = max(deposit.amount_claimed, deposit.amount_refunded)
            missing = min(credited - deposit.amount_refunded, deposit.amount_open)
            if (
                deposit.state in ("paid", "applied")
                and deposit.currency_id.compare_amounts(credited, known) > 0
                and deposit.currency_id.compare_amounts(missing, 0) > 0
            ):
                deposit._claim_part(missing)

    def _ask_for_refund(self):
        """Give the buyer the to-do that the receipt of the refund closes."""
        for deposit in self:
            deposit._drop_to_dos()
            deposit._tell_buyer(
                self.env._(
                    "Get %(amount)s back from %(vendor)s",
                    amount=format_amount(
                        self.env, deposit.amount_awaited, deposit.currency_id
                    ),
                    vendor=deposit.partner_id.display_name,
                ),
                self.env._(
                    "Deposit %(deposit)s of order %(order)s is not needed any more. "
                    "Register the refund when the money has arrived.",
                    deposit=deposit.name,
                    order=deposit.order_id.name,
                ),
            )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_claim(self):
        """Claim back what has not been deducted; it is not deducted any more.

        :raises UserError: when nothing is with the vendor
        """
        self._check_claimable()
        self._as_system()._claim()
        return True

    def action_open_claim(self):
        """Ask how much is claimed back.

        :raises UserError: when nothing is with the vendor
        """
        self.ensure_one()
        self._check_claimable()
        wizard = self.env["deposit.claim"].create(
            {
                "deposit_id": self.id,
                "amount": self.sudo().amount_over or self.amount_open,
            }
        )
        return wizard._get_action()

    def _check_claimable(self):
        self._check_role(
            "purchase.group_purchase_user", "account.group_account_invoice"
        )
        for deposit in self:
            if deposit.state not in ("paid", "applied"):
                raise UserError(
                    self.env._(
                        "%(deposit)s: there is nothing to claim back.",
                        deposit=deposit.name,
                    )
                )

    def action_keep(self):
        """Take a claim back: the deposit is deducted from the next bills again.

        :raises UserError: when it is not claimed, or its order is cancelled
        """
        self._check_role(
            "purchase.group_purchase_user", "account.group_account_invoice"
        )
        for deposit in self:
            if (
                deposit.currency_id.is_zero(deposit.amount_awaited)
                or deposit.order_id.state == "cancel"
                or not deposit.sudo()._is_of_order()
                or deposit.sudo()._get_refund_under_way()
            ):
                raise UserError(
                    self.env._(
                        "%(deposit)s: only a claim on an order that goes on with the "
                        "same vendor, and before a refund is on its way, can be taken "
                        "back.",
                        deposit=deposit.name,
                    )
                )
        deposits = self._as_system()
        deposits._take_claim_back()
        deposits._drop_to_dos()
        self._settle_orders(deposits.order_id)
        return True
