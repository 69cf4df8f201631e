from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError

from .purchase_order import READERS


class DepositRule(models.Model):
    """Which orders need a deposit, how much, when, and how it is paid.

    This file holds the record; ``deposit_rule_match`` finds the rule of an order.
    """

    _name = "deposit.rule"
    _description = "Deposit Rule"
    _inherit = ["approval.rule.mixin", "mail.thread"]
    _order = "sequence, id"
    _check_company_auto = True

    name = fields.Char(required=True, translate=True, tracking=True)
    active = fields.Boolean(default=True, tracking=True)
    sequence = fields.Integer(
        default=10, help="The first rule that matches an order decides its deposits."
    )
    company_id = fields.Many2one(
        "res.company",
        required=True,
        default=lambda self: self.env.company,
        index=True,
        help="Also applies to the branches of this company.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    user_id = fields.Many2one(
        "res.users",
        string="Responsible",
        default=lambda self: self.env.user,
        domain="[('share', '=', False)]",
        help="Gets the to-dos of orders that have no buyer, as those of automatic "
        "replenishment.",
    )
    partner_ids = fields.Many2many(
        "res.partner", string="Vendors", help="Empty: all vendors."
    )
    partner_tag_ids = fields.Many2many(
        "res.partner.category", string="Vendor Tags", help="Empty: all vendors."
    )
    product_category_ids = fields.Many2many(
        "product.category",
        string="Product Categories",
        help="Orders with a product of these categories or those below them.",
    )
    urgency_level_ids = fields.Many2many("urgency.level", string="Urgency")
    amount_min = fields.Monetary(
        string="From Amount",
        tracking=True,
        help="Total of the order in company currency; this amount included.",
    )
    domain = fields.Char(string="Condition", default="[]", required=True)
    base = fields.Selection(
        [("untaxed", "Untaxed amount"), ("total", "Total with taxes")],
        string="Percentage Of",
        default="total",
        required=True,
        tracking=True,
    )
    method = fields.Selection(
        [("payment", "Advance payment"), ("bill", "Deposit bill")],
        default="payment",
        required=True,
        tracking=True,
        help="Advance payment: a payment on the vendor's account, matched with the "
        "bills.\nDeposit bill: a vendor bill, which the final bills deduct.",
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
    cap = fields.Monetary(
        string="Limit per Vendor",
        tracking=True,
        help="In company currency: what may be due or paid to one vendor without being "
        "deducted yet. Further deposits wait. Zero: no limit.",
    )
    cap_revision = fields.Integer(
        readonly=True,
        copy=False,
        help="Raised with each deposit under the limit, so that two at once meet in "
        "one row.",
    )
    expiry_days = fields.Integer(
        string="Expires After",
        help="Days after its due date when a deposit that was not paid is cancelled. "
        "Zero: never.",
    )
    line_ids = fields.One2many(
        "deposit.rule.line", "rule_id", string="Deposits", copy=True
    )

    _amounts_not_negative = models.Constraint(
        "CHECK (amount_min >= 0 AND cap >= 0 AND expiry_days >= 0)",
        "Amounts and days of a deposit rule cannot be negative.",
    )

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("line_ids", "active")
    def _check_lines(self):
        for rule in self.filtered("active"):
            if not rule.line_ids:
                raise ValidationError(
                    self.env._(
                        "Rule “%(rule)s” says of no deposit how much it is.",
                        rule=rule.name,
                    )
                )
            if sum(rule.line_ids.mapped("percent")) > 100:
                raise ValidationError(
                    self.env._(
                        "The deposits of rule “%(rule)s” come to more than 100 %% of "
                        "the order.",
                        rule=rule.name,
                    )
                )

    @api.constrains("method", "account_id")
    def _check_account(self):
        for rule in self:
            if rule.method == "bill" and not rule.account_id:
                raise ValidationError(
                    self.env._(
                        "Rule “%(rule)s”: a deposit bill needs a prepayment account, "
                        "or it would become an expense.",
                        rule=rule.name,
                    )
                )
            if rule.account_id and not rule.account_id.reconcile:
                raise ValidationError(
                    self.env._(
                        "Rule “%(rule)s”: account %(account)s must allow "
                        "reconciliation, so that deposits can be matched with bills.",
                        rule=rule.name,
                        account=rule.account_id.display_name,
                    )
                )

    @api.constrains("user_id")
    def _check_responsible(self):
        for rule in self.filtered("user_id"):
            user = rule.user_id
            if user._is_superuser():
                continue  # who installs rules; nobody gets the to-dos then
            if not any(map(user.has_group, READERS.split(","))):
                raise ValidationError(
                    self.env._(
                        "Rule “%(rule)s”: %(user)s may not see deposits, and cannot be "
                        "responsible for them.",
                        rule=rule.name,
                        user=user.name,
                    )
                )

    @api.constrains("domain")
    def _check_domain(self):
        for rule in self:
            if not self._is_readable(rule.domain, "purchase.order"):
                raise ValidationError(
                    self.env._(
                        "The condition of rule “%(rule)s” cannot be read: choose "
                        "fields of the order in the editor.",
                        rule=rule.name,
                    )
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        used = (
            self.env["supplier.deposit"]
            .sudo()
            .search([("rule_id", "in", self.ids)], limit=1)
        )
        if used:
            raise UserError(
                self.env._(
                    "Rule “%(rule)s” has made deposits and stays on record. "
                    "Archive it instead.",
                    rule=used.rule_id.name,
                )
            )
