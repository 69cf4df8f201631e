import os
import random
from collections import Counter
from fractions import Fraction

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .test_entries import EntriesCommon

#: Which random sequences are played; many with WIDE=1 in the environment.
SEEDS = range(2000 if os.environ.get("WIDE") else 100)

#: How many steps a sequence has, at least and at most.
STEPS_OF_ONE = (3, 6)

MOST_ORDERS = 4
PRICES = (0, 0.01, 33.33, 100, 250, -20)
QUANTITIES = (0, 1, 3, 7.5)
AMOUNTS = (0.01, 33.33, 100, 250, -20)
DAYS = ("2026-06-30", "2026-07-01", "2027-02-01")

#: What may happen: how often, and what is drawn for it. Steps find their own order or
#: bill by a number.
STEPS = {
    "create": (1, PRICES, QUANTITIES),
    "reprice": (2, range(9), PRICES),
    "recount": (2, range(9), QUANTITIES),
    "rename": (2, range(9)),
    "add_line": (1, range(9), PRICES),
    "delete_line": (1, range(9)),
    "distribute": (1, range(9), range(5)),
    "flag": (1, range(9)),
    "submit": (1, range(9)),
    "confirm": (3, range(9)),
    "approve": (4, range(9)),
    "reject": (2, range(9)),
    "withdraw": (2, range(9)),
    "cancel": (1, range(9)),
    "reset": (1, range(9)),
    "receive": (2, range(9), QUANTITIES),
    "close_rest": (2, range(9)),
    "reopen_rest": (1, range(9)),
    "bill": (4, range(9), QUANTITIES, PRICES),
    "refund": (2, range(9), QUANTITIES),
    "unpost": (1, range(9)),
    "repost": (1, range(9)),
    "transfer": (2, range(9), range(9), (5, 50, 333.33)),
    "book": (3, range(9), range(9), range(5), AMOUNTS),
    "reclass": (2, range(5), range(5), AMOUNTS),
    "issue": (1, range(5), (1, 2), AMOUNTS),
    "amend": (1, range(9)),
    "reverse": (1, range(9)),
    "close": (1, range(9), ("carry", "leave")),
}

#: What employees do, where expenses are installed.
STEPS_OF_EXPENSES = {
    "spend": (3, range(4), range(9), range(5), AMOUNTS[:-1]),
    "spend_again": (1, range(9)),
}


class Impossible(Exception):
    """There is nothing to take this step with."""


