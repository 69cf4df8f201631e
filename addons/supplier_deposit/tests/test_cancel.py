from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestCancel(DepositCommon):
    """Cancelling an order leaves no deposit behind."""

    def test_draft_payment_goes_with_the_order(self):
        self._rule(30, posting="draft")
        order = self._order()
        payment = self._deposit(order).payment_ids
        order.with_user(self.buyer).button_cancel()
        self.assertEqual(self._deposit(order).state, "cancelled")
        self.assertFalse(payment.exists())

    def test_payment_under_way_is_claimed_until_somebody_stops_it(self):
        self._outstanding()
        self._rule(30)
        order = self._order()
        payment = self._deposit(order).payment_ids
        order.with_user(self.buyer).button_cancel()
        self._assert_amounts(self._deposit(order), "paid", open=300, awaited=300)
        payment.action_cancel()
        self._assert_amounts(self._deposit(order), "cancelled", paid=0, awaited=0)
        self.assertEqual((payment.state, payment.move_id.state), ("canceled", "cancel"))
        self.assertEqual(self._balance(self.payable), 0)

    def test_paid_deposit_is_claimed_and_its_refund_closes_it(self):
        self._rule(30)
        order = self._order(user_id=self.buyer.id)
        deposit = self._deposit(order)
        order.with_user(self.buyer).button_cancel()
        self._assert_amounts(deposit, "paid", paid=300, open=300)
        self.assertEqual(deposit.activity_ids.user_id, self.buyer)
        self._refund(deposit)
        self._assert_amounts(deposit, "done", refunded=300, open=0)
        self._assert_entry(
            self._get_refund(deposit).move_id,
            (self.bank_account, 300, 0, 300),
            (self.payable, 0, 300, 0),
        )
        self.assertEqual(self._balance(self.payable), 0)
        self.assertFalse(deposit.activity_ids)

    def test_refund_is_received_by_a_bank_or_cash_of_the_company(self):
        self._rule(30)
        deposit = self._deposit(self._order())
        self._claim_back(deposit)
        other = self.setup_other_company()["default_journal_bank"]
        for journal in other, self.company_data["default_journal_sale"]:
            values = {"amount": 300, "journal_id": journal.id}
            wizard = self.env["deposit.refund"].with_user(self.cashier)
            wizard = wizard.create({"deposit_id": deposit.id, **values})
            with self.assertRaisesRegex(UserError, "receives no money"):
                wizard.action_confirm()
        self.assertFalse(self._get_refund(deposit))

    def test_refund_closes_when_it_is_posted(self):
        self._rule(30)
        order = self._order()
        deposit = self._deposit(order)
        order.button_cancel()
        self._outstanding()
        self._refund(deposit)
        self._assert_amounts(deposit, "done", refunded=300, open=0)
        self._statement(self._get_refund(deposit))
        self._assert_amounts(deposit, "done", refunded=300, open=0)

    def test_deposit_of_a_prepayment_account_comes_back(self):
        self._rule(30, account_id=self.prepayment.id)
        order = self._order()
        deposit = self._deposit(order)
        order.button_cancel()
        self._refund(deposit)
        self._assert_amounts(deposit, "done", refunded=300, open=0)
        self.assertEqual(self._balance(self.prepayment), 0)

    def test_order_confirmed_again_goes_on_with_its_deposit(self):
        self._rule(30)
        order = self._order()
        deposit = self._deposit(order)
        order.button_cancel()
        order.button_draft()
        order.button_confirm()
        self.assertEqual(order.deposit_ids, deposit)
        self._assert_amounts(deposit, "paid", open=300)
        self._bill(order)
        self._assert_amounts(deposit, "done", deducted=300)

    def test_order_confirmed_again_after_a_refund_begins_anew(self):
        self._rule(30)
        order = self._order()
        deposit = self._deposit(order)
        order.button_cancel()
        self._refund(deposit)
        order.button_draft()
        order.button_confirm()
        self.assertEqual(order.deposit_ids.mapped("state"), ["done", "paid"])

    def test_reduced_order_keeps_the_deposit_and_shows_what_is_over(self):
        self._rule(30)
        order = self._order()
        deposit = self._deposit(order)
        order.order_line.product_qty = 5
        self.assertEqual(deposit.amount_over, 150)
        bill = self._bill(order)
        self._assert_amounts(deposit, "done", deducted=300, open=0)
        self.assertEqual(bill.amount_residual, 200)

    def test_unpaid_deposit_follows_the_reduced_order(self):
        self._rule(30, posting="draft")
        order = self._order()
        order.order_line.product_qty = 5
        deposit = self._deposit(order)
        self.assertEqual((deposit.amount, deposit.payment_ids.amount), (150, 150))

    def test_rest_beyond_the_whole_order_is_brought_to_the_buyer(self):
        self._rule(30)
        order = self._order(user_id=self.buyer.id)
        deposit = self._deposit(order)
        order.order_line.product_qty = 2
        self._bill(order)
        self._assert_amounts(deposit, "paid", deducted=200, open=100)
        self.assertEqual(deposit.activity_ids.user_id, self.buyer)
        self._claim_back(deposit)
        self._refund(deposit)
        self._assert_amounts(deposit, "done", deducted=200, refunded=100, open=0)

    def _get_refund(self, deposit):
        return deposit.payment_ids.filtered(lambda p: p.payment_type == "inbound")

    def _refund(self, deposit):
        action = deposit.with_user(self.cashier).action_register_refund()
        wizard = self.env[action["res_model"]].with_user(self.cashier)
        wizard.browse(action["res_id"]).action_confirm()
