"""What accountants do that nobody foresees, entry by entry."""

from odoo import Command, fields
from odoo.tests import tagged

from .books import (
    CaseBooks,
    DollarBooks,
    Open,
    OpenPrepayment,
    Payable,
    Prepayment,
)
from .common import begun
from .test_books_branch import BranchBooks
from .test_books_cases import Cases


class VariantCases:
    """An order of 10 × 100 and a deposit of 30 %."""

    @begun(30, pay=False, rule={"posting": "draft"})
    def test_bill_that_is_credited_before_the_deposit_is_paid(self):
        self._credit(self._invoice(8), 8)
        self._assert_amounts(self.deposits, "due", paid=0, unpaid=300)
        self._pay()
        self._assert_amounts(self.deposits, "paid", paid=300, open=300, awaited=0)
        first, last = (300, 0) if self.is_open else (180, 120)
        self._invoice(6)
        self._invoice(4)
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        self._assert_books(
            self._advance(300, 0),
            self._billed(800, left=0),
            [[self._item(self.expense, -800), self._item(self.payable, 800)]],
            self._billed(600, first),
            self._billed(400, last),
        )
        self._assert_settled(payable=-700)

    @begun(30)
    def test_vendor_that_pays_back_more_than_it_owes(self):
        self.order.button_cancel()
        income = self.company_data["default_account_revenue"]
        self._refund(320, account_id=income.id)
        self._assert_amounts(
            self.deposits, "done", refunded=300, deducted=0, open=0, awaited=0
        )
        self.assertEqual(self._balance(income), -20)
        self.assertEqual(self._balance(self._get_bank()[0]), 20)
        self._assert_settled()


class StrangerCases:
    @begun(30)
    def test_bill_of_another_company_deducts_nothing(self):
        other = self.setup_other_company()
        self.env.user.company_ids = [Command.link(other["company"].id)]
        companies = (self.company | other["company"]).ids
        env = self.env(context={**self.env.context, "allowed_company_ids": companies})
        bill = env["account.move"].create(
            {
                "move_type": "in_invoice",
                "journal_id": other["default_journal_purchase"].id,
                "partner_id": self.vendor.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Hospital bed",
                            "quantity": 4,
                            "price_unit": 100,
                            "tax_ids": [],
                            "account_id": other["default_account_expense"].id,
                            "purchase_line_id": self.order.order_line[0].id,
                        }
                    )
                ],
            }
        )
        bill.action_post()
        self.assertEqual((bill.state, bill.amount_residual), ("posted", 400))
        self._assert_amounts(self.deposits, "paid", deducted=0, open=300)


class TwoBankCases:
    @begun(30, pay=False, rule={"posting": "draft"})
    def test_deposit_from_two_banks_of_which_one_takes_a_fee(self):
        payment = self.deposits.payment_ids.with_user(self.cashier)
        payment.amount = 100
        payment.action_post()
        self._assert_amounts(self.deposits, "due", paid=100, unpaid=200)
        other = self.bank.copy({"name": "Other bank", "code": "BNK9"})
        fee = self.expense.copy({"code": "642500", "name": "Bank fees"})
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": other.id,
                "date": fields.Date.today(),
                "payment_ref": "Advance and fee",
                "partner_id": self.vendor.id,
                "amount": -205,
            }
        )
        _bank, suspense, _other = line._seek_for_lines()
        line.with_context(skip_readonly_check=True).move_id.line_ids = [
            Command.update(suspense.id, {"balance": 200, "amount_currency": 200}),
            Command.create(
                {
                    "account_id": fee.id,
                    "partner_id": self.vendor.id,
                    "balance": 5,
                    "amount_currency": 5,
                }
            ),
        ]
        suspense.account_id = self._get_account()
        self._adopt(line.move_id)
        self._assert_amounts(self.deposits, "paid", paid=300, unpaid=0, open=300)
        self.assertEqual(self.deposits.payment_ids, payment)
        self._invoice()
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        self.assertEqual(self._balance(fee), 5)
        self._assert_settled(payable=-700)


class DollarVariants:
    """10,000 dollars are ordered, 3,000 advanced at 23,000."""

    def test_typed_rate_of_a_bill_whose_rest_is_paid_early(self):
        self._begin_in_dollars(**self._discount())
        bill = self._invoice(post=False)
        bill.invoice_currency_rate = 1 / 22_500
        bill.action_post()
        self._set_rate(self.dollar, 1 / 22_500)
        payment = self._register_payment(bill)
        self.assertEqual((payment.amount, bill.amount_residual), (6860, 0))
        self.assertEqual(payment.currency_id, self.dollar)
        gain = self.company.account_journal_early_pay_discount_gain_account_id
        # 515 is for exchange gains, too, in Vietnam
        self.assertEqual(self._balance(gain), -140 * 22_500)
        loss = self.company.expense_currency_exchange_account_id
        self.assertEqual(self._balance(loss), 0)
        self.assertEqual(self._balance(self.expense), 226_500_000)
        self._assert_settled()

    @begun(by="_begin_in_dollars")
    def test_part_comes_back_at_another_rate(self):
        self._claim_back(self.deposits, 1000)
        self._set_rate(self.dollar, 1 / 24_000)
        self._refund()
        self._assert_amounts(
            self.deposits, "paid", refunded=1000, open=2000, awaited=0, deducted=0
        )
        self._set_rate(self.dollar, 1 / 22_500)
        self._invoice()
        self._assert_amounts(self.deposits, "done", deducted=2000, open=0)
        self.assertEqual(self._balance(self.expense), 2000 * 23_000 + 8000 * 22_500)
        self._assert_settled(payable=-180_000_000, payable_currency=-8000)


