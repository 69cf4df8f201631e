"""Odoo itself tells everybody who may read transfers or price lists what goods cost.

A setting closes that. Nothing of it is needed to sell: transfers are made and valued
with the system's rights.
"""

from odoo import api, models

#: System parameter that closes it.
HIDDEN = "crm_purchase_bridge.hides_purchase_prices"
#: Who works with what goods cost.
INSIDERS = (
    "purchase.group_purchase_user",
    "stock.group_stock_user",
    "account.group_account_readonly",
    "account.group_account_invoice",
    "product.group_product_manager",
    "base.group_system",
)
#: What goods in stock cost.
COSTS = {"standard_price", "avg_cost", "total_value"}
#: Fields that tell it, by model.
PRICES = {
    "product.supplierinfo": {"price", "price_discounted", "discount"},
    "stock.move": {
        "price_unit",
        "remaining_value",
        "standard_price",
        "value",
        "value_computed_justification",
        "value_justification",
        "value_manual",
    },
    "product.product": COSTS | {"suggest_estimated_price"},
    "product.template": COSTS,
    "stock.lot": COSTS,
}


def may_read(records, field):
    """Tell whether the user may read a field, as far as prices go.

    Odoo's margins show whoever sells what goods cost, and read it with their rights:
    where they are installed there is nothing to hide.
    """
    prices = PRICES[records._name]
    has_margins = "purchase_price" in records.env["sale.order.line"]._fields
    return (
        records.env.su
        or field.name not in prices
        or (field.name in COSTS and has_margins)
        or not records.env["ir.config_parameter"].sudo().get_param(HIDDEN)
        or any(records.env.user.has_group(group) for group in INSIDERS)
    )


class ProductSupplierinfo(models.Model):
    _inherit = "product.supplierinfo"

    def _has_field_access(self, field, operation):
        return super()._has_field_access(field, operation) and (
            operation != "read" or may_read(self, field)
        )

    @api.depends_context("uid")
    def _compute_display_name(self):
        """Odoo's name of a price list's line has the price in it."""
        if may_read(self, self._fields["price"]):
            return super()._compute_display_name()
        for seller in self:
            seller.display_name = seller.partner_id.display_name
        return None

    def _order_to_sql(self, order, query, alias=None, reverse=False):
        """Odoo's own order has the price in it: that of vendors tells no amount."""
        records = self.sudo() if (order or self._order) == self._order else self
        return super(ProductSupplierinfo, records)._order_to_sql(
            order, query, alias, reverse
        )


class StockMove(models.Model):
    _inherit = "stock.move"

    def _has_field_access(self, field, operation):
        return super()._has_field_access(field, operation) and (
            operation != "read" or may_read(self, field)
        )

    def _field_to_sql(self, alias, field_expr, query=None):
        """Odoo sorts and groups by related fields without looking who may read them:
        the cost of the product is one."""
        field = self._fields.get(field_expr)
        if field and field.related and field.name in PRICES[self._name]:
            self._check_field_access(field, "read")
        return super()._field_to_sql(alias, field_expr, query)


class ProductProduct(models.Model):
    _inherit = "product.product"

    def _has_field_access(self, field, operation):
        return super()._has_field_access(field, operation) and (
            operation != "read" or may_read(self, field)
        )


class ProductTemplate(models.Model):
    _inherit = "product.template"

    def _has_field_access(self, field, operation):
        return super()._has_field_access(field, operation) and (
            operation != "read" or may_read(self, field)
        )


class StockLot(models.Model):
    _inherit = "stock.lot"

    def _has_field_access(self, field, operation):
        return super()._has_field_access(field, operation) and (
            operation != "read" or may_read(self, field)
        )
