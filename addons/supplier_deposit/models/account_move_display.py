from odoo import api, fields, models
from odoo.tools import formatLang

from .supplier_deposit import ACCOUNTING


class AccountMove(models.Model):
    """Why less is left to pay of a vendor bill: the deposits that it deducts."""

    _inherit = "account.move"

    related_deposit_ids = fields.Many2many(
        "supplier.deposit",
        string="Deposits",
        compute="_compute_related_deposits",
        groups=ACCOUNTING,
        help="Deposits of the orders that the bill is for.",
    )
    deposit_deducted = fields.Monetary(
        string="Deducted Deposits",
        compute="_compute_related_deposits",
        groups=ACCOUNTING,
    )
    deposit_notice = fields.Char(
        compute="_compute_related_deposits",
        groups=ACCOUNTING,
        help="Deposits that are not deducted because they are not paid yet.",
    )

    @api.depends(
        "invoice_line_ids.purchase_line_id",
        "line_ids.matched_debit_ids",
        "line_ids.matched_credit_ids",
        "payment_state",
    )
    def _compute_related_deposits(self):
        in_use = self.env["deposit.rule"]._is_in_use()
        for move in self:
            related = self.env["supplier.deposit"]
            deducted, notice = 0.0, False
            if in_use and move.is_purchase_document():
                related = move._find_related_deposits()
                deducted = move._get_deducted() if related else 0.0
                notice = move._get_deposit_notice(related)
            move.related_deposit_ids = related.with_env(self.env)
            move.deposit_deducted = deducted
            move.deposit_notice = notice

    def _find_related_deposits(self):
        """Return the deposits of the orders that a bill is for, and those that were
        matched with it by hand."""
        self.ensure_one()
        system = self.sudo()
        deposits = system.env["supplier.deposit"]
        orders = system.invoice_line_ids.purchase_line_id.order_id
        matched = system._get_deposit_partials().debit_move_id.move_id
        related = deposits.search(
            [
                "|",
                "|",
                ("order_id", "in", orders.ids),
                ("payment_id", "in", matched.origin_payment_id.ids),
                ("bill_id", "=", self.id),
            ]
        )
        related |= matched.deposit_allocation_id
        return related.filtered(lambda deposit: deposit.state != "cancelled")

    def _get_deposit_partials(self):
        """Return how the bill was matched with payments and entries of deposits."""
        payable = self.line_ids.filtered(
            lambda line: line.account_id.account_type == "liability_payable"
        )
        return payable.matched_debit_ids.filtered(
            lambda partial: (
                partial.debit_move_id.move_id.deposit_allocation_id
                or partial.debit_move_id.move_id.origin_payment_id.deposit_ids
            )
        )

    def _get_deducted(self):
        """Return what deposits took off the bill, in its currency."""
        self.ensure_one()
        system = self.sudo()
        matched = system._get_deposit_partials()
        own = system.env["supplier.deposit"].search([("bill_id", "=", self.id)])
        lines = system.invoice_line_ids.filtered(
            lambda line: (
                line.purchase_line_id.is_downpayment
                and line.purchase_line_id != own.order_line_id
            )
        )
        sign = -1 if self.move_type == "in_invoice" else 1
        total = sum(matched.mapped("credit_amount_currency"))
        return total + sign * sum(lines.mapped("price_total"))

    def _get_deposit_notice(self, deposits):
        """Return in words what is not deducted because nobody has paid it."""
        unpaid = deposits.filtered(
            lambda deposit: (
                deposit.state in ("planned", "waiting", "due")
                and deposit.bill_id != self
            )
        )
        if not unpaid or self.payment_state in ("paid", "reversed"):
            return False
        listed = ", ".join(
            "%s (%s)"
            % (
                deposit.name,
                formatLang(self.env, deposit.amount, currency_obj=deposit.currency_id),
            )
            for deposit in unpaid
        )
        return self.env._(
            "Not deducted, because not paid yet: %(deposits)s", deposits=listed
        )

    def action_view_deposits(self):
        """Open the deposits of the orders that the bill is for."""
        self.ensure_one()
        self.check_access("read")
        self.env["supplier.deposit"].check_access("read")
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "supplier_deposit.supplier_deposit_action"
        )
        deposits = self.related_deposit_ids
        action.update(domain=[("id", "in", deposits.ids)], context={})
        if len(deposits) == 1:
            action.update(views=[(False, "form")], res_id=deposits.id)
        return action
