from odoo import api, models

#: Fields that change what an order comes to, or when it arrives.
TERMS = {
    "product_qty",
    "price_unit",
    "discount",
    "tax_ids",
    "product_uom_id",
    "date_planned",
}


class PurchaseOrderLine(models.Model):
    _inherit = "purchase.order.line"

    @api.model_create_multi
    def create(self, vals_list):
        lines = super().create(vals_list)
        lines._deposit_follow()
        return lines

    def write(self, vals):
        result = super().write(vals)
        if not TERMS.isdisjoint(vals):
            self._deposit_follow()
        return result

    def unlink(self):
        if not self.env["deposit.rule"]._is_in_use():
            return super().unlink()
        orders = self.order_id
        result = super().unlink()
        orders._deposit_follow_terms()
        return result

    def _deposit_follow(self):
        lines = self.filtered(lambda line: not line.is_downpayment)
        if lines and self.env["deposit.rule"]._is_in_use():
            lines.order_id._deposit_follow_terms()

    def _deposit_of_line(self):
        """Return the deposits whose down payment lines these are: it is the deposit
        that says so, for anybody in purchasing writes the flag."""
        flagged = self.filtered(
            lambda line: line.is_downpayment and not line.product_qty
        )
        deposits = self.env["supplier.deposit"].sudo()
        if not flagged:
            return deposits
        return deposits.search([("order_line_id", "in", flagged.ids)])

    def _approval_is_advance(self):
        return bool(self._deposit_of_line()) or super()._approval_is_advance()

    def _prepare_account_move_line(self, move=False):
        """Leave out the deposits: bills take what belongs to them, and is paid."""
        values = super()._prepare_account_move_line(move)
        if (
            self.is_downpayment
            and not self.display_type
            and (
                self.order_id._get_deposits().filtered(
                    lambda deposit: deposit.order_line_id.id == self.id
                )
            )
        ):
            values["quantity"] = 0.0
        return values
