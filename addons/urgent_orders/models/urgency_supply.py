from odoo import models


class UrgencyMixin(models.AbstractModel):
    """Before urgency is confirmed: from whom it takes supply; afterwards: tell them."""

    _inherit = "urgency.mixin"

    def action_open_urgency(self):
        """Choose a level with its consequences before one's eyes."""
        self.ensure_one()
        self.check_access("write")
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Change Urgency"),
            "res_model": "urgency.change",
            "views": [(False, "form")],
            "target": "new",
            "context": {"default_res_model": self._name, "default_res_id": self.id},
        }

    def _get_supply_moves(self):
        """Return the moves that have priority with these orders."""
        return self.env["stock.move"]

    def _get_displaced(self):
        """Return who becomes late through the urgency of this order.

        :return: see ``urgency.displacement._summarize``
        """
        self.ensure_one()
        pairs = self.sudo()._get_supply_moves()._find_displaced()
        return self.env["urgency.displacement"].sudo()._summarize(pairs)

    def _urgency_takes_supply(self):
        """Tell the owners of orders that become late, however urgency was set."""
        result = super()._urgency_takes_supply()
        for order in self.sudo():
            found = order._get_displaced()
            if found:
                self.env["urgency.displacement"].sudo()._record(order, found)
        return result
