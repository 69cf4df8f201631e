from odoo import models


class AccountPayment(models.Model):
    """Where the money of deposits goes: approvers decide before there is a payment, so
    that changes of it are told on the deposit."""

    _inherit = "account.payment"

    def write(self, vals):
        if "partner_bank_id" not in vals or not self.env["deposit.rule"]._is_in_use():
            return super().write(vals)
        before = {payment: payment.partner_bank_id for payment in self}
        result = super().write(vals)
        for payment, old in before.items():
            if payment.partner_bank_id != old:
                payment.sudo().deposit_ids._log_bank(old, payment.partner_bank_id)
        return result
