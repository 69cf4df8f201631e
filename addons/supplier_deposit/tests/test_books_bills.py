from odoo.tests import tagged

from .books import Books, Payable, Prepayment
from .common import begun


class BillCases:
    """What bills leave in the books: whole, in parts, at once, dearer and cheaper."""

    @begun(30)
    def test_deposit_alone(self):
        self._assert_amounts(self.deposits, "paid", paid=300, deducted=0, open=300)
        self._assert_books(self._advance(300, 300))

    @begun(30)
    def test_whole_bill(self):
        self._invoice()
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        self._assert_books(self._advance(300, 0), self._billed(1000, 300))
        self._assert_settled(payable=-700)

    @begun(30)
    def test_partial_bills(self):
        self._invoice(4)
        self._assert_amounts(self.deposits, "paid", deducted=120, open=180)
        self._assert_books(self._advance(300, 180), self._billed(400, 120))
        self._invoice()
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        self._assert_books(
            self._advance(300, 0), self._billed(400, 120), self._billed(600, 180)
        )
        self._assert_settled(payable=-700)

    @begun(50, quantity=3, price=66.67)
    def test_partial_bills_leave_no_cent(self):
        self.assertEqual(self.deposits.amount, 100.01)
        for _number in range(3):
            self._invoice(1)
        self._assert_amounts(self.deposits, "done", deducted=100.01, open=0)
        self._assert_books(
            self._advance(100.01, 0),
            self._billed(66.67, 33.34),
            self._billed(66.67, 33.33),
            self._billed(66.67, 33.34),
        )
        self._assert_settled(payable=-100)

    @begun(50, quantity=3, price=66.67)
    def test_several_bills_at_once(self):
        self._post_at_once(1, 1, 1)
        self._assert_amounts(self.deposits, "done", deducted=100.01, open=0)
        self._assert_books(
            self._advance(100.01, 0),
            self._billed(66.67, 33.34),
            self._billed(66.67, 33.33),
            self._billed(66.67, 33.34),
        )
        self._assert_settled(payable=-100)

    @begun(30)
    def test_price_that_rose(self):
        self._invoice(5, price=120)
        self._assert_books(self._advance(300, 120), self._billed(600, 180))
        self._invoice(price=120)
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        self._assert_books(
            self._advance(300, 0), self._billed(600, 180), self._billed(600, 120)
        )
        self._assert_settled(payable=-900)

    @begun(30)
    def test_price_that_fell(self):
        self._invoice(5, price=80)
        self._assert_books(self._advance(300, 180), self._billed(400, 120))
        self._invoice(price=80)
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        self._assert_books(
            self._advance(300, 0), self._billed(400, 120), self._billed(400, 180)
        )
        self._assert_settled(payable=-500)

    @begun(30)
    def test_order_raised_after_payment(self):
        self.order.order_line[0].product_qty = 20
        self._invoice(10)
        self._assert_books(self._advance(300, 150), self._billed(1000, 150))
        self._invoice()
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        self._assert_books(
            self._advance(300, 0), self._billed(1000, 150), self._billed(1000, 150)
        )
        self._assert_settled(payable=-1700)

    @begun(30)
    def test_order_reduced_after_payment(self):
        self.order.order_line[0].product_qty = 5
        self._invoice()
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        self._assert_books(self._advance(300, 0), self._billed(500, 300))
        self._assert_settled(payable=-200)

    @begun(30)
    def test_order_reduced_below_its_deposit(self):
        self.order.order_line[0].product_qty = 2
        self._invoice()
        self._assert_amounts(self.deposits, "paid", deducted=200, open=100)
        self._assert_books(self._advance(300, 100), self._billed(200, 200))
        self._claim_back(self.deposits)
        self._refund()
        self._assert_amounts(self.deposits, "done", deducted=200, refunded=100)
        self._assert_books(
            self._advance(300, 0), self._billed(200, 200), self._refunded(100)
        )
        self._assert_settled()

    def test_two_milestones(self):
        self._begin(30, 40)
        self._invoice(5)
        self._assert_books(
            self._advance(300, 150),
            self._advance(400, 200),
            self._billed(500, 150, 200),
        )
        self._invoice()
        self.assertEqual(self.deposits.mapped("state"), ["done", "done"])
        self._assert_books(
            self._advance(300, 0),
            self._advance(400, 0),
            self._billed(500, 150, 200),
            self._billed(500, 150, 200),
        )
        self._assert_settled(payable=-300)

    @begun(30)
    def test_partial_payments_beside_the_deposit(self):
        bill = self._invoice()
        self._register_payment(bill, amount=200)
        self._assert_books(
            self._advance(300, 0),
            self._billed(1000, 300, left=500),
            [self._money(self.payable, 200)],
        )
        self._register_payment(bill)
        self._assert_amounts(self.deposits, "done", deducted=300, refunded=0, open=0)
        self._assert_books(
            self._advance(300, 0),
            self._billed(1000, 300, left=0),
            [self._money(self.payable, 200), self._money(self.payable, 500)],
        )
        self._assert_settled()

    def _post_at_once(self, *quantities):
        """Make drafts, one after the other, and post them together."""
        bills = self.env["account.move"]
        for quantity in quantities:
            bills |= self._invoice(quantity, post=False)
        bills.action_post()
        return bills


@tagged("post_install", "-at_install")
class TestPayableBills(BillCases, Payable, Books):
    pass


@tagged("post_install", "-at_install")
class TestPrepaymentBills(BillCases, Prepayment, Books):
    pass
