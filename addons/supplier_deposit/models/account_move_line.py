from odoo import api, models

#: Context key. It counts only with a :class:`Limit`, which no remote caller can send.
LIMIT = "supplier_deposit_limit"


class Limit:
    """How much of one journal item may be matched, once."""

    def __init__(self, line, amount):
        """
        :param line: ``account.move.line`` on the debit side
        :param float amount: in the line's currency
        """
        self.line_id = line.id
        self.amount = amount

    def take(self, line):
        """Return the limit for a line, and none the next time."""
        if line.id != self.line_id:
            return None
        amount, self.amount = self.amount, None
        return amount


class AccountMoveLine(models.Model):
    _inherit = "account.move.line"

    @api.model
    def _prepare_reconciliation_single_partial(
        self, debit_values, credit_values, shadowed_aml_values=None
    ):
        """Match no more of a deposit than belongs to the bill.

        Odoo sees a debit that has only so much left, in both currencies, so that it
        books the exchange difference of just that part.
        """
        limit = self.env.context.get(LIMIT)
        line = debit_values["aml"]
        amount = limit.take(line) if isinstance(limit, Limit) else None
        left = debit_values["amount_residual_currency"]
        if amount is None or line.currency_id.compare_amounts(left, amount) <= 0:
            return super()._prepare_reconciliation_single_partial(
                debit_values, credit_values, shadowed_aml_values
            )
        part = line.company_currency_id.round(
            debit_values["amount_residual"] * amount / left
        )
        capped = {
            **debit_values,
            "amount_residual": part,
            "amount_residual_currency": amount,
        }
        return super()._prepare_reconciliation_single_partial(
            capped, credit_values, shadowed_aml_values
        )

    @api.model
    def _reconcile_plan(self, reconciliation_plan):
        """Whatever is matched may be a deposit that is paid, deducted or given back."""
        result = super()._reconcile_plan(reconciliation_plan)
        if self.env["deposit.rule"]._is_in_use():
            lines = self._flatten_plan(reconciliation_plan)
            lines.move_id._deposit_changed()
        return result

    def _flow_is_judged_elsewhere(self):
        """Deposits are approved with their orders: their own bills ask for no more than
        that, and other bills only take deposits off."""
        deposits = self.purchase_line_id.sudo()._deposit_of_line()
        return (
            bool(deposits) and (self.balance <= 0 or self.move_id in deposits.bill_id)
        ) or super()._flow_is_judged_elsewhere()

    @api.model
    def _flatten_plan(self, plan):
        lines = self.browse()
        for item in plan:
            found = item if isinstance(item, models.BaseModel) else None
            lines |= self._flatten_plan(item) if found is None else found
        return lines
