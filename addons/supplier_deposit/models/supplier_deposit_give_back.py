from odoo import models


class SupplierDeposit(models.Model):
    """Taking deductions back, when less of an order is billed than was."""

    _inherit = "supplier.deposit"

    def _give_back(self, amount, date=None):
        """Take deductions from bills of the order back, the newest first; what an
        accountant matched with other bills stays.

        :param float amount: at least so much, in the deposit's currency
        :param date: not before it, if something happened then
        :return: what has to be deducted again, as matches are taken back whole
        """
        self.ensure_one()
        left = amount
        partials = self._get_deposit_lines().matched_credit_ids
        for partial in partials.sorted("id", reverse=True):
            move = partial.credit_move_id.move_id
            if self.currency_id.compare_amounts(left, 0) <= 0:
                break
            orders = move.invoice_line_ids.purchase_line_id.order_id
            if not (self.order_id in orders or move.deposit_allocation_id):
                continue
            left -= partial.debit_amount_currency
            if move.deposit_allocation_id:
                move._reverse_allocation(date)
            else:
                partial.unlink()
        return max(0.0, self.currency_id.round(-left))

    def _match_credit_notes(self):
        """Match credit notes with the bills they reverse, where giving back left both
        open."""
        moves = self.order_id.order_line.invoice_lines.move_id
        for note in moves.filtered(
            lambda move: (
                move.move_type == "in_refund"
                and move.state == "posted"
                and move.reversed_entry_id.state == "posted"
            )
        ):
            lines = (note | note.reversed_entry_id).line_ids.filtered(
                lambda line: (
                    line.account_id.account_type == "liability_payable"
                    and not line.reconciled
                )
            )
            if len(lines.move_id) == 2 and len(lines.account_id) == 1:
                lines.reconcile()
