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

    def write(self, vals):
        changed = self.env["customer.access"]._find_given_on(self, vals)
        result = super().write(vals)
        for order in changed and changed._filter_of_hidden():
            values = order._get_of_nobody()
            order.write({name: values[name] for name in values.keys() - vals.keys()})
        return result

    def _get_of_nobody(self):
        """Return what an order is filled in with that no customer says anything of.

        :rtype: dict
        """
        values = {
            "payment_term_id": False,
            "preferred_payment_method_line_id": False,
            "fiscal_position_id": False,
        }
        if self.state == "draft":
            nobody = self.env["res.partner"].with_company(self.company_id).new()
            values["pricelist_id"] = nobody.property_product_pricelist.id
        return values

    def _fill_in_of_nobody(self, name):
        """Fill new orders of hidden customers in, and in forms those that are given on
        to one. Others keep what they say.

        :return: the orders of hidden customers
        """
        hidden = self._filter_of_hidden()
        for order in hidden:
            if order.partner_id._origin != order._origin.partner_id:
                before = order[name]
                order[name] = order._get_of_nobody().get(name, before)
                if name == "fiscal_position_id" and order.order_line:
                    # the button that takes taxes over, as Odoo shows it
                    order.show_update_fpos = order[name] != before
        return hidden

    def _compute_payment_term_id(self):
        followed = self - self._fill_in_of_nobody("payment_term_id")
        return super(SaleOrder, followed)._compute_payment_term_id()

    def _compute_preferred_payment_method_line_id(self):
        hidden = self._fill_in_of_nobody("preferred_payment_method_line_id")
        return super(
            SaleOrder, self - hidden
        )._compute_preferred_payment_method_line_id()

    def _compute_pricelist_id(self):
        followed = self - self._fill_in_of_nobody("pricelist_id")
        return super(SaleOrder, followed)._compute_pricelist_id()

    def _compute_fiscal_position_id(self):
        # by its number and country Odoo would find it, too
        followed = self - self._fill_in_of_nobody("fiscal_position_id")
        return super(SaleOrder, followed)._compute_fiscal_position_id()

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
