from odoo import api, fields, models
from odoo.fields import Domain

from .supplier_deposit import ACTIVE, UNPAID


class SupplierDeposit(models.Model):
    """What has been paid, deducted and given back: read from the journal entries.

    Nothing is counted up along the way, so whatever accountants do by hand (match,
    unmatch, reset, pay otherwise) is seen, and doing it twice changes nothing.
    """

    _inherit = "supplier.deposit"

    @api.model
    def _find_of_moves(self, moves):
        """Return the deposits that journal entries, or what they are matched with,
        belong to."""
        moves = moves.with_env(self._engine().env)
        lines = moves.line_ids
        matched = lines.matched_debit_ids.debit_move_id
        moves |= (matched | lines.matched_credit_ids.credit_move_id).move_id
        moves |= moves.reversed_entry_id
        payments = moves.origin_payment_id
        known = moves.deposit_allocation_id | payments.deposit_refund_id
        bills = moves.filtered(lambda move: move.is_purchase_document())
        if not payments and not bills:
            return known
        found = self._engine().search(
            Domain("payment_id", "in", payments.ids)
            | Domain("bill_id", "in", bills.ids)
        )
        return known | found

    def _sync(self):
        """Bring amounts and state in step with the journal entries.

        :return: those that are paid now and were not before
        """
        newly = self._engine()
        for deposit in self._engine().browse(self.ids):
            before = deposit.state
            values = deposit._measure()
            values["state"] = deposit._derive_state(values)
            values["amount_awaited"] = deposit._derive_awaited(values)
            changed = {
                name: value
                for name, value in values.items()
                if deposit._differs(name, value)
            }
            if changed:
                deposit.write(changed)
            if before in ACTIVE and deposit.state in UNPAID:
                deposit._withdraw()
            if before in UNPAID and deposit.state in ACTIVE:
                newly |= deposit
                deposit._drop_to_dos()
            elif before == "cancelled" and deposit.state == "refund_awaited":
                deposit._ask_for_refund()  # paid although its order had ended
            elif changed and deposit._is_settled():
                deposit._drop_to_dos()
        return newly._check_need()

    def _check_need(self):
        """See whether what has just been paid is what its order still needs.

        :return: those that can be deducted
        """
        wrong = self.filtered(lambda deposit: not deposit._is_of_order())
        wrong._claim()
        right = self - wrong
        right._leave_rest()
        right._claim_credited()
        right._tell_of_over()
        return right

    def _withdraw(self):
        """The bank has not paid after all: bills must not deduct it any more."""
        self.ensure_one()
        if self.method == "payment" and not self.currency_id.is_zero(
            self.amount_applied
        ):
            self._give_back(self.amount_applied)
            self._sync()

    def _differs(self, name, value):
        field = self._fields[name]
        if field.type == "monetary":
            currency = self[field.get_currency_field(self)]
            return bool(currency.compare_amounts(self[name], value))
        return field.convert_to_write(self[name], self) != value

    def _measure(self):
        """Return the amounts of the deposit as they follow from journal entries."""
        self.ensure_one()
        measured = self._measure_bill() if self.method == "bill" else None
        paid, applied, refunded = measured or self._measure_payment()
        currency = self.currency_id
        paid, applied, refunded = map(currency.round, (paid, applied, refunded))
        left = max(0.0, currency.round(paid - applied - refunded))
        date = self._get_date_settled() if paid else False
        return {
            "amount_paid": paid,
            "amount_applied": applied,
            "amount_refunded": refunded,
            "amount_open": left,
            "amount_open_company": self._to_booked_amount(left) if left else 0.0,
            "date_paid": date and (self.date_paid or date),
            "age": left and self._get_age(self.date_paid or date) or False,
        }

    def _get_booked_rate(self):
        """Return what one unit of the deposit's currency was booked at, in company
        currency: vendors keep advances at the rate of their day."""
        self.ensure_one()
        lines = self._get_deposit_lines() or self._get_bill_line()
        amount = sum(lines.mapped("amount_currency"))
        if not amount:
            return self._to_company_currency(1.0)
        return sum(lines.mapped("balance")) / amount

    def _to_booked_amount(self, amount):
        """Return an amount of the deposit in company currency, as it is booked."""
        self.ensure_one()
        return self.company_currency_id.round(amount * self._get_booked_rate())

    def _get_payments(self):
        self.ensure_one()
        return self.payment_id | self.bill_id.reconciled_payment_ids

    def _get_age(self, date):
        days = (fields.Date.context_today(self) - date).days if date else 0
        return "0" if days <= 30 else "1" if days <= 60 else "2" if days <= 90 else "3"

    def _measure_payment(self):
        """Paid counts from the moment Odoo says so: when the bank has it. What an
        accountant reversed is not, although Odoo says so then too."""
        payment = self.payment_id
        paid = payment.amount if payment.state == "paid" else 0.0
        applied = refunded = 0.0
        for partial in self._get_deposit_lines().matched_credit_ids:
            other = partial.credit_move_id
            if other.move_id.reversed_entry_id == payment.move_id:
                paid = max(0.0, paid - partial.debit_amount_currency)
            elif other.move_id.origin_payment_id or other.statement_line_id:
                if self._is_money(other.move_id):
                    refunded += partial.debit_amount_currency
            else:
                applied += partial.debit_amount_currency
        return paid, applied, refunded

    def _is_payment_ended(self):
        """Tell whether the payment came to nothing: another one may take its place."""
        self.ensure_one()
        payment = self.payment_id
        lines = self._get_deposit_lines()
        others = lines.matched_credit_ids.credit_move_id.move_id
        is_reversed = (
            others
            and others.reversed_entry_id == payment.move_id
            and all(line.reconciled for line in lines)
            and all(other.reversed_entry_id for other in others)
        )
        return payment.state in ("canceled", "rejected") or bool(is_reversed)

    def _get_deposit_lines(self):
        """Return the journal items that hold what is with the vendor."""
        self.ensure_one()
        payment = self.payment_id
        return payment.move_id.line_ids.filtered(
            lambda line: (
                line.account_id == payment.destination_account_id
                and line.account_id.reconcile
                and (line.debit or line.amount_currency > 0)
            )
        )

    @api.model
    def _is_money(self, move):
        """Tell whether an entry says that the bank moved money, not that it should."""
        return bool(move.statement_line_id) or move.origin_payment_id.state == "paid"

    def _get_applied_bills(self):
        """Return the vendor bills that the deposit was deducted from."""
        self.ensure_one()
        lines = self._get_deposit_lines().matched_credit_ids.credit_move_id
        moves = lines.move_id
        payable = self.allocation_ids.line_ids.filtered("debit")
        moves |= payable.matched_credit_ids.credit_move_id.move_id
        moves |= self._get_final_lines().move_id
        return moves.filtered(
            lambda move: move.is_purchase_document() and move.state == "posted"
        )

    def _derive_state(self, values):
        """Return the state that follows from the amounts.

        :param dict values: what :meth:`_measure` returned
        """
        self.ensure_one()
        paid, left = values["amount_paid"], values["amount_open"]
        ended = self.is_claimed or self.order_id.state == "cancel"
        if self.currency_id.is_zero(paid):
            if self.state in UNPAID or self.state == "cancelled":
                return self.state
            return "cancelled" if ended else "due"
        if self.currency_id.is_zero(left):
            refunded = not self.currency_id.is_zero(values["amount_refunded"])
            return "refunded" if refunded else "done"
        if ended or self.state == "cancelled":
            return "refund_awaited"
        return (
            "paid" if self.currency_id.is_zero(values["amount_applied"]) else "applied"
        )

    def _derive_awaited(self, values):
        """Return what has been claimed back and has not arrived.

        :param dict values: what :meth:`_measure` returned, and the state
        """
        self.ensure_one()
        if values["state"] == "refund_awaited":
            return values["amount_open"]
        claimed = max(0.0, self.amount_claimed - values["amount_refunded"])
        return self.currency_id.round(min(claimed, values["amount_open"]))

    def _is_settled(self):
        """Tell whether there is nothing to do about it for the buyer any more."""
        self.ensure_one()
        return self.state in ("done", "refunded") or (
            self.amount_claimed and not self.amount_awaited
        )

    def _drop_to_dos(self):
        self.activity_unlink(["mail.mail_activity_data_warning"])
