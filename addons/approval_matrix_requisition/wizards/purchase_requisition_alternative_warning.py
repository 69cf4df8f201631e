from odoo import models


class PurchaseRequisitionAlternativeWarning(models.TransientModel):
    _inherit = "purchase.requisition.alternative.warning"

    def action_cancel_alternatives(self):
        """Cancel the alternatives of each order when it is confirmed: at once, or when
        it is approved. Odoo cancels them before it confirms."""
        if not self.po_ids._approval_in_use():
            return super().action_cancel_alternatives()
        self.po_ids._approval_hold_alternatives(self.alternative_po_ids)
        result = self._action_done()
        self.po_ids._approval_settle_alternatives()
        return result
