from collections import defaultdict

from odoo import api, fields, models
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.fields import Command
from odoo.tools import SQL, format_amount, format_date

from odoo.addons.approval_matrix.reserved_fields import (
    without_defaults,
    without_values,
)

from ..forecast import find_end
from .account_move_line import EXPENSES

MANAGER = "spend_budget.group_budget_manager"

#: Only the system writes these.
SYSTEM_FIELDS = ["state", "is_catching_up", "catch_up_after"]

#: What may still change once a budget controls; the rest is for managers or never.
FIXED_FIELDS = {"company_id", "date_from", "date_to"}

#: Key among what the transaction remembers.
PERIODS = "spend_budget.periods"

#: What becomes of what no budget line is for, from harmless to worst.
MISSING_POLICIES = [
    ("nothing", "Do nothing"),
    ("warn", "Warn"),
    ("ask", "Ask for approval"),
    ("block", "Refuse"),
]


class SpendBudget(models.Model):
    """Money for a period and who may spend it; ``spend_budget_lifecycle`` opens,
    verifies, carries forward and closes it."""

    _name = "spend.budget"
    _description = "Budget"
    _inherit = ["mail.thread", "mail.activity.mixin"]
    _order = "date_from desc, name, id"
    _check_company_auto = True

    name = fields.Char(required=True, tracking=True)
    company_id = fields.Many2one(
        "res.company",
        required=True,
        index=True,
        default=lambda self: self.env.company,
        help="The budget also covers the branches of this company.",
    )
    currency_id = fields.Many2one(related="company_id.currency_id")
    date_from = fields.Date(string="From", required=True, tracking=True)
    date_to = fields.Date(string="To", required=True, tracking=True)
    user_id = fields.Many2one(
        "res.users",
        string="Owner",
        required=True,
        index=True,
        tracking=True,
        default=lambda self: self.env.user,
        domain="[('share', '=', False), ('company_ids', 'in', company_id)]",
        help="Is told when money runs out, and may move it between the lines.",
    )
    state = fields.Selection(
        [("draft", "Draft"), ("open", "Open"), ("closed", "Closed")],
        default="draft",
        required=True,
        readonly=True,
        copy=False,
        index=True,
        tracking=True,
        help="Only open budgets control orders and bills.",
    )
    carry_unused = fields.Boolean(
        help="When a part of the period is over, what is left of its lines goes on to "
        "those of the next part. Otherwise it stays there, and nobody can use it.",
    )
    is_catching_up = fields.Boolean(
        readonly=True,
        copy=False,
        help="What is in the books already is being counted: until then more seems "
        "available than is.",
    )
    catch_up_after = fields.Integer(
        readonly=True,
        copy=False,
        groups="base.group_system",
        help="Id of the last journal item that was counted.",
    )
    forecast_text = fields.Text(
        compute="_compute_forecast_text",
        export_string_translation=False,
        help="Which lines run out, and when.",
    )
    has_parts = fields.Boolean(compute="_compute_has_parts")
    missing_policy = fields.Selection(
        MISSING_POLICIES,
        string="Without a Line",
        help="What happens to orders and bills of this period that no line of any "
        "budget is for. Leave it empty to do what the settings of the company say.",
    )
    note = fields.Text()
    line_ids = fields.One2many("spend.budget.line", "budget_id", copy=True)
    amount = fields.Monetary(compute="_compute_totals", string="Budget")
    reserved = fields.Monetary(compute="_compute_totals")
    committed = fields.Monetary(compute="_compute_totals")
    actual = fields.Monetary(compute="_compute_totals")
    available = fields.Monetary(compute="_compute_totals")
    used_percent = fields.Float(
        string="Used (%)", compute="_compute_totals", aggregator=None
    )
    is_owner = fields.Boolean(compute="_compute_rights")
    is_manager = fields.Boolean(compute="_compute_rights")

    _dates_in_order = models.Constraint(
        "CHECK (date_to >= date_from)", "The period must not end before it begins."
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    @api.depends(
        "line_ids.amount",
        "line_ids.reserved",
        "line_ids.committed",
        "line_ids.actual",
        "line_ids.available",
    )
    def _compute_totals(self):
        names = ["amount", "reserved", "committed", "actual", "available"]
        totals = {
            budget.id: sums
            for budget, *sums in self.env["spend.budget.line"]._read_group(
                [("budget_id", "in", self._origin.ids)],
                ["budget_id"],
                [f"{name}:sum" for name in names],
            )
        }
        for budget in self:
            sums = totals.get(budget._origin.id, [0.0] * len(names))
            for name, value in zip(names, sums, strict=True):
                budget[name] = value
            used = budget.amount - budget.available
            budget.used_percent = 100 * used / budget.amount if budget.amount else 0.0

    @api.depends("line_ids.part_from", "line_ids.part_to")
    def _compute_has_parts(self):
        for budget in self:
            lines = budget.line_ids
            budget.has_parts = any(line.part_from or line.part_to for line in lines)

    @api.depends("line_ids.amount", "line_ids.available", "state")
    @api.depends_context("lang")
    def _compute_forecast_text(self):
        rows = defaultdict(list)
        for line, month, amount in self.env["spend.forecast"]._read_group(
            [("budget_id", "in", self._origin.ids), ("kind", "!=", "budget")],
            ["line_id", "month:month"],
            ["amount:sum"],
        ):
            rows[line].append((month, amount))
        for budget in self:
            ends = [
                text
                for line in budget.line_ids
                if (text := self._say_end(line, rows[line]))
            ]
            enough = self.env._("By what is known, no line runs out.")
            is_open = budget.state == "open"
            budget.forecast_text = is_open and ("\n".join(ends) or enough)

    @api.model
    def _say_end(self, line, rows):
        """Return the sentence that says when the line runs out, if it does.

        :param line: ``spend.budget.line``
        :param rows: months and what they take
        """
        rounding = line.currency_id.rounding
        end = find_end(line.limit_amount, rows, rounding)
        if not end:
            return ""
        month, missing = end
        return self.env._(
            "%(line)s runs out in %(month)s: %(missing)s are missing by its end.",
            line=line.display_name,
            month=format_date(self.env, month, date_format="MMMM y"),
            missing=format_amount(self.env, missing, line.currency_id),
        )

    def action_view_forecast(self):
        """Show what the lines have and what takes from them, by month."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spend_budget.spend_forecast_action"
        )
        return {**action, "domain": [("budget_id", "in", self.ids)]}

    @api.constrains("date_from", "date_to")
    def _check_period(self):
        self._check_parts(self.line_ids)

    @api.model
    def _check_parts(self, lines):
        """Refuse parts that are not within the period of the budget.

        :param lines: ``spend.budget.line``
        """
        for line in lines:
            budget = line.budget_id
            if not (
                budget.date_from <= line.date_from <= line.date_to <= budget.date_to
            ):
                raise ValidationError(
                    self.env._(
                        "%(line)s: its part of the period must be within that of the "
                        "budget, and not end before it begins.",
                        line=line.display_name,
                    )
                )

    @api.depends("user_id")
    @api.depends_context("uid")
    def _compute_rights(self):
        is_manager = self.env.user.has_group(MANAGER)
        for budget in self:
            budget.is_owner = budget.user_id == self.env.user
            budget.is_manager = is_manager

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        for vals in vals_list:
            if vals.get("state", "draft") != "draft":
                raise UserError(self.env._("A budget begins as a draft: open it then."))
        vals_list = [without_values(vals, SYSTEM_FIELDS[1:]) for vals in vals_list]
        return super(SpendBudget, without_defaults(self, SYSTEM_FIELDS)).create(
            vals_list
        )

    def write(self, vals):
        if "state" in vals:
            raise AccessError(
                self.env._("Budgets are opened and closed with their buttons.")
            )
        vals = without_values(vals, SYSTEM_FIELDS)
        self._check_may_change(vals)
        return super().write(vals)

    def _check_may_change(self, vals):
        """Refuse what would change the rules under documents that were judged.

        :param vals: names of the fields to write
        """
        controlling = self.filtered(lambda budget: budget.state != "draft")
        if not controlling:
            return
        if not FIXED_FIELDS.isdisjoint(vals):
            raise UserError(
                self.env._(
                    "%(budget)s is in use: its company and period stay as they are.",
                    budget=controlling[0].display_name,
                )
            )
        if not {"user_id", "carry_unused", "missing_policy"}.isdisjoint(vals):
            controlling._check_manager()
        if "missing_policy" in vals:
            self._clear_memo()

    @api.ondelete(at_uninstall=False)
    def _unlink_if_draft(self):
        if any(budget.state != "draft" for budget in self):
            raise UserError(self.env._("Only draft budgets can be deleted."))

    def copy_data(self, default=None):
        vals_list = super().copy_data(default)
        if not (default or {}).get("name"):
            for budget, vals in zip(self, vals_list, strict=True):
                vals["name"] = self.env._("%(budget)s (copy)", budget=budget.name)
        return vals_list

    # ------------------------------------------------------------
    # ACTIONS
    # ------------------------------------------------------------

    def action_view_entries(self):
        """Show the ledger of the budgets."""
        return self._get_entries_action([("budget_id", "in", self.ids)])

    def action_view_lines(self):
        """Show the lines in lists, graphs and pivots."""
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spend_budget.spend_budget_line_action"
        )
        return {**action, "domain": [("budget_id", "in", self.ids)]}

    @api.model
    def get_empty_list_help(self, help_message):
        """Managers begin with a button, and with an example; others are told who."""
        help_message = super().get_empty_list_help(help_message)
        if not self.env.user._is_internal():
            return help_message
        if self._is_manager():
            return self._render_first_steps("spend_budget.first_budget", help_message)
        return self._render_first_steps("spend_budget.no_budget", help_message)

    @api.model
    def _render_first_steps(self, template, help_message):
        managers = self.env.ref(MANAGER).sudo().all_user_ids.filtered("active")
        values = {"help": help_message, "managers": managers.mapped("name")[:4]}
        return self.env["ir.qweb"]._render(template, values)

    @api.model
    def _get_example_action(self):
        """Return the form of a new budget with an example in it: nothing is saved."""
        day = self.env.company._approval_day()
        departments = self.env["hr.department"].search(
            [("company_id", "in", (self.env.company.id, False))], limit=2
        )
        categories = self.env["product.category"].search([], limit=1)
        criteria = [{"department_id": each.id} for each in departments]
        criteria += [{"category_id": each.id} for each in categories]
        amount = 100000000 if self.env.company.currency_id.rounding >= 1 else 10000
        return {
            "type": "ir.actions.act_window",
            "name": self.env._("Budgets"),
            "res_model": self._name,
            "views": [(False, "form")],
            "context": {
                "default_name": self.env._("Example: purchases %s", day.year),
                "default_date_from": f"{day.year}-01-01",
                "default_date_to": f"{day.year}-12-31",
                "default_line_ids": [
                    Command.create({**each, "amount": amount, "control": control})
                    for each, control in zip(
                        criteria, ("warn", "escalate", "block"), strict=False
                    )
                ],
            },
        }

    @api.model
    def _get_entries_action(self, domain):
        action = self.env["ir.actions.act_window"]._for_xml_id(
            "spend_budget.spend_entry_action"
        )
        return {**action, "domain": domain}

    # ------------------------------------------------------------
    # PERIODS
    # ------------------------------------------------------------

    @api.model
    def _get_periods(self):
        """Return the first and last days of open budgets and their policies, by id of
        their company; empty for a company that only has a policy. That is one query a
        transaction, and none where there is neither.

        It is not remembered for longer: a *none* that another thread remembers from
        before a budget was opened would let orders pass.
        """
        return self._get_open()[0]

    @api.model
    def _get_named_accounts(self):
        """Return the ids of the accounts of the general ledger that lines of open
        budgets name."""
        return self._get_open()[1]

    @api.model
    def _get_open(self):
        memo = self.env.cr.cache
        if PERIODS not in memo:
            used = self.env["approval.usage"]._has("spend.budget")
            memo[PERIODS] = self._read_open() if used else ({}, frozenset())
        return memo[PERIODS]

    @api.model
    def _read_open(self):
        """Return the periods of open budgets, by id of the company, and the ids of the
        accounts that their lines name.

        A company that asks about what no budget is for is there without a period, too.
        """
        for model in (self._name, "spend.budget.line"):
            self.env[model].flush_model()
        self.env["res.company"].flush_model(["budget_missing_policy"])
        periods, accounts = {}, set()
        for company_id, *period, named in self.env.execute_query(
            SQL(
                """
                SELECT company_id, date_from, date_to, missing_policy,
                       ARRAY(SELECT general_account_id FROM spend_budget_line AS line
                              WHERE line.budget_id = budget.id
                                AND general_account_id IS NOT NULL)
                  FROM spend_budget AS budget
                 WHERE state = 'open'
             UNION ALL
                SELECT id, NULL, NULL, NULL, NULL
                  FROM res_company
                 WHERE budget_missing_policy <> 'nothing'
                """
            )
        ):
            periods.setdefault(company_id, [])
            if named is not None:
                periods[company_id].append(period)
                accounts.update(named)
        return periods, frozenset(accounts)

    @api.model
    def _get_stock_accounts(self, entries=None):
        """Return the ids of the accounts that goods in stock stand on: those of
        companies, categories and locations.

        :param entries: ``account.move``: only those that their items are on
        """
        asked = SQL("TRUE")
        if entries is not None:
            accounts = entries.line_ids.account_id
            others = accounts.filtered(lambda each: each.account_type not in EXPENSES)
            if not others or others == accounts:
                return frozenset()
            asked = SQL("account.id IN %s", tuple(others.ids))
        for model, name in (
            ("res.company", "account_stock_valuation_id"),
            ("product.category", "property_stock_valuation_account_id"),
            ("stock.location", "valuation_account_id"),
        ):
            self.env[model].flush_model([name])
        rows = self.env.execute_query(
            SQL(
                """
                SELECT account.id
                  FROM account_account AS account
                 WHERE %(asked)s
                   AND account.account_type NOT IN %(expenses)s
                   AND (account.id IN (SELECT account_stock_valuation_id
                                         FROM res_company)
                        OR account.id IN (SELECT valuation_account_id
                                            FROM stock_location)
                        OR account.id IN (
                           SELECT one.value::int
                             FROM product_category, jsonb_each_text(
                                  property_stock_valuation_account_id) AS one))
                """,
                asked=asked,
                expenses=EXPENSES,
            )
        )
        return frozenset(account_id for (account_id,) in rows)

    @api.model
    def _clear_memo(self):
        self.env.cr.cache.pop(PERIODS, None)
        self.env["approval.usage"]._forget()

    # ------------------------------------------------------------
    # BUSINESS
    # ------------------------------------------------------------

    def _check_manager(self):
        if not (self.env.su or self.env.user.has_group(MANAGER)):
            raise AccessError(self.env._("Only a budget manager can do this."))
        self.check_access("write")

    def _may_transfer(self):
        """Tell whether the user may move money out of and into these budgets."""
        return self._is_manager() or all(
            budget.user_id == self.env.user for budget in self
        )

    @api.model
    def _is_manager(self):
        return self.env.user.has_group(MANAGER)

    def _system_write(self, vals):
        """Write past the guard: for the methods above, never for callers."""
        result = super().write(vals)
        self._clear_memo()
        return result

    def _get_helpers(self):
        """Return who may transfer money to this budget: some of them, for messages."""
        self.ensure_one()
        return (self.user_id | self._get_managers(self.company_id))[:4]

    @api.model
    def _get_managers(self, company):
        """Return the budget managers of a company."""
        managers = self.env.ref(MANAGER).sudo().all_user_ids
        return managers.filtered(
            lambda user: user.active and company in user.company_ids
        )

    def _check_lines_may_change(self):
        """Refuse to change amounts and controls but by managers, in open budgets."""
        self._check_manager()
        if any(budget.state == "closed" for budget in self):
            raise UserError(self.env._("A closed budget stays as it is."))
