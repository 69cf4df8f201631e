from odoo import models

from odoo.addons.customer_base.models.ir_rule import COUNTED


class ProductProduct(models.Model):
    """Products whose quantities count what is moved for others' customers."""

    _inherit = "product.product"

    def _compute_quantities_dict(
        self, lot_id, owner_id, package_id, from_date=False, to_date=False
    ):
        # sums only leave here; all other rules hold
        counted = self.with_context(customers_counted=COUNTED)
        return super(ProductProduct, counted)._compute_quantities_dict(
            lot_id, owner_id, package_id, from_date=from_date, to_date=to_date
        )
