"""The cases of ``supplier_deposit``, with deposit bills."""

from odoo import fields
from odoo.tests import tagged

from odoo.addons.supplier_deposit.tests.books import Books, CaseBooks, DollarBooks
from odoo.addons.supplier_deposit.tests.test_books_bills import BillCases
from odoo.addons.supplier_deposit.tests.test_books_branch import (
    BranchBooks,
    BranchCases,
)
from odoo.addons.supplier_deposit.tests.test_books_corners import CornerCases
from odoo.addons.supplier_deposit.tests.test_books_credit import CreditCases
from odoo.addons.supplier_deposit.tests.test_books_currency import (
    CurrencyBooks,
    CurrencyCases,
)
from odoo.addons.supplier_deposit.tests.test_books_dollars import (
    DollarCases,
    GoodsCases,
)
from odoo.addons.supplier_deposit.tests.test_books_foreign_bank import (
    ForeignBankBooks,
    ForeignBankCases,
)
from odoo.addons.supplier_deposit.tests.test_books_refund import RefundCases
from odoo.addons.supplier_deposit.tests.test_books_taxes import TaxCases, TaxedBooks
from odoo.addons.supplier_deposit.tests.test_books_variants import (
    DollarVariants,
    StrangerCases,
    TwoCompanyCases,
    VariantCases,
    VariantHelpers,
)
from odoo.addons.supplier_deposit.tests.test_books_vietnam import (
    VietnameseBooks,
    VietnameseCases,
)
from odoo.addons.supplier_deposit.tests.test_locks import LockCases, Locks

from .books import DepositBill


@tagged("post_install", "-at_install")
class TestDepositBillBills(BillCases, DepositBill, Books):
    pass


@tagged("post_install", "-at_install")
class TestDepositBillBranch(BranchCases, DepositBill, BranchBooks):
    pass


@tagged("post_install", "-at_install")
class TestDepositBillCorners(CornerCases, DepositBill, Books):
    def _get_late_bills(self):
        """The bill of 400 was posted before: a credit note takes its part."""
        late = self._billed(400, left=280) + self._late(120)
        return [late, self._billed(600, 180)]

    def _create_bill(self, orders):
        orders.action_create_invoice()
        bill = orders.invoice_ids - self.deposits.bill_id
        bill.ensure_one().invoice_date = fields.Date.today()
        return bill


@tagged("post_install", "-at_install")
class TestDepositBillCredit(CreditCases, DepositBill, Books):
    pass


@tagged("post_install", "-at_install")
class TestDepositBillCurrency(CurrencyCases, DepositBill, CurrencyBooks):
    def _given_back_in_euros(self, amount):
        return []

    def test_advance_in_dollars_is_not_monetary(self):
        """What it buys costs what was paid for it; the books are kept in dong."""
        self.company.deposit_keeps_rate = True
        self._begin_in_euros(30, price=1000)
        self._set_rate(self.euro, 4.0)
        bill = self._invoice()
        # 3,000 euros at 0.50 and 7,000 at 0.25; what is left to pay is worth today's
        self.assertEqual(self._balance(self.expense), 3000 * 0.5 + 7000 * 0.25)
        self.assertEqual(bill.amount_residual, 7000)
        for name in ("expense", "income"):
            account = self.company[f"{name}_currency_exchange_account_id"]
            self.assertEqual(self._balance(account), 0)
        self._assert_settled(payable=-1750, payable_currency=-7000)

    def test_advance_that_is_deducted_late_is_not_monetary_either(self):
        self.company.deposit_keeps_rate = True
        self._begin_in_euros(30, price=1000, pay=False)
        self._set_rate(self.euro, 4.0)
        self._invoice(4)
        self._pay()
        self._assert_amounts(self.deposits, "paid", deducted=1200, open=1800)
        # the deposit bill was booked at 0.50
        self.assertEqual(self._balance(self.expense), 1200 * 0.5 + 2800 * 0.25)
        self.assertEqual(self._totals(self.prepayment)["amount_residual"], 900)


@tagged("post_install", "-at_install")
class TestDepositBillDollars(DollarCases, DepositBill, DollarBooks):
    pass


@tagged("post_install", "-at_install")
class TestDepositBillGoods(GoodsCases, DepositBill, DollarBooks):
    pass


