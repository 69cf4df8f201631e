from odoo import api, models


class SaleOrder(models.Model):
    """Orders for a customer whom a colleague has now: nothing is filled in but what the
    user knows, and nothing is said of what the customer owes."""

    _inherit = "sale.order"

    def _filter_of_hidden(self):
        return self.env["customer.access"]._filter_of_hidden(self)

    def _compute_partner_invoice_id(self):
        followed = self - self._fill_in_known("partner_invoice_id", "invoice")
        return super(SaleOrder, followed)._compute_partner_invoice_id()

    def _compute_partner_shipping_id(self):
        followed = self - self._fill_in_known("partner_shipping_id", "delivery")
        return super(SaleOrder, followed)._compute_partner_shipping_id()

    def _fill_in_known(self, name, kind):
        """Give orders of hidden customers the address that these have, if the user
        knows it: else the customer itself.

        :return: these orders
        """
        hidden = self._filter_of_hidden()
        access = self.env["customer.access"]
        for order, address in access._find_known_addresses(hidden, kind).items():
            order[name] = address
        return hidden

    def _compute_payment_term_id(self):
        followed = self - self._filter_of_hidden()
        return super(SaleOrder, followed)._compute_payment_term_id()

    def _compute_preferred_payment_method_line_id(self):
        followed = self - self._filter_of_hidden()
        return super(SaleOrder, followed)._compute_preferred_payment_method_line_id()

    def _compute_pricelist_id(self):
        return super(SaleOrder, self - self._filter_of_hidden())._compute_pricelist_id()

    @api.depends_context("uid")
    def _compute_partner_credit_warning(self):
        hidden = self._filter_of_hidden()
        hidden.partner_credit_warning = ""
        return super(SaleOrder, self - hidden)._compute_partner_credit_warning()

    @api.depends_context("uid")
    def _compute_sale_warning_text(self):
        hidden = self._filter_of_hidden()
        hidden.sale_warning_text = ""
        return super(SaleOrder, self - hidden)._compute_sale_warning_text()

    def _get_lang(self):
        # the user knows it: what is printed is in it
        order = self.sudo()
        return super(SaleOrder, order)._get_lang()
