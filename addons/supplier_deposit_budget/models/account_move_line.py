from odoo import models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _budget_get_advances(self):
        """A deposit's own bill pays for what is still committed, and final bills take
        it back from the prepayment account. Deposits mark these lines."""
        marked = self.filtered(
            lambda line: (
                line.sudo().deposit_id
                and line.move_id.is_purchase_document(include_receipts=True)
            )
        )
        return super()._budget_get_advances() | marked
