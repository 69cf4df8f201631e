from odoo import Command
from odoo.exceptions import ValidationError
from odoo.tests import new_test_user, tagged

from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestResponsible(DepositCommon):
    """Who sees to a deposit: nobody who may not see what it comes to."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.care = new_test_user(
            cls.env,
            "deposit.care",
            groups="base.group_user",
            company_id=cls.company.id,
        )

    def _order_of(self, user):
        """Return an order without a buyer that the system made for somebody."""
        line = {"product_id": self.product.id, "product_qty": 10, "price_unit": 100}
        values = {
            "partner_id": self.vendor.id,
            "user_id": False,
            "order_line": [Command.create(line)],
        }
        order = self.env["purchase.order"].with_user(user).sudo().create(values)
        order.button_confirm()
        return order.with_user(self.env.user).sudo(False)

    def _assert_care_sees_nothing(self):
        activities = self.env["mail.activity"].with_user(self.care)
        domain = [("res_model", "=", "supplier.deposit")]
        self.assertFalse(activities.search(domain))
        domain = [("user_id", "=", self.care.id), *domain]
        self.assertFalse(activities.sudo().search(domain))

    def test_customer_care_is_not_told_what_vendors_owe(self):
        self._rule(30, user_id=self.buyer.id)
        order = self._order_of(self.care)
        order.button_cancel()
        self.assertEqual(self._deposit(order).activity_ids.user_id, self.buyer)
        self._assert_care_sees_nothing()

    def test_what_is_nobody_s_to_do_is_a_note_on_the_deposit(self):
        self._rule(30, user_id=False)
        order = self._order_of(self.care)
        order.button_cancel()
        deposit = self._deposit(order)
        self.assertFalse(deposit.activity_ids)
        self.assertIn("300.00", deposit.message_ids[0].body)
        self.assertFalse(deposit.held_by)
        self._assert_care_sees_nothing()

    def test_buyer_who_left_the_company_is_not_asked(self):
        self._rule(30, user_id=self.cashier.id)
        order = self._order(user_id=self.buyer.id)
        other = self.env["res.company"].create({"name": "Another company"})
        self.buyer.write({"company_ids": [Command.set(other.ids)], "company_id": other})
        order.button_cancel()
        asked = self._deposit(order).activity_ids.user_id
        self.assertEqual(asked, order.create_uid)

    def _post_as_cashier(self, order):
        """Let the cashier post the payment of an order's deposit."""
        action = order.deposit_ids.with_user(self.cashier).action_pay()
        wizard = self.env[action["res_model"]].with_user(self.cashier)
        wizard.browse(action["res_id"]).action_confirm()
        return order.deposit_ids.payment_ids

    def test_payment_on_its_way_is_the_buyer_s_to_have_stopped(self):
        self._outstanding()
        self._rule(30)
        order = self._order(user_id=self.buyer.id)
        deposit = order.deposit_ids
        order.with_user(self.buyer).button_cancel()
        self.assertEqual(deposit.payment_ids.state, "in_process")
        self._assert_amounts(deposit, "paid", awaited=300)
        self.assertEqual(deposit.activity_ids.user_id, self.buyer)
        self.assertIn("can still stop", deposit.activity_ids.note)
        deposit.payment_ids.action_cancel()
        self._assert_amounts(deposit, "cancelled", paid=0, awaited=0)
        self.assertFalse(deposit.activity_ids)

    def test_whoever_posted_a_payment_is_asked_to_stop_it(self):
        self._outstanding()
        self._rule(30, posting="draft")
        order = self._order(user_id=self.buyer.id)
        payment = self._post_as_cashier(order)
        order.with_user(self.buyer).button_cancel()
        self.assertEqual(payment.activity_ids.user_id, self.cashier)
        self.assertIn(order.deposit_ids.name, payment.activity_ids.note)

    def test_payment_that_the_system_posted_is_nobody_s_to_stop_but_the_buyer_s(self):
        self._outstanding()
        self._rule(30)
        order = self._order(user_id=self.buyer.id)
        order.with_user(self.buyer).button_cancel()
        self.assertFalse(order.deposit_ids.payment_ids.activity_ids)

    def test_payment_that_had_gone_is_told_of_no_more_to_stop(self):
        self._rule(30)
        order = self._order(user_id=self.buyer.id)
        order.with_user(self.buyer).button_cancel()
        self.assertNotIn("still stop", order.deposit_ids.activity_ids.note)

    def test_cancelled_payment_that_had_gone_is_posted_again_and_claimed_back(self):
        self._outstanding()
        self._rule(30, posting="draft")
        order = self._order(user_id=self.buyer.id)
        payment = self._post_as_cashier(order)
        order.with_user(self.buyer).button_cancel()
        payment = payment.with_user(self.cashier)
        payment.action_cancel()
        deposit = order.deposit_ids
        self._assert_amounts(deposit, "cancelled", paid=0, awaited=0)
        payment.action_draft()
        payment.action_post()
        self.assertEqual((deposit.state, payment.state), ("paid", "in_process"))
        self._statement(payment.with_user(self.env.user))
        self._assert_amounts(deposit, "paid", paid=300, awaited=300)
        self.assertEqual(deposit.activity_ids.user_id, self.buyer)

    def test_rule_names_nobody_who_may_not_see_deposits(self):
        with self.assertRaisesRegex(ValidationError, "may not see"):
            self._rule(30, user_id=self.care.id)
