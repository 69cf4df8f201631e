from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestPart(DepositCommon):
    """A payment of less than what was due leaves a deposit of the rest."""

    def _pay_part(self, deposit, amount):
        payment = deposit.payment_id.with_user(self.cashier)
        payment.amount = amount
        payment.action_post()

    def _paid_in_part(self, **values):
        self._rule(30, **values)
        order = self._order(user_id=self.buyer.id)
        first = self._deposit(order)
        self._pay_part(first, 200)
        return order, first, order.deposit_ids - first

    def test_rest_is_due_and_waits_for_the_cashier(self):
        order, first, rest = self._paid_in_part(posting="draft")
        self.assertEqual((first.state, first.amount), ("paid", 200))
        self.assertEqual((rest.state, rest.amount), ("due", 100))
        self.assertEqual(rest.name, f"{first.name}.2")
        self.assertEqual(rest.payment_id.state, "draft")
        self._pay_part(rest, 60)
        last = order.deposit_ids - first - rest
        self.assertEqual((last.name, last.amount), (f"{first.name}.3", 40))
        last.payment_id.action_post()
        self._bill(order)
        self.assertEqual(set(order.deposit_ids.mapped("state")), {"done"})
        self.assertEqual(sum(order.deposit_ids.mapped("amount_applied")), 300)

    def test_rest_asks_for_approval_of_its_own(self):
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
        first = self._deposit(order)
        first.with_user(director).action_approve()
        self._pay_part(first, 200)
        rest = order.deposit_ids - first
        self.assertEqual((first.state, rest.state), ("paid", "waiting"))
        self.assertEqual(first.approval_state, "approved")
        rest.with_user(director).action_approve()
        self.assertEqual(rest.payment_id.amount, 100)

    def test_rest_follows_the_order(self):
        order, first, rest = self._paid_in_part(posting="draft")
        order.order_line.product_qty = 20
        self.assertEqual((first.amount, rest.amount), (200, 400))
        order.order_line.product_qty = 8
        self.assertEqual((first.amount, rest.amount), (200, 40))
        order.order_line.product_qty = 5
        self.assertEqual((first.amount_over, rest.amount), (50, 0))
        self.assertFalse(rest.payment_id)

    def test_rest_goes_and_comes_with_the_order(self):
        order, first, rest = self._paid_in_part(posting="draft")
        order.button_cancel()
        self.assertEqual((first.state, rest.state), ("refund_awaited", "cancelled"))
        order.button_draft()
        order.button_confirm()
        again = order.deposit_ids - first - rest
        self.assertEqual((first.state, again.state), ("paid", "due"))
        self.assertEqual((again.amount, again.part), (100, 2))
        order.sudo().write({"state": "to approve"})
        order.sudo().write({"state": "purchase"})
        self.assertEqual(order.deposit_ids, first | rest | again)

    def test_nothing_is_left_of_an_order_that_was_cancelled_meanwhile(self):
        self._outstanding()
        self._rule(30, posting="draft")
        order = self._order()
        deposit = self._deposit(order)
        payment = deposit.payment_id
        self._pay_part(deposit, 200)
        payment.is_sent = True
        order.button_cancel()
        self._statement(payment)
        self._assert_amounts(deposit, "refund_awaited", paid=200, open=200)
        self.assertEqual(order.deposit_ids, deposit)

    def test_deposit_bill_that_is_paid_in_part_stays_open(self):
        self._rule(30, method="bill", account_id=self.prepayment.id)
        order = self._order()
        deposit = self._deposit(order)
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=deposit.bill_id.ids
        )
        register.create({"journal_id": self.bank.id, "amount": 200})._create_payments()
        self._assert_amounts(deposit, "paid", paid=200, open=200)
        self.assertEqual(deposit.bill_id.amount_residual, 100)
        self._bill(order, quantity=5)
        self._assert_amounts(deposit, "applied", applied=100, open=100)
        register.create({"journal_id": self.bank.id})._create_payments()
        self._assert_amounts(deposit, "applied", paid=300, open=200)
        self._bill(order)
        self._assert_amounts(deposit, "done", applied=300, open=0)
        self.assertEqual(self._balance(self.prepayment), 0)

    def test_rest_of_a_deposit_bill_is_credited_when_all_is_billed(self):
        self._rule(30, method="bill", account_id=self.prepayment.id)
        order = self._order()
        deposit = self._deposit(order)
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=deposit.bill_id.ids
        )
        register.create({"journal_id": self.bank.id, "amount": 100})._create_payments()
        bill = self._bill(order)
        self._assert_amounts(deposit, "done", paid=100, applied=100, open=0)
        self.assertEqual(bill.amount_residual, 900)
        self.assertEqual(deposit.bill_id.amount_residual, 0)
        self.assertEqual(self._balance(self.prepayment), 0)
        self.assertEqual(self._balance(self.payable), -900)

    def test_replaced_payment_cannot_be_posted(self):
        self._outstanding()
        self._rule(30, posting="draft")
        order = self._order()
        deposit = self._deposit(order)
        old = deposit.payment_id
        old.action_post()
        old.action_cancel()
        order.order_line.product_qty = 20
        self.assertEqual(deposit.payment_id.amount, 600)
        self.assertNotEqual(deposit.payment_id, old)
        old.action_draft()
        with self.assertRaisesRegex(UserError, "another payment"):
            old.with_user(self.cashier).action_post()
        self.assertEqual(deposit.payment_id.state, "draft")

    def test_replaced_deposit_bill_cannot_be_posted(self):
        self._rule(30, method="bill", account_id=self.prepayment.id, posting="draft")
        order = self._order()
        deposit = self._deposit(order)
        old = deposit.bill_id
        old.button_cancel()
        order.order_line[0].product_qty = 20
        self.assertEqual(deposit.bill_id.amount_total, 600)
        old.button_draft()
        with self.assertRaisesRegex(UserError, "which has another bill now"):
            old.action_post()
        self.assertEqual(deposit.amount_applied, 0)

    def test_replaced_bill_of_a_paid_deposit_cannot_be_posted(self):
        self._rule(30, method="bill", account_id=self.prepayment.id, posting="draft")
        order = self._order()
        deposit = self._deposit(order)
        old = deposit.bill_id
        old.button_cancel()
        today = fields.Date.today()
        deposit._as_system()._post_payments(today)
        self._assert_amounts(deposit, "paid", paid=300)
        old.button_draft()
        old.invoice_date = today
        with self.assertRaisesRegex(UserError, "which has another bill now"):
            old.action_post()

    def test_bill_of_a_cancelled_deposit_cannot_be_posted(self):
        self._rule(30, method="bill", account_id=self.prepayment.id)
        order = self._order()
        deposit = self._deposit(order)
        bill = deposit.bill_id
        order.button_cancel()
        bill.button_draft()
        with self.assertRaisesRegex(UserError, "cannot be paid"):
            bill.action_post()
