from odoo import api, models


class SupplyCustomers(models.AbstractModel):
    _inherit = "supply.customers"

    @api.model
    def _get_marks(self, sale_lines):
        """Whoever buys, receives or puts away sees which order is urgent."""
        marks = super()._get_marks(sale_lines)
        orders = self.env["sale.order.line"].sudo().browse(sale_lines).order_id
        if orders:
            for line in orders._urgency_not_plain().filtered("is_urgent").order_line:
                marks[line.id] = line.order_id.urgency_level_id.name
        return marks
