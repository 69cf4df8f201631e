from odoo import api, models
from odoo.tools import SQL


class SpendAudit(models.AbstractModel):
    _inherit = "spend.audit"

    @api.model
    def _is_advance(self):
        """What the links of deposits say, once more in SQL: the lines of their bill and
        its credit notes, and what takes them back from the prepayment account."""
        return SQL(
            """%s OR EXISTS (
                SELECT FROM supplier_deposit AS deposit
                  JOIN account_move AS entry ON entry.id = bill.move_id
                 WHERE deposit.account_id = bill.account_id
                   AND (deposit.bill_id = CASE entry.move_type
                            WHEN 'in_refund' THEN entry.reversed_entry_id
                            ELSE entry.id END
                        OR (deposit.order_line_id = bill.purchase_line_id
                            AND bill.balance * CASE entry.move_type
                                    WHEN 'in_refund' THEN -1 ELSE 1 END < 0)))""",
            super()._is_advance(),
        )