class DongVariants(DollarVariants):
    def _pay_in_dong(self, amount, covered):
        payments = self.deposits.payment_ids.with_user(self.cashier)
        payment = payments.filtered(lambda payment: payment.state == "draft")
        currency = self.company.currency_id
        payment.write({"currency_id": currency.id, "amount": amount})
        payment.deposit_amount = covered
        payment.action_post()

    @begun(pay=False, rule={"posting": "draft"}, by="_begin_in_dollars")
    def test_two_payments_in_dong_at_two_rates(self):
        self._pay_in_dong(34_500_000, 1500)
        self._assert_amounts(self.deposits, "due", paid=1500, unpaid=1500)
        self._pay_in_dong(35_400_000, 1500)
        self._assert_amounts(self.deposits, "paid", paid=3000, open=3000, unpaid=0)
        self._set_rate(self.dollar, 1 / 22_500)
        bill = self._invoice()
        for _again in range(2):
            self._assert_amounts(self.deposits, "done", deducted=3000, open=0)
            self.assertEqual(self._balance(self.expense), 69_900_000 + 157_500_000)
            self._assert_no_exchange()
            self._assert_settled(payable=-157_500_000, payable_currency=-7000)
            bill.button_draft()
            self._assert_amounts(self.deposits, "paid", deducted=0, open=3000)
            self.assertEqual(self.deposits.amount_open_company, 69_900_000)
            self._assert_no_exchange()
            bill.action_post()

    @begun(pay=False, rule={"posting": "draft"}, by="_begin_in_dollars")
    def test_part_of_what_was_paid_in_dong_comes_back_in_dollars(self):
        self._pay_in_dong(69_300_000, 3000)
        self._claim_back(self.deposits, 1000)
        self._set_rate(self.dollar, 1 / 24_000)
        self._refund()
        self._assert_amounts(
            self.deposits, "paid", refunded=1000, open=2000, awaited=0, deducted=0
        )
        self.assertEqual(self.deposits.amount_open_company, 46_200_000)
        gain = self.company.income_currency_exchange_account_id
        self.assertEqual(self._balance(gain), -900_000)
        self._set_rate(self.dollar, 1 / 22_500)
        self._invoice()
        self._assert_amounts(self.deposits, "done", deducted=2000, refunded=1000)
        cost = 2000 * 23_100 + 8000 * 22_500
        self.assertEqual(self._balance(self.expense), cost)
        self._assert_settled(payable=-180_000_000, payable_currency=-8000)

    @begun(pay=False, rule={"posting": "draft"}, by="_begin_in_dollars")
    def test_refund_that_does_not_come_after_all_is_awaited_again(self):
        self._pay_in_dong(69_300_000, 3000)
        self._claim_back(self.deposits, 1000)
        self._refund()
        refund = self.deposits.payment_ids.filtered(
            lambda payment: payment.payment_type == "inbound"
        )
        refund.action_draft()
        self._assert_amounts(
            self.deposits, "paid", paid=3000, refunded=0, open=3000, awaited=1000
        )
        self._refund()
        self._assert_amounts(
            self.deposits, "paid", paid=3000, refunded=1000, open=2000, awaited=0
        )


class TwoCompanyCases:
    @begun(30)
    def test_bill_of_the_company_for_an_order_of_its_branch(self):
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "company_id": self.company.id,
                "partner_id": self.vendor.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "quantity": 4,
                            "price_unit": 100,
                            "tax_ids": [],
                            "purchase_line_id": self.order.order_line[0].id,
                        }
                    )
                ],
            }
        )
        bill.action_post()
        taken = 300 if self.deposits.deduction == "open" else 120
        self._assert_amounts(
            self.deposits, self.deposits.state, deducted=taken, open=300 - taken
        )
        self.assertEqual(bill.amount_residual, 400 - taken)
        self._invoice()
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        self._assert_settled(payable=-700)


class VariantHelpers:
    _adopt = Cases._adopt
    _discount = Cases._discount


@tagged("post_install", "-at_install")
class TestPayableVariants(
    VariantCases, StrangerCases, TwoBankCases, VariantHelpers, Payable, CaseBooks
):
    pass


@tagged("post_install", "-at_install")
class TestOpenVariants(VariantCases, TwoBankCases, VariantHelpers, Open, CaseBooks):
    pass


@tagged("post_install", "-at_install")
class TestPrepaymentVariants(
    VariantCases, StrangerCases, TwoBankCases, VariantHelpers, OpenPrepayment, CaseBooks
):
    pass


@tagged("post_install", "-at_install")
class TestPayableDollarVariants(DongVariants, VariantHelpers, Payable, DollarBooks):
    pass


@tagged("post_install", "-at_install")
class TestOpenDollarVariants(DongVariants, VariantHelpers, Open, DollarBooks):
    pass


@tagged("post_install", "-at_install")
class TestPrepaymentDollarVariants(
    DongVariants, VariantHelpers, Prepayment, DollarBooks
):
    pass


@tagged("post_install", "-at_install")
class TestPayableTwoCompanies(TwoCompanyCases, Payable, BranchBooks):
    pass


@tagged("post_install", "-at_install")
class TestOpenTwoCompanies(TwoCompanyCases, Open, BranchBooks):
    pass


@tagged("post_install", "-at_install")
class TestPrepaymentTwoCompanies(TwoCompanyCases, Prepayment, BranchBooks):
    pass
