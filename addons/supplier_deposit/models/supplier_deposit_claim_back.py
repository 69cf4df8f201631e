from odoo import models
from odoo.exceptions import UserError
from odoo.tools import format_amount


class SupplierDeposit(models.Model):
    """Claiming back what is with the vendor, all of it or a part, and taking that
    back."""

    _inherit = "supplier.deposit"

    def _claim(self):
        """Claim back what is with the vendor, and ask the buyer to see to it."""
        for deposit in self:
            if deposit.method == "bill":
                deposit._credit_unpaid()
            deposit.write({"is_claimed": True})
            deposit._sync()
            deposit._ask_for_refund()

    def _claim_part(self, amount):
        """Claim a part of what is with the vendor back; the rest is still deducted.

        :param float amount: in the deposit's currency, beside what is claimed already
        :raises UserError: when it is more than is with the vendor and not claimed
        """
        self.ensure_one()
        self._touch()
        currency = self.currency_id
        free = self._get_free_amount()
        compared = currency.compare_amounts(amount, free)
        if currency.compare_amounts(amount, 0) <= 0 or compared > 0:
            raise UserError(
                self.env._(
                    "%(amount)s are with the vendor and not claimed back yet: claim no "
                    "more than that.",
                    amount=format_amount(self.env, free, currency),
                )
            )
        if not compared:
            self._claim()
            return
        claimed = self.amount_refunded + self.amount_awaited + amount
        self.write({"amount_claimed": max(claimed, self._get_least_claim())})
        self._sync()
        self._ask_for_refund()

    def _claim_credited(self):
        """Claim back what credit notes of the deposit bill say that is owed, as far as
        it is neither claimed nor refunded yet."""
        for deposit in self:
            known = max(deposit.amount_claimed, deposit.amount_refunded)
            free = deposit._get_free_amount()
            missing = min(deposit._get_credited() - known, free)
            if (
                deposit.state in ("paid", "applied")
                and deposit.currency_id.compare_amounts(missing, 0) > 0
            ):
                deposit._claim_part(missing)

    def _ask_for_refund(self):
        """Give the buyer the to-do that the receipt of the refund closes."""
        for deposit in self:
            deposit._drop_to_dos()
            deposit._tell_buyer(
                self.env._(
                    "Get %(amount)s back from %(vendor)s",
                    amount=format_amount(
                        self.env, deposit.amount_awaited, deposit.currency_id
                    ),
                    vendor=deposit.partner_id.display_name,
                ),
                self.env._(
                    "Deposit %(deposit)s of order %(order)s is not needed any more. "
                    "Register the refund when the money has arrived.",
                    deposit=deposit.name,
                    order=deposit.order_id.name,
                ),
            )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_claim(self):
        """Claim back what has not been deducted; it is not deducted any more.

        :raises UserError: when nothing is with the vendor
        """
        self._check_claimable()
        self._as_system()._claim()
        return True

    def action_open_claim(self):
        """Ask how much is claimed back.

        :raises UserError: when nothing is with the vendor that is not claimed yet
        """
        self.ensure_one()
        self._check_claimable()
        if self.currency_id.compare_amounts(self._get_free_amount(), 0) <= 0:
            raise UserError(
                self.env._(
                    "%(deposit)s: everything the vendor has is claimed back already.",
                    deposit=self.name,
                )
            )
        wizard = self.env["deposit.claim"].create(
            {
                "deposit_id": self.id,
                "amount": self.sudo().amount_over or self._get_free_amount(),
            }
        )
        return wizard._get_action()

    def _check_claimable(self):
        self._check_role(
            "purchase.group_purchase_user", "account.group_account_invoice"
        )
        for deposit in self:
            if deposit.state not in ("paid", "applied"):
                raise UserError(
                    self.env._(
                        "%(deposit)s: there is nothing to claim back.",
                        deposit=deposit.name,
                    )
                )

    def action_keep(self):
        """Take a claim back: the deposit is deducted from the next bills again.

        What the vendor has credited stays claimed.

        :raises UserError: when it is not claimed, or its order is cancelled
        """
        self._check_role(
            "purchase.group_purchase_user", "account.group_account_invoice"
        )
        for deposit in self:
            deposit._as_system()._touch()
            if (
                deposit.currency_id.is_zero(deposit.amount_awaited)
                or deposit.order_id.state == "cancel"
                or not deposit.sudo()._is_of_order()
                or deposit.sudo()._get_refund_under_way()
            ):
                raise UserError(
                    self.env._(
                        "%(deposit)s: only a claim on an order that goes on with the "
                        "same vendor, and before a refund is on its way, can be taken "
                        "back.",
                        deposit=deposit.name,
                    )
                )
            deposit.sudo()._check_not_credited()
        deposits = self._as_system()
        deposits._take_claim_back()
        deposits._drop_to_dos()
        deposits._claim_credited()
        self._settle_orders(deposits.order_id)
        return True

    def _check_not_credited(self):
        """Refuse to take back what the vendor has confirmed to owe.

        :raises UserError: when that is all that is claimed
        """
        self.ensure_one()
        confirmed = self._get_least_claim() - self.amount_refunded
        if self.currency_id.compare_amounts(self.amount_awaited, confirmed) <= 0:
            notes = self._get_refunds_of_bill()
            raise UserError(
                self.env._(
                    "%(deposit)s: the vendor has credited what is claimed back, with "
                    "%(notes)s. It can be deducted again when that is cancelled.",
                    deposit=self.name,
                    notes=", ".join(notes.mapped("name")),
                )
            )
