from odoo import Command
from odoo.tests import tagged

from .test_entries import EntriesCommon


@tagged("post_install", "-at_install")
class TestBillItems(EntriesCommon):
    """What stands in the books of a bill beside its lines counts once, too."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.by_account = cls._line(account_id=False, general_account_id=cls.expense.id)
        cls.by_other = cls._line(
            account_id=False, general_account_id=cls.other_expense.id
        )
        cls.by_analytic = cls._line()
        cls.private = cls._account_of("asset_current", "Private")

    def _rounded(self, price, **values):
        rounding = self.env["account.cash.rounding"].create(
            {
                "name": "Coins",
                "rounding": 1.0,
                "strategy": "add_invoice_line",
                "rounding_method": "HALF-UP",
                "profit_account_id": self.other_expense.id,
                "loss_account_id": self.other_expense.id,
            }
        )
        return self._bill(price=price, invoice_cash_rounding_id=rounding.id, **values)

    def _private(self, percent=80, **line):
        self.company_data[
            "default_journal_purchase"
        ].non_deductible_account_id = self.private
        return self._bill(price=100, line={"deductible_amount": percent, **line})

    # ------------------------------------------------------------
    # ROUNDING
    # ------------------------------------------------------------

    def test_rounding_counts_on_its_account(self):
        self._rounded(99.6)
        self.assertBalance(self.by_account, actual=99.6)
        self.assertBalance(self.by_other, actual=0.4)
        self.assertBalance(self.by_analytic, actual=99.6)

    def test_rounding_down_takes_back(self):
        self._rounded(100.4)
        self.assertBalance(self.by_other, actual=-0.4)

    def test_rounding_of_a_refund(self):
        self._rounded(99.6, move_type="in_refund")
        self.assertBalance(self.by_account, actual=-99.6)
        self.assertBalance(self.by_other, actual=-0.4)

    def test_rounding_goes_with_its_bill(self):
        bill = self._rounded(99.6)
        bill.button_draft()
        self.assertBalance(self.by_other)

    def test_rounding_is_there_when_a_budget_opens_later(self):
        self._rounded(99.6)
        later = self._line(account_id=False, general_account_id=self.other_expense.id)
        self.assertBalance(later, actual=0.4)

    # ------------------------------------------------------------
    # DISCOUNTS ON AN ACCOUNT OF THEIR OWN
    # ------------------------------------------------------------

    def _discounted(self, account):
        self.company.account_discount_income_allocation_id = account
        return self._bill(price=100, line={"discount": 10})

    def test_discount_takes_back_on_its_account(self):
        self._discounted(self.other_expense)
        self.assertBalance(self.by_account, actual=100)
        self.assertBalance(self.by_other, actual=-10)
        self.assertBalance(self.by_analytic, actual=90)

    def test_discount_takes_back_where_it_is_no_expense(self):
        income = self._account_of("income_other", "Discounts", "DISC")
        named = self._line(account_id=False, general_account_id=income.id)
        self._discounted(income)
        self.assertBalance(self.by_account, actual=100)
        self.assertBalance(named, actual=-10)
        self.assertBalance(self.by_analytic, actual=90)
        self.assertBalance(self._line(), actual=90)

    def test_discount_that_nobody_names(self):
        self._discounted(self._account_of("income_other", "Discounts", "DISC"))
        self.assertBalance(self.by_analytic, actual=90)
        self.assertBalance(self._line(), actual=90)

    # ------------------------------------------------------------
    # LOST TAXES
    # ------------------------------------------------------------

    def test_fixed_tax_that_is_lost_goes_by_quantity(self):
        tax = self.env["account.tax"].create(
            {
                "name": "Fee",
                "amount": 5,
                "amount_type": "fixed",
                "type_tax_use": "purchase",
            }
        )
        by_ward = self._line(account_id=self.ward.id)
        bill = self._bill(price=100, line={"tax_ids": [Command.set(tax.ids)]})
        bill.button_draft()
        line = bill.invoice_line_ids.copy({"move_id": bill.id})
        line.write(
            {
                "price_unit": 10,
                "quantity": 3,
                "analytic_distribution": {str(self.ward.id): 100},
            }
        )
        bill.action_post()
        self.assertBalance(self.by_analytic, actual=105)
        self.assertBalance(by_ward, actual=45)

    # ------------------------------------------------------------
    # PRIVATE PART
    # ------------------------------------------------------------

    def test_private_part_is_not_spent(self):
        self._private()
        self.assertBalance(self.by_account, actual=80)
        self.assertBalance(self.by_analytic, actual=80)

    def test_private_part_that_stays_an_expense_counts_there(self):
        journal = self.company_data["default_journal_purchase"]
        journal.non_deductible_account_id = self.other_expense
        self._bill(price=100, line={"deductible_amount": 80})
        self.assertBalance(self.by_account, actual=80)
        self.assertBalance(self.by_other, actual=20)

    def test_private_part_bears_its_part_of_a_lost_tax(self):
        tax = self.env["account.tax"].create(
            {"name": "Lost", "amount": 10, "type_tax_use": "purchase"}
        )
        self._private(tax_ids=[Command.set(tax.ids)])
        self.assertBalance(self.by_analytic, actual=88)

    def test_private_part_when_a_budget_opens_later(self):
        self._private()
        later = self._line(account_id=self.clinic.id)
        self.assertBalance(later, actual=80)

    def test_impact_of_a_draft_leaves_the_private_part_out(self):
        bill = self._private()
        bill.button_draft()
        amounts = {row["line"]: row["amount"] for row in bill._budget_impacts()[bill]}
        self.assertEqual(amounts[self.by_analytic], 80)
