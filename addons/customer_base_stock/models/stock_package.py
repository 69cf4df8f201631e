from odoo import api, models


class StockPackage(models.Model):
    """Whose goods are in a package is told of those only whom the user may see."""

    _inherit = "stock.package"

    @api.depends_context("uid")
    def _compute_owner_id(self):
        # Odoo reads it with the rights of the system
        result = super()._compute_owner_id()
        if self.env.user._has_own_customers_only():
            seen = self.env["customer.access"]._filter(self.owner_id.ids)
            for package in self:
                if package.owner_id.id not in seen:
                    package.owner_id = False
        return result