@tagged("post_install", "-at_install")
class TestDepositBillForeignBank(ForeignBankCases, DepositBill, ForeignBankBooks):
    def test_deposit_bill_is_paid_and_refunded_in_the_currency_of_the_bank(self):
        self._begin(30)
        self._assert_amounts(self.deposits, "paid", paid=300, open=300)
        self._assert_entry(
            self.deposits.bill_id.reconciled_payment_ids.move_id,
            (self.bank_account, 0, 300, -300, -600, -600),
            (self.payable, 300, 0, 0, 600, 0),
        )
        self.order.button_cancel()
        for amount in (100, 200):
            self._refund(amount)
        self._assert_amounts(self.deposits, "done", refunded=300, open=0)
        for payment, amount in zip(
            self.deposits.payment_ids.sorted("id"), (100, 200), strict=True
        ):
            self._assert_entry(
                payment.move_id,
                (self.bank_account, amount, 0, amount, 2 * amount, 2 * amount),
                (self.payable, 0, amount, 0, -2 * amount, 0),
            )
        for account in (self.prepayment, self.payable, self.bank_account):
            self.assertEqual(self._balance(account), 0)


@tagged("post_install", "-at_install")
class TestDepositBillLocks(LockCases, DepositBill, Locks):
    def test_banks_without_accounts_use_those_of_the_company(self):
        for name in ("outbound", "inbound"):
            lines = self.bank[f"{name}_payment_method_line_ids"]
            lines.payment_account_id = False
        self._begin(30)
        payment = self.deposits.bill_id.reconciled_payment_ids
        self.assertEqual(payment.move_id.state, "posted")
        self._assert_amounts(self.deposits, "paid", paid=300, open=300)

    def test_draft_bill_that_is_posted_after_its_period_was_closed(self):
        self._begin(30, pay=False, rule={"posting": "draft"})
        bill = self.deposits.bill_id
        bill.invoice_date = bill.date = self._get_day(1)
        self._lock(days=1)
        self._assert_refused("locked until", bill.action_post)

    def test_posted_bill_of_a_closed_period_keeps_its_order(self):
        self._begin(30, pay=False)
        self._lock()
        self._assert_refused("reverse it with a credit", self.order.button_cancel)

    def _assert_dates(self):
        """The credit note is dated on the first open day."""
        note = self.order.invoice_ids.filtered(lambda m: m.move_type == "in_refund")
        self.assertEqual(note.date, self._get_day(-1))


@tagged("post_install", "-at_install")
class TestDepositBillRefund(RefundCases, DepositBill, Books):
    def test_cancelled_with_payment_under_way(self):
        self._outstanding()
        self._begin(30)
        self._assert_books(self._advance(300, 300, bank_left=-300))
        self.order.button_cancel()
        self._assert_amounts(self.deposits, "paid", open=300, awaited=300)
        bill = self.deposits.bill_id
        bill.reconciled_payment_ids.action_cancel()
        self._assert_amounts(self.deposits, "cancelled", paid=0, awaited=0)
        # the vendor's bill is there until an accountant takes it back
        bill.button_cancel()
        self._assert_books()
        self._assert_settled()

    def test_refund_on_its_way_until_the_statement(self):
        self._outstanding()
        self._begin(30)
        self._statement(self.deposits.bill_id.reconciled_payment_ids)
        self._assert_amounts(self.deposits, "paid", paid=300, open=300)
        self.order.button_cancel()
        self._refund()
        self._assert_amounts(self.deposits, "done", refunded=300, open=0)
        self._statement(self._get_refund())
        self._assert_amounts(self.deposits, "done", refunded=300, open=0)
        self._assert_settled()


@tagged("post_install", "-at_install")
class TestDepositBillTaxes(TaxCases, DepositBill, TaxedBooks):
    pass


@tagged("post_install", "-at_install")
class TestDepositBillInVietnam(VietnameseCases, DepositBill, VietnameseBooks):
    pass


@tagged("post_install", "-at_install")
class TestDepositBillVariants(
    VariantCases, StrangerCases, VariantHelpers, DepositBill, CaseBooks
):
    pass


@tagged("post_install", "-at_install")
class TestDepositBillDollarVariants(
    DollarVariants, VariantHelpers, DepositBill, DollarBooks
):
    pass


@tagged("post_install", "-at_install")
class TestDepositBillTwoCompanies(TwoCompanyCases, DepositBill, BranchBooks):
    pass
