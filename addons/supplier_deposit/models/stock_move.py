from odoo import fields, models

from ..valuation import get_extra_cost


class StockMove(models.Model):
    _inherit = "stock.move"

    def write(self, vals):
        """Goods that will not come any more end what bills can deduct: the rest of a
        deposit is deducted from what is open, or the buyer hears of it."""
        result = super().write(vals)
        if vals.get("state") == "cancel" and (
            self.env["supplier.deposit"]._is_in_use()
        ):
            orders = self.sudo().purchase_line_id.order_id
            orders.filtered(lambda o: o.state == "purchase")._deposit_follow_terms()
        return result

    def _get_value_from_extra(self, quantity, at_date=None):
        """Goods are worth what was advanced for them, at the rate of that day."""
        data = super()._get_value_from_extra(quantity, at_date)
        if not self.env["supplier.deposit"]._is_in_use():
            return data
        day = at_date and fields.Date.to_date(at_date)
        billed = self.sudo().purchase_line_id.invoice_lines.filtered(
            lambda line: line.parent_state == "posted" and not (day and line.date > day)
        )
        lines = billed.filtered(lambda line: line.move_id._deposit_get_matches())
        extra = get_extra_cost(lines, day) if lines else 0.0
        if self.company_currency_id.is_zero(extra):
            return data
        uom = self.product_id.uom_id
        total = sum(
            line.product_uom_id._compute_quantity(line.quantity, uom)
            * (1 if line.move_type == "in_invoice" else -1)
            for line in billed
        )
        own = self._get_value_from_account_move(quantity, at_date)["quantity"]
        value = extra * own / total if total else 0.0
        data["value"] += value
        text = self.env._(
            "%(value)s of advances at the rate of their day",
            value=self.company_currency_id.format(value),
        )
        data["description"] = "\n".join(filter(None, (data["description"], text)))
        return data
