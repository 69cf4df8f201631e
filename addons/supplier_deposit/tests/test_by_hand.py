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
        payment = deposit.payment_ids
        payment.is_sent = True
        order.button_cancel()
        self.assertEqual((deposit.state, payment.state), ("paid", "in_process"))
        return order, deposit, payment

    def _assert_paid_once(self, order, deposit, payment):
        order.button_draft()
        order.button_confirm()
        self.assertEqual((order.deposit_ids, deposit.state), (deposit, "paid"))
        self.assertFalse(deposit.activity_ids)
        self._statement(payment)
        self._assert_amounts(deposit, "paid", paid=300, open=300)
        self.assertEqual(self._bill(order).amount_residual, 700)

    def test_payment_that_goes_on_is_not_made_again_with_the_order(self):
        self._assert_paid_once(*self._sent())

    def test_payment_that_arrives_after_the_end_is_claimed_by_the_buyer(self):
        _order, deposit, payment = self._sent()
        self._statement(payment)
        self._assert_amounts(deposit, "paid", open=300, awaited=300)
        to_do = deposit.activity_ids
        self.assertEqual((len(to_do), to_do.user_id), (1, self.buyer))
        self.assertIn("back from", to_do.summary)

    def test_payment_that_arrives_after_the_order_was_reduced_is_told(self):
        self._outstanding()
        self._rule(30)
        order = self._order(user_id=self.buyer.id)
        deposit = self._deposit(order)
        order.order_line[0].product_qty = 2
        self._statement(deposit.payment_ids)
        self.assertEqual((deposit.state, deposit.amount_over), ("paid", 240))
        self.assertEqual(deposit.activity_ids.user_id, self.buyer)

    def test_payment_that_arrives_at_the_vendor_of_before_is_claimed(self):
        self._outstanding()
        self._rule(30)
        order = self._order(user_id=self.buyer.id)
        deposit = self._deposit(order)
        deposit.payment_ids.is_sent = True
        order.sudo().partner_id = self.vendor.copy({"name": "Another"})
        self._statement(deposit.payment_ids)
        self._assert_amounts(deposit, "paid", awaited=300)
        self.assertEqual(deposit.activity_ids.user_id, self.buyer)


@tagged("post_install", "-at_install")
class TestByHand(DepositCommon):
    """What accountants undo and match by hand."""

    def test_prepayment_that_is_unmatched_by_hand_leaves_the_bill_too(self):
        self._rule(30, account_id=self.prepayment.id)
        order = self._order()
        deposit = self._deposit(order)
        bill = self._bill(order)
        deposit.line_ids.remove_move_reconcile()
        self._assert_amounts(deposit, "paid", deducted=0, open=300)
        self.assertEqual(bill.amount_residual, 1000)
        self.assertEqual(self._balance(self.prepayment), 300)
        order.order_line.product_qty = 12
        self._bill(order)
        self._assert_amounts(deposit, "done", deducted=300, open=0)
        self.assertEqual(self._balance(self.prepayment), 0)

    def test_allocation_that_is_reset_lets_go_of_both(self):
        self._rule(30, account_id=self.prepayment.id)
        order = self._order()
        deposit = self._deposit(order)
        bill = self._bill(order)
        deposit.allocation_ids.button_draft()
        self._assert_amounts(deposit, "paid", deducted=0, open=300)
        self.assertEqual(bill.amount_residual, 1000)

    def test_credit_note_that_is_cancelled_lets_its_bill_be_deducted_again(self):
        for account in (self.env["account.account"], self.prepayment):
            rule = self._rule(30, account_id=account.id)
            order = self._order()
            deposit = self._deposit(order)
            bill = self._bill(order)
            note = bill._reverse_moves([{"invoice_date": bill.date}])
            note.action_post()
            self._assert_amounts(deposit, "paid", deducted=0, open=300)
            note.button_draft()
            note.button_cancel()
            self._assert_amounts(deposit, "done", deducted=300, open=0)
            self.assertEqual(bill.amount_residual, 700)
            self.assertFalse(deposit.activity_ids)
            rule.active = False

    def test_what_was_matched_with_another_order_by_hand_stays(self):
        self._rule(30, domain=self._of(self.vendor), amount_min=1000)
        order = self._order()
        deposit = self._deposit(order)
        other = self._bill(self._order(quantity=2))
        lines = deposit.payment_ids.move_id.line_ids | other.line_ids
        lines.filtered(lambda line: line.account_id == self.payable).reconcile()
        self._assert_amounts(deposit, "paid", deducted=200)
        self._bill(order, quantity=1)
        self.assertEqual(other.amount_residual, 0)


@tagged("post_install", "-at_install")
class TestLinks(DepositCommon):
    """Which deposit an entry was made for is said by deposits alone."""

    def test_cashiers_pass_nothing_off_as_made_for_a_deposit(self):
        self._rule(30)
        deposit = self._deposit(self._order())
        self._claim_back(deposit)
        payment = self.env["account.payment"].with_user(self.cashier)
        payment = payment.create({"amount": 300, "journal_id": self.bank.id})
        bill = self.init_invoice("in_invoice", amounts=[100])
        for record, name in (
            (payment, "deposit_id"),
            (bill.with_user(self.cashier).line_ids[:1], "deposit_id"),
            (bill.with_user(self.cashier), "deposit_allocation_id"),
        ):
            with self.assertRaisesRegex(AccessError, "by deposits only"):
                record.write({name: deposit.id})
            if record._name == "account.move.line":
                continue
            values = {"journal_id": record.journal_id.id, name: deposit.id}
            with self.assertRaisesRegex(AccessError, "by deposits only"):
                record.create(values)
            forged = {f"default_{name}": deposit.id}
            made = record.with_context(**forged).sudo()
            made = made.create({"journal_id": record.journal_id.id})
            self.assertFalse(made[name])

    def test_payments_of_a_deposit_never_come_to_more_than_it(self):
        self._rule(30, posting="draft")
        order = self._order()
        deposit = self._deposit(order)
        old = deposit.payment_ids.with_user(self.cashier)
        old.action_post()
        old.action_draft()
        with self.assertRaises(AccessError):
            old.deposit_id = False
        old.amount = 301
        with self.assertRaisesRegex(UserError, "is left to pay"):
            old.action_post()
        old.amount = 200
        old.action_post()
        rest = deposit.payment_ids.with_user(self.cashier) - old
        self.assertEqual((deposit.amount_unpaid, rest.amount), (100, 100))
        rest.amount = 101
        with self.assertRaisesRegex(UserError, "is left to pay"):
            rest.action_post()


@tagged("post_install", "-at_install")
class TestStranger(DepositCommon):
    def test_cashier_of_another_company_blocks_no_refund(self):
        other = self.setup_other_company()
        self._rule(30)
        deposit = self._deposit(self._order())
        self._claim_back(deposit)
        stranger = new_test_user(
            self.env,
            "deposit.other.cashier",
            groups="account.group_account_invoice",
            company_id=other["company"].id,
        )
        values = {"amount": 300, "journal_id": other["default_journal_bank"].id}
        with self.assertRaises(AccessError):
            self.env["account.payment"].with_user(stranger).create(
                {**values, "deposit_id": deposit.id}
            )
        self.assertEqual(deposit.amount_awaited, 300)
