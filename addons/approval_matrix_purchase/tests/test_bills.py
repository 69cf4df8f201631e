"""What is billed and paid beyond what is approved is asked for, on every path."""

from odoo import Command, fields
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

from .common import PurchaseApprovalCommon


@tagged("post_install", "-at_install")
class TestBills(PurchaseApprovalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_bills()
        cls.rule = cls._rule(cls.manager, cls.director, amount_min=100000)

    def _confirmed(self, quantity=10, price=100.0):
        return self._submitted(quantity=quantity, price=price)

    def _excess(self, bill):
        return bill.sudo().excess_ids

    def test_what_is_ordered_is_billed(self):
        bill = self._bill(self._confirmed())
        bill.action_post()
        self.assertEqual(bill.state, "posted")

    def test_a_quantity_above_the_order_waits(self):
        order = self._confirmed()
        bill = self._bill(order)
        bill.invoice_line_ids.quantity = 15
        bill.action_post()
        self.assertEqual(bill.state, "draft")
        self.assertEqual(self._excess(bill).line_ids.quantity, 5)

    def test_a_price_above_the_order_waits(self):
        bill = self._bill(self._confirmed())
        bill.invoice_line_ids.price_unit = 110
        bill.action_post()
        self.assertEqual(bill.state, "draft")
        self.assertEqual(self._excess(bill).amount, 100)

    def test_a_part_at_a_higher_price_waits(self):
        bill = self._bill(self._confirmed())
        bill.invoice_line_ids.write({"quantity": 5, "price_unit": 120})
        bill.action_post()
        self.assertEqual(bill.state, "draft")

    def test_a_missing_discount_line_waits(self):
        order = self._confirmed()
        order.order_line = [
            Command.create(
                {
                    "name": "Discount",
                    "product_id": self._product("Discount").id,
                    "product_qty": 1,
                    "price_unit": -200,
                }
            )
        ]
        line = order.order_line[0]
        bill = self._bill(
            lines=[
                {
                    "purchase_line_id": line.id,
                    "product_id": line.product_id.id,
                    "quantity": 10,
                    "price_unit": 100,
                }
            ]
        )
        bill.action_post()
        self.assertEqual(bill.state, "draft")
        self.assertEqual(self._excess(bill).amount, 200)

    def test_two_bills_of_which_each_is_within(self):
        order = self._confirmed()
        bills = self._bill(order) | self._bill(order)
        bills.action_post()
        self.assertEqual(sorted(bills.mapped("state")), ["draft", "posted"])

    def test_what_is_accepted_is_posted(self):
        bill = self._bill(self._confirmed())
        bill.invoice_line_ids.write({"quantity": 12, "price_unit": 110})
        bill.action_post()
        self._excess(bill).with_user(self.buyer).action_accept()
        bill.action_post()
        self.assertEqual(bill.state, "posted")

    def test_what_is_accepted_is_not_a_licence_for_more(self):
        bill = self._bill(self._confirmed())
        bill.invoice_line_ids.quantity = 12
        bill.action_post()
        self._excess(bill).with_user(self.buyer).action_accept()
        bill.invoice_line_ids.quantity = 13
        bill.action_post()
        self.assertEqual(bill.state, "draft")

    def test_an_excess_counts_no_more_when_the_order_changes(self):
        order = self._confirmed()
        bill = self._bill(order)
        bill.invoice_line_ids.quantity = 12
        bill.action_post()
        self._excess(bill).with_user(self.buyer).action_accept()
        order.order_line.product_qty = 8
        bill.action_post()
        self.assertEqual(bill.state, "draft")

    def test_credit_notes_pass_and_make_room(self):
        order = self._confirmed()
        bill = self._bill(order)
        bill.action_post()
        refund = bill._reverse_moves(
            [{"invoice_date": fields.Date.to_date("2026-01-16")}]
        )
        refund.action_post()
        self.assertEqual(refund.state, "posted")
        again = self._bill(order)
        again.action_post()
        self.assertEqual(again.state, "posted")

    def test_bill_of_a_rejected_order_waits(self):
        order = self._submitted(quantity=1200, price=100.0)
        order.with_user(self.manager).action_reject("No")
        bill = self._bill(order)
        bill.action_post()
        self.assertEqual(bill.state, "draft")

    def test_bill_of_a_quotation_and_of_a_cancelled_order_wait(self):
        quotation = self._order(quantity=10, price=100.0)
        cancelled = self._confirmed()
        bill = self._bill(cancelled)
        cancelled.button_cancel()
        for each in (bill, self._bill(quotation)):
            each.action_post()
            self.assertEqual(each.state, "draft")

    def test_down_payment_line_hides_nothing(self):
        self.rule.amount_min = 0
        order = self._approved(quantity=30, price=100.0)
        order.order_line = [
            Command.create(
                {
                    "name": "Down Payment",
                    "product_id": self.product.id,
                    "is_downpayment": True,
                    "product_qty": 0,
                    "price_unit": 900,
                }
            )
        ]
        line = order.order_line[1]
        with self.assertRaises(RedirectWarning):
            line.qty_received_manual = 10
            line.qty_received_method = "manual"
            self.env.flush_all()
        bill = self._bill(
            lines=[
                {
                    "purchase_line_id": line.id,
                    "product_id": line.product_id.id,
                    "quantity": 10,
                    "price_unit": 900,
                    "is_downpayment": True,
                }
            ]
        )
        bill.action_post()
        self.assertEqual(bill.state, "draft")

    def test_bill_of_another_vendor_waits(self):
        other = self.env["res.partner"].create({"name": "Somebody else"})
        bill = self._bill(self._confirmed(), vendor=other)
        bill.action_post()
        self.assertEqual(bill.state, "draft")
        self.assertEqual(self._excess(bill).partner_id, other)

    def test_bill_of_another_product_waits(self):
        bill = self._bill(self._confirmed())
        bill.invoice_line_ids.product_id = self._product("Another")
        bill.invoice_line_ids.price_unit = 100
        bill.action_post()
        self.assertEqual(bill.state, "draft")

    def test_posted_past_the_button(self):
        bill = self._bill(self._confirmed())
        bill.invoice_line_ids.quantity = 15
        with self.assertRaises(RedirectWarning):
            bill.write({"state": "posted"})

    def test_matched_later(self):
        bill = self._bill(
            lines=[{"product_id": self.product.id, "quantity": 10, "price_unit": 100}]
        )
        bill.action_post()
        self.assertEqual(bill.state, "posted")
        order = self._confirmed()
        self._bill(order).action_post()
        with self.assertRaises(RedirectWarning):
            bill.invoice_line_ids.purchase_line_id = order.order_line

    def test_posted_by_the_day(self):
        bill = self._bill(self._confirmed())
        bill.invoice_line_ids.quantity = 15
        bill.auto_post = "at_date"
        bill.date = fields.Date.to_date("2026-01-15")
        bill._post()
        self.assertEqual(bill.state, "draft")
        self.assertEqual(self._excess(bill).state, "waiting")

    def test_duplicated_bill_waits(self):
        bill = self._bill(self._confirmed())
        bill.action_post()
        copy = bill.copy({"invoice_date": "2026-01-15"})
        copy.invoice_line_ids.purchase_line_id = bill.invoice_line_ids.purchase_line_id
        copy.action_post()
        self.assertEqual(copy.state, "draft")

    def test_bill_without_an_order_is_asked_where_an_order_would_be(self):
        small = self._bill(lines=[{"name": "Power", "quantity": 1, "price_unit": 500}])
        large = self._bill(
            lines=[{"name": "Power", "quantity": 1, "price_unit": 100000}]
        )
        (small | large).action_post()
        self.assertEqual(small.state, "posted")
        self.assertEqual(large.state, "draft")
        self.assertEqual(self._excess(large).approval_process_id.rule_id, self.rule)
        self._excess(large).with_user(self.manager).action_approve()
        self._excess(large).with_user(self.director).action_approve()
        large.action_post()
        self.assertEqual(large.state, "posted")

    def test_policies_of_bills_without_an_order(self):
        for policy in ("allow", "block"):
            self.company.orderless_policy = policy
            bill = self._bill(
                lines=[{"name": "Power", "quantity": 1, "price_unit": 100000}]
            )
            if policy == "block":
                with self.assertRaises(UserError):
                    bill.action_post()
            else:
                bill.action_post()
                self.assertEqual(bill.state, "posted")

    def test_tolerated_amount_passes(self):
        self.company.excess_amount_percent = 5
        bill = self._bill(self._confirmed())
        bill.invoice_line_ids.price_unit = 105
        bill.action_post()
        self.assertEqual(bill.state, "posted")

    def test_without_rules_for_orders_nothing_changes(self):
        self.rule.unlink()
        bill = self._bill(self._confirmed())
        bill.invoice_line_ids.quantity = 1000
        bill.action_post()
        self.assertEqual(bill.state, "posted")

    # payments

    def test_what_is_owed_is_paid(self):
        bill = self._bill(self._confirmed())
        bill.action_post()
        payment = self._payment(1000)
        payment.action_post()
        self.assertIn(payment.state, ("in_process", "paid"))

    def test_more_than_is_owed_is_asked_for(self):
        self._bill(self._confirmed()).action_post()
        payment = self._payment(1100)
        payment.action_post()
        self.assertEqual(payment.state, "draft")
        self.assertEqual(payment.sudo().excess_ids.amount, 100)
        with self.assertRaises(UserError):
            payment.write({"state": "paid"})

    def test_the_same_is_not_paid_twice(self):
        self._bill(self._confirmed()).action_post()
        self._payment(1000).action_post()
        again = self._payment(1000)
        again.action_post()
        self.assertEqual(again.state, "draft")

    def test_an_approved_order_may_be_paid_in_advance(self):
        self._confirmed()
        payment = self._payment(1000)
        payment.action_post()
        self.assertIn(payment.state, ("in_process", "paid"))

    def test_payments_confirmed_together_count_together(self):
        self._confirmed()
        both = self._payment(600) | self._payment(600)
        both.action_post()
        self.assertEqual(len(both.filtered(lambda p: p.state == "draft")), 1)
        self.assertEqual(both.sudo().excess_ids.amount, 200)

    def test_payments_made_and_marked_as_paid_together_count_together(self):
        self._confirmed()
        both = self._payment(600) | self._payment(600)
        with self.assertRaisesRegex(UserError, "more than"):
            both.write({"state": "paid"})

    def test_payments_to_several_vendors_do_not_count_together(self):
        self._confirmed()
        other = self.vendor.copy({"name": "Other vendor"})
        self._submitted(partner_id=other.id)
        both = self._payment(1000) | self._payment(1000, vendor=other)
        both.action_post()
        self.assertNotIn("draft", both.mapped("state"))

    def test_payment_in_a_currency_without_a_rate_is_refused(self):
        self._bill(self._confirmed()).action_post()
        foreign = self.env["res.currency"].create({"name": "XTS", "symbol": "X"})
        payment = self._payment(1000)
        payment.currency_id = foreign
        with self.assertRaisesRegex(UserError, "rate for XTS"), self.cr.savepoint():
            payment.action_post()
        rate = {"name": "2020-01-01", "rate": 0.5}
        foreign.rate_ids = [Command.create(rate)]
        payment.action_post()
        self.assertEqual(payment.sudo().excess_ids.amount, 1000)

    def test_what_only_a_draft_bills_may_be_paid_in_advance(self):
        self._bill(self._confirmed())
        payment = self._payment(1000)
        payment.action_post()
        self.assertIn(payment.state, ("in_process", "paid"))

    def test_something_extra_for_a_gift_is_paid_in_advance(self):
        order = self._confirmed(price=0)
        bill = self._bill(order)
        bill.invoice_line_ids.write({"quantity": 4, "price_unit": 5})
        bill.action_post()
        self._excess(bill).with_user(self.buyer).action_accept()
        payment = self._payment(20)
        payment.action_post()
        self.assertIn(payment.state, ("in_process", "paid"))

    def test_an_accepted_payment_is_posted(self):
        self._bill(self._confirmed()).action_post()
        payment = self._payment(1100)
        payment.action_post()
        payment.sudo().excess_ids.with_user(self.buyer).action_accept()
        payment.action_post()
        self.assertIn(payment.state, ("in_process", "paid"))

    def test_a_payment_made_in_a_posted_state(self):
        """The button is not the only way to get there."""
        self._bill(self._confirmed()).action_post()
        draft = self._payment(1000)
        for state in ("in_process", "paid"):
            with self.subTest(state=state), self.assertRaises(UserError):
                draft.copy({"amount": 1100, "state": state})
        made = draft.copy({"amount": 1000, "state": "in_process"})
        self.assertEqual(made.state, "in_process")

    def test_a_confirmed_payment_is_not_raised_or_sent_to_somebody_else(self):
        self._bill(self._confirmed()).action_post()
        payment = self._payment(1000)
        payment.action_post()
        other = self.env["res.partner"].create({"name": "Somebody else"})
        for vals in ({"amount": 1100}, {"partner_id": other.id}):
            with self.subTest(vals=vals), self.assertRaises(UserError):
                payment.write(vals)
        payment.write({"amount": 1000, "memo": "Same amount"})

    def test_money_that_came_in_is_not_turned_round(self):
        self._confirmed()
        payment = self._payment(5000)
        payment.payment_type = "inbound"
        payment.action_post()
        with self.assertRaises(UserError):
            payment.payment_type = "outbound"
