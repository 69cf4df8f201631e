from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestAfterTheEnd(DepositCommon):
    """Payments that go on although their order ended, or changed."""

    def _sent(self, **values):
        """An order that is cancelled while the bank has the payment already."""
        self._outstanding()
        self._rule(30, **values)
        order = self._order(user_id=self.buyer.id)
        deposit = self._deposit(order)
        payment = deposit.payment_id or deposit._pay_bill(False)
        payment.is_sent = True
        order.button_cancel()
        self.assertEqual((deposit.state, payment.state), ("cancelled", "in_process"))
        return order, deposit, payment

    def _assert_paid_once(self, order, deposit, payment):
        order.button_draft()
        order.button_confirm()
        self.assertEqual((order.deposit_ids, deposit.state), (deposit, "due"))
        self.assertFalse(deposit.activity_ids)
        self._statement(payment)
        self._assert_amounts(deposit, "paid", paid=300, open=300)
        self.assertEqual(self._bill(order).amount_residual, 700)

    def test_payment_that_goes_on_is_not_made_again_with_the_order(self):
        self._assert_paid_once(*self._sent())

    def test_deposit_bill_that_is_being_paid_is_not_made_again_with_the_order(self):
        self._assert_paid_once(
            *self._sent(method="bill", account_id=self.prepayment.id)
        )

    def test_payment_that_arrives_after_the_end_is_claimed_by_the_buyer(self):
        _order, deposit, payment = self._sent()
        self._statement(payment)
        self._assert_amounts(deposit, "refund_awaited", open=300, awaited=300)
        to_do = deposit.activity_ids
        self.assertEqual((len(to_do), to_do.user_id), (1, self.buyer))
        self.assertIn("back from", to_do.summary)

    def test_payment_that_arrives_after_the_order_was_reduced_is_told(self):
        self._outstanding()
        self._rule(30)
        order = self._order(user_id=self.buyer.id)
        deposit = self._deposit(order)
        order.order_line[0].product_qty = 2
        self._statement(deposit.payment_id)
        self.assertEqual((deposit.state, deposit.amount_over), ("paid", 240))
        self.assertEqual(deposit.activity_ids.user_id, self.buyer)

    def test_payment_that_arrives_at_the_vendor_of_before_is_claimed(self):
        self._outstanding()
        self._rule(30)
        order = self._order(user_id=self.buyer.id)
        deposit = self._deposit(order)
        deposit.payment_id.is_sent = True
        order.sudo().partner_id = self.vendor.copy({"name": "Another"})
        self.assertEqual(deposit.state, "cancelled")
        self._statement(deposit.payment_id)
        self._assert_amounts(deposit, "refund_awaited", awaited=300)
        self.assertEqual(deposit.activity_ids.user_id, self.buyer)

    def test_posted_deposit_bill_follows_the_order_until_it_is_paid(self):
        self._rule(30, method="bill", account_id=self.prepayment.id)
        order = self._order()
        deposit = self._deposit(order)
        old = deposit.bill_id
        order.order_line[0].product_qty = 5
        self.assertEqual(old.state, "cancel")
        self.assertNotEqual(deposit.bill_id, old)
        self.assertEqual((deposit.state, deposit.bill_id.amount_total), ("due", 150))
        deposit._pay_bill(False)
        bill = self._bill(order)
        self.assertEqual(bill.amount_total, 350)
        self.assertEqual(self._balance(self.prepayment), 0)

    def test_posted_deposit_bill_of_a_closed_period_stays(self):
        self._rule(30, method="bill", account_id=self.prepayment.id)
        order = self._order()
        deposit = self._deposit(order)
        self.company.sudo().fiscalyear_lock_date = deposit.bill_id.date
        order.order_line[0].product_qty = 5
        self.assertEqual((deposit.amount, deposit.bill_id.state), (300, "posted"))


