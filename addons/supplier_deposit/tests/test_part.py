from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestPart(DepositCommon):
    """A payment of less than what is due leaves the deposit due for the rest."""

    def _pay_part(self, deposit, amount):
        payment = deposit._get_drafts().with_user(self.cashier)
        payment.amount = amount
        payment.action_post()

    def _paid_in_part(self, **values):
        self._rule(30, **values)
        order = self._order(user_id=self.buyer.id)
        deposit = self._deposit(order)
        self._pay_part(deposit, 200)
        return order, deposit

    def _assert_part(self, deposit, state, draft, **amounts):
        """:param float draft: what the cashier is asked for; zero: no draft"""
        self._assert_amounts(deposit, state, **amounts)
        self.assertEqual(deposit._get_drafts().mapped("amount"), [draft] * bool(draft))

    def test_rest_is_due_and_waits_for_the_cashier(self):
        order, deposit = self._paid_in_part(posting="draft")
        self._assert_part(deposit, "due", 100, paid=200, unpaid=100, open=200)
        self._pay_part(deposit, 60)
        self._assert_part(deposit, "due", 40, paid=260, unpaid=40)
        deposit._get_drafts().action_post()
        self._assert_part(deposit, "paid", 0, paid=300, unpaid=0)
        self.assertEqual(len(deposit.payment_ids), 3)
        bill = self._bill(order)
        self._assert_amounts(deposit, "done", deducted=300)
        self.assertEqual(bill.amount_residual, 700)

    def test_rest_does_not_go_out_by_itself(self):
        rule = self._rule(30)
        deposit = self._deposit(self._order())
        deposit.payment_ids.action_draft()
        self._pay_part(deposit, 200)
        self.assertEqual(rule.posting, "posted")
        self._assert_part(deposit, "due", 100, paid=200)

    def test_part_is_deducted_while_the_rest_is_due(self):
        order, deposit = self._paid_in_part(posting="draft")
        self._bill(order, quantity=5)
        self._assert_part(deposit, "due", 100, deducted=100, open=100)
        deposit._get_drafts().action_post()
        self._assert_part(deposit, "paid", 0, deducted=150, open=150)
        self._bill(order)
        self._assert_amounts(deposit, "done", deducted=300)

    def test_rest_needs_no_approval_of_its_own(self):
        director = new_test_user(
            self.env,
            "deposit.part.director",
            groups="purchase.group_purchase_user",
            company_id=self.company.id,
        )
        step = {"name": "Director", "user_ids": [Command.set(director.ids)]}
        self.env["approval.rule"].sudo().create(
            {
                "name": "Deposits",
                "model_id": self.env["ir.model"]._get_id("supplier.deposit"),
                "company_id": self.company.id,
                "step_ids": [Command.create(step)],
            }
        )
        self._rule(30, posting="draft")
        order = self._order(user_id=self.buyer.id)
        deposit = self._deposit(order)
        deposit.with_user(director).action_approve()
        self._pay_part(deposit, 200)
        self._assert_part(deposit, "due", 100, paid=200)
        self.assertEqual(deposit.approval_state, "approved")
        order.order_line.product_qty = 20
        self._assert_part(deposit, "waiting", 0, paid=200, unpaid=400)
        deposit.with_user(director).action_approve()
        self._assert_part(deposit, "due", 400, paid=200)

    def test_rest_follows_the_order(self):
        order, deposit = self._paid_in_part(posting="draft")
        order.order_line.product_qty = 20
        self.assertEqual(deposit.amount, 600)
        self._assert_part(deposit, "due", 400, paid=200)
        order.order_line.product_qty = 8
        self.assertEqual(deposit.amount, 240)
        self._assert_part(deposit, "due", 40, paid=200)
        order.order_line.product_qty = 5
        self.assertEqual(deposit.amount, 200)
        self._assert_part(deposit, "paid", 0, over=50)

    def test_rest_goes_and_comes_with_the_order(self):
        order, deposit = self._paid_in_part(posting="draft")
        order.button_cancel()
        self._assert_part(deposit, "paid", 0, awaited=200, unpaid=0)
        order.button_draft()
        order.button_confirm()
        self._assert_part(deposit, "due", 100, paid=200, awaited=0)
        order.sudo().write({"state": "to approve"})
        order.sudo().write({"state": "purchase"})
        self.assertEqual(order.deposit_ids, deposit)
        self._assert_part(deposit, "due", 100, paid=200)

    def test_rest_is_not_paid_to_a_vendor_who_lost_the_order(self):
        order, deposit = self._paid_in_part(posting="draft")
        order.partner_id = self.partner_b
        self._assert_part(deposit, "paid", 0, paid=200, awaited=200, unpaid=0)
        new = order.deposit_ids - deposit
        self.assertEqual(new.partner_id, self.partner_b)
        self._assert_part(new, "due", 300, paid=0, unpaid=300)
        order.partner_id = self.vendor
        self.assertEqual(new.state, "cancelled")
        self._assert_part(deposit, "due", 100, paid=200, awaited=0)

    def test_nothing_is_left_of_an_order_that_was_cancelled_meanwhile(self):
        self._outstanding()
        self._rule(30, posting="draft")
        order = self._order()
        deposit = self._deposit(order)
        payment = deposit.payment_ids
        self._pay_part(deposit, 200)
        payment.is_sent = True
        order.button_cancel()
        self._statement(payment)
        self._assert_part(deposit, "paid", 0, paid=200, open=200)
        self.assertEqual(deposit.payment_ids, payment)

    def _replaced(self):
        """Return a payment that was cancelled, and another in its place."""
        self._outstanding()
        self._rule(30, posting="draft")
        order = self._order()
        deposit = self._deposit(order)
        old = deposit.payment_ids
        old.action_post()
        old.action_cancel()
        order.order_line.product_qty = 20
        new = deposit._get_drafts()
        self.assertEqual((old.state, new.amount), ("canceled", 600))
        old.action_draft()
        return deposit, old.with_user(self.cashier), new.with_user(self.cashier)

    def test_payment_that_was_replaced_is_a_part(self):
        deposit, old, new = self._replaced()
        old.action_post()
        self._assert_part(deposit, "due", 300, paid=300, unpaid=300)
        self.assertFalse(new.exists())

    def test_payments_posted_together_are_no_more_than_the_deposit(self):
        deposit, old, new = self._replaced()
        with self.assertRaisesRegex(UserError, "no more than"):
            (old | new).action_post()
        self._assert_amounts(deposit, "due", paid=0)
