from odoo import fields, models


class SupplierDeposit(models.Model):
    """A vendor who waits for money lets the customer wait, too: who pays, or decides,
    sees how urgent the order is."""

    _inherit = "supplier.deposit"

    urgency_level_id = fields.Many2one(
        related="order_id.urgency_level_id", string="Urgency"
    )
    needed_by = fields.Datetime(related="order_id.needed_by")
