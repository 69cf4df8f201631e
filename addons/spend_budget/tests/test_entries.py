from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SpendBudgetCommon


class EntriesCommon(SpendBudgetCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.expense = cls.company_data["default_account_expense"]
        cls.other_expense = cls.expense.copy({"name": "Other expense"})
        cls.payable = cls.company_data["default_account_payable"]
        cls.journal = cls.company_data["default_journal_misc"]

    @classmethod
    def _item(cls, balance, account=None, analytic=None, **values):
        analytic = cls.clinic if analytic is None else analytic
        return {
            "account_id": (account or cls.expense).id,
            "balance": balance,
            "analytic_distribution": analytic and {str(analytic.id): 100},
            **values,
        }

    @classmethod
    def _entry(cls, *items, post=True, **values):
        """Make an entry; what its items leave open stands on the payable account."""
        left = -sum(item["balance"] for item in items)
        rest = [cls._item(left, cls.payable, False)] if left else []
        entry = cls.env["account.move"].create(
            {
                "move_type": "entry",
                "journal_id": cls.journal.id,
                "date": "2026-07-01",
                "line_ids": [Command.create(item) for item in [*items, *rest]],
                **values,
            }
        )
        if post:
            entry.action_post()
        return entry

    @classmethod
    def _account_of(cls, account_type, name="Account", code="TEST1"):
        return cls.env["account.account"].create(
            {
                "name": name,
                "code": code,
                "account_type": account_type,
                "company_ids": [Command.set(cls.company.ids)],
            }
        )


@tagged("post_install", "-at_install")
class TestEntries(EntriesCommon):
    """What is posted on accounts of expenses is spent, whatever made it."""

    def test_entry_on_the_analytic_account_is_spent(self):
        line = self._line()
        self._entry(self._item(250))
        self.assertBalance(line, actual=250)

    def test_draft_entry_is_not(self):
        line = self._line()
        self._entry(self._item(250), post=False)
        self.assertBalance(line)

    def test_entry_taken_back_frees_it(self):
        line = self._line()
        entry = self._entry(self._item(250))
        entry.button_draft()
        self.assertBalance(line)
        entry.action_post()
        entry._reverse_moves(
            [{"date": "2026-07-02", "journal_id": self.journal.id}], cancel=True
        )
        self.assertBalance(line)

    def test_reclass_moves_it_from_one_line_to_another(self):
        one, other = self._budget(
            {"account_id": self.clinic.id, "amount": 1000},
            {"account_id": self.ward.id, "amount": 1000},
        ).line_ids
        self._entry(self._item(400))
        self._entry(self._item(-150), self._item(150, analytic=self.ward))
        self.assertBalance(one, actual=250)
        self.assertBalance(other, actual=150)

    def test_reclass_within_a_full_blocking_line_passes(self):
        line = self._line(amount=400, control="block")
        self._entry(self._item(400))
        self._entry(self._item(-150), self._item(150, self.other_expense))
        self.assertBalance(line, actual=400)

    def test_blocking_line_refuses_an_entry_beyond_it(self):
        line = self._line(amount=100, control="block")
        with self.assertRaisesRegex(UserError, "Not enough budget"):
            self._entry(self._item(101))
        self.env.invalidate_all()
        self.assertEqual(line.actual, 0)

    def test_owner_is_told_of_an_entry_beyond_the_limit(self):
        line = self._line(amount=100, control="warn")
        self._entry(self._item(101))
        self.assertIn("Over budget", line.budget_id.activity_ids.summary)

    def test_item_without_analytic_counts_by_the_department_of_its_entry(self):
        line = self._line(account_id=False, department_id=self.department.id)
        self._entry(self._item(90, analytic=False))
        self.assertBalance(line)
        self._entry(
            self._item(70, analytic=False), budget_department_id=self.department.id
        )
        self.assertBalance(line, actual=70)

    def test_department_given_later_moves_it(self):
        line = self._line(account_id=False, department_id=self.department.id)
        entry = self._entry(self._item(90, analytic=False))
        entry.budget_department_id = self.department
        self.assertBalance(line, actual=90)

    def test_item_counts_by_the_category_of_its_product(self):
        line = self._line(account_id=False, category_id=self.category.id)
        self._entry(self._item(90, analytic=False, product_id=self.product.id))
        self.assertBalance(line, actual=90)

    def test_bank_transaction_matched_with_an_expense_is_spent(self):
        line = self._line()
        transaction = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.company_data["default_journal_bank"].id,
                "date": "2026-07-01",
                "payment_ref": "Fees",
                "amount": -80,
            }
        )
        self.assertBalance(line)
        _liquidity, suspense, _other = transaction._seek_for_lines()
        suspense.write(
            {
                "account_id": self.expense.id,
                "analytic_distribution": {str(self.clinic.id): 100},
            }
        )
        self.assertBalance(line, actual=80)

    def test_other_accounts_do_not_count(self):
        line = self._line()
        for account_type in ("asset_current", "liability_current", "income"):
            account = self._account_of(
                account_type, code=account_type.replace("_", ".")
            )
            self._entry(self._item(60, account))
        self.assertBalance(line)

    def test_accrual_of_another_period_counts_there(self):
        line = self._line()
        self._entry(self._item(60), date="2027-01-01")
        self.assertBalance(line)

    def test_customer_invoice_on_an_expense_account_takes_back(self):
        line = self._line()
        self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.vendor.id,
                "invoice_date": "2026-07-01",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Charged on",
                            "price_unit": 30,
                            "account_id": self.expense.id,
                            "tax_ids": [Command.clear()],
                            "analytic_distribution": {str(self.clinic.id): 100},
                        }
                    )
                ],
            }
        ).action_post()
        self.assertBalance(line, actual=-30)

    def test_changing_a_posted_item_follows(self):
        one, other = self._budget(
            {"account_id": self.clinic.id, "amount": 1000},
            {"account_id": self.ward.id, "amount": 1000},
        ).line_ids
        item = self._entry(self._item(400)).line_ids[0]
        item.analytic_distribution = {str(self.ward.id): 100}
        self.assertBalance(one)
        self.assertBalance(other, actual=400)

    def test_budget_opened_later_counts_what_is_there(self):
        self._entry(self._item(250))
        line = self._line()
        self.assertBalance(line, actual=250)


