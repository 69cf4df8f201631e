from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestDepositGuard(DepositCommon):
    """Money never goes to the wrong bill, twice, or beyond the order."""

    def test_another_vendor_is_not_paid_with_the_deposit_of_the_first(self):
        self._rule(30)
        order = self._order()
        deposit = self._deposit(order)
        order.button_cancel()
        order.button_draft()
        order.partner_id = self.vendor.copy({"name": "Other vendor"})
        order.button_confirm()
        self._assert_amounts(deposit, "paid", awaited=300)
        new = order.deposit_ids - deposit
        self.assertEqual((new.partner_id, new.amount), (order.partner_id, 300))
        self._bill(order)
        self.assertEqual(deposit.amount_deducted, 0)
        self.assertEqual(deposit.amount_open, 300)
        self.assertEqual(new.amount_deducted, 300)

    def test_milestones_dropped_with_the_order_come_back_with_it(self):
        self._rule(30, 40, posting="draft")
        order = self._order()
        order.button_cancel()
        order.button_draft()
        order.button_confirm()
        live = order.deposit_ids.filtered(lambda d: d.state != "cancelled")
        self.assertEqual(sorted(live.mapped("amount")), [300, 400])

    def test_a_paid_milestone_goes_on_and_the_other_is_made_again(self):
        rule = self._rule(30, 40)
        rule.sudo().line_ids[1].write({"trigger": "before_delivery", "days": 1})
        order = self._order(
            date_planned=fields.Datetime.add(fields.Datetime.now(), days=30)
        )
        self.assertEqual(order.deposit_ids.mapped("state"), ["paid", "planned"])
        order.button_cancel()
        order.button_draft()
        order.button_confirm()
        live = order.deposit_ids.filtered(lambda d: d.state != "cancelled")
        self.assertEqual(sorted(live.mapped("amount")), [300, 400])
        self.assertEqual(sorted(live.mapped("state")), ["paid", "planned"])

    def test_a_limit_counts_the_deposits_of_the_same_moment(self):
        self._rule(30, 40, cap=500)
        order = self._order()
        states = order.deposit_ids.sorted("amount").mapped("state")
        self.assertEqual(states, ["paid", "planned"])
        self.assertTrue(order.deposit_ids.sorted("amount")[1].hold_reason)

    def test_a_deposit_that_grows_is_judged_by_the_limit_again(self):
        self._rule(30, cap=500, posting="draft")
        order = self._order()
        deposit = self._deposit(order)
        self.assertEqual(deposit.state, "due")
        order.order_line.product_qty = 100
        self.assertEqual((deposit.state, deposit.amount), ("planned", 3000))
        self.assertFalse(deposit.payment_ids)

    def test_fixed_and_percent_never_exceed_the_order(self):
        rule = self._rule(50, posting="draft")
        rule.sudo().line_ids = [
            Command.create(
                {
                    "name": "Fixed",
                    "sequence": 0,
                    "percent": 0,
                    "amount_type": "fixed",
                    "amount": 600,
                }
            )
        ]
        order = self._order()
        self.assertEqual(sum(order.deposit_ids.mapped("amount")), 1000)

    def test_a_refund_on_its_way_is_not_received_twice(self):
        self._outstanding()
        self._rule(30)
        order = self._order()
        deposit = self._deposit(order)
        self._statement(deposit.payment_ids)
        order.button_cancel()
        today = fields.Date.today()
        deposit.claim_ids._receive(deposit, self.bank, today, 200)
        with self.assertRaisesRegex(UserError, "owes.*100.00"):
            deposit.claim_ids._receive(deposit, self.bank, today, 200)
        self._assert_amounts(deposit, "paid", refunded=200, awaited=100)

    def test_a_refund_leaves_the_counter_of_approvals_alone(self):
        self._rule(30)
        deposit = self._deposit(self._order())
        approvals, books = deposit.approval_revision, deposit.books_revision
        self._claim_back(deposit)
        deposit.claim_ids._receive(deposit, self.bank, fields.Date.today(), 200)
        self.assertEqual(deposit.approval_revision, approvals)
        self.assertGreater(deposit.books_revision, books)

    def test_the_button_asks_before_a_deposit_is_claimed_back(self):
        self._rule(30)
        order = self._order()
        button = order.with_context(supplier_deposit_ask=True)
        action = button.button_cancel()
        self.assertEqual(action["res_model"], "deposit.cancellation")
        self.assertEqual(order.state, "purchase")
        wizard = self.env["deposit.cancellation"].browse(action["res_id"])
        wizard.with_context(supplier_deposit_ask=True).action_confirm()
        self.assertEqual(order.state, "cancel")

    def test_the_button_cancels_at_once_without_deposits(self):
        order = self._order()
        order.with_context(supplier_deposit_ask=True).button_cancel()
        self.assertEqual(order.state, "cancel")

    def test_a_deposit_claimed_back_is_not_paid_again_when_the_order_is_confirmed_anew(
        self,
    ):
        self._rule(30)
        order = self._order()
        deposit = self._deposit(order)
        self._claim_back(deposit)
        deposit.claim_ids._receive(deposit, self.bank, fields.Date.today(), 300)
        self._assert_amounts(deposit, "done", refunded=300)
        order.sudo().write({"state": "to approve"})
        order.sudo().write({"state": "purchase"})
        self.assertEqual(order.deposit_ids, deposit)

    def test_an_expired_deposit_stays_expired_when_the_order_is_confirmed_anew(self):
        self._rule(30, posting="draft")
        order = self._order()
        deposit = self._deposit(order)
        deposit._as_system()._expire()
        order.sudo().write({"state": "to approve"})
        order.sudo().write({"state": "purchase"})
        self.assertEqual(order.deposit_ids, deposit)

    def test_a_cancelled_order_that_begins_anew_has_new_deposits(self):
        self._rule(30)
        order = self._order()
        deposit = self._deposit(order)
        order.button_cancel()
        deposit.claim_ids._receive(deposit, self.bank, fields.Date.today(), 300)
        order.button_draft()
        order.button_confirm()
        new = order.deposit_ids - deposit
        self.assertEqual((new.state, new.amount), ("paid", 300))

    def test_a_claim_made_by_hand_outlives_a_new_approval(self):
        self._rule(30)
        order = self._order()
        deposit = self._deposit(order)
        self._claim_back(deposit)
        order.sudo().write({"state": "to approve"})
        order.sudo().write({"state": "purchase"})
        self.assertEqual(order.deposit_ids, deposit)
        self._assert_amounts(deposit, "paid", awaited=300)
