from collections import defaultdict

from odoo import api, models
from odoo.fields import Domain

from ..measure import Measure

#: Bills count as spent, refunds take it back.
SIGNS = {"in_invoice": 1, "in_receipt": 1, "in_refund": -1}

#: Types of accounts whose items count in other entries. Depreciation is not among them:
#: what wears off was spent when it was bought.
EXPENSES = ("expense", "expense_other", "expense_direct_cost")

#: What core books on bills beside their lines: it counts as in other entries. What is
#: private of a line, and taxes that are lost, count with the line.
BESIDE = (
    "discount",
    "epd",
    "non_deductible_product_total",
    "non_deductible_tax",
    "rounding",
)


class AccountMoveLine(models.Model):
    _name = "account.move.line"
    _inherit = ["account.move.line", "spend.source"]

    _budget_triggers = frozenset(
        {
            "account_id",
            "analytic_distribution",
            "balance",
            "credit",
            "currency_id",
            "debit",
            "deductible_amount",
            "discount",
            "display_type",
            "move_id",
            "price_unit",
            "product_id",
            "product_uom_id",
            "purchase_line_id",
            "quantity",
            "tax_ids",
        }
    )

    # ------------------------------------------------------------
    # CONSTRAINTS
    # ------------------------------------------------------------

    @api.constrains("price_unit", "quantity", "discount")
    def _check_budget_can_count(self):
        """As for lines of orders: refuse it while the draft is typed in."""
        control = self.env["spend.control"]
        for line in self:
            move = line.move_id
            if line._budget_is_billed() and control._covers(move.company_id):
                control._check_can_count(line, move, line.quantity)

    # ------------------------------------------------------------
    # CRUD
    # ------------------------------------------------------------

    @api.model_create_multi
    def create(self, vals_list):
        with self.env["spend.control"]._watching() as touched:
            if touched:
                moves = {vals["move_id"] for vals in vals_list if vals.get("move_id")}
                self.env["account.move"].browse(moves)._budget_touch_missing(touched)
            lines = super().create(vals_list)
            if touched:
                lines._budget_touch(touched)  # of bills that are posted already
        return lines

    def write(self, vals):
        with self.env["spend.control"]._watching(self, vals):
            return super().write(vals)

    def unlink(self):
        with self.env["spend.control"]._watching(self):
            return super().unlink()

    def _budget_touch(self, touched, vals=None):
        self.move_id._budget_touch_missing(touched)
        posted = self.sudo().filtered(lambda line: line.move_id.state == "posted")
        entries = posted.move_id.filtered(lambda move: move.move_type not in SIGNS)
        # one item can decide whether all the others of its entry count
        touched.see_move_lines(posted._budget_filter_counted() | entries.line_ids)

    # ------------------------------------------------------------
    # WHAT COUNTS
    # ------------------------------------------------------------

    def _budget_is_billed(self):
        return self.display_type == "product" and self.move_id.move_type in SIGNS

    def _budget_is_expense(self):
        """Tell whether the item counts for lines that do not name its account.

        A discount of a vendor does wherever core books it: on the account of the line
        it puts the same amount on top.
        """
        return (
            self._budget_is_billed()
            or self.account_id.account_type in EXPENSES
            or (self.display_type == "discount" and self.move_id.move_type in SIGNS)
        )

    def _budget_filter_counted(self):
        """Return those of the lines that budgets count once they are posted: what is
        billed, and the other items on accounts of expenses.

        Items on any account count where a budget line names it. Entries that repeat
        what documents have counted already do not count again.
        """
        billed = self.filtered(lambda line: line._budget_is_billed())
        named = self.env["spend.budget"]._get_named_accounts()
        items = (self - billed).filtered(
            lambda line: (
                (line.move_id.move_type not in SIGNS or line.display_type in BESIDE)
                and line.display_type != "cogs"
                and (line._budget_is_expense() or line.account_id.id in named)
                and not line._budget_is_exchange()
            )
        )
        repeated = items._budget_get_repeating(items.move_id)
        return billed | items.filtered(lambda line: line.move_id not in repeated)

    @api.model
    def _budget_get_repeating(self, moves):
        """Return those of the entries that say once more what bills and receipts have
        said: what goods are worth, taxes due on payment, the closing of a year.

        The opening entry closes nothing, though core balances it on the result.
        """
        known = moves.filtered(
            lambda move: (
                move.tax_cash_basis_rec_id
                or move.tax_cash_basis_origin_move_id
                or move.journal_id == move.company_id.account_stock_journal_id
                or (
                    "equity_unaffected"
                    in move.line_ids.account_id.mapped("account_type")
                    and move != move.company_id.account_opening_move_id
                )
            )
        )
        return known | self._budget_get_moving_goods(moves - known)

    @api.model
    def _budget_get_moving_goods(self, moves):
        """Return those of the entries that only move worth between expenses and goods
        in stock: cost of what was sold, freight or labour that becomes part of them.

        Not all of it is in the journal for that, and core leaves no other sign.
        """
        entries = moves.filtered(lambda move: move.move_type == "entry")
        stock = self.env["spend.budget"]._get_stock_accounts(entries)

        def is_goods(move):
            goods = move.line_ids.filtered(lambda line: line.account_id.id in stock)
            spent = move.line_ids.filtered(
                lambda line: line.account_id.account_type in EXPENSES
            )
            is_zero = move.company_id.currency_id.is_zero
            worth = sum(goods.mapped("balance"))
            return not is_zero(worth) and is_zero(worth + sum(spent.mapped("balance")))

        return entries.filtered(is_goods) if stock else entries.browse()

    def _budget_is_exchange(self):
        """Tell whether this is the gain or loss of a rate that core has booked."""
        company = self.company_id
        return self.move_id.journal_id == company.currency_exchange_journal_id and (
            self.account_id
            in company.expense_currency_exchange_account_id
            | company.income_currency_exchange_account_id
        )

    # ------------------------------------------------------------
    # MEASURES
    # ------------------------------------------------------------

    def _budget_measures(self, forecast=False):
        states = ("posted", "draft") if forecast else ("posted",)
        Control = self.env["spend.control"]
        covered = self.filtered(
            lambda line: (
                line.move_id.state in states
                and Control._covers(line.move_id.company_id)
            )
        )
        measures = {}
        for line in covered._budget_filter_counted() - self._budget_get_advances():
            move = line.move_id
            is_billed = line._budget_is_billed()
            measures[line.id] = Measure(
                companies=Control._ancestors(move.company_id),
                rounding=move.company_id.currency_id.rounding,
                date=move.date,
                amount=line._budget_get_cost() if is_billed else line.balance,
                distribution=line.analytic_distribution,
                department=line._budget_get_department().parent_path or "",
                category=line.product_id.categ_id.parent_path or "",
                kind="actual",
                ledger=line.account_id.id,
                is_named_only=not line._budget_is_expense(),
            )
        return measures

    def _budget_get_advances(self):
        """Return those of the lines that pay in advance, or take that back: they are
        not counted, for what they pay for is still committed.

        As with lines of orders, no flag makes a line one.
        """
        return self.browse()

    def _budget_get_cost(self):
        """Return what the line costs the company, in its currency and at the bill's
        rate, with the taxes that nobody gives back and without what is private;
        negative for refunds."""
        self.ensure_one()
        private = 1 - self.deductible_amount / 100
        currency = self.move_id.company_id.currency_id
        cost = self.balance - currency.round(self.balance * private)
        if self.tax_ids:
            cost += self._budget_get_lost(self.tax_ids)
        if self.tax_ids and private:
            # core gives nothing of a fixed tax to the private part
            shared = self.tax_ids.filtered(lambda tax: tax.amount_type != "fixed")
            cost -= self._budget_get_lost(shared) * private
        return cost

    def _budget_get_lost(self, taxes):
        """Return what nobody gives back of some of the line's taxes, like its cost."""
        move = self.move_id
        found = taxes.with_context(round_base=False).compute_all(
            self.price_unit * (1 - self.discount / 100),
            currency=self.currency_id,
            quantity=self.quantity,
            product=self.product_id,
            partner=self.partner_id,
            is_refund=move.move_type == "in_refund",
        )
        lost = found["total_void"] - found["total_excluded"]
        return SIGNS[move.move_type] * lost / (self.currency_rate or 1.0)

    def _budget_get_department(self):
        self.ensure_one()
        order = self.purchase_line_id.order_id
        if order:
            return order._budget_get_department()
        move = self.move_id
        if move.budget_department_id or move.move_type not in SIGNS:
            return move.budget_department_id
        return move.invoice_user_id._budget_department(move.company_id)

    def _budget_reason(self, had, billing):
        is_bill = self.move_id.move_type in SIGNS
        match self.move_id.state:
            case "posted":
                return "changed" if had else "billed" if is_bill else "booked"
            case "cancel":
                return "cancelled"
        return "unbilled" if is_bill else "unbooked"

    def _budget_judged(self, verdicts):
        """Tell the owners of what each bill took over the limit."""
        lines = self.env["spend.budget.line"]
        exceeded = defaultdict(lines.browse)
        for line in self:
            by_line = verdicts.get((line._name, line.id), {})
            over = [id_ for id_, verdict in by_line.items() if verdict != "within"]
            if over:
                exceeded[line.move_id] |= lines.browse(over)
        for move, lines in exceeded.items():
            move._budget_exceeded(lines)

    @api.model
    def _get_budget_domain(self, budget):
        return (
            Domain("company_id", "child_of", budget.company_id.id)
            & Domain("parent_state", "=", "posted")
            & Domain("date", ">=", budget.date_from)
            & Domain("date", "<=", budget.date_to)
            & (
                Domain("display_type", "=", "product")
                & Domain("move_id.move_type", "in", tuple(SIGNS))
                | (
                    Domain("display_type", "!=", "cogs")
                    & Domain("move_id.move_type", "not in", tuple(SIGNS))
                    | Domain("display_type", "in", BESIDE)
                )
                & (
                    Domain("account_id.account_type", "in", EXPENSES)
                    | Domain("display_type", "=", "discount")
                    & Domain("move_id.move_type", "in", tuple(SIGNS))
                    | Domain("account_id", "in", budget.line_ids.general_account_id.ids)
                )
            )
        )
