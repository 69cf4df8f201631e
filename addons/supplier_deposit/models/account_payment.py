from odoo import fields, models
from odoo.exceptions import UserError

from odoo.addons.approval_matrix_purchase.models.account_payment import POSTED

from ..readings import get_covered, get_item
from .purchase_order import ACCOUNTING

#: What the entry of a payment says, and what of a deposit it covers.
BOOKED = {
    "amount",
    "currency_id",
    "deposit_amount",
    "destination_account_id",
    "journal_id",
    "partner_id",
    "payment_type",
}


class AccountPayment(models.Model):
    """Payments of deposits, and what vendors pay back: the direction says which."""

    _name = "account.payment"
    _inherit = ["account.payment", "deposit.link.mixin"]

    _deposit_links = ("deposit_id",)

    deposit_id = fields.Many2one(
        "supplier.deposit",
        string="Deposit",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=ACCOUNTING,
    )
    deposit_currency_id = fields.Many2one(
        related="deposit_id.currency_id", string="Currency of the Deposit"
    )
    deposit_amount = fields.Monetary(
        string="Covers of the Deposit",
        currency_field="deposit_currency_id",
        copy=False,
        groups=ACCOUNTING,
        help="What of the deposit a payment in company currency pays, at the rate of "
        "the bank. Empty: all that is left.",
    )

    def write(self, vals):
        """Post only what has been approved, and keep it as it was posted; write down
        where the money goes."""
        watched = BOOKED | {"state", "partner_bank_id", "move_id"}
        if not watched & vals.keys() or not self.env["supplier.deposit"]._is_in_use():
            return super().write(vals)
        of_deposits = self.sudo().filtered("deposit_id")
        before = {payment: payment.partner_bank_id for payment in of_deposits}
        is_posting = vals.get("state") in POSTED
        if BOOKED & vals.keys() and not self.env.su:
            for payment in of_deposits:
                if is_posting or payment._deposit_is_booked():
                    payment._deposit_refuse_change()
        if is_posting:
            of_deposits._deposit_check()
        result = super().write(vals)
        for payment, bank in before.items():
            if payment.partner_bank_id != bank:
                payment._deposit_log_bank(bank)
            if payment.payment_type == "outbound" and payment.state in POSTED:
                payment.deposit_id._check_booked(payment)
                payment.deposit_id._check_goes_to_vendor(payment)
        if vals.get("state") == "rejected":
            of_deposits.filtered(lambda p: p._deposit_is_booked())._deposit_rejected()
        return result

    def _deposit_is_booked(self):
        return self.state in POSTED or self.move_id.state == "posted"

    def _deposit_rejected(self):
        """The bank sent it back, and its entry says that the vendor has the money."""
        for payment in self:
            payment.deposit_id._as_system()._tell_buyer(
                self.env._("Payment %s was rejected", payment.name),
                self.env._("Have it cancelled, and the deposit is due again."),
            )

    def _deposit_refuse_change(self):
        raise UserError(
            self.env._(
                "%(payment)s of deposit %(deposit)s is in the books: reset it to draft "
                "first.",
                payment=self.name or self.memo,
                deposit=self.deposit_id.name,
            )
        )

    def _deposit_check(self):
        """Refuse to post what is not, or not any more, to be paid."""
        drafts = self.filtered(
            lambda p: p.payment_type == "outbound" and p.state not in POSTED
        )
        for deposit, payments in drafts.grouped("deposit_id").items():
            deposit = deposit.with_env(self.env)
            deposit._touch()
            total = sum(map(get_covered, payments))
            for payment in payments:
                deposit._check_payable(payment, total)
                deposit._check_period(payment.date, payment.journal_id)
                if payment.currency_id != deposit.currency_id:
                    payment.deposit_amount = get_covered(payment)

    def _deposit_check_entry(self):
        """Refuse an entry that is posted by itself, or says something else."""
        self._deposit_check()
        for payment in self.filtered(lambda p: p.payment_type == "outbound"):
            payment.deposit_id._check_entry(payment)

    def _deposit_posted(self):
        """Their entries have been posted: mark the items that hold the deposits' money
        with the vendors."""
        for payment in self.filtered(lambda p: p.payment_type == "outbound"):
            item = get_item(payment)
            item.deposit_id = payment.deposit_id
            # as the user, so that the tracked change names whoever posted the payment
            payment.deposit_id._recompute_recordset(["state"])
            payment.deposit_id._as_system()._was_paid()

    def _deposit_log_bank(self, old):
        """Write down who sent the payment to another bank account: approvers decide
        before there is a payment.

        :param old: ``res.partner.bank`` until now
        """
        self.ensure_one()
        self.deposit_id._message_log(
            body=self.env._(
                "The payment goes to bank account %(new)s now, not to %(old)s.",
                old=old.acc_number or self.env._("none"),
                new=self.partner_bank_id.acc_number or self.env._("none"),
            ),
            author_id=self.env.user.partner_id.id,
        )

    def _flow_is_judged_elsewhere(self):
        """The deposit says whether it may be paid."""
        return bool(self.sudo().deposit_id) or super()._flow_is_judged_elsewhere()

    def unlink(self):
        """Payments that deposits count stay in the books."""
        for payment in self.sudo().filtered("deposit_id"):
            if payment._deposit_is_booked():
                payment._deposit_refuse_change()
        return super().unlink()
