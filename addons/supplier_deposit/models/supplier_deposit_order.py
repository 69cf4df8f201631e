from odoo import models
from odoo.exceptions import UserError

#: What nobody may pay, or nobody will.
UNORDERED = ("planned", "waiting", "cancelled")


class SupplierDeposit(models.Model):
    """The payment order: a list of payments on paper, for signatures and the bank."""

    _inherit = "supplier.deposit"

    def _get_payment_orders(self):
        """Return what the payment order shows, one sheet for each account to pay from
        and currency.

        :return: list of dictionaries: the journal, the currency, the total in the
            currency, and a list of ``(deposit, vendor's bank account)``
        :raises UserError: when none of the deposits is due or paid
        """
        deposits = self.filtered(lambda deposit: deposit.state not in UNORDERED)
        if not deposits:
            raise UserError(
                self.env._("Only deposits that are due or paid make a payment order.")
            )
        groups = deposits.sorted("date_due").grouped(
            lambda deposit: (deposit.company_id, deposit._get_paying_journal())
        )
        return [
            {
                "company": company,
                "journal": journal,
                "currency": currency,
                "total": sum(same.mapped("amount")),
                "lines": [(deposit, deposit._get_vendor_bank()) for deposit in same],
            }
            for (company, journal), group in groups.items()
            for currency, same in group.grouped("currency_id").items()
        ]

    def _get_paying_journal(self):
        """Return the journal it is paid from: the payment's own, if it has one."""
        self.ensure_one()
        return self._get_payments()[:1].journal_id or self.journal_id

    def _get_vendor_bank(self):
        """Return the vendor's bank account that the money goes to."""
        self.ensure_one()
        banks = self.partner_id.commercial_partner_id.bank_ids
        banks = banks.filtered(
            lambda bank: not bank.company_id or bank.company_id == self.company_id
        )
        return self._get_payments()[:1].partner_bank_id or banks[:1]

    def _log_bank(self, old, new):
        """Write down who sent the payment to another bank account.

        :param old: ``res.partner.bank`` until now
        :param new: ``res.partner.bank`` from now on
        """
        for deposit in self:
            deposit._message_log(
                body=self.env._(
                    "The payment goes to bank account %(new)s now, not to %(old)s.",
                    old=old.sudo().acc_number or self.env._("none"),
                    new=new.sudo().acc_number or self.env._("none"),
                ),
                author_id=self.env.user.partner_id.id,
            )

    def action_print_payment_order(self):
        """Print the payment order of the deposits.

        :raises UserError: when none of them is due or paid
        """
        self._check_role("account.group_account_invoice")
        self._get_payment_orders()
        report = self.env.ref("supplier_deposit.report_payment_order_action")
        return report.report_action(self)
