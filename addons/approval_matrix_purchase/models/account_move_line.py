from odoo import api, models

from odoo.addons.approval_matrix.watch import watching

from ..flow import FlowJudge, get_linked, get_relinked

#: What decides how much of an order line a posted bill takes.
BILLED_FIELDS = frozenset(
    {
        "amount_currency",
        "balance",
        "credit",
        "debit",
        "move_id",
        "price_unit",
        "product_id",
        "product_uom_id",
        "purchase_line_id",
        "quantity",
    }
)


class AccountMoveLine(models.Model):
    """Lines of posted bills can be matched with orders later."""

    _inherit = "account.move.line"

    @api.model_create_multi
    def create(self, vals_list):
        if not self.env["purchase.order"]._approval_in_use():
            return super().create(vals_list)
        lines = get_linked(self, vals_list, "purchase_line_id")
        if not lines:
            return super().create(vals_list)
        with watching(self.env, FlowJudge) as judge:
            judge.see("billed", lines)
            return super().create(vals_list)

    def write(self, vals):
        if (
            BILLED_FIELDS.isdisjoint(vals)
            or not self.env["purchase.order"]._approval_in_use()
        ):
            return super().write(vals)
        posted = self.sudo().filtered(lambda item: item.move_id.state == "posted")
        lines = posted and get_relinked(posted, vals, "purchase_line_id")
        if not lines:
            return super().write(vals)
        with watching(self.env, FlowJudge) as judge:
            judge.see("billed", lines)
            judge.note("unbacked", posted.move_id)
            return super().write(vals)

    def _flow_is_judged_elsewhere(self):
        """Tell whether what the line asks for is approved in another way."""
        self.ensure_one()
        return False

    def _flow_is_unbacked(self):
        """Tell whether the order it names is not about this vendor or product.

        Of the bill counts what people choose: what Odoo stores beside it, anybody who
        writes bills can write, too.
        """
        self.ensure_one()
        ordered = self.purchase_line_id
        order = ordered.order_id
        vendor = self.move_id.partner_id.commercial_partner_id
        return bool(ordered) and (
            vendor != order.partner_id.commercial_partner_id
            or self.move_id.company_id != order.company_id
            or (self.product_id or ordered.product_id) != ordered.product_id
        )
