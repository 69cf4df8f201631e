from odoo import models
from odoo.fields import Domain


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def _budget_get_advances(self):
        """A deposit's own bill pays for what is still committed, and final bills take
        it back from the prepayment account. The deposit's links say which lines these
        are: its bill, or what is matched to its line of the order and goes the other
        way."""
        advances = super()._budget_get_advances()
        lines = self.filtered(
            lambda line: line.move_id.is_purchase_document(include_receipts=True)
        )
        if not lines:
            return advances
        bills = lines.move_id | lines.move_id.reversed_entry_id
        deposits = (
            self.env["supplier.deposit"]
            .sudo()
            .search(
                Domain("bill_id", "in", bills.ids)
                | Domain("order_line_id", "in", lines.purchase_line_id.ids)
            )
        )
        for deposit in deposits:
            advances |= lines.filtered(deposit._is_advance)
        return advances
