from odoo import models


class AccountPartialReconcile(models.Model):
    _inherit = "account.partial.reconcile"

    def unlink(self):
        """A match that is taken back may have been of a deposit."""
        if not self or not self.env["deposit.rule"]._is_in_use():
            return super().unlink()
        moves = (self.debit_move_id | self.credit_move_id).move_id
        deposits = self.env["supplier.deposit"]._find_of_moves(moves)
        result = super().unlink()
        moves = moves.exists()
        moves._deposit_reverse_orphans()
        (deposits | deposits._find_of_moves(moves))._sync()
        return result
