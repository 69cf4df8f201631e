"""Deposit bills with taxes: net and tax are taken back, to the last đồng."""

import random

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import BaseCase, tagged

from odoo.addons.supplier_deposit.tests.books import Books
from odoo.addons.supplier_deposit.tests.common import begun
from odoo.addons.supplier_deposit.tests.test_books_taxes import TaxedBooks

from ..rates import split_by_rate
from .books import DepositBill


class TaxedBills(DepositBill, TaxedBooks):
    def _enter(self, *lines):
        """Enter the vendor's invoice of the deposit, as an accountant does.

        :param lines: ``(price, tax)`` of each
        """
        bill = self.deposits.bill_id
        first, *others = [
            {"price_unit": price, "tax_ids": [Command.set(tax.ids)]}
            for price, tax in lines
        ]
        own = {"name": "Advance", "account_id": self.prepayment.id}
        bill.write(
            {
                "invoice_line_ids": [
                    Command.update(bill.invoice_line_ids.id, first),
                    *(Command.create({**own, **other}) for other in others),
                ]
            }
        )

    def _enter_and_pay(self, *lines):
        self._enter(*lines)
        self.deposits.bill_id.action_post()
        self._pay()

    def _tax_account(self, tax):
        return tax.invoice_repartition_line_ids.account_id


@tagged("post_install", "-at_install")
class TestTaxedDeposit(TaxedBills):
    """A deposit of 300 and VAT on an order of 1,000 and VAT."""

    def _begin_taxed(self, tax, base="untaxed"):
        self.product.supplier_taxes_id = tax
        rule = {"posting": "draft", "base": base}
        price = 110 if tax.price_include else 100
        self._begin(30, price=price, pay=False, rule=rule, user_id=self.buyer.id)

    def test_deposit_bill_with_tax(self):
        self._assert_taken_back(self.vat, 300)

    def test_deposit_bill_with_tax_included(self):
        self._assert_taken_back(self.vat_included, 330)

    def _assert_taken_back(self, tax, price):
        self._begin_taxed(tax)
        self._enter_and_pay((price, tax))
        self._assert_amounts(self.deposits, "paid", paid=330, open=330, unpaid=0)
        account = self._tax_account(tax)
        advance = [
            [
                self._item(self.prepayment, 300),
                self._item(account, 30),
                self._item(self.payable, -330),
            ],
            self._money(self.payable, 330),
        ]
        self._invoice(4)
        self._invoice()
        self._assert_amounts(self.deposits, "done", deducted=330, open=0)
        self._assert_books(advance, [self._final(account, net) for net in (400, 600)])
        self._assert_settled(payable=-770)
        self.assertEqual(self._balance(account), 100)

    def _final(self, account, net):
        """Return a final bill; Odoo adds its taxes up: those of the rest."""
        return [
            self._item(self.expense, net),
            self._item(self.prepayment, -net * 0.3),
            self._item(account, net * 0.07),
            self._item(self.payable, -net * 0.77, -net * 0.77),
        ]

    def test_tax_on_top_of_an_untaxed_deposit_is_not_too_much(self):
        self._begin_taxed(self.vat)
        self._enter_and_pay((300, self.vat))
        self._assert_entry(
            self.deposits.bill_id,
            (self.prepayment, 300, 0, 300),
            (self._tax_account(self.vat), 30, 0, 0),
            (self.payable, 0, 330, 0),
        )
        self.assertEqual(self.deposits.amount_over, 0)
        self.assertFalse(self.deposits.activity_ids)
        self.order.order_line[0].product_qty = 5
        self.assertEqual(self.deposits.amount_over, 165)

    def test_bill_above_a_deposit_on_the_total_is_refused(self):
        self._begin_taxed(self.vat, base="total")
        self.assertEqual(self.deposits.amount, 330)
        self._enter((330, self.vat))
        bill = self.deposits.bill_id
        self.assertEqual(bill.amount_total, 363)
        with (
            self.assertRaisesRegex(UserError, "no more than .*330.00"),
            self.env.cr.savepoint(),
        ):
            bill.action_post()
        self._enter((300, self.vat))
        bill.action_post()
        self._pay()
        self._assert_amounts(self.deposits, "paid", paid=330, open=330)
        self.assertEqual(self.deposits.amount_over, 0)

    def test_two_untaxed_deposits_of_the_whole_order_with_tax(self):
        self.product.supplier_taxes_id = self.vat
        rule = {"posting": "draft", "base": "untaxed"}
        self._begin(50, 50, pay=False, rule=rule)
        for deposit in self.deposits:
            line = Command.update(
                deposit.bill_id.invoice_line_ids.id,
                {"tax_ids": [Command.set(self.vat.ids)]},
            )
            deposit.bill_id.write({"invoice_line_ids": [line]})
            deposit.bill_id.action_post()
            deposit._as_system()._post_payments(fields.Date.today())
        self.assertEqual(self.deposits.mapped("amount"), [500, 500])
        self.assertEqual(self.deposits.mapped("amount_paid"), [550, 550])
        self.assertEqual(self._invoice().amount_total, 0)
        self._assert_settled()

    def test_taxed_deposit_bill_is_refunded(self):
        for tax in (self.vat, self.vat_included):
            with self.subTest(tax=tax.name):
                self._begin_taxed(tax)
                self._enter_and_pay((330 if tax.price_include else 300, tax))
                self.order.button_cancel()
                self._refund(110)
                self._refund()
                self._assert_amounts(self.deposits, "done", refunded=330, open=0)
                self._assert_settled()
                self.assertEqual(self._balance(self._tax_account(tax)), 0)
                self.rule.active = False

    def test_bill_that_was_posted_before_the_deposit_was_paid(self):
        """A credit note over the deposit takes the tax back, too."""
        self._begin_taxed(self.vat)
        self._enter((300, self.vat))
        self.deposits.bill_id.action_post()
        bill = self._invoice(4)
        self._pay()
        self._assert_amounts(self.deposits, "paid", deducted=132, open=198)
        self.assertEqual(bill.amount_residual, 440 - 132)
        account = self._tax_account(self.vat)
        note = self.deposits.allocation_ids
        self._assert_entry(
            note,
            (self.prepayment, 0, 120, 0),
            (account, 0, 12, 0),
            (self.payable, 132, 0, 0),
        )
        self._invoice()
        self._assert_amounts(self.deposits, "done", deducted=330, open=0)
        self._assert_settled(payable=-770)
        self.assertEqual(self._balance(account), 100)

    def test_late_deduction_goes_with_its_bill(self):
        self._begin_taxed(self.vat)
        self._enter((300, self.vat))
        self.deposits.bill_id.action_post()
        bill = self._invoice(4)
        self._pay()
        bill.button_draft()
        self._assert_amounts(self.deposits, "paid", deducted=0, open=330)
        bill.action_post()
        self.assertEqual(bill.amount_total, 440 - 132)
        self._invoice()
        self._assert_amounts(self.deposits, "done", deducted=330, open=0)
        self._assert_settled(payable=-770)
        self.assertEqual(self._balance(self._tax_account(self.vat)), 100)


