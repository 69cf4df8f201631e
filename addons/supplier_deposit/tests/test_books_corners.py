from odoo import Command, fields
from odoo.tests import tagged

from .books import Books, Payable, Prepayment
from .common import begun


class CornerCases:
    """Bills that are not simply a part of one order."""

    def test_deposit_of_all(self):
        self._begin(100)
        self._invoice()
        self._assert_amounts(self.deposits, "done", deducted=1000, open=0)
        self._assert_books(self._advance(1000, 0), self._billed(1000, 1000))
        self._assert_settled()

    @begun(30)
    def test_one_bill_of_two_orders(self):
        other = self._order(quantity=4)
        self.deposits |= other.deposit_ids
        self._pay()
        bill = self._create_bill(self.order | other)
        bill.action_post()
        self.assertEqual(self.deposits.mapped("amount_deducted"), [300, 120])
        costs = [self._item(self.expense, 1000), self._item(self.expense, 400)]
        self._assert_books(
            self._advance(300, 0),
            self._advance(120, 0),
            self._billed(1400, 300, 120, costs=costs),
        )
        self._assert_settled(payable=-980)

    @begun(30)
    def test_freight_on_the_bill_takes_nothing_of_the_deposit(self):
        bill = self._create_bill(self.order)
        freight = {"name": "Freight", "quantity": 1, "price_unit": 50, "tax_ids": []}
        freight["account_id"] = self.expense.id
        bill.invoice_line_ids[0].quantity = 4
        bill.write({"invoice_line_ids": [Command.create(freight)]})
        bill.action_post()
        self._assert_amounts(self.deposits, "paid", deducted=120, open=180)
        costs = [self._item(self.expense, 400), self._item(self.expense, 50)]
        self._assert_books(self._advance(300, 180), self._billed(450, 120, costs=costs))

    @begun(30)
    def test_bill_of_another_vendor_takes_nothing(self):
        bill = self._create_bill(self.order)
        bill.partner_id = self.partner_b
        bill.action_post()
        self.assertEqual(bill.amount_residual, 1000)
        self._assert_amounts(self.deposits, "paid", deducted=0, open=300)
        self._assert_books(self._advance(300, 300))

    @begun(30)
    def test_bills_posted_in_the_other_order(self):
        first = self._invoice(4, post=False)
        second = self._invoice(post=False)
        second.action_post()
        self._assert_books(self._advance(300, 120), self._billed(600, 180))
        first.action_post()
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        self._assert_books(
            self._advance(300, 0), self._billed(400, 120), self._billed(600, 180)
        )
        self._assert_settled(payable=-700)

    def test_billed_before_it_is_paid(self):
        """What was billed whole stays payable; the rest is deducted when paid."""
        self._begin(30, pay=False, rule={"posting": "draft"})
        self._invoice(4)
        self._pay()
        self._invoice()
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        self._assert_books(self._advance(300, 0), *self._get_late_bills())
        self._assert_settled(payable=-700)

    def _get_late_bills(self):
        return [self._billed(400, 120), self._billed(600, 180)]

    def _create_bill(self, orders):
        orders.action_create_invoice()
        bill = orders.invoice_ids - self.env["account.move"]
        bill.ensure_one().invoice_date = fields.Date.today()
        return bill


@tagged("post_install", "-at_install")
class TestPayableCorners(CornerCases, Payable, Books):
    pass


@tagged("post_install", "-at_install")
class TestPrepaymentCorners(CornerCases, Prepayment, Books):
    pass