@tagged("post_install", "-at_install")
class TestProperties(EntriesCommon):
    """Whatever people do, in whatever order."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        clinic, ward, training = map(str, (cls.clinic | cls.ward | cls.training).ids)
        cls.distributions = [
            {clinic: 100},
            {clinic: 60, ward: 40},
            {clinic: 33.33, ward: 66.67, training: 100},
            {f"{ward},{training}": 50},
            False,
        ]
        cls.lines = cls._budget(
            {"account_id": cls.clinic.id, "amount": 900, "control": "block"},
            {"account_id": cls.ward.id, "amount": 700, "control": "escalate"},
            {"category_id": cls.category.id, "amount": 500, "control": "warn"},
            {
                "account_id": cls.ward.id,
                "general_account_id": cls.other_expense.id,
                "part_from": "2026-04-01",
                "part_to": "2026-06-30",
                "amount": 300,
            },
        ).line_ids
        cls.lines |= cls._budget(
            {
                "department_id": cls.department.id,
                "amount": 2000,
                "control": "block",
                "tolerance": 5,
            },
            {"account_id": cls.training.id, "amount": 100},
            {"general_account_id": cls.expense.id, "amount": 400},
            name="Other",
        ).line_ids
        cls.lines |= cls._budget(
            {"category_id": cls.category.id, "amount": 900},
            {"account_id": cls.clinic.id, "amount": 900, "part_to": "2027-01-31"},
            name="Next year",
            date_from="2027-01-01",
            date_to="2027-12-31",
        ).line_ids
        cls.env["approval.rule"].sudo().create(
            {
                "name": "Large ones",
                "model_id": cls.env["ir.model"]._get_id("purchase.order"),
                "company_id": cls.company.id,
                "amount_min": 200,
                "step_ids": [
                    Command.create(
                        {"name": "Keeper", "user_ids": [Command.set(cls.manager.ids)]}
                    )
                ],
            }
        )
        cls.wear = cls._account_of("expense_depreciation", "Wear", "DEP")
        cls.valuation = cls.journal.copy({"name": "Valuation", "code": "VAL"})
        cls.company.account_stock_journal_id = cls.valuation
        cls.stock = cls._account_of("asset_current", "Stock", "STK")
        cls.company.account_stock_valuation_id = cls.stock
        # Only what the budgets do is of interest, and it is done many times.
        cls.manager.notification_type = "inbox"
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        # goods and bills beyond the order come in, too: budgets count whatever flows
        cls.company.write({"excess_policy": "allow", "orderless_policy": "allow"})
        cls.steps = dict(STEPS)
        if "hr.expense" in cls.env:
            cls.steps |= STEPS_OF_EXPENSES
            cls._employ()
        cls._begin()

    @classmethod
    def _employ(cls):
        """Make an employee, what is spent on journeys, and a tax that is lost."""
        cls.env.user.group_ids += cls.env.ref("hr_expense.group_hr_expense_manager")
        cls.employee = cls.env["hr.employee"].create(
            {
                "name": "Fitter",
                "company_id": cls.company.id,
                "department_id": cls.department.id,
                "work_contact_id": cls.vendor.id,
            }
        )
        cls.travel = cls.env["product.product"].create(
            {
                "name": "Travel",
                "type": "service",
                "can_be_expensed": True,
                "standard_price": 0,
                "categ_id": cls.category.id,
                "supplier_taxes_id": [Command.clear()],
                "property_account_expense_id": cls.expense.id,
            }
        )
        cls.lost_tax = cls.env["account.tax"].create(
            {"name": "Lost", "amount": 10, "type_tax_use": "purchase"}
        )

    @classmethod
    def _spend(cls, kind, when, number, amount):
        """Return the entry of an expense."""
        expense = cls.env["hr.expense"].create(
            {
                "name": "To the customer",
                "employee_id": cls.employee.id,
                "product_id": cls.travel.id,
                "total_amount_currency": amount,
                "payment_mode": ("own_account", "company_account")[kind % 2],
                "date": DAYS[when % 3],
                "tax_ids": [Command.set(cls.lost_tax.ids if kind > 1 else [])],
                "analytic_distribution": cls.distributions[number],
            }
        )
        return cls._post_expense(expense)

    @classmethod
    def _post_expense(cls, expense):
        expense.action_submit()
        expense._do_approve(False)
        if expense.payment_mode == "own_account":
            wizard = cls.env["hr.expense.post.wizard"].with_context(
                active_ids=expense.ids, company_paid_move_ids=[]
            )
            wizard.create({"accounting_date": expense.date}).action_post_entry()
        else:
            expense.action_post()
        return expense.account_move_id

    @classmethod
    def _begin(cls):
        """Make what all sequences begin with: a quotation, an approved order, and one
        that is billed in part and was changed after that."""
        quotation, approved, changed = (
            cls._order(price=100, quantity=3, lines=lines).sudo().with_env(cls.env)
            for lines in (None, None, [{"price_unit": 80, "product_qty": 4}])
        )
        (approved | changed).button_confirm()
        for order in approved | changed:
            order.with_user(cls.manager).action_approve()
        bill = cls._bill(changed, quantity=1.5)
        changed.order_line.product_qty = 3.5
        cls.first_orders = [approved, changed, quotation]
        cls.first_bills = [bill, cls._bill(approved, quantity=1, post=False)]
        if "hr.expense" in cls.env:
            cls.first_bills.append(cls._spend(0, 1, 1, 40))
        cls.env.flush_all()

    # ------------------------------------------------------------
    # PLAY
    # ------------------------------------------------------------

    def test_balances_equal_ledger_equal_documents(self):
        """Also equal to what the documents come to by other rules."""
        for seed in SEEDS:
            self._play(seed)

    def _play(self, seed):
        """Play a sequence; what fails says its seed, for ``self._play(seed)``."""
        dice = random.Random(seed)
        names = list(self.steps)
        weights = [often for often, *_values in self.steps.values()]
        steps = []
        for name in dice.choices(names, weights, k=dice.randint(*STEPS_OF_ONE)):
            _often, *values = self.steps[name]
            steps.append((name, *map(dice.choice, values)))
        self.orders, self.bills = [*self.first_orders], [*self.first_bills]
        savepoint = self.env.cr.savepoint()
        try:
            for number, (name, *values) in enumerate(steps, start=1):
                self._try(getattr(self, f"_do_{name}"), values)
                self._check(f"seed {seed}: {steps[:number]}")
            self._check_all(f"seed {seed}: {steps}")
        finally:
            savepoint.close(rollback=True)

    def _try(self, step, values):
        try:
            with self.env.cr.savepoint():
                step(*values)
                self.env.flush_all()
        except (Impossible, UserError):
            self.env.invalidate_all()

    def _check(self, played):
        """Check after each step what is in the database: it costs little."""
        budgets = self.lines.budget_id
        wrong = [text for _line, text in budgets._compare_sums()]
        for budget in budgets:
            wrong += [text for _line, text in budget._compare_balances()]
        self.assertEqual(wrong, [], played)
        self._check_use(played)

    def _check_use(self, played):
        """Check that what is used of lines and budgets is what entries come to, one by
        one, for who has read it before, too."""
        used, amounts = Counter(), Counter()
        for entry in self.env["spend.entry"].search(
            [("line_id", "in", self.lines.ids)]
        ):
            cents = round(100 * entry.amount)
            used.update({entry.line_id: cents, entry.budget_id: cents})
        for line in self.lines:
            cents = round(100 * line.amount)
            amounts.update({line: cents, line.budget_id: cents})
        for record, amount in amounts.items():
            share = Fraction(100 * used[record], amount) if amount else 0
            said = f"{record.display_name}, {played}"
            self.assertAlmostEqual(record.used_percent, float(share), 6, said)

    def _check_all(self, played):
        self.env.invalidate_all()
        self.assertEqual(self.lines.budget_id._find_differences(), [], played)
        for line in self.lines:
            self.assertGreaterEqual(line.reserved, 0, played)
            self.assertGreaterEqual(line.committed, 0, played)
            if line.control == "block":
                over = line._get_used() - line.limit_amount
                self.assertLessEqual(over, 1e-6, played)

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def _get(self, which):
        existing = [order for order in self.orders if order.exists()]
        if not existing:
            raise Impossible
        return existing[which % len(existing)]

    def _get_filled(self, which):
        order = self._get(which)
        if not order.order_line:
            raise Impossible
        return order

    def _do_create(self, price, quantity):
        if len(self.orders) < MOST_ORDERS:
            order = self._order(price=price, quantity=quantity).sudo()
            self.env.flush_all()
            self.orders.append(order.with_env(self.env))

    def _do_reprice(self, which, price):
        self._get(which).order_line[:1].price_unit = price

    def _do_recount(self, which, quantity):
        self._get(which).order_line[:1].product_qty = quantity

    def _do_rename(self, which):
        line = self._get(which).order_line[:1]
        line.name = f"{line.name} again"

    def _do_add_line(self, which, price):
        self._get(which).order_line = [
            Command.create(
                {
                    "product_id": self.product.id,
                    "price_unit": price,
                    "tax_ids": [Command.clear()],
                    "analytic_distribution": self.distributions[1],
                }
            )
        ]

    def _do_delete_line(self, which):
        self._get(which).order_line[-1:].unlink()

    def _do_distribute(self, which, number):
        self._get(which).order_line[:1].analytic_distribution = self.distributions[
            number
        ]

    def _do_flag(self, which):
        self._get(which).order_line[:1].write(
            {"is_downpayment": True, "product_qty": 0}
        )

    def _do_submit(self, which):
        self._get(which).write({"state": "to approve"})

    def _do_confirm(self, which):
        self._get(which).button_confirm()

    def _do_approve(self, which):
        self._get(which).with_user(self.manager).action_approve()

    def _do_reject(self, which):
        self._get(which).with_user(self.manager).action_reject("No")

    def _do_withdraw(self, which):
        self._get(which).action_withdraw()

    def _do_receive(self, which, quantity):
        moves = self._get(which).picking_ids.move_ids
        moves = moves.filtered(lambda move: move.state not in ("done", "cancel"))
        if not moves:
            raise Impossible
        moves.write({"quantity": quantity, "picked": True})
        moves.picking_id._action_done()

    def _do_close_rest(self, which):
        self._get(which).order_line._rest_close("Sold out")

    def _do_reopen_rest(self, which):
        self._get(which).action_reopen_rest()

    def _do_cancel(self, which):
        self._get(which).button_cancel()

    def _do_reset(self, which):
        self._get(which).button_draft()

    def _do_bill(self, which, quantity, price):
        self.bills.append(self._bill(self._get_filled(which), quantity or 1, price))

    def _do_refund(self, which, quantity):
        order = self._get_filled(which)
        self.bills.append(self._bill(order, quantity or 1, move_type="in_refund"))

    def _get_bill(self, which):
        existing = [bill for bill in self.bills if bill.exists()]
        if not existing:
            raise Impossible
        return existing[which % len(existing)]

    def _do_unpost(self, which):
        self._get_bill(which).button_draft()

    def _do_repost(self, which):
        self._get_bill(which).action_post()

    def _do_reverse(self, which):
        bill = self._get_bill(which)
        days = {"date": bill.date, "invoice_date": bill.invoice_date}
        self.bills.append(bill._reverse_moves([days], cancel=True))

    def _do_book(self, kind, when, number, amount):
        """Book an expense, what is bought by entry, or what goods are worth."""
        account = (self.expense, self.other_expense, self.payable)[kind % 3]
        entry = self._entry(
            {
                **self._item(amount, account, False),
                "analytic_distribution": self.distributions[number],
                "product_id": kind % 2 and self.product.id,
            },
            self._item(1, self.wear),
            date=DAYS[when % 3],
            journal_id=(self.journal if kind < 7 else self.valuation).id,
            budget_department_id=kind % 4 and self.department.id,
        )
        self.bills.append(entry)

    def _do_reclass(self, giver, taker, amount):
        one, other = self._item(-amount), self._item(amount, self.other_expense)
        one["analytic_distribution"] = self.distributions[giver]
        other["analytic_distribution"] = self.distributions[taker]
        self.bills.append(self._entry(one, other))

    def _do_issue(self, number, times, amount):
        """Take goods from stock, or book an expense beside goods."""
        one = {
            **self._item(amount),
            "analytic_distribution": self.distributions[number],
        }
        goods = self._item(-amount * times, self.stock, False)
        self.bills.append(self._entry(one, goods))

    def _do_amend(self, which):
        """Book an item of a posted entry elsewhere: it may decide about the others."""
        entry = self._get_bill(which)
        items = entry.line_ids.filtered(lambda item: item.account_id == self.stock)
        if entry.state != "posted" or not items:
            raise Impossible
        items.account_id = self.payable

    def _do_spend(self, kind, when, number, amount):
        """Spend as an employee, who pays or has the company's card."""
        self.bills.append(self._spend(kind, when, number, amount))

    def _do_spend_again(self, which):
        """Take an expense back to its beginning, and do it all once more."""
        spent = [bill for bill in self.bills if bill.exists() and bill.expense_ids]
        if not spent:
            raise Impossible
        bill = spent[which % len(spent)]
        expense = bill.expense_ids
        bill.button_draft()
        expense.action_reset()
        expense.analytic_distribution = self.distributions[which % 5]
        self.bills.append(self._post_expense(expense))

    def _do_close(self, which, choice):
        budgets = self.lines.budget_id
        budget = budgets[which % len(budgets)]
        if budget.action_close() is not True:
            closing = self.env["spend.closing"].create(
                {"budget_id": budget.id, "choice": choice}
            )
            closing.action_close()

    def _do_transfer(self, giver, taker, amount):
        self.env["spend.transfer.wizard"].create(
            {
                "from_line_id": self.lines[giver % len(self.lines)].id,
                "to_line_id": self.lines[taker % len(self.lines)].id,
                "amount": amount,
                "reason": "Moved",
            }
        ).action_transfer()
