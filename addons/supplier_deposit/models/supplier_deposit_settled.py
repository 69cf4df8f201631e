from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_amount


class SupplierDeposit(models.Model):
    """What of a deposit bill is settled, credited and refunded.

    - *Settled* is what of the bill is matched with anything that counts: a payment that
      the bank has made, a credit note or a bill of something else, an entry.
    - *Credited* is what its posted credit notes say that the vendor owes: their
      total, less what they take off the bill itself, which nobody has paid.
    - *Refunded* is what of those notes is settled likewise; never more than credited.

    What is settled, but neither credited nor claimed, is what bills deduct.
    """

    _inherit = "supplier.deposit"

    def _measure_bill(self):
        """Return what was settled, deducted and given back of a deposit bill."""
        paid = self._get_settled(self.bill_id)
        refunded = sum(self._get_settled(note) for note in self._get_refunds_of_bill())
        applied = 0.0
        lines = self._get_final_lines().filtered(
            lambda line: line.parent_state == "posted"
        )
        for line in lines:
            sign = -1 if line.move_id.move_type == "in_invoice" else 1
            applied += sign * self._get_line_amount(line)
        if lines.currency_id - self.currency_id:
            rest = paid - refunded - applied
            if self.company_currency_id.is_zero(self._to_booked_amount(rest)):
                applied += rest  # no more than roundings
        return paid, applied, refunded

    def _get_settled(self, move):
        """Return how much of the deposit bill, or of a credit note of it, is settled.

        :param move: ``account.move``
        :return: in the deposit's currency
        """
        return sum(amount for _move, amount in self._get_settling(move))

    def _get_settling(self, move):
        """Return what settles the deposit bill or a credit note of it.

        Neither what the bank has not moved yet, nor what bill and notes take off each
        other: that is nobody's money.

        :return: list of ``(account.move, amount in the deposit's currency)``
        """
        own = self.bill_id | self.bill_id.reversal_move_ids
        return [
            (other, amount)
            for other, amount in self._get_matched_with(move)
            if other not in own and other.origin_payment_id.state in (False, "paid")
        ]

    def _get_matched_with(self, move):
        """Return what the payable items of a posted entry are matched with.

        :return: list of ``(posted account.move, amount in the deposit's currency)``
        """
        if move.state != "posted":
            return []
        lines = move.line_ids.filtered(
            lambda line: line.account_id.account_type == "liability_payable"
        )
        found = [
            (match.debit_move_id.move_id, match.credit_amount_currency)
            for match in lines.matched_debit_ids
        ] + [
            (match.credit_move_id.move_id, match.debit_amount_currency)
            for match in lines.matched_credit_ids
        ]
        return [
            (other, self._from_currency_of(move, amount))
            for other, amount in found
            if other.state == "posted"
        ]

    def _get_refunds_of_bill(self):
        """Return the posted credit notes of the deposit bill."""
        return self.bill_id.reversal_move_ids.filtered(
            lambda move: move.state == "posted"
        )

    def _get_credited(self):
        """Return what credit notes of the deposit bill say that the vendor owes, or has
        paid back."""
        credited = 0.0
        for note in self._get_refunds_of_bill():
            credited += self._from_currency_of(note, note.amount_total)
            credited -= sum(
                amount
                for other, amount in self._get_matched_with(note)
                if other == self.bill_id
            )
        return self.currency_id.round(credited)

    def _check_credited(self):
        """Refuse credit notes of what other bills have deducted already: prepayments
        would go below zero.

        :raises UserError:
        """
        for deposit in self:
            bill = deposit.bill_id
            notes = deposit._get_refunds_of_bill()
            if notes.currency_id - bill.currency_id:
                continue
            credited = sum(notes.mapped("amount_total"))
            left = bill.amount_total - deposit.amount_applied
            if bill.currency_id.compare_amounts(credited, left) > 0:
                raise UserError(
                    self.env._(
                        "%(bill)s has %(amount)s left that other bills have not "
                        "deducted: its credit notes come to more than that. Credit "
                        "those bills first.",
                        bill=bill.name,
                        amount=format_amount(self.env, left, bill.currency_id),
                    )
                )

    def _get_least_claim(self):
        """Return what cannot be unclaimed any more: it has come back or is on its way,
        or the vendor has credited it."""
        self.ensure_one()
        back = self.amount_refunded + self._get_refund_under_way()
        return max(back, self._get_credited())

    def _get_uncredited(self):
        """Return what of the deposit bill is settled and neither deducted nor
        credited."""
        self.ensure_one()
        left = self.amount_paid - self.amount_applied - self._get_credited()
        return self.currency_id.round(left)

    def _get_date_settled(self):
        """Return when the deposit was paid, or its bill settled otherwise."""
        self.ensure_one()
        moves = [move for move, _amount in self._get_settling(self.bill_id)]
        date = min((move.date for move in moves), default=False)
        return self._get_payments()[:1].date or date

    def _get_settling_moves(self):
        """Return the entries that settle the deposit bill and its credit notes."""
        self.ensure_one()
        moves = self.env["account.move"]
        for own in self.bill_id | self._get_refunds_of_bill():
            for move, _amount in self._get_settling(own):
                moves |= move
        return moves
