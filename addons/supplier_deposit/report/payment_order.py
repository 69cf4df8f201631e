import re

from odoo import api, models
from odoo.exceptions import UserError


class PaymentOrder(models.AbstractModel):
    """The payment order: a list of deposits on paper, for signatures and the bank."""

    _name = "report.supplier_deposit.report_payment_order"
    _description = "Payment Order"

    @api.model
    def _get_report_values(self, docids, data=None):
        deposits = self.env["supplier.deposit"].browse(docids)
        return {
            "doc_ids": docids,
            "doc_model": deposits._name,
            "docs": deposits,
            "sheets": self._get_sheets(deposits),
        }

    @api.model
    def _get_sheets(self, deposits):
        """Return what is printed: one sheet for each company, account to pay from and
        currency.

        :param deposits: ``supplier.deposit``; those that may not be paid are left out
        :return: of each sheet company, journal, currency, total (in that currency), the
            total in words, and each deposit with the vendor's bank account
        :rtype: list[dict]
        :raises UserError: when nothing is left
        """
        deposits = deposits.filtered(lambda d: d.state in ("due", "paid", "done"))
        if not deposits:
            raise UserError(
                self.env._("Only deposits that are due or paid make a payment order.")
            )
        groups = deposits.sorted("date_due").grouped(
            lambda d: (
                d.company_id,
                d._get_advance_payments()[:1].journal_id or d.journal_id,
                d.currency_id,
            )
        )
        sheets = []
        for (company, journal, currency), group in groups.items():
            total = sum(group.mapped("amount"))
            sheets.append(
                {
                    "company": company,
                    "journal": journal,
                    "currency": currency,
                    "total": total,
                    "words": self._get_amount_in_words(currency, total),
                    "lines": [(each, self._get_vendor_bank(each)) for each in group],
                }
            )
        return sheets

    @api.model
    def _get_amount_in_words(self, currency, amount):
        """Return an amount in words, for a signature: Odoo's Vietnamese leaves the name
        of Vietnam's money without its mark."""
        words = currency.amount_to_text(amount).capitalize()
        if currency.name == "VND" and self.env.lang == "vi_VN":
            words = re.sub(r"\bdong\b", "đồng", words)
        return words

    @api.model
    def _get_vendor_bank(self, deposit):
        """Return the vendor's bank account that the money of a deposit goes to."""
        banks = deposit.partner_id.commercial_partner_id.bank_ids
        banks = banks.filtered(
            lambda bank: not bank.company_id or bank.company_id == deposit.company_id
        )
        return deposit._get_advance_payments()[:1].partner_bank_id or banks[:1]
