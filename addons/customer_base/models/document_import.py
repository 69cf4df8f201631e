from odoo import models

from .res_partner import NO_CUSTOMER


class AccountMove(models.Model):
    """A bill that comes as a file makes the vendor whom Odoo does not find: it is not
    refused, since nobody is asked there why another one is entered."""

    _inherit = "account.move"

    def _get_edi_decoder(self, file_data, new=False):
        moves = self.with_context(**NO_CUSTOMER)
        return super(AccountMove, moves)._get_edi_decoder(file_data, new)


class SaleOrder(models.Model):
    """An order that comes as a file, likewise."""

    _inherit = "sale.order"

    def _get_edi_decoder(self, file_data, new=False):
        orders = self.with_context(**NO_CUSTOMER)
        return super(SaleOrder, orders)._get_edi_decoder(file_data, new)
