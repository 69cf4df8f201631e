from odoo import models


class StockPicking(models.Model):
    _inherit = "stock.picking"

    def _action_done(self):
        """The last delivery of an urgent order ends what people have to do for it."""
        result = super()._action_done()
        delivered = (
            self.sudo()
            .sale_id._urgency_not_plain()
            .filtered(lambda sale: sale.delivery_status == "full")
        )
        delivered._dismiss_urgency_notices()
        return result