@tagged("post_install", "-at_install")
class TestTwoRates(TaxedBills):
    """An order of 10,000,000 with 10 % VAT and 5,000,000 with 8 %; the vendor invoices
    an advance of 3,000,000 and 1,500,000 with these rates."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.lower = cls._vat("VAT of 8 %", amount=8)

    def _begin_with_two_rates(self):
        lines = [
            {"price_unit": price, "tax_ids": [Command.set(tax.ids)]}
            for price, tax in ((1_000_000, self.vat), (500_000, self.lower))
        ]
        product = {"product_id": self.product.id, "product_qty": 10}
        order_line = [Command.create({**product, **line}) for line in lines]
        rule = {"posting": "draft", "base": "untaxed"}
        self._begin(30, pay=False, rule=rule, order_line=order_line)
        self.assertEqual(self.deposits.amount, 4_500_000)
        self._enter_and_pay((3_000_000, self.vat), (1_500_000, self.lower))

    def _bill_quantities(self, *quantities):
        bill = self._invoice(post=False)
        lines = bill.invoice_line_ids.filtered("product_id")
        for line, quantity in zip(lines, quantities, strict=True):
            line.quantity = quantity
        bill.action_post()
        return bill

    @begun(by="_begin_with_two_rates")
    def test_both_lines_stand_on_the_deposit_bill(self):
        self._assert_entry(
            self.deposits.bill_id,
            (self.prepayment, 3_000_000, 0, 3_000_000),
            (self.prepayment, 1_500_000, 0, 1_500_000),
            (self._tax_account(self.vat), 300_000, 0, 0),
            (self._tax_account(self.lower), 120_000, 0, 0),
            (self.payable, 0, 4_920_000, 0),
        )
        self._assert_amounts(self.deposits, "paid", paid=4_920_000, open=4_920_000)

    @begun(by="_begin_with_two_rates")
    def test_each_bill_takes_back_net_and_tax_by_rate(self):
        bill = self._bill_quantities(4, 4)
        self._assert_entry(
            bill,
            (self.expense, 4_000_000, 0, 0),
            (self.expense, 2_000_000, 0, 0),
            (self.prepayment, 0, 1_200_000, 0),
            (self.prepayment, 0, 600_000, 0),
            (self._tax_account(self.vat), 280_000, 0, 0),
            (self._tax_account(self.lower), 112_000, 0, 0),
            (self.payable, 0, 4_592_000, -4_592_000),
        )
        self._bill_quantities(6, 6)
        self._assert_all_taken_back()

    @begun(by="_begin_with_two_rates")
    def test_bill_of_one_rate_takes_back_that_rate(self):
        first = self._bill_quantities(0, 10)
        taken = {
            line.tax_ids: line.balance
            for line in first.invoice_line_ids.filtered("deposit_id")
        }
        # a third of 4,920,000: the rest comes of the other rate
        self.assertEqual(taken, {self.lower: -1_500_000, self.vat: -18_181.82})
        self._bill_quantities(10, 0)
        self._assert_all_taken_back()

    @begun(by="_begin_with_two_rates")
    def test_part_is_refunded_by_rate(self):
        self._bill_quantities(4, 4)
        self._claim_back(self.deposits)
        self._refund()
        self._assert_amounts(self.deposits, "done", refunded=2_952_000, open=0)
        self.assertEqual(self._balance(self.prepayment), 0)
        self.assertEqual(self._balance(self._tax_account(self.vat)), 400_000)
        self.assertEqual(self._balance(self._tax_account(self.lower)), 160_000)

    def _assert_all_taken_back(self):
        self._assert_amounts(self.deposits, "done", deducted=4_920_000, open=0)
        self._assert_settled(payable=-(16_400_000 - 4_920_000))
        self.assertEqual(self._balance(self._tax_account(self.vat)), 1_000_000)
        self.assertEqual(self._balance(self._tax_account(self.lower)), 400_000)


@tagged("post_install", "-at_install")
class TestSplit(BaseCase):
    """Whatever is asked for, no rate gives more than it has, and the last one to ask
    takes it all."""

    def test_random_amounts(self):
        chance = random.Random(19)
        for _number in range(500):
            unit = chance.choice([1.0, 0.01])
            factors = chance.sample([1.0, 1.05, 1.08, 1.1], chance.randint(1, 3))
            left = {f: round(chance.randint(1, 10**6) * unit, 2) for f in factors}
            self._take_in_parts(chance, left, unit)

    def _take_in_parts(self, chance, left, unit):
        def round_(amount):
            return round(round(amount / unit) * unit, 2)

        total = round_(sum(net * factor for factor, net in left.items()))
        taken, number = 0.0, chance.randint(1, 5)
        for part in range(1, number + 1):
            amount = round_(total * part / number) - taken
            weights = {f: chance.choice([0.0, chance.random()]) for f in left}
            rates = {factor: (net, factor) for factor, net in left.items()}
            nets = split_by_rate(amount, rates, weights, round_, unit)
            given = sum(net * factor for factor, net in nets.items())
            self.assertAlmostEqual(given, amount, delta=unit * (len(left) + 2))
            for factor, net in nets.items():
                self.assertGreaterEqual(left[factor], net)
                left[factor] = round_(left[factor] - net)
            taken = round_(taken + given)
        self.assertEqual(set(left.values()), {0.0})


@tagged("post_install", "-at_install")
class TestToTheLastDong(TaxedBills):
    """A company in dong, which have no decimals."""

    shared_setup = False

    @classmethod
    @Books.setup_country("vn")
    def setUpClass(cls):
        super().setUpClass()
        cls.lower = cls._vat("VAT of 8 %", amount=8)

    def test_fixed_deposit_is_taken_back_by_three_bills(self):
        for price in (3_333_333, 1_234_567, 400_001):
            for deduction in ("proportion", "open"):
                with self.subTest(deduction=deduction, price=price):
                    self._take_back_in_three(deduction, price)
                self.rule.active = False

    def _take_back_in_three(self, deduction, price):
        self.product.supplier_taxes_id = self.lower
        line = {"name": "Fixed", "amount_type": "fixed", "amount": 1_000_000}
        rule = {
            "posting": "draft",
            "base": "untaxed",
            "deduction": deduction,
            "line_ids": [Command.create(line)],
        }
        self._begin(quantity=3, price=price, pay=False, rule=rule)
        self._enter_and_pay((1_000_000, self.lower))
        self._assert_amounts(self.deposits, "paid", paid=1_080_000, open=1_080_000)
        bills = self.env["account.move"]
        for _number in range(3):
            bills |= self._invoice(1)
        self._assert_amounts(self.deposits, "done", deducted=1_080_000, open=0)
        self.assertEqual(self._totals(self.prepayment)["balance"], 0)
        self.assertEqual(self._totals(self.prepayment)["amount_residual"], 0)
        self.assertEqual(
            sum(bills.mapped("amount_untaxed")) + 1_000_000, self.order.amount_untaxed
        )
        self.assertFalse(self.deposits.allocation_ids)

    def test_bills_of_a_fixed_deposit(self):
        self._take_back_in_three("proportion", 3_333_333)
        tax = self._tax_account(self.lower)
        parts = [333_333, 333_333, 333_334]
        bills = self.order.invoice_ids - self.deposits.bill_id
        for bill, part in zip(bills.sorted("id"), parts, strict=True):
            vat = self.company.currency_id.round((3_333_333 - part) * 0.08)
            rest = 3_333_333 - part + vat
            self._assert_entry(
                bill,
                (self.expense, 3_333_333, 0, 0),
                (self.prepayment, 0, part, 0),
                (tax, vat, 0, 0),
                (self.payable, 0, rest, -rest),
            )

    def test_bill_in_dollars_at_a_rate_that_was_typed(self):
        """An order in dong; the bill is in dollars at 26,000, the table says 25,000."""
        dollar = self.setup_other_currency("USD", rates=[])
        self._set_rate(dollar, 1 / 25_000)
        self.product.supplier_taxes_id = False
        self._begin(30, price=2_500_000)
        self.assertEqual(self.deposits.amount_paid, 7_500_000)
        bill = self._invoice(post=False)
        bill.currency_id = dollar
        bill.invoice_currency_rate = 1 / 26_000
        bill.invoice_line_ids.filtered("product_id").price_unit = 100
        bill.action_post()
        self._assert_entry(
            bill,
            (self.expense, 26_000_000, 0, 0, 1000, 0),
            (self.prepayment, 0, 7_500_000, 0, -288.46, 0),
            (self.payable, 0, 18_500_000, -18_500_000, -711.54, -711.54),
        )
        self._assert_amounts(self.deposits, "done", deducted=7_500_000, open=0)
        self.assertEqual(self._totals(self.prepayment)["balance"], 0)
        self.assertEqual(self._totals(self.prepayment)["amount_residual"], 0)

    def test_advance_in_dollars_keeps_its_rate(self):
        """10,000 dollars are ordered, 3,000 are advanced at 23,000, the bill comes at
        22,500."""
        dollar = self.setup_other_currency("USD", rates=[])
        self._set_rate(dollar, 1 / 23_000)
        self.product.supplier_taxes_id = False
        self._begin(30, price=1000, currency_id=dollar.id)
        self._set_rate(dollar, 1 / 22_500)
        bill = self._invoice()
        self.assertEqual(self._balance(self.expense), 226_500_000)
        for name in ("expense", "income"):
            account = self.company[f"{name}_currency_exchange_account_id"]
            self.assertEqual(self._balance(account), 0)
        self.assertEqual(bill.amount_residual, 7000)
        self._assert_settled(payable=-157_500_000, payable_currency=-7000)
