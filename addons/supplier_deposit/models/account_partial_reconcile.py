from odoo import models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    def write(self, vals):
        """Odoo books the difference of rates as gain or loss when they are matched."""
        result = super().write(vals)
        deposits = self.env["supplier.deposit"]
        if vals.get("exchange_move_id") and deposits._is_in_use():
            deposits._keep_rate(self.sudo())
        return result

    def unlink(self):
        """A match that is taken back may have been of a deposit: what was booked
        because of it is reversed."""
        deposits = self.env["supplier.deposit"]
        if not self or not deposits._is_in_use():
            return super().unlink()
        moves = (self.debit_move_id | self.credit_move_id).move_id
        deposits._lose_rate(self.sudo())
        result = super().unlink()
        deposits._reverse_orphans(moves.exists().sudo())
        return result
