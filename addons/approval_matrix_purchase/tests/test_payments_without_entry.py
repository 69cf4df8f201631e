"""What left without a journal entry has left, until something else books it."""

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PurchaseApprovalCommon


@tagged("post_install", "-at_install")
class TestPaymentsWithoutEntry(PurchaseApprovalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_bills()
        cls.rule = cls._rule(cls.manager, cls.director, amount_min=100000)

    def _billed(self):
        """A posted bill of 1,000."""
        bill = self._bill(self._submitted(quantity=10, price=100.0))
        bill.action_post()
        return bill

    def _paid(self, amount=1000, bill=None, **values):
        """Pay without an outstanding account, and say that the money has left."""
        if bill:
            values["invoice_ids"] = [Command.link(bill.id)]
        payment = self._payment(amount, **values)
        payment.outstanding_account_id = False
        payment.action_post()
        payment.action_validate()
        self.assertEqual((payment.state, bool(payment.move_id)), ("paid", False))
        return payment

    def _on_statement(self, amount, account_type="liability_payable", vendor=None):
        """Book what left from a bank statement."""
        journal = self.env["account.journal"].search(
            [("type", "=", "bank"), ("company_id", "=", self.company.id)], limit=1
        )
        vendor = vendor or self.vendor
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": journal.id,
                "date": fields.Date.today(),
                "payment_ref": "Transfer",
                "amount": -amount,
                "partner_id": vendor.id,
            }
        )
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.account_id = (
            vendor.property_account_payable_id
            if account_type == "liability_payable"
            else vendor.property_account_receivable_id
        )
        return suspense

    def _assert_passes(self, amount, **values):
        payment = self._payment(amount, **values)
        payment.action_post()
        self.assertIn(payment.state, ("in_process", "paid"))

    def _assert_waits(self, amount, **values):
        payment = self._payment(amount, **values)
        payment.action_post()
        self.assertEqual(payment.state, "draft")

    def test_paid_advance_is_not_paid_again(self):
        self._submitted(quantity=10, price=100.0)
        self._paid()
        self._assert_waits(1000)

    def test_paid_bill_is_not_paid_again(self):
        bill = self._billed()
        self._paid(bill=bill)
        self._assert_waits(1000)

    def test_rest_of_a_bill_is_paid(self):
        self._paid(600, bill=self._billed())
        self._assert_passes(400)

    def test_statement_takes_the_place_of_the_payment(self):
        bill, _other = self._billed(), self._billed()
        self._paid(bill=bill)
        item = self._on_statement(1000)
        payable = bill.line_ids.filtered(
            lambda line: line.account_type == "liability_payable"
        )
        (item | payable.sudo()).reconcile()
        self._assert_passes(1000)
        self._assert_waits(1)

    def test_statement_takes_the_place_of_one_payment(self):
        for _each in range(3):
            self._billed()
        self._paid()
        self._paid()
        self._on_statement(1000)
        self._assert_passes(1000)
        self._assert_waits(1000)

    def test_statement_of_another_amount_takes_no_place(self):
        for _each in range(2):
            self._billed()
        self._paid()
        self._on_statement(900)
        self._assert_waits(1000)

    def test_payment_in_foreign_currency(self):
        foreign = self.env["res.currency"].create(
            {
                "name": "XYZ",
                "symbol": "X",
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": 2.0})],
            }
        )
        self._billed()
        self._paid(2000, currency_id=foreign.id)
        self._assert_waits(1000)

    def test_cancelled_payment_has_not_left(self):
        self._billed()
        self._paid().action_cancel()
        self._assert_passes(1000)

    def test_what_a_customer_is_owed_is_paid_once(self):
        note = self.env["account.move"].create(
            {
                "move_type": "out_refund",
                "partner_id": self.customer.id,
                "invoice_date": "2026-01-15",
                "invoice_line_ids": [
                    Command.create(
                        {"name": "Back", "price_unit": 200000, "tax_ids": False}
                    )
                ],
            }
        )
        note.action_post()
        customer = {"vendor": self.customer, "partner_type": "customer"}
        self._paid(200000, **customer)
        self._assert_waits(200000, **customer)

    def test_without_rules_for_orders_nothing_changes(self):
        self.rule.unlink()
        self._paid()
        self._assert_passes(1000)

    # an entry is said to have booked what left

    def test_what_left_is_not_given_the_entry_of_something_else(self):
        bill, payment = self._billed(), self._paid()
        with self.assertRaises(UserError):
            payment.move_id = bill.id
        self._assert_waits(1000)

    def test_what_left_is_not_given_the_draft_of_something_else(self):
        entry = self._entry(origin_payment_id=self._paid(bill=self._billed()).id)
        with self.assertRaises(UserError):
            self._paid(bill=self._billed()).move_id = entry.id

    def test_draft_entry_books_nothing(self):
        payment = self._paid(bill=self._billed())
        payment.move_id = self._entry(origin_payment_id=payment.id).id
        self._assert_waits(1000)

    def test_entry_that_books_less_books_nothing(self):
        payment = self._paid(bill=self._billed())
        account = self.vendor.property_account_payable_id
        entry = self._entry(
            origin_payment_id=payment.id,
            journal_id=payment.journal_id.id,
            line_ids=[
                Command.create({"account_id": account.id, "balance": balance})
                for balance in (0.01, -0.01)
            ],
        )
        payment.move_id = entry.id
        entry.action_post()
        self.assertEqual(payment.move_id.state, "posted")
        self._assert_waits(1000)

    def test_what_left_is_not_taken_by_an_entry(self):
        bill, payment = self._billed(), self._paid()
        with self.assertRaises(UserError):
            bill.write({"payment_ids": [Command.link(payment.id)]})

    def test_entry_of_something_else_books_no_payment(self):
        bill = self._billed()
        payment = self._payment(1000)
        payment.write({"outstanding_account_id": False, "move_id": bill.id})
        payment.action_post()
        self.assertEqual(payment.state, "in_process")
        self._assert_waits(1000)

    def test_entry_of_something_else_books_no_payment_that_is_made_with_it(self):
        bill = self._billed()
        payment = self._payment(1000, move_id=bill.id)
        payment.outstanding_account_id = False
        payment.action_post()
        self._assert_waits(1000)

    def test_posted_entry_does_not_become_that_of_a_payment(self):
        bill, payment = self._billed(), self._payment(1000)
        with self.assertRaises(UserError):
            bill.origin_payment_id = payment.id

    def test_entry_that_was_taken_back_has_booked_nothing(self):
        self._billed()
        payment = self._payment(1000)
        payment.action_post()
        payment.move_id.button_draft()
        self.assertEqual(payment.state, "in_process")
        self._assert_waits(1000)

    def _entry(self, **values):
        return (
            self.env["account.move"]
            .with_user(self.accountant)
            .create({"move_type": "entry", **values})
        )
