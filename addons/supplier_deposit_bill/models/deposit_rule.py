from odoo import api, fields, models
from odoo.exceptions import ValidationError


class DepositTerms(models.AbstractModel):
    _inherit = "deposit.terms"

    method = fields.Selection(
        selection_add=[("bill", "Deposit bill")],
        ondelete={"bill": lambda records: records._lose_bills()},
    )

    def _lose_bills(self):
        """The addon goes: nobody makes such bills any more."""
        self.write({"method": "payment"})


class DepositRule(models.Model):
    _inherit = "deposit.rule"

    @api.constrains("method", "account_id")
    def _check_account(self):
        for rule in self:
            if rule.method == "bill" and not rule.account_id:
                raise ValidationError(
                    self.env._(
                        "Rule “%(rule)s”: a deposit bill needs a prepayment account, "
                        "which final bills take it back from.",
                        rule=rule.name,
                    )
                )
        return super()._check_account()

    def _lose_bills(self):
        self.active = False
        return super()._lose_bills()
