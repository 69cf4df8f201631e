from odoo import models


class IrHttp(models.AbstractModel):
    _inherit = "ir.http"

    def session_info(self):
        """Tell the client whether there are levels of customers to ask for."""
        info = super().session_info()
        if self.env.user._is_internal():
            info["has_customer_levels"] = self.env["customer.level"]._is_used()
        return info
