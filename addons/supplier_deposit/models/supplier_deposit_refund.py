from odoo import Command, fields, models
from odoo.exceptions import UserError
from odoo.tools import format_amount

from ..allocation import split_down_payment


class SupplierDeposit(models.Model):
    """The vendor's money comes back: its receipt closes the claim."""

    _inherit = "supplier.deposit"

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
        if self.currency_id.compare_amounts(self.amount_awaited, 0) <= 0:
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
        registered = sum(
            receipt.currency_id._convert(
                receipt.amount, self.currency_id, self.company_id, receipt.date
            )
            for receipt in receipts
        )
        # accountants also register it on the credit note itself
        return registered + sum(
            amount
            for note in self._get_refunds_of_bill()
            for other, amount in self._get_matched_with(note)
            if other.origin_payment_id.state == "in_process"
            and other.origin_payment_id not in receipts
        )

    def _get_refundable(self):
        """Return what the vendor still has to send, in the deposit's currency."""
        return self.currency_id.round(
            self.amount_awaited - self._get_refund_under_way()
        )

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
        self._check_period(date, journal)
        if self.method == "bill":
            payment = self.sudo()._refund_bill(journal, date, amount)
        else:
            payment = self.sudo()._refund_payment(journal, date, amount)
        self._check_booked(payment)
        self._sync()
        return payment

    def _refund_payment(self, journal, date, amount):
        self._check_bank(journal, journal.inbound_payment_method_line_ids[:1])
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
        if self.state == "refund_awaited":
            self._credit_unpaid()
        notes = self._get_refunds_of_bill().filtered("amount_residual")
        # a credit note whose money did not come, or one made by hand, is there already
        missing = amount - sum(notes.mapped("amount_residual"))
        if self.currency_id.compare_amounts(missing, 0) > 0:
            self._check_creditable(missing)
            note = self._credit_bill(date, missing)
            self._keep_for_refund(note)
            notes |= note
        is_part = self.currency_id.compare_amounts(missing, 0) < 0
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=notes.ids
        )
        wizard = register.create(
            {"journal_id": journal.id, "payment_date": date, "group_payment": True}
        )
        if is_part:
            # a bank in another currency receives that
            wizard.amount = self.currency_id._convert(
                amount, wizard.currency_id, self.company_id, date
            )
        payment = wizard._create_payments()
        payment.sudo().write({"deposit_refund_id": self.id})
        return payment

    def _check_creditable(self, amount):
        """Refuse to credit more than is settled and neither deducted nor credited yet.

        :param float amount: in the deposit's currency
        :raises UserError:
        """
        self.ensure_one()
        if self.currency_id.compare_amounts(amount, self._get_uncredited()) > 0:
            raise UserError(
                self.env._(
                    "Deposit %(deposit)s: credit notes of %(bill)s cover what is to "
                    "come back already. Match them with the money.",
                    deposit=self.name,
                    bill=self.bill_id.name,
                )
            )

    def _credit_unpaid(self):
        """Credit what nobody has paid of the deposit bill: nobody has to any more, and
        the bill comes to what the vendor has."""
        self.ensure_one()
        bill = self.bill_id
        if bill.state != "posted" or not bill.amount_residual:
            return
        notes = self._get_refunds_of_bill().filtered("amount_residual")
        lines = (bill | notes).line_ids.filtered(
            lambda line: (
                line.account_id.account_type == "liability_payable"
                and not line.reconciled
            )
        )
        for same in lines.grouped("account_id").values():
            if len({line.balance > 0 for line in same}) == 2:
                same.reconcile()
        if left := bill.amount_residual:
            # Odoo matches it with the bill when it is posted
            self._credit_bill(max(fields.Date.context_today(self), bill.date), left)

    def _drop_unpaid_rest(self):
        """Credit what nobody has paid of deposit bills whose order has been billed: the
        final bills ask for it."""
        today = fields.Date.context_today(self)
        for deposit in self.filtered(lambda deposit: deposit.method == "bill"):
            bill = deposit.bill_id
            if (
                bill.state == "posted"
                and bill.amount_residual
                and deposit.state in ("paid", "applied", "done")
                and deposit._get_billed_share(deposit.order_id) >= 1
                and not bill._get_violated_lock_dates(
                    max(today, bill.date), bill._affect_tax_report()
                )
            ):
                deposit._credit_unpaid()

    def _keep_for_refund(self, note):
        """Leave a credit note open for the money that comes back, where Odoo matched it
        with the unpaid rest of the deposit bill."""
        matches = note.line_ids.matched_credit_ids
        matches.filtered(
            lambda match: (
                match.credit_move_id.move_id == self.bill_id
                and match.credit_move_id.account_id.account_type == "liability_payable"
            )
        ).unlink()

    def _credit_bill(self, date, amount):
        """Post a credit note of the deposit bill.

        :param float amount: with the taxes of the bill, in the deposit's currency: of
            what is not credited yet, or of what nobody has paid
        """
        bill = self.bill_id
        left = self._get_uncredited() + bill.amount_residual
        is_last = self.currency_id.compare_amounts(amount, left) >= 0
        net = amount * bill.amount_untaxed / bill.amount_total
        quantity, price = split_down_payment(
            net, self._get_unit_left(), is_last, self._get_digits()
        )
        note = self.env["account.move"].create(
            {
                **self.order_id._prepare_invoice(),
                "move_type": "in_refund",
                "reversed_entry_id": bill.id,
                "invoice_date": date,
                "date": date,
                "invoice_payment_term_id": False,
                "invoice_line_ids": [
                    Command.create(self._prepare_bill_line_values(quantity, price))
                ],
            }
        )
        self._check_period(date, note.journal_id, note._affect_tax_report())
        note.action_post()
        self._match_lines()
        return note
