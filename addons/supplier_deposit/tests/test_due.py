from datetime import timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import new_test_user, tagged

from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestDue(DepositCommon):
    """When deposits become due, and what keeps them from it."""

    def _dated(self, **values):
        line = {
            "name": "Before shipping",
            "percent": 40,
            "trigger": "before_delivery",
            "days": 7,
        }
        return self._rule(30, **values).write({"line_ids": [Command.create(line)]})

    def _cron(self, name="due"):
        with self.enter_registry_test_mode():
            self.env.ref(f"supplier_deposit.ir_cron_{name}").method_direct_trigger()

    def test_dated_deposit_follows_the_arrival_and_becomes_due(self):
        self._dated()
        order = self._order(confirm=False)
        order.order_line.date_planned = fields.Datetime.now() + timedelta(days=20)
        order.button_confirm()
        order.order_line.date_planned = fields.Datetime.now() + timedelta(days=30)
        _first, second = order.deposit_ids
        self.assertEqual(second.state, "planned")
        self.assertEqual(second.date_due, fields.Date.today() + timedelta(days=23))
        self._cron()
        self.assertEqual(second.state, "planned")
        with freeze_time(fields.Datetime.now() + timedelta(days=23)):
            self._cron()
            self._assert_amounts(second, "paid", paid=400)
            payment = second.payment_ids
            self._cron()
        self.assertEqual(second.payment_ids, payment)

    def test_limit_per_vendor_holds_the_next_deposit(self):
        self._rule(30, cap=500)
        first = self._order()
        second = self._order(user_id=self.buyer.id)
        held = self._deposit(second)
        self.assertEqual(held.state, "planned")
        self.assertIn("limit", held.hold_reason)
        self.assertEqual(held.activity_ids.user_id, self.buyer)
        self._cron()
        self.assertEqual(len(held.activity_ids), 1)
        self._bill(first)
        self._cron()
        self._assert_amounts(held, "paid", paid=300)
        self.assertFalse(held.hold_reason)

    def test_unpaid_deposit_expires(self):
        self._rule(30, posting="draft", expiry_days=10)
        deposit = self._deposit(self._order(user_id=self.buyer.id))
        payment = deposit.payment_ids
        with freeze_time(fields.Datetime.now() + timedelta(days=11)):
            self._cron("expire")
        self.assertEqual(deposit.state, "cancelled")
        self.assertFalse(payment.exists())
        self.assertEqual(deposit.activity_ids.user_id, self.buyer)

    def test_open_deposit_grows_old(self):
        self._rule(30)
        deposit = self._deposit(self._order())
        self.assertEqual(deposit.age, "0")
        with freeze_time(fields.Datetime.now() + timedelta(days=45)):
            deposit.invalidate_recordset(["age"])
            self.assertEqual(deposit.age, "1")

    def test_what_cannot_be_paid_is_held_by_the_cron_and_others_go_on(self):
        self._dated()
        orders = self._order(confirm=False) | self._order(confirm=False)
        orders.order_line.date_planned = fields.Datetime.now() + timedelta(days=20)
        orders.button_confirm()
        broken, fine = (order.deposit_ids[1] for order in orders)
        archived = self.bank.copy({"code": "OLD"})
        broken.sudo().journal_id = archived
        archived.active = False
        with freeze_time(fields.Datetime.now() + timedelta(days=60)):
            self._cron()
        self.assertEqual(fine.state, "paid")
        self.assertEqual(broken.state, "planned")
        self.assertIn("archived", broken.hold_reason)

    def _hasten(self, user, **values):
        """Let a user have a deposit paid long before its date."""
        rule = self._rule(30, **values)
        rule.line_ids.write({"trigger": "before_delivery", "days": 1})
        arrival = fields.Datetime.add(fields.Datetime.now(), days=60)
        order = self._order(date_planned=arrival, user_id=self.buyer.id)
        deposit = self._deposit(order)
        self.assertEqual(deposit.state, "planned")
        deposit.with_user(user).action_make_due()
        return deposit.state

    def _another_buyer(self):
        return new_test_user(
            self.env,
            "deposit.another",
            groups="purchase.group_purchase_user",
            company_id=self.company.id,
        )

    def test_buyer_has_the_own_deposit_paid_before_its_date(self):
        self.assertEqual(self._hasten(self.buyer), "paid")

    def test_accounting_has_a_deposit_paid_before_its_date(self):
        self.assertEqual(self._hasten(self.cashier), "paid")

    def test_another_buyer_does_not_have_it_paid_before_its_date(self):
        with self.assertRaisesRegex(UserError, "ask its buyer"):
            self._hasten(self._another_buyer())

    def test_another_buyer_brings_it_to_the_cashier_before_its_date(self):
        self.assertEqual(self._hasten(self._another_buyer(), posting="draft"), "due")

    def test_cashier_pays_many_at_once_or_none(self):
        self._rule(30, posting="draft")
        deposits = self._order().deposit_ids | self._order().deposit_ids
        action = deposits.with_user(self.cashier).action_pay()
        wizard = self.env["deposit.payment"].with_user(self.cashier)
        wizard = wizard.browse(action["res_id"])
        wizard.action_confirm()
        self.assertEqual(set(deposits.mapped("state")), {"paid"})
        with self.assertRaisesRegex(UserError, "paid already"):
            wizard.action_confirm()

    def test_locked_period_is_said_and_nothing_half_done(self):
        self._rule(30)
        order = self._order(confirm=False)
        self.company.fiscalyear_lock_date = fields.Date.today()
        with self.assertRaisesRegex(UserError, "locked"), self.env.cr.savepoint():
            order.button_confirm()
        order.invalidate_recordset()
        self.assertEqual((order.state, order.deposit_ids.ids), ("draft", []))

    def test_vendor_without_payable_account_is_said(self):
        self._rule(30)
        order = self._order(confirm=False)
        self.vendor.property_account_payable_id = False
        self.env["ir.default"].sudo().search(
            [("field_id.name", "=", "property_account_payable_id")]
        ).unlink()
        with self.assertRaisesRegex(UserError, "payable account"):
            order.button_confirm()

    def test_archived_journal_is_said(self):
        self._rule(30)
        order = self._order(confirm=False)
        self.bank.active = False
        with self.assertRaisesRegex(UserError, "archived"):
            order.button_confirm()

    def test_without_a_rule_confirming_costs_one_query_at_most(self):
        order = self._order(confirm=False)
        self.env.flush_all()
        order.order_line.mapped("is_downpayment")
        self.env["deposit.rule"]._clear_memo()
        with self.assertQueryCount(1):
            order._deposit_follow_states({})
            order.order_line._deposit_follow()
            self.env["supplier.deposit"]._find(order)
