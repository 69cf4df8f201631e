from odoo import models

from odoo.addons.supplier_deposit.readings import is_down_payment


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    def _deposit_of_line(self):
        """Return the deposits whose down payment lines these are: it is the deposit
        that says so, for anybody in purchasing writes the flag."""
        flagged = self.filtered(is_down_payment)
        deposits = self.env["supplier.deposit"].sudo()
        if not flagged:
            return deposits
        return deposits.search([("order_line_id", "in", flagged.ids)])

    def _approval_is_advance(self):
        return bool(self._deposit_of_line()) or super()._approval_is_advance()

    def _prepare_qty_invoiced(self):
        """Deposits leave nothing to bill: bills take what belongs to them."""
        quantities = super()._prepare_qty_invoiced()
        quantities.update(dict.fromkeys(self._deposit_of_line().order_line_id, 0.0))
        return quantities
