from odoo import api, fields, models

from .purchase_order import READERS


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    deposit_progress = fields.Json(
        string="Deposits of the Order",
        compute="_compute_deposit_progress",
        groups=READERS,
        help="Each deposit: how much, when, paid, deducted, and who holds it.",
    )

    @api.depends("deposit_ids.state", "deposit_ids.amount_paid")
    def _compute_deposit_progress(self):
        in_use = self.env["deposit.rule"]._is_in_use()
        for order in self:
            deposits = order.deposit_ids if in_use else self.env["supplier.deposit"]
            deposits = deposits.sorted(lambda d: (d.date_due, d.id))
            order.deposit_progress = deposits._get_progress() or False