@tagged("post_install", "-at_install")
class TestRepeatedEntries(EntriesCommon):
    """What a bill or receipt has said already does not count again."""

    def test_entries_of_the_stock_valuation(self):
        line = self._line()
        stock = self.journal.copy({"name": "Valuation", "code": "VAL"})
        self.company.account_stock_journal_id = stock
        entry = self._entry(self._item(250), journal_id=stock.id)
        self.assertBalance(line)
        entry._reverse_moves([{"date": "2026-07-02"}], cancel=True)
        self.assertBalance(line)

    def test_claiming_to_take_back_a_valuation_hides_nothing(self):
        line = self._line()
        stock = self.journal.copy({"name": "Valuation", "code": "VAL"})
        self.company.account_stock_journal_id = stock
        valuation = self._entry(self._item(250), journal_id=stock.id)
        self._entry(self._item(40), reversed_entry_id=valuation.id)
        self.assertBalance(line, actual=40)

    def test_goods_sold_do_not_count_again(self):
        stock = self._account_of("asset_current", "Stock", "STK")
        self.category.write(
            {
                "property_valuation": "real_time",
                "property_cost_method": "average",
                "property_stock_valuation_account_id": stock.id,
            }
        )
        self.product.write({"is_storable": True, "standard_price": 40})
        by_category = self._line(account_id=False, category_id=self.category.id)
        self._bill(price=40, quantity=2)
        self.assertBalance(by_category, actual=80)
        invoice = self.env["account.move"].create(
            {
                "move_type": "out_invoice",
                "partner_id": self.vendor.id,
                "invoice_date": "2026-07-01",
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "price_unit": 100,
                            "tax_ids": [Command.clear()],
                        }
                    )
                ],
            }
        )
        invoice.action_post()
        self.assertBalance(by_category, actual=80)

    def _stock_account(self):
        """Return the account that the goods of the category stand on."""
        stock = self._account_of("asset_current", "Stock", "STK")
        self.category.property_stock_valuation_account_id = stock
        return stock

    def test_goods_sold_at_a_counter_do_not_count_again(self):
        """Core books them in the journal of the sales, with nothing that says so."""
        stock = self._stock_account()
        line = self._line()
        self._entry(
            self._item(100),
            self._item(-100, stock, False),
            self._item(-150, self.company_data["default_account_revenue"], False),
            journal_id=self.company_data["default_journal_sale"].id,
        )
        self.assertBalance(line)

    def test_freight_that_becomes_worth_of_goods_stays_spent(self):
        stock = self._stock_account()
        line = self._line()
        self._bill(price=100)
        self._entry(self._item(-100), self._item(100, stock, False))
        self.assertBalance(line, actual=100)

    def test_goods_beside_an_expense_do_not_hide_it(self):
        stock = self._stock_account()
        line = self._line()
        self._entry(self._item(100), self._item(-40, stock, False))
        self._entry(
            self._item(7), self._item(1, stock, False), self._item(-1, stock, False)
        )
        self.assertBalance(line, actual=107)

    def test_goods_sold_are_not_found_by_a_budget_opened_later(self):
        stock = self._stock_account()
        self._entry(self._item(100), self._item(-100, stock, False))
        self._entry(self._item(30), self._item(-10, stock, False))
        line = self._line()
        self.assertBalance(line, actual=30)

    def _result_account(self):
        return self.env["account.account"].search(
            [
                *self.env["account.account"]._check_company_domain(self.company),
                ("account_type", "=", "equity_unaffected"),
            ],
            limit=1,
        )

    def test_closing_of_the_year(self):
        account = self._line(account_id=False, general_account_id=self.expense.id)
        self._entry(self._item(250, analytic=False))
        result = self._result_account()
        self._entry(
            self._item(-250, analytic=False),
            self._item(250, result, False),
            date="2026-12-31",
        )
        self.assertBalance(account, actual=250)

    def test_item_that_closes_no_year_any_more_lets_the_others_count(self):
        line = self._line()
        entry = self._entry(
            self._item(70), self._item(-70, self._result_account(), False)
        )
        self.assertBalance(line)
        entry.line_ids[1].account_id = self.payable
        self.assertBalance(line, actual=70)
        entry.line_ids[1].account_id = self._result_account()
        self.assertBalance(line)

    def test_expenses_of_the_opening_entry_are_spent(self):
        """Who begins in the middle of a year enters what was spent in it: core balances
        that on the account of the result, but nothing is closed."""
        opening = self._entry(
            self._item(120),
            self._item(-120, self._result_account(), False),
            post=False,
        )
        self.company.account_opening_move_id = opening
        opening.action_post()
        line = self._line()
        self.assertBalance(line, actual=120)
        opening.button_draft()
        self.assertBalance(line)
        opening.action_post()
        self.assertBalance(line, actual=120)

    def test_differences_of_exchange_rates(self):
        loss = self.company.expense_currency_exchange_account_id
        line = self._line(account_id=False, general_account_id=loss.id)
        exchange = self.company.currency_exchange_journal_id
        self._entry(self._item(5, loss, False), journal_id=exchange.id)
        self.assertBalance(line)
        # what somebody books on that account, or on another in that journal, counts
        self._entry(self._item(5, loss, False))
        self.assertBalance(line, actual=5)

    def test_expense_in_the_journal_of_exchange_rates_counts(self):
        line = self._line()
        exchange = self.company.currency_exchange_journal_id
        self._entry(self._item(5), journal_id=exchange.id)
        self.assertBalance(line, actual=5)

    def test_taxes_due_on_payment(self):
        line = self._line()
        origin = self._entry(self._item(100, self.payable, False))
        self._entry(self._item(40), tax_cash_basis_origin_move_id=origin.id)
        self.assertBalance(line)

    def test_depreciation_counts_only_where_it_is_asked_for(self):
        wear = self._account_of("expense_depreciation", "Wear", "DEP")
        analytic, named = self._budget(
            {"account_id": self.clinic.id, "amount": 1000},
            {"general_account_id": wear.id, "amount": 1000},
        ).line_ids
        self._entry(self._item(40, wear))
        self.assertBalance(analytic)
        self.assertBalance(named, actual=40)


