from odoo import models


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    def _budget_get_advances(self):
        """The lines that deposits by bill made for themselves."""
        deposits = self.env["supplier.deposit"].sudo()
        deposits = deposits.search([("order_line_id", "in", self.ids)])
        return super()._budget_get_advances() | (self & deposits.order_line_id)
