from odoo import Command, fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestApproval(DepositCommon):
    """A deposit is a document under approval, and its gate is paying."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.director = new_test_user(
            cls.env,
            "deposit.director",
            groups="purchase.group_purchase_user",
            company_id=cls.company.id,
        )

    def _approval_rule(self, model="supplier.deposit", **values):
        return (
            self.env["approval.rule"]
            .sudo()
            .create(
                {
                    "name": model,
                    "model_id": self.env["ir.model"].sudo()._get(model).id,
                    "company_id": self.company.id,
                    "step_ids": [
                        Command.create(
                            {
                                "name": "Director",
                                "user_ids": [Command.set(self.director.ids)],
                            }
                        )
                    ],
                    **values,
                }
            )
        )

    def test_deposit_waits_for_its_approver_and_is_paid_then(self):
        self._approval_rule()
        self._rule(30)
        deposit = self._deposit(self._order(user=self.buyer, user_id=self.buyer.id))
        self.assertEqual(deposit.state, "waiting")
        self.assertFalse(deposit.payment_ids)
        self.assertEqual(deposit.approval_process_id.requester_id, self.buyer)
        deposit.with_user(self.director).action_approve()
        self._assert_amounts(deposit, "paid", paid=300)

    def _card(self, order):
        """Return what the director's card says of an order's deposit."""
        deposit = self._deposit(order)
        task = deposit.sudo().approval_process_id.task_ids
        self.env.flush_all()
        self.env.invalidate_all()
        return task.with_user(self.director).sudo(False).card

    def test_the_card_says_what_is_bought_and_which_part_of_it_is_paid(self):
        self._approval_rule()
        self._rule(30)
        order = self._order(user_id=self.buyer.id)
        card = self._card(order)
        line = order.order_line
        ((name, quantity, amount),) = card["goods"]
        self.assertEqual(name, line.product_id.display_name)
        self.assertIn(f"{line.product_qty:.2f}", quantity)
        self.assertIn("1,000.00", amount)
        for text in ("1,000.00", "30.0 %"):
            self.assertIn(text, card["total"])

    def test_of_many_goods_the_card_names_three(self):
        self._approval_rule()
        self._rule(30)
        order = self._order(confirm=False, user_id=self.buyer.id)
        for _number in range(4):
            order.order_line[0].copy({"order_id": order.id})
        order.button_confirm()
        card = self._card(order)
        self.assertEqual((len(card["goods"]), card["more"]), (3, 2))

    def test_deposit_of_a_locked_period_is_approved_and_paid_when_it_is_open(self):
        self._approval_rule()
        self._rule(30)
        deposit = self._deposit(self._order(user_id=self.buyer.id))
        self.company.fiscalyear_lock_date = fields.Date.today()
        deposit.with_user(self.director).action_approve()
        self.assertEqual(
            (deposit.state, deposit.approval_state), ("planned", "approved")
        )
        self.assertIn("locked", deposit.hold_reason)
        self.assertEqual(deposit.activity_ids.user_id, self.buyer)
        self.assertFalse(deposit.payment_ids)
        self.company.fiscalyear_lock_date = False
        with self.enter_registry_test_mode():
            self.env.ref("supplier_deposit.ir_cron_due").method_direct_trigger()
        self.env.invalidate_all()
        self._assert_amounts(deposit, "paid", paid=300)
        self.assertFalse(deposit.hold_reason)

    def test_who_approved_the_order_may_approve_its_deposit(self):
        self._approval_rule("purchase.order")
        self._approval_rule()
        self._rule(30)
        order = self._order(confirm=False, user_id=self.buyer.id)
        order.with_user(self.buyer).button_confirm()
        self.assertFalse(order.deposit_ids)
        order.with_user(self.director).action_approve()
        self.assertEqual(order.state, "purchase")
        deposit = self._deposit(order)
        self.assertEqual(deposit.state, "waiting")
        deposit.with_user(self.director).action_approve()
        self._assert_amounts(deposit, "paid", paid=300)

    def test_refused_deposit_waits_for_the_buyer(self):
        self._approval_rule()
        self._rule(30)
        deposit = self._deposit(self._order(user_id=self.buyer.id))
        deposit.with_user(self.director).action_reject("Not now")
        self.assertEqual((deposit.state, deposit.hold_reason), ("planned", "Not now"))
        self.env["supplier.deposit"]._cron_due()
        self.assertEqual(deposit.state, "planned")
        deposit.with_user(self.buyer).action_submit_approval()
        self.assertEqual(deposit.state, "waiting")

    def test_who_would_be_asked_again_is_read_before(self):
        self._approval_rule().step_ids.user_ids += self.buyer
        self._rule(30)
        deposit = self._deposit(self._order(user_id=self.buyer.id))
        deposit.with_user(self.director).action_reject("Not now")
        action = deposit.with_user(self.buyer).action_open_submission()
        (step,) = action["params"]["route"]["steps"]
        self.assertEqual(step["people"], [self.director.name], "the buyer asks")
        self.assertEqual(deposit.state, "planned")

    def test_paid_earlier_without_a_rule_it_is_due_at_once(self):
        rule = self._rule(30, posting="draft")
        rule.line_ids.write({"trigger": "before_delivery", "days": 1})
        arrival = fields.Datetime.add(fields.Datetime.now(), days=60)
        deposit = self._deposit(
            self._order(date_planned=arrival, user_id=self.buyer.id)
        )
        self.assertEqual(deposit.state, "planned")
        self.assertIs(deposit.with_user(self.buyer).action_open_submission(), True)
        self.assertEqual(deposit.state, "due")
        with self.assertRaisesRegex(UserError, "not waiting for its date"):
            deposit.with_user(self.buyer).action_open_submission()

    def test_order_that_changes_asks_again_for_the_new_amount(self):
        self._approval_rule()
        self._rule(30, posting="draft")
        order = self._order(user_id=self.buyer.id)
        deposit = self._deposit(order)
        deposit.with_user(self.director).action_approve()
        self.assertEqual(deposit.state, "due")
        order.order_line.product_qty = 20
        self.assertEqual((deposit.state, deposit.amount), ("waiting", 600))
        self.assertFalse(deposit.payment_ids)
        deposit.with_user(self.director).action_approve()
        self.assertEqual(deposit.payment_ids.amount, 600)

    def test_nobody_writes_a_deposit(self):
        self._rule(30, posting="draft")
        deposit = self._deposit(self._order())
        for user in (self.buyer, self.cashier, self.env.user):
            with self.assertRaises(AccessError):
                deposit.with_user(user).write({"state": "paid"})
            with self.assertRaises(AccessError):
                deposit.with_user(user).copy()

    def test_payment_cannot_be_raised_after_approval(self):
        self._rule(30, posting="draft")
        deposit = self._deposit(self._order())
        payment = deposit.payment_ids.with_user(self.cashier)
        payment.amount = 3000
        with self.assertRaisesRegex(UserError, "no more than"):
            payment.action_post()
        with self.assertRaisesRegex(UserError, "no more than"):
            payment.write({"state": "paid"})

    def _asked_again(self, change):
        """Return the deposit of a confirmed order that waits again after a change.

        :param change: what the buyer does to the order
        """
        self._rule(30, posting="draft")
        order = self._order(user_id=self.buyer.id)
        self._approval_rule("purchase.order")
        change(order.with_user(self.buyer))
        self.assertEqual(order.state, "to approve")
        return self._deposit(order)

    def test_order_that_is_asked_about_again_pays_what_was_approved_of_it(self):
        deposit = self._asked_again(
            lambda order: order.order_line.write({"price_unit": 500})
        )
        payment = deposit.payment_ids.with_user(self.cashier)
        payment.amount = 301
        with self.assertRaisesRegex(UserError, "no more than"):
            payment.action_post()
        payment.amount = 300
        payment.action_post()
        self._assert_amounts(deposit, "paid", paid=300)
        deposit.order_id.with_user(self.director).action_approve()
        self.assertEqual(deposit.order_id.state, "purchase")
        self._assert_amounts(deposit, "paid", paid=300, unpaid=0)

    def test_order_that_waits_with_another_vendor_is_not_paid(self):
        deposit = self._asked_again(
            lambda order: order.write({"partner_id": self.partner_b.id})
        )
        with self.assertRaisesRegex(UserError, "not confirmed"):
            deposit.payment_ids.with_user(self.cashier).action_post()
        order = deposit.order_id
        order.with_user(self.director).action_approve()
        self.assertEqual(deposit.state, "cancelled")
        new = order.deposit_ids - deposit
        self.assertEqual((new.state, new.partner_id), ("due", self.partner_b))
