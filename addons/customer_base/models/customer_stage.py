from odoo import api, models


class SaleOrder(models.Model):
    """A confirmed order makes a customer of a prospect."""

    _inherit = "sale.order"

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        rules = self.env["customer.field.rule"].sudo()
        rules._keep_buyers(
            orders.filtered(lambda o: o.state == "sale").partner_id.sudo()
        )
        return orders

    def write(self, vals):
        if {"state", "partner_id"}.isdisjoint(vals):
            return super().write(vals)
        before = self.partner_id
        result = super().write(vals)
        rules = self.env["customer.field.rule"].sudo()
        rules._keep_buyers((before | self.partner_id).sudo())
        return result
