from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_date

from .supplier_deposit import UNPAID


class SupplierDeposit(models.Model):
    """What becomes of deposits when their order is cancelled."""

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
