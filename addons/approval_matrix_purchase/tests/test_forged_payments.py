"""Money goes to those who are owed it, whatever the payment is called."""

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PurchaseApprovalCommon


@tagged("post_install", "-at_install")
class TestForgedPayments(PurchaseApprovalCommon):
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

    def _inbound(self, amount):
        payment = self._payment(amount, payment_type="inbound")
        payment.action_post()
        return payment

    def _refund_to(self, customer, amount):
        return self._payment(amount, vendor=customer, partner_type="customer")

    def _credit_note(self, amount):
        note = (
            self.env["account.move"]
            .with_user(self.accountant)
            .create(
                {
                    "move_type": "out_refund",
                    "partner_id": self.customer.id,
                    "invoice_date": "2026-01-15",
                    "invoice_line_ids": [
                        Command.create(
                            {
                                "name": "Back",
                                "quantity": 1,
                                "price_unit": amount,
                                "tax_ids": [Command.clear()],
                            }
                        )
                    ],
                }
            )
        )
        note.action_post()
        return note

    def _register(self, bills, amount):
        wizard = (
            self.env["account.payment.register"]
            .with_user(self.accountant)
            .with_context(
                active_model="account.move",
                active_ids=bills.ids,
                dont_redirect_to_payments=True,
            )
            .create({"amount": amount})
        )
        return wizard.action_create_payments()

    def _assert_posted(self, payment):
        self.assertIn(payment.state, ("in_process", "paid"))

    # nobody

    def test_payment_to_nobody_is_refused(self):
        payment = self._payment(500000)
        payment.partner_id = False
        with self.assertRaisesRegex(UserError, "who is paid"):
            payment.action_post()

    def test_payment_to_nobody_past_the_button(self):
        payment = self._payment(500000)
        payment.partner_id = False
        with self.assertRaises(UserError):
            payment.write({"state": "paid"})

    def test_payment_as_to_a_customer_who_is_nobody(self):
        payment = self._refund_to(self.customer, 500000)
        payment.partner_id = False
        with self.assertRaises(UserError):
            payment.action_post()

    def test_small_payment_to_nobody_passes(self):
        payment = self._payment(50)
        payment.partner_id = False
        payment.action_post()
        self._assert_posted(payment)

    # customers

    def test_payment_as_to_a_customer_is_asked_for(self):
        for partner in (self.vendor, self.customer):
            payment = self._refund_to(partner, 500000)
            payment.action_post()
            self.assertEqual(payment.state, "draft")
            self.assertEqual(payment.sudo().excess_ids.partner_id, partner)

    def test_payment_as_to_a_customer_past_the_button(self):
        with self.assertRaises(UserError):
            self._refund_to(self.vendor, 500000).write({"state": "in_process"})

    def test_what_a_customer_is_owed_is_paid_once(self):
        self._credit_note(200000)
        first = self._refund_to(self.customer, 200000)
        second = self._refund_to(self.customer, 200000)
        first.action_post()
        self._assert_posted(first)
        second.action_post()
        self.assertEqual(second.state, "draft")

    def test_what_is_said_to_come_from_a_customer_is_not_owed(self):
        self._payment(
            500000,
            vendor=self.customer,
            partner_type="customer",
            payment_type="inbound",
        ).action_post()
        payment = self._refund_to(self.customer, 500000)
        payment.action_post()
        self.assertEqual(payment.state, "draft")

    # what came in

    def test_what_came_in_and_was_paid_on_is_not_taken_back(self):
        back = self._inbound(500000)
        payment = self._payment(500000)
        payment.action_post()
        self._assert_posted(payment)
        for undo in ("action_draft", "action_cancel"):
            with self.subTest(undo=undo), self.assertRaises(UserError):
                getattr(back, undo)()
        self._assert_posted(back)

    def test_what_came_in_cannot_be_taken_back_after_matching(self):
        back = self._inbound(500000)
        payment = self._payment(500000)
        payment.action_post()
        items = (back | payment).move_id.line_ids.filtered(
            lambda item: item.account_type == "liability_payable"
        )
        items.sudo().reconcile()
        with self.assertRaises(UserError):
            back.action_draft()

    def test_what_came_in_is_taken_back_when_another_takes_its_place(self):
        back = self._inbound(500000)
        self._payment(500000).action_post()
        self._inbound(500000)
        back.action_draft()
        self.assertEqual(back.state, "draft")

    def test_what_came_in_and_was_not_paid_on_is_taken_back(self):
        back = self._inbound(500000)
        back.action_draft()
        self.assertEqual(back.state, "draft")

    # Register Payment

    def test_register_payment_asks_for_what_is_more(self):
        bill = self._billed()
        notice = self._register(bill, 1500)
        payment = bill.matched_payment_ids
        self.assertEqual(payment.state, "draft")
        self.assertNotEqual(payment.move_id.state, "posted")
        self.assertEqual(payment.sudo().excess_ids.amount, 500)
        self.assertEqual(notice["tag"], "display_notification")
        self.assertIn(self.vendor.name, notice["params"]["message"])

    def test_registered_payment_is_posted_when_accepted(self):
        bill = self._billed()
        self._register(bill, 1500)
        payment = bill.matched_payment_ids
        payment.sudo().excess_ids.with_user(self.buyer).action_accept()
        payment.action_post()
        self._assert_posted(payment)
        self.assertEqual(payment.move_id.state, "posted")

    def test_register_payment_of_what_is_owed_says_nothing(self):
        bill = self._billed()
        self.assertIs(self._register(bill, 1000), True)
        self.assertEqual(bill.amount_residual, 0)

    def test_register_payment_is_refused_in_words(self):
        self.company.excess_policy = "block"
        with self.assertRaisesRegex(UserError, "Vendor.*500"):
            self._register(self._billed(), 1500)

    # no rule

    def test_without_rules_for_orders_nothing_changes(self):
        self.rule.unlink()
        nobody = self._payment(500000)
        nobody.partner_id = False
        payments = nobody | self._refund_to(self.vendor, 500000)
        payments.action_post()
        back = self._inbound(500000)
        back.action_draft()
        self.assertEqual(back.state, "draft")
        for payment in payments:
            self._assert_posted(payment)
