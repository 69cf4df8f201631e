from odoo import api, models


class AccountMove(models.Model):
    """Own invoices to a customer whom a colleague has now say nothing of what the
    customer owes, nor what was noted of it."""

    _inherit = "account.move"

    def _filter_of_hidden(self):
        return self.env["customer.access"]._filter_of_hidden(self)

    def _compute_partner_shipping_id(self):
        hidden = self._filter_of_hidden()
        access = self.env["customer.access"]
        known = access._find_known_addresses(hidden, "delivery")
        for move, address in known.items():
            is_invoice = move.is_invoice(include_receipts=True)
            move.partner_shipping_id = is_invoice and address
        return super(AccountMove, self - hidden)._compute_partner_shipping_id()

    def _compute_invoice_payment_term_id(self):
        followed = self - self._filter_of_hidden()
        return super(AccountMove, followed)._compute_invoice_payment_term_id()

    @api.depends_context("uid")
    def _compute_partner_credit_warning(self):
        hidden = self._filter_of_hidden()
        hidden.partner_credit_warning = ""
        return super(AccountMove, self - hidden)._compute_partner_credit_warning()

    @api.depends_context("uid")
    def _compute_sale_warning_text(self):
        hidden = self._filter_of_hidden()
        hidden.sale_warning_text = ""
        return super(AccountMove, self - hidden)._compute_sale_warning_text()
