from odoo import fields
from odoo.tests import tagged

from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestPayment(DepositCommon):
    """Advance payments: debit the vendor's payable account, credit the bank."""

    def test_confirming_makes_and_posts_the_payment(self):
        self._rule(30)
        order = self._order(user=self.buyer)
        deposit = self._deposit(order)
        self._assert_amounts(deposit, "paid", paid=300, deducted=0, open=300)
        self._assert_entry(
            deposit.payment_ids.move_id,
            (self.bank_account, 0, 300, -300),
            (self.payable, 300, 0, 300),
        )
        self.assertEqual(deposit.payment_ids.partner_id, self.vendor)

    def test_whole_bill_deducts_the_deposit(self):
        self._rule(30)
        order = self._order()
        bill = self._bill(order)
        deposit = self._deposit(order)
        self._assert_amounts(deposit, "done", paid=300, deducted=300, open=0)
        self._assert_entry(
            bill, (self.expense, 1000, 0, 0), (self.payable, 0, 1000, -700)
        )
        self._assert_entry(
            deposit.payment_ids.move_id,
            (self.bank_account, 0, 300, -300),
            (self.payable, 300, 0, 0),
        )

    def test_partial_bills_deduct_their_share_and_the_last_the_rest(self):
        self._rule(33.33)
        order = self._order(quantity=3, price=33.33)
        deposit = self._deposit(order)
        self.assertEqual(deposit.amount, 33.33)
        first = self._bill(order, quantity=1)
        self._assert_amounts(deposit, "paid", deducted=11.11, open=22.22)
        self.assertEqual(first.amount_residual, 22.22)
        self._bill(order, quantity=1)
        self._assert_amounts(deposit, "paid", deducted=22.22, open=11.11)
        last = self._bill(order)
        self._assert_amounts(deposit, "done", deducted=33.33, open=0)
        self.assertEqual(last.amount_residual, 22.22)
        self.assertEqual(self._balance(self.payable), -66.66)

    def test_first_bill_smaller_than_its_deposit_is_no_refund(self):
        self._rule(90)
        order = self._order()
        bill = self._bill(order, quantity=1)
        self.assertEqual(bill.move_type, "in_invoice")
        self._assert_amounts(self._deposit(order), "paid", deducted=90, open=810)
        self.assertEqual(bill.amount_residual, 10)

    def test_price_that_rose_takes_more_and_leaves_less(self):
        self._rule(30)
        order = self._order()
        deposit = self._deposit(order)
        self._bill(order, quantity=5, price=120)
        self._assert_amounts(deposit, "paid", deducted=180, open=120)
        self._bill(order, price=120)
        self._assert_amounts(deposit, "done", deducted=300, open=0)

    def test_price_that_fell_leaves_the_rest_to_the_last_bill(self):
        self._rule(30)
        order = self._order()
        deposit = self._deposit(order)
        self._bill(order, quantity=5, price=80)
        self._assert_amounts(deposit, "paid", deducted=120, open=180)
        self._bill(order, price=80)
        self._assert_amounts(deposit, "done", deducted=300, open=0)

    def test_two_milestones_are_deducted_side_by_side(self):
        self._rule(30, 40)
        order = self._order()
        bill = self._bill(order, quantity=5)
        self.assertEqual(order.deposit_ids.mapped("amount"), [300, 400])
        self.assertEqual(order.deposit_ids.mapped("amount_deducted"), [150, 200])
        self.assertEqual(bill.amount_residual, 150)

    def test_draft_payment_is_never_deducted(self):
        self._rule(30, posting="draft")
        order = self._order()
        deposit = self._deposit(order)
        self._assert_amounts(deposit, "due", paid=0, open=0)
        self.assertEqual(deposit.payment_ids.state, "draft")
        bill = self._bill(order, quantity=5)
        self._assert_amounts(deposit, "due", paid=0, deducted=0)
        self.assertEqual(bill.amount_residual, 500)

    def test_payment_under_way_is_deducted_as_soon_as_it_is_posted(self):
        account = self._outstanding()
        self._rule(30)
        order = self._order()
        deposit = self._deposit(order)
        self._assert_amounts(deposit, "paid", paid=300)
        self.assertTrue(deposit.is_under_way)
        bill = self._bill(order, quantity=5)
        self._statement(deposit.payment_ids)
        self.assertFalse(deposit.is_under_way)
        self._assert_amounts(deposit, "paid", paid=300, deducted=150, open=150)
        self.assertEqual(bill.amount_residual, 350)
        self._assert_entry(
            deposit.payment_ids.move_id,
            (account, 0, 300, 0),
            (self.payable, 300, 0, 150),
        )

    def test_credit_note_gives_its_part_back(self):
        self._rule(30)
        order = self._order()
        deposit = self._deposit(order)
        bill = self._bill(order)
        note = self._credit(bill, 4)
        self._assert_amounts(deposit, "paid", deducted=180, open=120)
        self.assertEqual(note.amount_residual, 0)
        self.assertEqual(bill.amount_residual, 1000 - 180 - 400)

    def test_whole_credit_note_gives_all_back(self):
        self._rule(30)
        order = self._order()
        deposit = self._deposit(order)
        bill = self._bill(order)
        note = self._credit(bill, 10)
        self._assert_amounts(deposit, "paid", deducted=0, open=300)
        self.assertEqual((note.amount_residual, bill.amount_residual), (0, 0))
        again = self._bill(order)
        self._assert_amounts(deposit, "done", deducted=300, open=0)
        self.assertEqual(again.amount_residual, 700)

    def test_deposit_paid_late_is_spread_over_the_bills(self):
        self._rule(30, posting="draft")
        order = self._order()
        deposit = self._deposit(order)
        first = self._bill(order, quantity=2)
        second = self._bill(order, quantity=4)
        deposit.payment_ids.action_post()
        self._assert_amounts(deposit, "paid", deducted=180, open=120)
        self.assertEqual(first.amount_residual, 140)
        self.assertEqual(second.amount_residual, 280)

    def test_statement_that_is_unmatched_leaves_the_deduction(self):
        self._outstanding()
        self._rule(30)
        order = self._order()
        deposit = self._deposit(order)
        bill = self._bill(order)
        line = self._statement(deposit.payment_ids)
        self._assert_amounts(deposit, "done", deducted=300)
        line.move_id.line_ids.remove_move_reconcile()
        self._assert_amounts(deposit, "done", paid=300, deducted=300, open=0)
        self.assertEqual(bill.amount_residual, 700)

    def test_payment_reset_to_draft_takes_the_deduction_back(self):
        self._rule(30)
        order = self._order()
        deposit = self._deposit(order)
        bill = self._bill(order)
        deposit.payment_ids.action_draft()
        self._assert_amounts(deposit, "due", paid=0, deducted=0, open=0)
        self.assertEqual(bill.amount_residual, 1000)
        deposit.payment_ids.action_post()
        self._assert_amounts(deposit, "done", paid=300, deducted=300)
        self.assertEqual(bill.amount_residual, 700)

    def test_payment_whose_entry_is_reversed_is_not_paid(self):
        for bank in ("books at once", "waits for the statement"):
            if bank == "waits for the statement":
                self._outstanding()
            rule = self._rule(30)
            order = self._order()
            deposit = self._deposit(order)
            move = deposit.payment_ids.move_id
            move._reverse_moves([{"date": move.date}], cancel=True)
            self._assert_amounts(deposit, "due", paid=0, deducted=0, open=0)
            self.assertEqual(self._bill(order).amount_residual, 1000)
            rule.active = False

    def test_reversed_payment_entry_takes_the_deduction_back(self):
        self._rule(30)
        order = self._order()
        deposit = self._deposit(order)
        bill = self._bill(order)
        move = deposit.payment_ids.move_id
        move._reverse_moves([{"date": move.date}], cancel=True)
        self._assert_amounts(deposit, "due", paid=0, deducted=0, open=0)
        self.assertEqual(bill.amount_residual, 1000)

    def test_deposit_whose_payment_is_reversed_is_paid_anew(self):
        self._rule(30, posting="draft")
        order = self._order()
        deposit = self._deposit(order)
        today = fields.Date.today()
        deposit._as_system()._post_payments(today)
        old = deposit.payment_ids
        old.move_id._reverse_moves([{"date": old.date}], cancel=True)
        deposit._as_system()._post_payments(today)
        self.assertNotEqual(deposit.payment_ids, old)
        self._assert_amounts(deposit, "paid", paid=300, open=300)
        self._bill(order)
        self._assert_settled(payable=-700)
