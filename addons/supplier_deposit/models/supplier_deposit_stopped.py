from odoo import models


class SupplierDeposit(models.Model):
    """Payments that were posted, and cancelled with their deposit before the bank said
    that it had them: it may have them all the same."""

    _inherit = "supplier.deposit"

    def _tell_of_cancelled_payment(self, payment, user):
        """Ask whoever posted a payment to stop it: the bank may have it by now.

        :param user: ``res.users`` who posted it; the system has no hands
        """
        self.ensure_one()
        summary = self.env._("Stop payment %(payment)s", payment=payment.name)
        reason = self.env._(
            "Deposit %(deposit)s of order %(order)s was cancelled, and payment "
            "%(payment)s with it. Make sure that the bank does not pay it.",
            deposit=self.name,
            order=self.order_id.name,
            payment=payment.name,
        )
        reason = f"{reason} {self._get_way_back()}"
        payment._message_log(body=reason)
        self._message_log(body=reason)
        if self._may_be_seen_by(user) and user.has_group(
            "account.group_account_invoice"
        ):
            payment.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=user.id,
                summary=summary,
                note=reason,
            )
        else:
            self._tell_buyer(summary, reason)

    def _get_way_back(self):
        """Return in words what accounting does when the bank has paid nevertheless."""
        self.ensure_one()
        if self.method == "bill":
            return self.env._(
                "If it has paid already, reset the payment to draft, post it again, "
                "and ask the vendor for the money."
            )
        return self.env._(
            "If it has paid already, reset the payment to draft and post it again: the "
            "deposit is claimed back when the statement has it."
        )

    def _tell_of_payment_after_all(self, payment):
        """Tell the buyer that a cancelled deposit has been paid nevertheless."""
        self.ensure_one()
        self._as_system()._tell_buyer(
            self.env._(
                "Deposit %(deposit)s was paid although it is cancelled",
                deposit=self.name,
            ),
            self.env._(
                "Payment %(payment)s has been posted again. When the bank statement "
                "has it, register the refund as soon as the vendor pays back.",
                payment=payment.name,
            ),
        )