@tagged("post_install", "-at_install")
class TestAccounts(EntriesCommon):
    """Budget lines by account of the general ledger."""

    def test_line_by_account_counts_bills_and_entries_on_it(self):
        line = self._line(account_id=False, general_account_id=self.expense.id)
        self._bill(price=70)
        self._entry(self._item(30, analytic=False))
        self._entry(self._item(11, self.other_expense, False))
        self.assertBalance(line, actual=100)

    def test_orders_are_counted_on_the_account_of_their_bill(self):
        line = self._line(account_id=False, general_account_id=self.expense.id)
        order = self._confirmed(price=70)
        self.assertBalance(line, committed=70)
        self._bill(order)
        self.assertBalance(line, actual=70)

    def test_fiscal_position_chooses_the_account_of_an_order(self):
        line = self._line(account_id=False, general_account_id=self.other_expense.id)
        position = self.env["account.fiscal.position"].create(
            {
                "name": "Elsewhere",
                "company_id": self.company.id,
                "account_ids": [
                    Command.create(
                        {
                            "account_src_id": self.expense.id,
                            "account_dest_id": self.other_expense.id,
                        }
                    )
                ],
            }
        )
        order = self._confirmed(price=70)
        self.assertBalance(line)
        order.fiscal_position_id = position
        self.assertBalance(line, committed=70)

    def test_account_and_analytic_are_more_precise_than_either(self):
        analytic, account, both = self._budget(
            {"account_id": self.clinic.id, "amount": 1000},
            {"general_account_id": self.expense.id, "amount": 1000},
            {
                "account_id": self.clinic.id,
                "general_account_id": self.expense.id,
                "amount": 1000,
            },
        ).line_ids
        self._entry(self._item(10))
        self._entry(self._item(20, self.other_expense))
        self._entry(self._item(40, analytic=False))
        self.assertBalance(both, actual=10)
        self.assertBalance(analytic, actual=20)
        self.assertBalance(account, actual=40)

    def test_assets_bought_by_entry_count_where_their_account_is_named(self):
        machines = self._account_of("asset_fixed", "Machines", "FIX")
        analytic, named = self._budget(
            {"account_id": self.clinic.id, "amount": 1000},
            {"general_account_id": machines.id, "amount": 1000},
        ).line_ids
        self._entry(self._item(500, machines))
        self.assertBalance(analytic)
        self.assertBalance(named, actual=500)
