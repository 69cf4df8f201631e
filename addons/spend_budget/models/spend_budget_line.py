from decimal import Decimal

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tools import SQL, format_amount, format_date

from odoo.addons.approval_matrix.reserved_fields import without_defaults

from ..periods import get_months
from ..shares import is_exact
from .account_move_line import EXPENSES

#: Only the ledger moves these.
BALANCES = ("reserved", "committed", "actual")
SYSTEM_FIELDS = frozenset({*BALANCES, "available", "limit_amount"})

#: Those of the budget, whatever anybody writes here.
BUDGET_FIELDS = frozenset({"company_id", "date_from", "date_to", "user_id"})

#: What decides which documents a line meets.
CRITERIA = ("account_id", "general_account_id", "department_id", "category_id")

#: The part of the budget's period that a line is for, if not all of it.
PART = ("part_from", "part_to")

#: Types of accounts that a line can be for: expenses, and what is bought to stay.
ACCOUNT_TYPES = (
    *EXPENSES,
    "expense_depreciation",
    "asset_fixed",
    "asset_non_current",
    "asset_current",
    "asset_prepayments",
)

#: What managers only may change once the budget controls.
TERMS = frozenset({"amount", "control", "tolerance", "sequence"})


class SpendBudgetLine(models.Model):
    _name = "spend.budget.line"
    _description = "Budget Line"
    _order = "budget_id, sequence, id"
    _check_company_auto = True

    budget_id = fields.Many2one(
        "spend.budget", required=True, index=True, ondelete="cascade"
    )
    company_id = fields.Many2one(related="budget_id.company_id", store=True)
    currency_id = fields.Many2one(related="company_id.currency_id")
    budget_state = fields.Selection(related="budget_id.state")
    date_from = fields.Date(
        string="From", compute="_compute_dates", store=True, help="The first day."
    )
    date_to = fields.Date(
        string="To", compute="_compute_dates", store=True, help="The last day."
    )
    part_from = fields.Date(
        string="Part from",
        help="The first day of the part of the budget's period that the line is for. "
        "Leave it empty for all of it.",
    )
    part_to = fields.Date(string="Part to", help="The last day of that part.")
    user_id = fields.Many2one(related="budget_id.user_id", store=True, string="Owner")
    sequence = fields.Integer(default=10)
    account_id = fields.Many2one(
        "account.analytic.account",
        string="Analytic Account",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
    )
    general_account_id = fields.Many2one(
        "account.account",
        string="Account",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        domain=[("account_type", "in", ACCOUNT_TYPES)],
        help="Account of the general ledger. Depreciation, and what is booked on "
        "assets without a bill, is counted only by lines that name the account.",
    )
    department_id = fields.Many2one(
        "hr.department",
        index="btree_not_null",
        ondelete="restrict",
        check_company=True,
        help="Also the departments below it.",
    )
    category_id = fields.Many2one(
        "product.category",
        string="Product Category",
        index="btree_not_null",
        ondelete="restrict",
        help="Also the categories below it.",
    )
    amount = fields.Monetary(required=True)
    control = fields.Selection(
        [("warn", "Warn"), ("escalate", "Escalate"), ("block", "Block")],
        default="warn",
        required=True,
        help="What happens when an order or bill goes over the amount and its "
        "tolerance.\n"
        "Warn: the owner is told.\n"
        "Escalate: the owner is told, and approval rules can ask a higher level.\n"
        "Block: it is refused.",
    )
    tolerance = fields.Float(
        string="Tolerance (%)", help="How far over the amount still counts as within."
    )
    limit_amount = fields.Monetary(
        string="Limit",
        compute="_compute_limit_amount",
        store=True,
        help="The amount with its tolerance.",
    )
    reserved = fields.Monetary(
        default=0.0,
        readonly=True,
        copy=False,
        help="Orders that wait for approval. Source: budget entries.",
    )
    committed = fields.Monetary(
        default=0.0,
        readonly=True,
        copy=False,
        help="Confirmed and not billed yet. Source: budget entries.",
    )
    actual = fields.Monetary(
        default=0.0,
        readonly=True,
        copy=False,
        help="What is posted: bills less refunds, expenses and other entries. Source: "
        "budget entries.",
    )
    available = fields.Monetary(
        compute="_compute_available",
        store=True,
        help="Amount − reserved − committed − actual. Source: budget lines and "
        "entries.",
    )
    used_percent = fields.Float(
        string="Used (%)",
        compute="_compute_used_percent",
        aggregator=None,
        help="(Reserved + committed + actual) ÷ amount. Source: budget lines and "
        "entries.",
    )

    _names_something = models.Constraint(
        "CHECK (account_id IS NOT NULL OR department_id IS NOT NULL"
        " OR category_id IS NOT NULL OR general_account_id IS NOT NULL)",
        "A budget line needs an analytic account, an account, a department or a "
        "product category.",
    )
    _amount_not_negative = models.Constraint(
        "CHECK (amount >= 0 AND tolerance >= 0 AND tolerance <= 1000)",
        "Amounts and tolerances of budgets are not negative.",
    )
    _promises_not_negative = models.Constraint(
        "CHECK (reserved >= 0 AND committed >= 0)",
        "Nothing can be released that was not reserved.",
    )
    _block_holds = models.Constraint(
        "CHECK (control <> 'block' OR reserved + committed + actual <= limit_amount)",
        "This budget line blocks: it cannot be exceeded.",
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends("budget_id.date_from", "budget_id.date_to", *PART)
    def _compute_dates(self):
        for line in self:
            line.date_from = line.part_from or line.budget_id.date_from
            line.date_to = line.part_to or line.budget_id.date_to

    @api.depends("amount", "tolerance")
    def _compute_limit_amount(self):
        for line in self:
            limit = line.amount * (1 + line.tolerance / 100)
            currency = line.currency_id
            line.limit_amount = currency.round(limit) if currency else limit

    @api.depends("amount", "reserved", "committed", "actual")
    def _compute_available(self):
        for line in self:
            line.available = line.amount - line._get_used()

    @api.depends("amount", "reserved", "committed", "actual")
    def _compute_used_percent(self):
        for line in self:
            used = line._get_used()
            line.used_percent = 100 * used / line.amount if line.amount else 0.0

    @api.depends("budget_id", *CRITERIA, *PART)
    @api.depends_context("lang")
    def _compute_display_name(self):
        for line in self:
            names = [
                line.account_id.name,
                line.general_account_id.display_name,
                line.department_id.name,
                line.category_id.display_name,
                line._get_part_name(),
            ]
            criteria = " · ".join(filter(None, names))
            line.display_name = f"{line.budget_id.name}: {criteria}"

    def _get_part_name(self):
        """Return what the part of the period is called; nothing for all of it."""
        if not (self.part_from or self.part_to):
            return ""
        start, end = self.date_from, self.date_to
        match get_months(start, end):
            case 1:
                return format_date(self.env, start, date_format="MMMM y")
            case 3:
                return format_date(self.env, start, date_format="QQQ y")
        return " – ".join(format_date(self.env, day) for day in (start, end))

    def _get_used(self):
        return self.reserved + self.committed + self.actual

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("budget_id", *PART)
    def _check_part(self):
        self.env["spend.budget"]._check_parts(self)

    @api.constrains("amount", "tolerance")
    def _check_can_be_counted(self):
        for line in self:
            rounding = line.currency_id.rounding
            if not all(
                is_exact(amount, rounding)
                for amount in (line.amount, line.amount * (1 + line.tolerance / 100))
            ):
                raise ValidationError(
                    self.env._(
                        "%(line)s: its amount, with the tolerance, is too large to be "
                        "counted exactly. Enter less.",
                        line=line.display_name,
                    )
                )

    @api.constrains("amount", "tolerance", "control")
    def _check_limit(self):
        for line in self:
            used = line._get_used()
            if (
                line.control == "block"
                and line.currency_id.compare_amounts(used, line.limit_amount) > 0
            ):
                raise ValidationError(
                    self.env._(
                        "%(line)s blocks, and %(used)s of it are used already: the "
                        "limit cannot be %(limit)s.",
                        line=line.display_name,
                        used=format_amount(self.env, used, line.currency_id),
                        limit=format_amount(
                            self.env, line.limit_amount, line.currency_id
                        ),
                    )
                )

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            self._refuse_system_fields(vals)
        self = without_defaults(self, SYSTEM_FIELDS | BUDGET_FIELDS)
        lines = super().create(vals_list)
        budgets = lines.budget_id.filtered(lambda budget: budget.state != "draft")
        if budgets:
            budgets._check_lines_may_change()
            budgets._synchronise()
        return lines

    def write(self, vals):
        self._refuse_system_fields(vals)
        controlling = self.filtered(lambda line: line.budget_id.state != "draft")
        if controlling:
            if "budget_id" in vals or not {*CRITERIA, *PART}.isdisjoint(vals):
                raise UserError(
                    self.env._(
                        "%(line)s is in use: what it covers stays as it is. Add "
                        "another line instead.",
                        line=controlling[0].display_name,
                    )
                )
            if not TERMS.isdisjoint(vals):
                controlling.budget_id._check_lines_may_change()
                self._lock_rows()
        target = self.env["spend.budget"].browse(vals.get("budget_id") or ())
        if target and target != self.budget_id:
            target.check_access("write")
            if target.state != "draft":
                target._check_lines_may_change()
        before = {line: line.amount for line in controlling} if "amount" in vals else {}
        result = super().write(vals)
        self._log_amounts(before)
        target._synchronise()
        return result

    def _system_write(self, vals):
        """Write past the guard: for transfers, never for callers."""
        return super().write(vals)

    def _refuse_system_fields(self, vals):
        if not SYSTEM_FIELDS.isdisjoint(vals):
            raise AccessError(
                self.env._("The balances of a budget come from orders and bills only.")
            )
        if not BUDGET_FIELDS.isdisjoint(vals):
            raise AccessError(
                self.env._("The company, owner and period of a line are its budget's.")
            )

    @api.ondelete(at_uninstall=False)
    def _unlink_if_unused(self):
        controlling = self.filtered(lambda line: line.budget_id.state != "draft")
        if controlling:
            controlling.budget_id._check_lines_may_change()
        used = controlling.filtered(lambda line: line._has_history())
        if used:
            raise UserError(
                self.env._(
                    "%(line)s has entries or transfers and cannot be deleted. Transfer "
                    "what is left of it instead.",
                    line=used[0].display_name,
                )
            )

    def _has_history(self):
        self.ensure_one()
        entries = self.env["spend.entry"].sudo()
        transfers = self.env["spend.transfer"].sudo()
        either = ["|", ("from_line_id", "=", self.id), ("to_line_id", "=", self.id)]
        return bool(
            entries.search_count([("line_id", "=", self.id)], limit=1)
            or transfers.search_count(either, limit=1)
        )

    def _log_amounts(self, before):
        """Tell the chatter of the budget which amounts changed."""
        for line, amount in before.items():
            if line.currency_id.compare_amounts(amount, line.amount):
                line.budget_id.message_post(
                    body=self.env._(
                        "%(line)s: amount changed from %(before)s to %(after)s.",
                        line=line.display_name,
                        before=format_amount(self.env, amount, line.currency_id),
                        after=format_amount(self.env, line.amount, line.currency_id),
                    )
                )

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_view_entries(self):
        """Show the ledger of the lines."""
        domain = [("line_id", "in", self.ids)]
        return self.env["spend.budget"]._get_entries_action(domain)

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _lock_rows(self):
        """Lock the lines in the order of their ids, and return their balances as they
        are now in the database.

        A row that changed since the transaction began makes it fail, and Odoo tries
        it again: what is read here cannot be old.

        :return: by line id, a row with the balances, the amount and limit as
            ``Decimal``, and the control
        """
        self.flush_model()
        rows = self.env.execute_query_dict(
            SQL(
                """
                SELECT id, control, amount::text, limit_amount::text,
                       reserved::text, committed::text, actual::text
                  FROM spend_budget_line
                 WHERE id IN %(ids)s
              ORDER BY id
                   FOR NO KEY UPDATE
                """,
                ids=tuple(self.ids) or (0,),
            )
        )
        for row in rows:
            for name in (*BALANCES, "amount", "limit_amount"):
                row[name] = Decimal(row[name] or 0)
        return {row["id"]: row for row in rows}

    def _get_part_key(self, day):
        """Return what the line is for, and a day: a part begins on it."""
        self.ensure_one()
        return (*(self[name].id for name in CRITERIA), day)

    def _tell_owner(self, document):
        """Leave a to-do for the owners of lines that a document took over the limit, in
        their language."""
        for line in self:
            owner = line.budget_id.user_id
            line = line.with_context(lang=owner.lang)
            env = line.env
            line.budget_id.activity_schedule(
                "mail.mail_activity_data_warning",
                user_id=owner.id,
                summary=env._("Over budget: %(line)s", line=line.display_name),
                note=env._(
                    "%(document)s went over the limit. Available now: %(available)s.",
                    document=document.with_env(env)._get_html_link(),
                    available=format_amount(env, line.available, line.currency_id),
                ),
            )
