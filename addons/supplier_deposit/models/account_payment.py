from odoo import fields, models
from odoo.exceptions import UserError

READERS = "account.group_account_readonly,account.group_account_invoice"


class AccountPayment(models.Model):
    _name = "account.payment"
    _inherit = ["account.payment", "deposit.link.mixin"]

    _deposit_links = ("deposit_origin_id", "deposit_refund_id")

    deposit_ids = fields.One2many(
        "supplier.deposit", "payment_id", string="Deposits", groups=READERS
    )
    deposit_origin_id = fields.Many2one(
        "supplier.deposit",
        string="Made for Deposit",
        readonly=True,
        copy=False,
        index="btree_not_null",
        groups=READERS,
        help="Stays when another payment takes its place.",
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
            posted = self.filtered(lambda p: p.state not in ("in_process", "paid"))
            posted.sudo()._check_not_replaced()
            for deposit in deposits:
                payment = posted & deposit.payment_id.with_env(self.env)
                if payment:
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

    def _flow_is_judged_elsewhere(self):
        """The deposit says whether it may be paid, see ``_check_payable``."""
        payment = self.sudo()
        return (
            bool(payment.deposit_origin_id or payment.deposit_ids)
            or super()._flow_is_judged_elsewhere()
        )

    def _check_not_replaced(self):
        """Refuse to post what another payment of the same deposit has replaced.

        :raises UserError:
        """
        for payment in self:
            deposit = payment.deposit_origin_id
            if deposit and deposit.payment_id != payment:
                raise UserError(
                    self.env._(
                        "%(payment)s was made for deposit %(deposit)s, which has "
                        "another payment now or none any more. Pay it from there.",
                        payment=payment.display_name,
                        deposit=deposit.name,
                    )
                )
