from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestAttacks(DepositCommon):
    """What a cashier tries with the payment of a deposit, by remote calls too."""

    def _draft(self):
        """Return a deposit of 300 and its draft payment, as its cashier."""
        self._rule(30, posting="draft")
        deposit = self._deposit(self._order())
        return deposit, deposit.payment_ids.with_user(self.cashier)

    def test_entry_that_says_less_than_its_payment(self):
        _deposit, payment = self._draft()
        payment.action_post()
        payment.action_draft()
        bank, vendor = payment.move_id.line_ids.sorted("balance")
        payment.move_id.line_ids = [
            Command.update(bank.id, {"credit": 12}),
            Command.update(vendor.id, {"debit": 12}),
        ]
        self.assertEqual((payment.amount, payment.move_id.amount_total), (300, 12))
        with self.assertRaisesRegex(UserError, "does not say what"):
            payment.action_post()

    def test_entry_is_posted_without_its_payment(self):
        _deposit, payment = self._draft()
        payment.action_post()
        payment.action_draft()
        payment.amount = 5000
        with self.assertRaisesRegex(UserError, "left to pay"):
            payment.move_id.action_post()

    def test_entry_of_something_else(self):
        _deposit, payment = self._draft()
        other = self.init_invoice("in_invoice", amounts=[300], post=True)
        with self.assertRaises(UserError):
            payment.write({"move_id": other.id, "state": "in_process"})
        payment.move_id = other
        with self.assertRaises(UserError):
            payment.state = "in_process"

    def test_defaults_of_the_dialog_forge_no_link(self):
        self._rule(30, posting="draft")
        paid, due = self._deposit(self._order()), self._deposit(self._order())
        paid.with_user(self.cashier).sudo()._post_payments(paid.date_due)
        action = due.with_user(self.cashier).action_pay()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        wizard = wizard.with_user(self.cashier)
        wizard.with_context(default_deposit_id=paid.id).action_confirm()
        self.assertEqual((paid.amount_paid, due.amount_paid), (300, 300))

    def test_bank_account_of_a_stranger_together_with_posting(self):
        _deposit, payment = self._draft()
        values = {"acc_number": "666", "partner_id": self.partner_b.id}
        stranger = self.env["res.partner.bank"].create(values)
        with self.assertRaisesRegex(UserError, "666, which is not one"):
            payment.write({"state": "in_process", "partner_bank_id": stranger.id})

    def test_bank_account_of_a_stranger_after_posting(self):
        _deposit, payment = self._draft()
        payment.action_post()
        values = {"acc_number": "666", "partner_id": self.partner_b.id}
        stranger = self.env["res.partner.bank"].create(values)
        with self.assertRaisesRegex(UserError, "666, which is not one"):
            payment.partner_bank_id = stranger

    def test_state_written_back_opens_nothing(self):
        deposit, payment = self._draft()
        payment.action_post()
        for state in ("draft", "canceled"):
            with self.assertRaisesRegex(UserError, "in the books"):
                payment.write({"state": state})
                payment.amount = 1
        self.assertEqual(deposit.amount_paid, 300)

    def test_rejected_payment_is_told(self):
        self._outstanding()
        deposit, payment = self._draft()
        payment.action_post()
        payment.action_reject()
        self.assertIn("rejected", deposit.activity_ids.summary)


@tagged("post_install", "-at_install")
class TestRefundThatDidNotCome(DepositCommon):
    def test_receipt_that_is_reset_is_awaited_again(self):
        self._rule(30)
        order = self._order(user_id=self.buyer.id)
        deposit = self._deposit(order)
        order.button_cancel()
        deposit.claim_ids._receive(deposit, self.bank, deposit.date_due, 300)
        self.assertEqual((deposit.state, deposit.activity_ids.ids), ("done", []))
        receipt = deposit.payment_ids.filtered(lambda p: p.payment_type == "inbound")
        receipt.action_draft()
        self._assert_amounts(deposit, "paid", open=300, awaited=300)
        self.assertEqual(deposit.activity_ids.user_id, self.buyer)
        receipt.action_cancel()
        deposit.claim_ids._receive(deposit, self.bank, deposit.date_due, 300)
        self._assert_amounts(deposit, "done", refunded=300)

    def test_claim_after_a_penalty_awaits_all_of_it(self):
        self._rule(30)
        deposit = self._deposit(self._order())
        self._keep(deposit, 100)
        self._claim_back(deposit, 150)
        self._assert_amounts(deposit, "paid", open=200, awaited=150)
        deposit.claim_ids._receive(deposit, self.bank, deposit.date_due, 150)
        self._assert_amounts(deposit, "paid", open=50, awaited=0)
        self._claim_back(deposit, 50)
        self._assert_amounts(deposit, "paid", open=50, awaited=50)

    def _keep(self, deposit, amount):
        """Book a penalty by hand, as an accountant does, and match it."""
        item = deposit.line_ids
        line = {"partner_id": item.partner_id.id}
        entry = self.env["account.move"].create(
            {
                "date": deposit.date_due,
                "line_ids": [
                    Command.create(
                        {**line, "account_id": self.expense.id, "debit": amount}
                    ),
                    Command.create(
                        {**line, "account_id": item.account_id.id, "credit": amount}
                    ),
                ],
            }
        )
        entry.action_post()
        credit = entry.line_ids.filtered(lambda i: i.account_id == item.account_id)
        (item | credit).reconcile()

    def test_what_the_vendor_keeps_is_taken_back(self):
        self._rule(30)
        order = self._order()
        deposit = self._deposit(order)
        order.button_cancel()
        deposit.claim_ids._forfeit(deposit, 300, deposit.date_due, self.expense)
        self._assert_amounts(deposit, "done", forfeited=300)
        matches = deposit.line_ids.matched_credit_ids
        matches.credit_move_id.move_id.button_draft()
        self._assert_amounts(deposit, "paid", forfeited=0, awaited=300)
