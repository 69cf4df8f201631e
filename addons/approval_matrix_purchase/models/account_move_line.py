from odoo import api, models

from odoo.addons.approval_matrix.watch import watching

from ..flow import FlowJudge, get_linked, get_relinked
from .purchase_order_line import is_posted_bill

#: What decides how much of an order line a posted bill takes.
BILLED_FIELDS = frozenset(
    {
        "amount_currency",
        "balance",
        "credit",
        "debit",
        "display_type",
        "move_id",
        "price_unit",
        "product_id",
        "product_uom_id",
        "purchase_line_id",
        "quantity",
        "tax_ids",
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
        bills = get_linked(self, vals_list, "move_id").filtered(is_posted_bill)
        if not lines and not bills:
            return super().create(vals_list)
        with watching(self.env, FlowJudge) as judge:
            judge.see("billed", lines)
            judge.note("unbacked", bills)
            return super().create(vals_list)

    def write(self, vals):
        if (
            BILLED_FIELDS.isdisjoint(vals)
            or not self.env["purchase.order"]._approval_in_use()
        ):
            return super().write(vals)
        bills = get_relinked(self, vals, "move_id").filtered(is_posted_bill)
        if not bills:
            return super().write(vals)
        with watching(self.env, FlowJudge) as judge:
            judge.see("billed", get_relinked(self, vals, "purchase_line_id"))
            judge.note("unbacked", bills)
            return super().write(vals)

    def unlink(self):
        """What a posted credit note gave back may be used: the context lets people
        delete it."""
        if not self.env["purchase.order"]._approval_in_use():
            return super().unlink()
        posted = self.sudo().filtered(
            lambda item: item.purchase_line_id and item.move_id.state == "posted"
        )
        if not posted:
            return super().unlink()
        with watching(self.env, FlowJudge) as judge:
            judge.see("undone", posted.purchase_line_id)
            return super().unlink()

    def copy_data(self, default=None):
        """A copy asks for the same of the same orders: Odoo forgets them."""
        vals_list = super().copy_data(default)
        if self.env["purchase.order"]._approval_in_use():
            for item, vals in zip(self, vals_list, strict=True):
                if item.purchase_line_id:
                    vals.setdefault("purchase_line_id", item.purchase_line_id.id)
        return vals_list

    def _flow_has_order(self):
        """Tell whether the line is judged with what it takes of an order."""
        self.ensure_one()
        return bool(self.purchase_line_id) and not self._flow_is_unbacked()

    def _flow_expected_tax(self, allowances):
        """Return what taxes may add to these lines of one bill, in its currency.

        Of what an order stands behind, its own taxes count. Of others, and of what is
        given back, those of the line; but those by the piece not where only the amount
        of the line is judged.

        :param dict allowances: by order line, see ``_flow_bases``
        """
        expected = 0.0
        for item in self:
            ordered = item.purchase_line_id
            taxes = item.tax_ids.flatten_taxes_hierarchy()
            if item.amount_currency < 0 or item._flow_is_judged_elsewhere():
                pass
            elif item._flow_has_order():
                taxes = allowances[ordered].taxes
                taxes = ordered.tax_ids if taxes is None else taxes
            else:
                taxes = taxes.filtered(lambda tax: tax.amount_type != "fixed")
            quantity = item.quantity or 1.0
            amounts = taxes.with_context(round=False, round_base=False).compute_all(
                item.amount_currency / quantity,
                currency=item.move_id.currency_id,
                quantity=quantity,
                product=item.product_id,
                partner=item.move_id.partner_id,
                handle_price_include=False,
            )
            expected += sum(tax["amount"] for tax in amounts["taxes"])
        return expected

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
