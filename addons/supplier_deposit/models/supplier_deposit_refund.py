from odoo import Command, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

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
            stuck = payments.filtered(
                lambda payment, deposit=deposit: not deposit._cancel_payment(payment)
            )
            # a bill whose payment cannot be stopped stays: it is claimed back when paid
            if bill.state == "posted" and not stuck:
                bill.button_cancel()
            deposit.write({"state": "cancelled", "hold_reason": False})
            deposit._drop_to_dos()
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

    def _claim(self):
        """Claim back what is with the vendor, and ask the buyer to see to it."""
        for deposit in self:
            deposit.write({"is_claimed": True})
            deposit._sync()
            deposit._drop_to_dos()
            deposit._tell_buyer(
                self.env._(
                    "Get %(amount)s back from %(vendor)s",
                    amount=format_amount(
                        self.env, deposit.amount_open, deposit.currency_id
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
        self._as_system()._claim()
        return True

    def action_keep(self):
        """Take a claim back: the deposit is deducted from the next bills again.

        :raises UserError: when it is not claimed, or its order is cancelled
        """
        self._check_role(
            "purchase.group_purchase_user", "account.group_account_invoice"
        )
        for deposit in self:
            if (
                deposit.state != "refund_awaited"
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

    def action_register_refund(self):
        """Open the receipt of the vendor's money.

        :raises UserError: when no refund is awaited
        """
        self._check_role("account.group_account_invoice")
        self.ensure_one()
        self._check_refund_awaited()
        wizard = self.env["deposit.refund"].create(
            {
                "deposit_id": self.id,
                "amount": self.sudo()._get_refundable(),
                "journal_id": self.journal_id.id,
            }
        )
        return wizard._get_action()

    def _check_refund_awaited(self):
        self.ensure_one()
        if self.state != "refund_awaited":
            raise UserError(
                self.env._(
                    "%(deposit)s: no refund is awaited. Claim it back first.",
                    deposit=self.name,
                )
            )

    def _get_refund_under_way(self):
        """Return what the vendor has sent and the bank does not have yet."""
        self.ensure_one()
        receipts = self.refund_payment_ids
        receipts = receipts.filtered(lambda payment: payment.state == "in_process")
        return sum(receipts.mapped("amount"))

    def _get_refundable(self):
        """Return what the vendor still has to send, in the deposit's currency."""
        return self.currency_id.round(self.amount_open - self._get_refund_under_way())

    def _register_refund(self, journal, date, amount):
        """Receive money from the vendor, and match it with the deposit.

        :param journal: bank or cash ``account.journal``
        :param date: of the receipt
        :param float amount: in the deposit's currency, up to what is open
        :raises UserError:
        """
        self.ensure_one()
        self._check_refund_awaited()
        self._touch()
        if (
            self.currency_id.compare_amounts(amount, 0) <= 0
            or self.currency_id.compare_amounts(amount, self._get_refundable()) > 0
        ):
            raise UserError(
                self.env._(
                    "The vendor owes %(amount)s: enter no more than that.",
                    amount=format_amount(
                        self.env, self._get_refundable(), self.currency_id
                    ),
                )
            )
        if self.method == "bill":
            payment = self._refund_bill(journal, date, amount)
        else:
            payment = self._refund_payment(journal, date, amount)
        self._sync()
        if self.state == "refunded":
            self._drop_to_dos()
        return payment

    def _refund_payment(self, journal, date, amount):
        source = self._get_deposit_lines()
        payment = self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "supplier",
                "partner_id": self.partner_id.commercial_partner_id.id,
                "amount": amount,
                "currency_id": self.currency_id.id,
                "company_id": self.company_id.id,
                "journal_id": journal.id,
                "destination_account_id": source.account_id.id,
                "date": date,
                "memo": self.env._("Refund of deposit %(deposit)s", deposit=self.name),
                "deposit_refund_id": self.id,
            }
        )
        payment.action_post()
        credit = payment.move_id.line_ids.filtered(
            lambda line: line.account_id == source.account_id and line.credit
        )
        (source | credit).reconcile()
        return payment

    def _refund_bill(self, journal, date, amount):
        """Credit the deposit bill with what comes back, and receive it."""
        notes = self._get_refunds_of_bill().filtered("amount_residual")
        # a credit note whose money did not come, or one made by hand, is there already
        missing = amount - sum(notes.mapped("amount_residual"))
        if self.currency_id.compare_amounts(missing, 0) > 0:
            notes |= self._credit_bill(date, missing)
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=notes.ids
        )
        values = {
            "journal_id": journal.id,
            "payment_date": date,
            "group_payment": True,
            "amount": amount,
        }
        payment = register.create(values)._create_payments()
        payment.write({"deposit_refund_id": self.id})
        return payment

    def _credit_bill(self, date, amount):
        """Post a credit note of the deposit bill.

        :param float amount: with the taxes of the bill, in the deposit's currency
        """
        bill = self.bill_id
        net = amount * bill.amount_untaxed / bill.amount_total
        note = self.env["account.move"].create(
            {
                **self.order_id._prepare_invoice(),
                "move_type": "in_refund",
                "reversed_entry_id": bill.id,
                "invoice_date": date,
                "date": date,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(self._prepare_bill_line_values(1.0, net))
                ],
            }
        )
        note.action_post()
        self._match_lines()
        return note
