from odoo import fields, models


class SupplyWaiting(models.TransientModel):
    _inherit = "supply.waiting"

    urgency_level_id = fields.Many2one("urgency.level", string="Urgency", readonly=True)

    def _prepare_ends(self, sale_line, purchase_line):
        """How urgent it is says nothing of whose order it is."""
        order = sale_line.order_id
        level = order.is_urgent and order.urgency_level_id.id
        ends = super()._prepare_ends(sale_line, purchase_line)
        return {**ends, "urgency_level_id": level}