@tagged("post_install", "-at_install")
class TestByHand(DepositCommon):
    """What accountants undo and match by hand."""

    def test_prepayment_that_is_unmatched_by_hand_leaves_the_bill_too(self):
        self._rule(30, account_id=self.prepayment.id)
        order = self._order()
        deposit = self._deposit(order)
        bill = self._bill(order)
        deposit._get_deposit_lines().remove_move_reconcile()
        self._assert_amounts(deposit, "paid", applied=0, open=300)
        self.assertEqual(bill.amount_residual, 1000)
        self.assertEqual(self._balance(self.prepayment), 300)
        order.order_line.product_qty = 12
        self._bill(order)
        self._assert_amounts(deposit, "done", applied=300, open=0)
        self.assertEqual(self._balance(self.prepayment), 0)

    def test_allocation_that_is_reset_lets_go_of_both(self):
        self._rule(30, account_id=self.prepayment.id)
        order = self._order()
        deposit = self._deposit(order)
        bill = self._bill(order)
        deposit.allocation_ids.button_draft()
        self._assert_amounts(deposit, "paid", applied=0, open=300)
        self.assertEqual(bill.amount_residual, 1000)

    def test_credit_note_that_is_cancelled_lets_its_bill_be_deducted_again(self):
        for account in (self.env["account.account"], self.prepayment):
            rule = self._rule(30, account_id=account.id)
            order = self._order()
            deposit = self._deposit(order)
            bill = self._bill(order)
            note = bill._reverse_moves([{"invoice_date": bill.date}])
            note.action_post()
            self._assert_amounts(deposit, "paid", applied=0, open=300)
            note.button_draft()
            note.button_cancel()
            self._assert_amounts(deposit, "done", applied=300, open=0)
            self.assertEqual(bill.amount_residual, 700)
            self.assertFalse(deposit.activity_ids)
            rule.active = False

    def test_what_was_matched_with_another_order_by_hand_stays(self):
        self._rule(30, domain=self._of(self.vendor), amount_min=1000)
        order = self._order()
        deposit = self._deposit(order)
        other = self._bill(self._order(quantity=2))
        lines = deposit.payment_id.move_id.line_ids | other.line_ids
        lines.filtered(lambda line: line.account_id == self.payable).reconcile()
        self._assert_amounts(deposit, "applied", applied=200)
        self._bill(order, quantity=1)
        self.assertEqual(other.amount_residual, 0)


@tagged("post_install", "-at_install")
class TestLinks(DepositCommon):
    """Which deposit an entry was made for is said by deposits alone."""

    def test_cashiers_pass_nothing_off_as_made_for_a_deposit(self):
        self._rule(30)
        deposit = self._deposit(self._order())
        deposit.action_claim()
        payment = self.env["account.payment"].with_user(self.cashier)
        payment = payment.create({"amount": 300, "journal_id": self.bank.id})
        bill = self.init_invoice("in_invoice", amounts=[100])
        for record, name in (
            (payment, "deposit_refund_id"),
            (payment, "deposit_origin_id"),
            (bill.with_user(self.cashier), "deposit_allocation_id"),
        ):
            with self.assertRaisesRegex(AccessError, "by deposits only"):
                record.write({name: deposit.id})
            values = {"journal_id": record.journal_id.id, name: deposit.id}
            with self.assertRaisesRegex(AccessError, "by deposits only"):
                record.create(values)
            forged = {f"default_{name}": deposit.id}
            with self.assertRaisesRegex(AccessError, "by deposits only"):
                record.with_context(**forged).create(
                    {"journal_id": record.journal_id.id}
                )

    def test_replaced_payment_stays_replaced(self):
        self._rule(30, posting="draft")
        order = self._order()
        deposit = self._deposit(order)
        old = deposit.payment_id.with_user(self.cashier)
        old.action_cancel()
        order.order_line.product_qty = 20
        with self.assertRaises(AccessError):
            old.deposit_origin_id = False
        old.action_draft()
        with self.assertRaisesRegex(UserError, "another payment"):
            old.action_post()


@tagged("post_install", "-at_install")
class TestStranger(DepositCommon):
    def test_cashier_of_another_company_blocks_no_refund(self):
        other = self.setup_other_company()
        self._rule(30)
        deposit = self._deposit(self._order())
        deposit.action_claim()
        stranger = new_test_user(
            self.env,
            "deposit.other.cashier",
            groups="account.group_account_invoice",
            company_id=other["company"].id,
        )
        values = {"amount": 300, "journal_id": other["default_journal_bank"].id}
        with self.assertRaises(AccessError):
            self.env["account.payment"].with_user(stranger).create(
                {**values, "deposit_refund_id": deposit.id}
            )
        self.assertEqual(deposit._get_refundable(), 300)
