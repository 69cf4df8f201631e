from odoo import api, fields, models

from .purchase_order import READERS

#: Fields of deposits that the order shows.
PROGRESS = (
    "state",
    "amount",
    "amount_paid",
    "amount_applied",
    "amount_open",
    "amount_refunded",
    "amount_awaited",
    "date_due",
    "date_paid",
    "hold_reason",
    "held_by",
)


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    deposit_progress = fields.Json(
        string="Deposits of the Order",
        compute="_compute_deposit_progress",
        groups=READERS,
        help="Each deposit: how much, when, paid, deducted, and who holds it.",
    )

    @api.depends(*(f"deposit_ids.{name}" for name in PROGRESS))
    def _compute_deposit_progress(self):
        in_use = self.env["deposit.rule"]._is_in_use()
        for order in self:
            deposits = order.deposit_ids if in_use else self.env["supplier.deposit"]
            deposits = deposits.sorted(lambda d: (d.date_due, d.id))
            order.deposit_progress = deposits._get_progress() or False
