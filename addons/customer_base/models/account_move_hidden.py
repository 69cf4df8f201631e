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

    def write(self, vals):
        changed = self.env["customer.access"]._find_given_on(self, vals)
        result = super().write(vals)
        for move in changed and changed._filter_of_hidden():
            if move.state == "draft":
                names = set(move._find_of_customer()) - vals.keys()
                move.write(dict.fromkeys(names, False))
        return result

    def _find_of_customer(self):
        """Return the fields that Odoo fills in with what the customer says."""
        names = ["invoice_payment_term_id", "preferred_payment_method_line_id"]
        if self.move_type != "in_receipt":
            names.append("fiscal_position_id")
        if not self.is_inbound():
            names.append("partner_bank_id")
        return names

    def _leave_empty(self, name):
        """Leave new invoices of hidden customers empty, and in forms those that are
        given on to one. Others keep what they say.

        :return: the invoices of hidden customers that have this of the customer
        """
        hidden = self._filter_of_hidden().filtered(
            lambda move: name in move._find_of_customer()
        )
        for move in hidden:
            if move.partner_id._origin != move._origin.partner_id:
                move[name] = False
        return hidden

    def _compute_invoice_payment_term_id(self):
        followed = self - self._leave_empty("invoice_payment_term_id")
        return super(AccountMove, followed)._compute_invoice_payment_term_id()

    def _compute_preferred_payment_method_line_id(self):
        hidden = self._leave_empty("preferred_payment_method_line_id")
        return super(
            AccountMove, self - hidden
        )._compute_preferred_payment_method_line_id()

    def _compute_fiscal_position_id(self):
        # by its number and country Odoo would find it, too
        followed = self - self._leave_empty("fiscal_position_id")
        return super(AccountMove, followed)._compute_fiscal_position_id()

    def _compute_partner_bank_id(self):
        followed = self - self._leave_empty("partner_bank_id")
        return super(AccountMove, followed)._compute_partner_bank_id()

    @api.depends_context("uid")
    def _compute_abnormal_warnings(self):
        # it says what other bills of the vendor come to, and how often they come
        hidden = self._filter_of_hidden()
        hidden.abnormal_amount_warning = False
        hidden.abnormal_date_warning = False
        return super(AccountMove, self - hidden)._compute_abnormal_warnings()

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
