from ast import literal_eval

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date

from odoo.addons.approval_matrix.system import as_system

from .purchase_order import READERS

#: What an order of the example comes to, in the currency of the company.
EXAMPLE = {"VND": 100_000_000, "IDR": 100_000_000, "JPY": 1_000_000}
EXAMPLE_ELSEWHERE = 10_000
#: Days until the goods of the example arrive.
ARRIVAL = 30
#: Months whose orders are counted, for whoever writes a condition.
MONTHS = 3
#: From this amount on, in đồng, input VAT is deducted only for what the bank paid.
CASH_LIMIT_VIETNAM = 5_000_000


class DepositRule(models.Model):
    """Which orders need a deposit, how much, when, and how it is paid."""

    _name = "deposit.rule"
    _description = "Deposit Rule"
    _inherit = ["approval.rule.mixin", "deposit.terms", "mail.thread"]
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
    amount_min = fields.Monetary(
        string="From Amount",
        tracking=True,
        help="Total of the order in company currency, whatever currency it is in; this "
        "amount included.",
    )
    domain = fields.Char(
        string="Condition",
        default="[]",
        required=True,
        tracking=True,
        help="Which orders: by vendor, product category, urgency or anything else that "
        "an order says. Empty: all orders.",
    )
    match_count = fields.Char(compute="_compute_match_count", string="Orders")
    is_cash_risky = fields.Boolean(compute="_compute_is_cash_risky")
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
    example_amount = fields.Monetary(
        string="For an Order of",
        compute="_compute_example_amount",
        readonly=False,
        help="Enter any amount; it is not stored.",
    )
    preview = fields.Html(compute="_compute_preview", string="Example", sanitize=False)

    _amounts_not_negative = models.Constraint(
        "CHECK (amount_min >= 0 AND cap >= 0 AND expiry_days >= 0)",
        "Amounts and days of a deposit rule cannot be negative.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("domain", "amount_min", "company_id")
    def _compute_match_count(self):
        """Say how many orders of the last months the rule is about, whichever rules
        stand above it."""
        today = fields.Date.context_today(self)
        since = fields.Date.subtract(today, months=MONTHS)
        orders = self.env["purchase.order"]
        for rule in self:
            rule.match_count = False
            if (
                not rule.company_id
                or not orders.has_access("read")
                or not self._is_readable(rule.domain, "purchase.order")
            ):
                continue
            recent = (
                Domain("state", "=", "purchase")
                & Domain("date_approve", ">=", since)
                & Domain("company_id", "child_of", rule.company_id.id)
            )
            covered = recent & Domain(literal_eval(rule.domain))
            if rule.amount_min:
                covered &= Domain("amount_total_cc", ">=", rule.amount_min)
            rule.match_count = self.env._(
                "%(count)s of the %(all)s orders confirmed in the last %(months)s "
                "months are such orders.",
                count=orders.search_count(covered),
                all=orders.search_count(recent),
                months=MONTHS,
            )

    @api.depends(
        "journal_id", "company_id", "cap", "line_ids.amount", "line_ids.amount_type"
    )
    def _compute_is_cash_risky(self):
        """Warn of cash for deposits that may be too large for it in Vietnam."""
        for rule in self:
            is_large = rule.currency_id.name != "VND" or (
                not 0 < rule.cap < CASH_LIMIT_VIETNAM
                and any(
                    line.amount_type == "percent" or line.amount >= CASH_LIMIT_VIETNAM
                    for line in rule.line_ids
                )
            )
            is_vietnam = rule.company_id.account_fiscal_country_id.code == "VN"
            rule.is_cash_risky = (
                rule.journal_id.type == "cash" and is_vietnam and is_large
            )

    @api.depends("currency_id")
    def _compute_example_amount(self):
        for rule in self:
            amount = EXAMPLE.get(rule.currency_id.name, EXAMPLE_ELSEWHERE)
            rule.example_amount = max(amount, rule.amount_min)

    @api.depends(
        "example_amount",
        "amount_min",
        "method",
        "posting",
        "base",
        "cap",
        "deduction",
        "line_ids.name",
        "line_ids.amount_type",
        "line_ids.percent",
        "line_ids.amount",
        "line_ids.trigger",
        "line_ids.days",
    )
    def _compute_preview(self):
        """Show what the rule would do to an order, for whoever writes it."""
        today = fields.Date.context_today(self)
        arrival = fields.Date.add(today, days=ARRIVAL)
        for rule in self:
            rows, left = [], rule.example_amount
            money = rule.currency_id.format
            for line in rule.line_ids:
                share = rule.example_amount * line.percent / 100
                amount = line.amount if line.amount_type == "fixed" else share
                amount = min(rule.currency_id.round(amount), left)
                left -= amount
                due = fields.Date.subtract(arrival, days=line.days)
                rows.append((line, format_date(self.env, due), money(amount)))
            rule.preview = self.env["ir.qweb"]._render(
                "supplier_deposit.deposit_rule_preview",
                {
                    "rule": rule,
                    "rows": rows,
                    "arrival": format_date(self.env, arrival),
                    "amount_min": money(rule.amount_min),
                    "left": money(left),
                    "cap": money(rule.cap),
                    "is_capped": 0 < rule.cap < rule.example_amount - left,
                },
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
                        "Rule “%s” says of no deposit how much it is.", rule.name
                    )
                )
            if sum(rule.line_ids.mapped("percent")) > 100:
                raise ValidationError(
                    self.env._(
                        "The deposits of rule “%s” come to more than 100 %% of the "
                        "order.",
                        rule.name,
                    )
                )

    @api.constrains("method", "account_id")
    def _check_account(self):
        for rule in self:
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
            # the system installs rules; nobody gets the to-dos then
            if not user._is_superuser() and not any(
                map(user.has_group, READERS.split(","))
            ):
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
                        "The condition of rule “%s” cannot be read: choose fields of "
                        "the order in the editor.",
                        rule.name,
                    )
                )

    @api.ondelete(at_uninstall=False)
    def _unlink_except_used(self):
        deposits = self.env["supplier.deposit"].sudo()
        if used := deposits.search([("rule_id", "in", self.ids)], limit=1):
            raise UserError(
                self.env._(
                    "Rule “%s” has made deposits and stays on record. Archive it "
                    "instead.",
                    used.rule_id.name,
                )
            )

    # ------------------------------------------------------------
    # MATCH
    # ------------------------------------------------------------

    @api.model
    def _match(self, orders):
        """Find the rule of each order.

        :param orders: ``purchase.order``
        :return: the first rule that matches, by order id; others are left out
        """
        found = {}
        for company, group in as_system(orders).grouped("company_id").items():
            rules = self._get_active(company)
            for order in group.with_company(company) if rules else ():
                if rule := next(filter(lambda r, o=order: r._covers(o), rules), None):
                    found[order.id] = rule
        return found

    @api.model
    def _get_active(self, company):
        """Return the rules of a company and of those above it, in their order."""
        memo, key = self._get_memo(), ("active", company.id)
        rules = self.browse().with_env(self.env(su=True, context={}))
        if key not in memo:
            domain = [("company_id", "in", company.parent_ids.ids)]
            found = rules.search_fetch(
                [*domain, ("active", "=", True)], ["amount_min", "domain"]
            )
            memo[key] = found.ids
        return rules.browse(memo[key])

    def _covers(self, order):
        """Tell whether an order falls under the rule.

        :param order: ``purchase.order`` with the system's rights
        """
        self.ensure_one()
        # first what costs no query
        if self.amount_min and order._approval_amount() < self.amount_min:
            return False
        return bool(order.filtered_domain(literal_eval(self.domain)))

    def _get_judged_model(self):
        return "purchase.order"

    def _lose_fields(self, names):
        """Archive the rules: an order cannot be asked any more what they ask for."""
        self.active = False
        for rule in self:
            rule.message_post(
                body=self.env._(
                    "This rule is archived: its condition asks for %(fields)s, which "
                    "orders do not have any more. Its orders get the deposits of the "
                    "next rule, or none. Change the condition and restore the rule, or "
                    "leave it archived.",
                    fields=names,
                ),
                partner_ids=rule.user_id.partner_id.ids,
            )
