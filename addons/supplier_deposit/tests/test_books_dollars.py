"""What accountants of a company in dong book of orders in dollars, entry by entry."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .books import DollarBooks, Open, OpenPrepayment, Payable, Prepayment
from .common import begun


class DollarCases:
    """10,000 dollars are ordered, 3,000 advanced."""

    @begun(by="_begin_in_dollars")
    def test_advance_is_not_monetary(self):
        self._set_rate(self.dollar, 1 / 22_500)
        self._invoice()
        self._assert_not_monetary()

    @begun(by="_begin_in_dollars")
    def test_advance_is_not_monetary_at_a_rate_that_is_typed(self):
        bill = self._invoice(post=False)
        bill.invoice_currency_rate = 1 / 22_500
        bill.action_post()
        self._assert_not_monetary()

    def _assert_not_monetary(self):
        self._assert_amounts(self.deposits, "done", deducted=3000, open=0)
        self._assert_books(
            self._advance(3000, 0, rate=23_000), self._billed_at(22_500, 10_000, 3000)
        )
        self.assertEqual(self._balance(self.expense), 226_500_000)
        self._assert_no_exchange()
        self._assert_settled(payable=-157_500_000, payable_currency=-7000)

    @begun(by="_begin_in_dollars")
    def test_bills_at_several_rates(self):
        first, last = (3000, 0) if self.is_open else (1200, 1800)
        self._set_rate(self.dollar, 1 / 22_500)
        self._invoice(4)
        self._set_rate(self.dollar, 1 / 24_000)
        self._invoice()
        self._assert_books(
            self._advance(3000, 0, rate=23_000),
            self._billed_at(22_500, 4000, first),
            self._billed_at(24_000, 6000, last),
        )
        self._assert_no_exchange()
        payable = -(4000 - first) * 22_500 - (6000 - last) * 24_000
        self._assert_settled(payable=payable, payable_currency=-7000)

    @begun(by="_begin_in_dollars")
    def test_bill_that_is_reset_takes_its_cost_back(self):
        self._set_rate(self.dollar, 1 / 22_500)
        bill = self._invoice()
        bill.button_draft()
        self._assert_amounts(self.deposits, "paid", deducted=0, open=3000)
        self.assertEqual(self._balance(self.expense), 0)
        self._assert_no_exchange()
        bill.action_post()
        self.assertEqual(self._balance(self.expense), 226_500_000)
        self._assert_no_exchange()
        self._assert_settled(payable=-157_500_000, payable_currency=-7000)

    @begun(by="_begin_in_dollars")
    def test_costs_are_shared_by_lines_and_projects(self):
        bill = self._invoice(post=False)
        other = self.expense.copy({"code": "642999", "name": "Freight"})
        freight = {"name": "Freight", "price_unit": 2500, "account_id": other.id}
        bill.invoice_line_ids = [Command.create({**freight, "tax_ids": []})]
        bill.invoice_currency_rate = 1 / 22_500
        bill.action_post()
        self.assertEqual(self._balance(self.expense), 225_000_000 + 1_200_000)
        self.assertEqual(self._balance(other), 56_250_000 + 300_000)
        self._assert_no_exchange()


class DongCases(DollarCases):
    """Deposits in dollars that are paid in dong."""

    @begun(pay=False, rule={"posting": "draft"}, by="_begin_in_dollars")
    def test_deposit_that_is_paid_in_dong(self):
        """The bank took 69.3 million for 3,000 dollars, which is 23,100 each."""
        payment = self.deposits.payment_ids.with_user(self.cashier)
        payment.write(
            {
                "currency_id": self.company.currency_id.id,
                "amount": 69_300_000,
                "deposit_amount": 3000,
            }
        )
        payment.action_post()
        self._assert_amounts(self.deposits, "paid", paid=3000, open=3000, unpaid=0)
        bank, is_cash = self._get_bank()
        advance = [self._home(bank, -69_300_000, -69_300_000 * is_cash)]
        account = self._get_account()
        self._assert_books([[*advance, self._home(account, 69_300_000, 69_300_000)]])
        self._set_rate(self.dollar, 1 / 22_500)
        self._invoice()
        self._assert_amounts(self.deposits, "done", deducted=3000, open=0)
        self._assert_books(
            [[*advance, self._home(account, 69_300_000)]],
            [
                [
                    self._item(self.expense, 10_000, rate=22_500),
                    self._item(self.payable, -10_000, -7000, 22_500),
                ],
                [
                    self._item(self.payable, 3000, rate=23_100),
                    self._home(account, -69_300_000),
                ],
            ],
            self._at_cost(1_800_000),
        )
        self.assertEqual(self._balance(self.expense), 226_800_000)
        self._assert_no_exchange()

    @begun(pay=False, rule={"posting": "draft"}, by="_begin_in_dollars")
    def test_deposit_that_is_paid_in_dong_at_a_wrong_rate(self):
        payment = self.deposits.payment_ids.with_user(self.cashier)
        payment.currency_id = self.company.currency_id
        for amount, covered in ((690_000_000, 0), (69_000, 3000), (34_500_000, 0)):
            with self.subTest(amount=amount):
                payment.write({"amount": amount, "deposit_amount": covered})
                with (
                    self.assertRaisesRegex(UserError, "worth at any rate"),
                    self.env.cr.savepoint(),
                ):
                    payment.action_post()
        payment.write({"amount": 34_500_000, "deposit_amount": 1500})
        payment.action_post()
        self._assert_amounts(self.deposits, "due", paid=1500, unpaid=1500)


class GoodsCases:
    """Goods whose stock account is kept with each bill equals what they are worth."""

    def _begin_with_goods(self, method="average"):
        self.category = self.env["product.category"].create(
            {
                "name": "Devices",
                "property_valuation": "real_time",
                "property_cost_method": method,
            }
        )
        self.stock = self.company.account_stock_valuation_id
        self.stock = self.category.property_stock_valuation_account_id or self.stock
        goods = {"is_storable": True, "type": "consu", "purchase_method": "purchase"}
        self.product.write(goods)
        self.product.categ_id = self.category
        self._begin_in_dollars()

    def _receive(self, quantity):
        move = self.order.picking_ids.move_ids.filtered(lambda m: m.state != "done")
        move.write({"quantity": quantity, "picked": True})
        move.picking_id.with_context(cancel_backorder=False)._action_done()
        return move

    def _assert_worth(self, value):
        self.assertEqual(self._balance(self.stock), value)
        self.product.invalidate_recordset()
        self.assertEqual(self.product.total_value, value)
        self._assert_no_exchange()

    @begun(by="_begin_with_goods")
    def test_goods_are_worth_their_advance(self):
        self._receive(10)
        self._set_rate(self.dollar, 1 / 22_500)
        bill = self._invoice()
        self._assert_worth(226_500_000)
        self._assert_settled(payable=-157_500_000, payable_currency=-7000)
        bill.button_draft()
        self.assertEqual(self._balance(self.stock), 0)
        bill.action_post()
        self._assert_worth(226_500_000)

    @begun(by="_begin_with_goods")
    def test_goods_are_worth_their_advance_at_a_rate_that_is_typed(self):
        self._receive(10)
        bill = self._invoice(post=False)
        bill.invoice_currency_rate = 1 / 22_500
        bill.action_post()
        self._assert_worth(226_500_000)
        self._assert_settled(payable=-157_500_000, payable_currency=-7000)

    @begun(by="_begin_with_goods")
    def test_goods_that_come_after_the_bill(self):
        self._set_rate(self.dollar, 1 / 22_500)
        self._invoice()
        self._receive(4)
        self._receive(6)
        self._assert_worth(226_500_000)

    def test_goods_in_parts_and_at_several_rates(self):
        self._begin_with_goods("fifo")
        self._set_rate(self.dollar, 1 / 22_500)
        for quantity in (4, 6):
            self._receive(quantity)
            self._invoice(quantity)
            self._set_rate(self.dollar, 1 / 24_000)
        first, last = (3000, 0) if self.is_open else (1200, 1800)
        self._assert_worth(
            3000 * 23_000 + (4000 - first) * 22_500 + (6000 - last) * 24_000
        )

    def test_goods_at_standard_cost_are_worth_no_more(self):
        self._begin_with_goods("standard")
        self.product.standard_price = 22_500_000
        other = self.expense.copy({"code": "632999", "name": "Price difference"})
        self.category.property_price_difference_account_id = other
        self._set_rate(self.dollar, 1 / 22_500)
        self._receive(10)
        self._invoice()
        self._assert_worth(225_000_000)
        self.assertEqual(self._balance(other), 1_500_000)


@tagged("post_install", "-at_install")
class TestPayableDollars(DongCases, Payable, DollarBooks):
    pass


@tagged("post_install", "-at_install")
class TestOpenDollars(DongCases, Open, DollarBooks):
    pass


@tagged("post_install", "-at_install")
class TestPrepaymentDollars(DongCases, Prepayment, DollarBooks):
    pass


@tagged("post_install", "-at_install")
class TestOpenPrepaymentDollars(DongCases, OpenPrepayment, DollarBooks):
    pass


@tagged("post_install", "-at_install")
class TestPayableGoods(GoodsCases, Payable, DollarBooks):
    pass


@tagged("post_install", "-at_install")
class TestOpenGoods(GoodsCases, Open, DollarBooks):
    pass
