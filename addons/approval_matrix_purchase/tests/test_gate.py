from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from .common import FORGED, PurchaseApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalGate(PurchaseApprovalCommon):
    """Every way around the approvers that was seen to work elsewhere."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule(cls.manager, cls.director, amount_min=1000)

    def assertBlocked(self, order):
        self.assertNotEqual(order.state, "purchase")
        self.assertFalse(order.picking_ids)

    def test_buyer_writes_the_state(self):
        for order in (self._order(), self._submitted()):
            with self.assertRaises(UserError), self.cr.savepoint():
                order.write({"state": "purchase"})
            self.assertBlocked(order)

    def test_administrator_and_superuser_write_the_state(self):
        order = self._submitted()
        for env_order in (order.with_user(self.admin), order.sudo()):
            with self.assertRaises(UserError), self.cr.savepoint():
                env_order.write({"state": "purchase"})
        self.assertBlocked(order)

    def test_forged_context(self):
        order = self._submitted()
        with self.assertRaises(UserError), self.cr.savepoint():
            order.with_context(**FORGED).write({"state": "purchase"})
        with self.assertRaises(UserError), self.cr.savepoint():
            order.with_context(**FORGED).button_approve(force=True)
        self.assertBlocked(order)

    def test_create_in_the_approved_state(self):
        with self.assertRaises(UserError), self.cr.savepoint():
            self._order(state="purchase")
        with self.assertRaises(UserError), self.cr.savepoint():
            self.env(user=self.buyer, context={"default_state": "purchase"})[
                "purchase.order"
            ].create(
                {
                    "partner_id": self.vendor.id,
                    "order_line": [
                        Command.create(
                            {
                                "product_id": self.product.id,
                                "product_qty": 1,
                                "price_unit": 5000,
                            }
                        )
                    ],
                }
            )

    def test_import_in_the_approved_state(self):
        result = (
            self.env(user=self.buyer)["purchase.order"]
            .with_context(tracking_disable=True)
            .load(
                [
                    "partner_id/.id",
                    "state",
                    "order_line/product_id/.id",
                    "order_line/product_qty",
                    "order_line/price_unit",
                ],
                [
                    [
                        str(self.vendor.id),
                        "purchase",
                        str(self.product.id),
                        "1",
                        "5000",
                    ]
                ],
            )
        )
        self.assertFalse(result["ids"])
        self.assertTrue(result["messages"])

    def test_vendor_swapped_in_the_confirming_write(self):
        order = self._submitted()
        order.with_user(self.manager).action_approve()
        process = order.sudo().approval_process_id
        other = self.vendor.copy()
        with self.assertRaises(UserError), self.cr.savepoint():
            order.write({"state": "purchase", "partner_id": other.id})
        order.write({"partner_id": other.id})
        self.assertEqual(process.state, "superseded")
        self.assertEqual(order.approval_holder_ids, self.manager)

    def test_cancel_reset_confirm(self):
        order = self._approved()
        order.button_cancel()
        self.assertEqual(order.approval_state, "cancelled")
        with self.assertRaises(UserError), self.cr.savepoint():
            order.write({"state": "purchase"})
        order.button_draft()
        order.button_confirm()
        self.assertEqual(order.state, "to approve")
        self.assertEqual(order.approval_holder_ids, self.manager)

    def test_alternatives_wizard_submits(self):
        if "purchase.requisition.alternative.warning" not in self.env:
            self.skipTest("purchase_requisition is not installed")
        order = self._order()
        other = self._order()
        self.env["purchase.order.group"].create(
            {"order_ids": [Command.set((order | other).ids)]}
        )
        action = order.button_confirm()
        self.assertEqual(order.state, "draft")
        wizard = (
            self.env(user=self.buyer)[action["res_model"]]
            .with_context(**action["context"])
            .create({})
        )
        wizard.action_keep_alternatives()
        self.assertEqual(order.state, "to approve")
        self.assertEqual(order.approval_state, "open")

    def test_system_confirmation_submits_and_goes_on(self):
        order = self._order()
        order.sudo().with_user(self.env.ref("base.user_root")).button_confirm()
        self.assertEqual(order.state, "to approve")
        process = order.sudo().approval_process_id
        self.assertEqual(process.requester_id, self.buyer)

    def test_waiting_state_written_by_hand_submits(self):
        order = self._order()
        order.write({"state": "to approve"})
        self.assertEqual(order.approval_state, "open")

    def test_forged_total(self):
        order = self._order()
        order.write({"amount_total": 10, "amount_untaxed": 10, "amount_total_cc": 10})
        order.button_confirm()
        self.assertEqual(order.state, "to approve")
        order = self._order()
        with self.assertRaises(UserError), self.cr.savepoint():
            order.write({"amount_total": 10, "state": "purchase"})

    def test_archived_rule_called_back_by_the_context(self):
        self._rule(self.care, sequence=1).active = False
        order = self._order().with_context(active_test=False)
        order.button_confirm()
        self.assertEqual(order.approval_holder_ids, self.manager)

    def test_condition_is_judged_in_one_language(self):
        self.env["res.lang"]._activate_lang("vi_VN")
        self.rule.domain = "[('order_line.product_id.name', 'ilike', 'bed')]"
        self.product.with_context(lang="vi_VN").name = "Giường"
        order = self._order().with_context(lang="vi_VN")
        order.button_confirm()
        self.assertEqual(order.state, "to approve")

    def test_old_date_with_a_favourable_rate(self):
        foreign = self.env["res.currency"].create(
            {
                "name": "XYZ",
                "symbol": "X",
                "rate_ids": [
                    Command.create({"name": "2001-01-01", "rate": 100.0}),
                    Command.create({"name": "2020-01-01", "rate": 1.0}),
                ],
            }
        )
        order = self._order(currency_id=foreign.id, date_order="2001-06-01")
        order.button_confirm()
        self.assertEqual(order.state, "to approve")

    def test_negative_line_hides_nothing(self):
        for discount in (-8999, -9001):
            order = self._order()
            order.order_line.create(
                {
                    "order_id": order.id,
                    "product_id": self.product.id,
                    "product_qty": 1,
                    "price_unit": discount,
                }
            )
            order.button_confirm()
            self.assertEqual(order.state, "to approve")

    def test_rule_left_without_steps_lets_nothing_through(self):
        with self.assertRaises(ValidationError):
            self.rule.step_ids.unlink()
        self.cr.execute(
            "DELETE FROM approval_rule_step WHERE rule_id = %s", [self.rule.id]
        )
        self.env.invalidate_all()
        order = self._order()
        with self.assertRaisesRegex(UserError, "no step"), self.cr.savepoint():
            order.button_confirm()

    def test_company_of_a_line_is_that_of_its_order(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.buyer.company_ids += other
        order = self._order().with_user(self.buyer)
        order.order_line.write({"company_id": other.id})
        self.assertEqual(order.order_line.company_id, order.company_id)
        line = order.order_line.create(
            {
                "order_id": order.id,
                "product_id": self.product.id,
                "company_id": other.id,
            }
        )
        self.assertEqual(line.company_id, order.company_id)
