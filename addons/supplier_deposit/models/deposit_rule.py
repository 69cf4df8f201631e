from ast import literal_eval

from markupsafe import Markup

from odoo import api, fields, models
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tools import format_date, formatLang

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
        "bills. For goods, as a rule: the vendor sends no invoice for the advance.\n"
        "Deposit bill: a vendor bill, which the final bills deduct. For services, as a "
        "rule: the vendor invoices the advance, with its tax.",
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
    is_cash_risky = fields.Boolean(compute="_compute_is_cash_risky")
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
        orders = self.env["purchase.order"]
        for rule in self:
            rule.match_count = False
            if not rule.company_id or not orders.has_access("read"):
                continue
            if not self._is_readable(rule.domain, "purchase.order"):
                continue
            recent = Domain("state", "=", "purchase") & Domain(
                [
                    ("date_approve", ">=", fields.Date.subtract(today, months=MONTHS)),
                    ("company_id", "child_of", rule.company_id.id),
                ]
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

    @api.depends("journal_id", "company_id", "cap", "line_ids.amount")
    @api.depends("line_ids.amount_type")
    def _compute_is_cash_risky(self):
        for rule in self:
            company = rule.company_id
            rule.is_cash_risky = (
                rule.journal_id.type == "cash"
                and company.account_fiscal_country_id.code == "VN"
                and rule._may_come_to(CASH_LIMIT_VIETNAM)
            )

    def _may_come_to(self, amount):
        """Tell whether a deposit of the rule may be so large, in đồng."""
        self.ensure_one()
        if self.currency_id.name != "VND":
            return True
        return not 0 < self.cap < amount and any(
            line.amount_type == "percent" or line.amount >= amount
            for line in self.line_ids
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
        for rule in self:
            rule.preview = rule._render_preview()

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
        orders = as_system(orders)
        for company, group in orders.grouped("company_id").items():
            rules = self._get_active(company)
            for order in group.with_company(company) if rules else ():
                for rule in rules:
                    if rule._covers(order):
                        found[order.id] = rule
                        break
        return found

    @api.model
    def _get_active(self, company):
        """Return the rules of a company and of those above it, in their order."""
        memo = self._get_memo()
        key = ("active", company.id)
        if key not in memo:
            domain = [
                ("company_id", "in", company.parent_ids.ids),
                ("active", "=", True),
            ]
            rules = self._engine().search_fetch(domain, ["amount_min", "domain"])
            memo[key] = rules.ids
        return self._engine().browse(memo[key])

    @api.model
    def _engine(self):
        """Return the model with the system's rights and nothing of the caller's
        context."""
        return self.browse().with_env(self.env(su=True, context={}))

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

    # ------------------------------------------------------------
    # PREVIEW, for whoever writes the rule
    # ------------------------------------------------------------

    def _render_preview(self):
        self.ensure_one()
        env = self.env
        total = self.example_amount
        if total < self.amount_min:
            return Markup('<div class="text-muted">%s</div>') % env._(
                "The rule does not apply: the order is below %(amount)s.",
                amount=self._money(self.amount_min),
            )
        rows, left = Markup(), total
        for line in self.line_ids:
            share = total * line.percent / 100
            amount = line.amount if line.amount_type == "fixed" else share
            amount = min(self.currency_id.round(amount), left)
            left -= amount
            rows += Markup(
                "<tr><td>{}</td><td>{}</td><td class='text-end text-nowrap fw-bold'>"
                "{}</td></tr>"
            ).format(line.name or "", self._say_when(line), self._money(amount))
        if not rows:
            return Markup('<div class="text-muted">%s</div>') % env._(
                "Add a deposit to see what the rule would do."
            )
        rows += Markup(
            "<tr class='text-muted'><td>{}</td><td></td>"
            "<td class='text-end text-nowrap'>{}</td></tr>"
        ).format(env._("Left for the bills"), self._money(left))
        return Markup(
            "<table class='table table-sm mb-2'><tbody>{}</tbody></table>"
            "<div class='text-muted'>{}</div>"
        ).format(rows, self._say_how(max(0.0, total - left)))

    def _money(self, amount):
        return formatLang(self.env, amount, currency_obj=self.currency_id)

    def _say_when(self, line):
        if line.trigger == "confirmed":
            return self.env._("as soon as the order is approved or confirmed")
        today = fields.Date.context_today(self)
        arrival = fields.Date.add(today, days=ARRIVAL)
        due = fields.Date.subtract(arrival, days=line.days)
        return self.env._(
            "%(days)s days before the goods arrive: on %(date)s, were they expected "
            "%(arrival)s",
            days=line.days,
            date=format_date(self.env, due),
            arrival=format_date(self.env, arrival),
        )

    def _say_how(self, amount):
        env = self.env
        if self.method == "bill" and self.posting == "posted":
            how = env._(
                "A deposit bill is posted for each at once; the cashier pays it from "
                "Deposits to Pay."
            )
        elif self.method == "bill":
            how = env._(
                "A deposit bill is drafted for each; the cashier posts and pays it "
                "from Deposits to Pay."
            )
        elif self.posting == "posted":
            how = env._("A payment is posted for each at once, without the cashier.")
        else:
            how = env._(
                "A payment is drafted for each; the cashier posts it from Deposits to "
                "Pay."
            )
        if self.deduction == "proportion":
            how += " " + env._(
                "Each bill takes its share: as much of the deposit as it bills of the "
                "order."
            )
        else:
            how += " " + env._(
                "The first bill takes all that is open, then the next what is left."
            )
        if self.base == "untaxed":
            how += " " + env._("Percentages are of the amount before taxes.")
        if self.cap and amount > self.cap:
            how += " " + env._(
                "Together they exceed the limit of %(cap)s per vendor: some wait until "
                "others are deducted.",
                cap=self._money(self.cap),
            )
        return how
