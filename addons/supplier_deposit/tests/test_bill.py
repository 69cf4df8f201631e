from odoo.tests import tagged

from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestBill(DepositCommon):
    """Deposits by bill: debit prepayments, and final bills take them back."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._rule(30, method="bill", account_id=cls.prepayment.id)

    def _pay(self, deposit):
        deposit._pay_bill(False)

    def test_confirming_makes_the_bill_of_the_deposit(self):
        order = self._order(user=self.buyer)
        deposit = self._deposit(order)
        self._assert_amounts(deposit, "due", paid=0, open=0)
        self._assert_entry(
            deposit.bill_id,
            (self.prepayment, 300, 0, 300),
            (self.payable, 0, 300, -300),
        )
        self.assertTrue(deposit.order_line_id.is_downpayment)
        self._pay(deposit)
        self._assert_amounts(deposit, "paid", paid=300, open=300)

    def test_unpaid_deposit_is_not_deducted(self):
        order = self._order()
        deposit = self._deposit(order)
        bill = self._bill(order, quantity=5)
        self.assertEqual(bill.amount_total, 500)
        self._assert_amounts(deposit, "due", paid=0, applied=0)

    def test_final_bills_take_their_share_and_prepayments_return_to_zero(self):
        order = self._order()
        deposit = self._deposit(order)
        self._pay(deposit)
        bill = self._bill(order, quantity=4)
        self._assert_amounts(deposit, "applied", applied=120, open=180)
        self._assert_entry(
            bill,
            (self.expense, 400, 0, 0),
            (self.prepayment, 0, 120, 0),
            (self.payable, 0, 280, -280),
        )
        self.assertEqual(self._balance(self.prepayment), 180)
        last = self._bill(order)
        self._assert_amounts(deposit, "done", applied=300, open=0)
        self._assert_entry(
            last,
            (self.expense, 600, 0, 0),
            (self.prepayment, 0, 180, 0),
            (self.payable, 0, 420, -420),
        )
        self.assertEqual(self._balance(self.prepayment), 0)
        self.assertEqual(deposit.order_line_id.qty_invoiced, 0)

    def test_first_bill_smaller_than_its_share_is_no_refund(self):
        """Deposit of 30 %, first receipt of 20 %."""
        order = self._order()
        deposit = self._deposit(order)
        self._pay(deposit)
        bill = self._bill(order, quantity=2)
        self.assertEqual(bill.move_type, "in_invoice")
        self.assertEqual(bill.amount_total, 140)
        self._assert_amounts(deposit, "applied", applied=60, open=240)

    def test_credit_note_gives_its_part_back(self):
        order = self._order()
        deposit = self._deposit(order)
        self._pay(deposit)
        bill = self._bill(order)
        self._assert_amounts(deposit, "done", applied=300)
        note = self._credit(bill, 4)
        self._assert_entry(
            note,
            (self.expense, 0, 400, 0),
            (self.prepayment, 120, 0, 120),
            (self.payable, 280, 0, 0),
        )
        self._assert_amounts(deposit, "applied", applied=180, open=120)
        again = self._bill(order)
        self.assertEqual(again.amount_total, 280)
        self._assert_amounts(deposit, "done", applied=300, open=0)
        self.assertEqual(self._balance(self.prepayment), 0)

    def test_draft_bill_follows_what_is_paid_when_it_is_posted(self):
        order = self._order()
        deposit = self._deposit(order)
        bill = self._bill(order, post=False)
        self.assertEqual(bill.amount_total, 1000)
        self._pay(deposit)
        bill.action_post()
        self.assertEqual(bill.amount_total, 700)
        self._assert_amounts(deposit, "done", applied=300)
