from odoo import models


class SaleOrder(models.Model):
    _inherit = "sale.order"

    def write(self, vals):
        """Urgency moves the day that is wanted, and is in no table of the outbox."""
        result = super().write(vals)
        if "needed_by" in vals and self:
            self.env["supply.promise"]._note_lines(self.order_line)
        return result
