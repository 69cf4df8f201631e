from odoo import models


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    def action_create_invoice(self, attachment_ids=False):
        """Let new bills show what they deduct."""
        if not self.env["supplier.deposit"]._is_in_use():
            return super().action_create_invoice(attachment_ids)
        known = self.invoice_ids
        result = super().action_create_invoice(attachment_ids)
        self.invalidate_recordset(["invoice_ids"])
        (self.invoice_ids - known).sudo()._deposit_prepare_lines()
        return result

    def button_cancel(self):
        """Odoo refuses to cancel while bills are posted. Those of deposits are
        cancelled, or claimed back where they are paid."""
        deposits = self.env["supplier.deposit"]._find(self).filtered("bill_id")
        if not deposits:
            return super().button_cancel()
        self.check_access("write")
        bills = {order: order.sudo().invoice_ids for order in self}
        own = deposits.bill_id | deposits.bill_id.reversal_move_ids
        for order, moves in bills.items():
            order.sudo().invoice_ids = moves - own.sudo()
        result = super().button_cancel()
        for order, moves in bills.items():
            order.sudo().invoice_ids = moves.exists()
        return result
