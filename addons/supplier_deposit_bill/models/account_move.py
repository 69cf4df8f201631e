from odoo import models
from odoo.exceptions import UserError


class AccountMove(models.Model):
    """Final bills take deposits back as lines, made anew whenever they are posted."""

    _inherit = "account.move"

    # ------------------------------------------------------------
    # POSTED, RESET, CANCELLED
    # ------------------------------------------------------------

    def _post(self, soft=True):
        deposits = self.env["supplier.deposit"]
        if not deposits._is_in_use() or len(self._deposit_get_turns()) > 1:
            return super()._post(soft)
        bills = self.filtered(lambda move: move.is_purchase_document())
        bills.sudo()._deposit_prepare_lines()
        orders = bills.sudo().invoice_line_ids.purchase_line_id.order_id
        before = {
            deposit: deposit.amount_deducted for deposit in deposits._find(orders)
        }
        posted = super()._post(soft)
        for deposit, deducted in before.items():
            if deposit.method == "bill" and deposit.amount_deducted < deducted:
                deposit._tell_of_freed()
        return posted

    def _deposit_find_own(self):
        """Return the deposits whose bills these are."""
        deposits = self.env["supplier.deposit"]._engine()
        return deposits.search([("bill_id", "in", self.ids)]) if self else deposits

    def button_draft(self):
        """Keep deposit bills that other bills have deducted: those would be left with
        prepayments that nobody paid."""
        if not self.env["supplier.deposit"]._is_in_use():
            return super().button_draft()
        posted = self.filtered(lambda move: move.state == "posted")
        for deposit in posted._deposit_find_own().filtered("amount_deducted"):
            raise UserError(
                self.env._(
                    "%(bill)s has been deducted from other bills: reset or credit "
                    "those first, so that deposit %(deposit)s is whole again.",
                    bill=deposit.bill_id.name,
                    deposit=deposit.name,
                )
            )
        return super().button_draft()

    # ------------------------------------------------------------
    # LINES
    # ------------------------------------------------------------

    def _deposit_prepare_lines(self):
        """Make drafts deduct what belongs to them of deposits, and nothing else."""
        for move in self:
            own = move._deposit_find_own()
            credited = move.reversed_entry_id._deposit_find_own()
            reversed_allocation = move.reversed_entry_id.deposit_allocation_id
            if own:
                own._check_bill()
            elif credited and move.move_type == "in_refund":
                credited._check_credit(move)
            elif reversed_allocation:
                lines = move.invoice_line_ids
                lines.sudo().write({"deposit_id": reversed_allocation.id})
            elif not move.deposit_allocation_id:
                move._deposit_renew_lines()

    def _deposit_renew_lines(self):
        """Have the lines of deposits as they should be, whatever people made of
        them."""
        self.ensure_one()
        items = self.invoice_line_ids
        orders = items.purchase_line_id.order_id | items.deposit_id.order_id
        deposits = self.env["supplier.deposit"]._find(orders)
        deposits = deposits.filtered(lambda d: d.method == "bill")
        old = items.filtered(
            lambda item: (
                item.deposit_id or item.purchase_line_id in deposits.order_line_id
            )
        )
        if not deposits and not old:
            return
        products = items.filtered(lambda item: item.display_type == "product")
        if products and products <= old and any(item.quantity > 0 for item in old):
            raise UserError(
                self.env._(
                    "This bill was made for deposit %(deposits)s, which has another "
                    "bill now or none any more. Pay it from there.",
                    deposits=", ".join(deposits.mapped("name")),
                )
            )
        old |= items.filtered("is_downpayment") - products  # their headings
        orders = (products - old).purchase_line_id.order_id
        deposits = deposits.filtered(lambda d: d.order_id in orders)
        deposits.with_company(self.company_id)._deduct_from_draft(self, old)
