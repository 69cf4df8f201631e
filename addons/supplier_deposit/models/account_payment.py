from odoo import fields, models

READERS = "account.group_account_readonly,account.group_account_invoice"


class AccountPayment(models.Model):
    _inherit = "account.payment"

    deposit_ids = fields.One2many(
        "supplier.deposit", "payment_id", string="Deposits", groups=READERS
    )
    deposit_refund_id = fields.Many2one(
        "supplier.deposit",
        string="Refund of Deposit",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=READERS,
    )

    def write(self, vals):
        """Post only what has been approved; let deposits know what happened."""
        if "state" not in vals or not self.env["deposit.rule"]._is_in_use():
            return super().write(vals)
        Deposit = self.env["supplier.deposit"]
        deposits = Deposit._engine().search(
            [
                "|",
                ("payment_id", "in", self.ids),
                ("refund_payment_ids", "in", self.ids),
            ]
        )
        if vals["state"] in ("in_process", "paid"):
            for deposit in deposits:
                payment = self & deposit.payment_id.with_env(self.env)
                if payment and payment.state not in ("in_process", "paid"):
                    deposit._check_payable(payment.sudo())
                    deposit.with_env(self.sudo().env)._check_period(
                        payment.date, payment.journal_id
                    )
        result = super().write(vals)
        bills = self.sudo().reconciled_bill_ids
        deposits |= Deposit._engine().search([("bill_id", "in", bills.ids)])
        paid = deposits._sync()
        if paid:
            Deposit._settle_orders(paid.order_id)
        return result
