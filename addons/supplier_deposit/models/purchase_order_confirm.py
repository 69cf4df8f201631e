from odoo import models

#: Context key, with a :class:`Together`: an object, which no remote caller can send.
TOGETHER = "supplier_deposit_together"


class Together:
    """The orders that have been confirmed so far in one call."""

    def __init__(self):
        self.ids = []


class PurchaseOrder(models.Model):
    """Orders that are confirmed together begin their deposits together: what
    ``_prepare_due`` finds out counts all of them, and is found out once."""

    _inherit = "purchase.order"

    def button_confirm(self):
        if len(self) < 2 or not self.env["deposit.rule"]._is_in_use():
            return super().button_confirm()
        together = Together()
        orders = self.with_context(**{TOGETHER: together})
        result = super(PurchaseOrder, orders).button_confirm()
        begun = self.browse(together.ids).sudo()
        begun = begun.filtered(lambda order: order.state == "purchase")
        if begun:
            self.env["supplier.deposit"]._start(begun)
        return result

    def _deposit_start(self):
        """Make the deposits of orders that are confirmed now, or at the end of the call
        that confirms them with others."""
        together = self.env.context.get(TOGETHER)
        if isinstance(together, Together):
            together.ids += self.ids
        else:
            self.env["supplier.deposit"]._start(self)
