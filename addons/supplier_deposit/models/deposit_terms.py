from odoo import api, fields, models
from odoo.tools import formatLang


class DepositTerms(models.AbstractModel):
    """How a deposit is paid and deducted: what a rule says, and what its deposits keep
    of it when the rule changes."""

    _name = "deposit.terms"
    _description = "Terms of Deposits"

    base = fields.Selection(
        [("untaxed", "Untaxed amount"), ("total", "Total with taxes")],
        string="Percentage Of",
        default="total",
        required=True,
        tracking=True,
    )
    method = fields.Selection(
        [("payment", "Advance payment")],
        default="payment",
        required=True,
        tracking=True,
        help="Advance payment: a payment on the vendor's account, matched with the "
        "bills. For goods, as a rule: the vendor sends no invoice for the advance.",
    )
    deduction = fields.Selection(
        [
            ("open", "Each bill takes what is open"),
            ("proportion", "In proportion to what is billed"),
        ],
        default="open",
        required=True,
        tracking=True,
        help="Each bill takes what is open: the first bill uses up the deposit before "
        "anything more is paid. The money is back soonest, and the vendor's account "
        "reads like any other.\nIn proportion to what is billed: a bill of 40 % of the "
        "order takes 40 % of the deposit, and the rest stays with the vendor until it "
        "has billed the rest. For long contracts that say so.",
    )
    posting = fields.Selection(
        [("draft", "As a draft, for the cashier"), ("posted", "Posted at once")],
        string="Made",
        default="draft",
        required=True,
        tracking=True,
    )
    journal_id = fields.Many2one(
        "account.journal",
        string="Bank or Cash",
        check_company=True,
        domain="[('type', 'in', ('bank', 'cash'))]",
        help="Empty: the first bank journal of the company.",
    )
    account_id = fields.Many2one(
        "account.account",
        string="Prepayment Account",
        check_company=True,
        domain="[('account_type', 'in', ('asset_prepayments', 'asset_current'))]",
        help="Empty: advance payments go to the vendor's payable account.",
    )

    @api.model
    def _format_percent(self, percent):
        """Return a percentage in words, without decimals that say nothing.

        :param float percent: 30 for 30 %
        """
        digits = 0 if percent == int(percent) else 2
        return self.env._("%s %%", formatLang(self.env, percent, digits=digits))
