from odoo import api, models


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    def copy_data(self, default=None):
        """A copy of a bill is for something else: it takes no deposit back."""
        values = super().copy_data(default)
        if self.env.context.get("include_business_fields"):
            return values
        return [
            {} if line.sudo().deposit_id and line.display_type == "product" else copied
            for line, copied in zip(self, values, strict=True)
        ]

    def _flow_is_judged_elsewhere(self):
        """Deposits are approved with their orders: their own bills ask for no more than
        that, and other bills only take deposits off."""
        is_ours = bool(self.sudo().deposit_id) or (
            self.balance <= 0 and bool(self.purchase_line_id.sudo()._deposit_of_line())
        )
        return is_ours or super()._flow_is_judged_elsewhere()

    @api.model
    def _reconcile_plan(self, reconciliation_plan):
        """A deposit bill may be paid now, or what was credited of it come back."""
        deposits = self.env["supplier.deposit"]
        if deposits._is_in_use():
            _plan, lines = self._optimize_reconciliation_plan(reconciliation_plan)
            lines = lines.filtered(
                lambda line: line.account_id.account_type == "liability_payable"
            )
            moves = lines.move_id
            deposits = (moves | moves.reversed_entry_id)._deposit_find_own()
        paid = {deposit: deposit.amount_paid for deposit in deposits}
        result = super()._reconcile_plan(reconciliation_plan)
        for deposit, before in paid.items():
            if deposit.amount_paid > before:
                deposit._was_paid()
            elif deposit.amount_refunded and not deposit.amount_awaited:
                deposit._drop_to_dos()
        return result
