from odoo import api, fields, models
from odoo.fields import Domain
from odoo.tools import format_amount, format_date

from odoo.addons.supplier_deposit.models.supplier_deposit import ACCOUNTING, UNPAID

from ..cash_projection import lowest, project

#: Days that the projection looks ahead.
DAYS = 90
#: Key of a company's projection in what a batch of deposits shares.
PROJECTIONS = "cash_projections"


class SupplierDeposit(models.Model):
    """The guard of the cash: would bank and cash fall under the journal's floor?"""

    _inherit = "supplier.deposit"

    under_floor = fields.Boolean(
        readonly=True,
        help="When it became due, the projected cash was to fall under the floor of "
        "its journal. A rule can put such deposits under approval.",
    )
    cash_lowest = fields.Monetary(
        string="Lowest Projected Cash",
        readonly=True,
        currency_field="company_currency_id",
        groups=ACCOUNTING,
    )
    cash_projection = fields.Json(
        string="Projected Cash", compute="_compute_cash_projection", groups=ACCOUNTING
    )

    # ------------------------------------------------------------
    # COMPUTE
    # ------------------------------------------------------------

    def _compute_cash_projection(self):
        """Show the graph: balances by day, the floor, this deposit."""
        today = fields.Date.context_today(self)
        for deposit in self:
            deposit = deposit.sudo()
            days = deposit._project_cash(deposit.company_id, today)
            due = max(today, deposit.date_due or today)
            day, low = lowest(days, due)
            is_open = deposit.state in UNPAID
            deposit.cash_projection = {
                "days": [[fields.Date.to_string(date), left] for date, left in days],
                "floor": deposit.journal_id.cash_floor,
                "due": is_open and fields.Date.to_string(due),
                "amount": is_open and deposit._to_company_currency(deposit.amount),
                "lowest": low,
                "lowest_day": fields.Date.to_string(day),
                "currency": deposit.company_currency_id.id,
            }

    # ------------------------------------------------------------
    # APPROVAL
    # ------------------------------------------------------------

    def _prepare_due(self, cache):
        """Mark it if it would let the cash fall under the floor of its journal.

        All deposits that are planned count, so the projection is the same for many, and
        does not change when one of them is paid.
        """
        super()._prepare_due(cache)
        floor = self.journal_id.cash_floor
        if not floor:
            return
        today, key = fields.Date.context_today(self), (PROJECTIONS, self.company_id)
        if key not in cache:
            cache[key] = self._project_cash(self.company_id, today)
        _day, low = lowest(cache[key], max(today, self.date_due))
        self.write({"under_floor": low < floor, "cash_lowest": low})

    def _approval_summary(self):
        summary = super()._approval_summary()
        if self.under_floor:
            text = self.env._(
                "would fall under the floor of %(journal)s",
                journal=self.journal_id.display_name,
            )
            summary["facts"].append([self.env._("Cash"), text])
        return summary

    def _approval_warnings(self):
        """Say by how much the cash falls under the floor, and on which day, as it is
        projected now; balances are for accountants."""
        warnings = super()._approval_warnings()
        projections, today = {}, fields.Date.context_today(self)
        for deposit in self.filtered("under_floor"):
            company = deposit.company_id
            if company not in projections:
                projections[company] = self._project_cash(company, today)
            day, low = lowest(
                projections[company], max(today, deposit.date_due or today)
            )
            warnings[deposit].append(deposit._tell_floor(day, low))
        return warnings

    def _tell_floor(self, day, low):
        """Return mark and sentence about the cash under a floor.

        :param date day: of the lowest balance from the day on that it is due
        :param float low: that balance, in company currency
        """
        self.ensure_one()
        short, text = self._tell_cash(self.company_id, self.journal_id, day, low)
        if short > 0:
            return self.env._("under the cash floor"), text
        # it was under the floor when the deposit became due: since then money has come
        # in, or other payments were put off
        return self.env._("was under the cash floor"), text

    @api.model
    def _tell_cash(self, company, journal, day, low):
        """Return by how much the cash is short of the floor of a journal, and a
        sentence about it; balances are for accountants.

        :param date day: of the lowest balance
        :param float low: that balance, in the currency of the company
        """
        env, currency, floor = self.env, company.currency_id, journal.cash_floor
        short = currency.round(floor - low) if floor else 0.0
        values = {
            "day": format_date(env, day),
            "journal": journal.display_name,
            "short": format_amount(env, short, currency),
            "lowest": format_amount(env, low, currency),
            "floor": format_amount(env, floor, currency),
        }
        if short > 0:
            text = env._(
                "On %(day)s the cash is %(short)s under the floor of %(journal)s.",
                **values,
            )
            balance = env._("It is %(lowest)s then; floor %(floor)s.", **values)
        else:
            text = env._("As it looks now, the cash stays above the floor.")
            balance = env._("At its lowest it is %(lowest)s, on %(day)s.", **values)
        return short, f"{text} {balance}" if self._reads_balances() else text

    @api.model
    def _reads_balances(self):
        return any(self.env.user.has_group(group) for group in ACCOUNTING.split(","))

    # ------------------------------------------------------------
    # PROJECTION
    # ------------------------------------------------------------

    @api.model
    def _project_cash(self, company, today):
        """Return the balances of bank and cash of a company and its branches.

        :param date today: first day
        """
        flows = [
            *self._get_document_flows(company),
            *self._get_deposit_flows(company),
        ]
        end = fields.Date.add(today, days=DAYS)
        return project(self._get_cash_balance(company), flows, today, end)

    @api.model
    def _get_cash_balance(self, company):
        """Return what bank and cash hold, and what is on its way to or from them."""
        lines = self.env["account.move.line"].sudo()
        ((balance,),) = lines._read_group(
            [
                ("company_id", "child_of", company.id),
                ("parent_state", "=", "posted"),
                ("account_id.account_type", "=", "asset_cash"),
            ],
            [],
            ["balance:sum"],
        )
        payments = self.env["account.payment"].sudo()
        ((under_way,),) = payments._read_group(
            [("company_id", "child_of", company.id), ("state", "=", "in_process")],
            [],
            ["amount_company_currency_signed:sum"],
        )
        return (balance or 0.0) + (under_way or 0.0)

    @api.model
    def _get_document_flows(self, company):
        """Yield what invoices and bills, of deposits too, still have to bring and to
        cost, by due date."""
        lines = self.env["account.move.line"].sudo()
        groups = lines._read_group(
            [
                ("company_id", "child_of", company.id),
                ("parent_state", "=", "posted"),
                ("account_type", "in", ("asset_receivable", "liability_payable")),
                (
                    "move_id.move_type",
                    "in",
                    ("out_invoice", "out_refund", "in_invoice", "in_refund"),
                ),
                ("amount_residual", "!=", 0),
            ],
            ["date_maturity:day"],
            ["amount_residual:sum"],
        )
        for day, amount in groups:
            yield (day or fields.Date.context_today(self)), amount

    @api.model
    def _get_deposit_flows(self, company):
        """Yield what deposits will cost that have neither a bill nor a payment on its
        way: those are counted as such."""
        groups = self.sudo()._read_group(
            Domain("company_id", "child_of", company.id) & self._get_unbooked_domain(),
            ["company_id", "currency_id", "date_due:day"],
            ["amount:sum", "amount_paid:sum"],
        )
        today = fields.Date.context_today(self)
        for owner, currency, day, amount, paid in groups:
            in_company = currency._convert(
                amount - paid, owner.currency_id, owner, today
            )
            yield day or today, -in_company
