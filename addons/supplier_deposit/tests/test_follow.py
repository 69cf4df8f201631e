from odoo import Command, fields
from odoo.tests import new_test_user, tagged

from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestFollow(DepositCommon):
    """Unpaid deposits follow their order, to nothing and back."""

    def test_order_that_comes_to_nothing_and_back_has_its_deposit_again(self):
        self._rule(30, posting="draft")
        order = self._order()
        deposit = self._deposit(order)
        order.order_line.product_qty = 0
        self.assertEqual((deposit.state, deposit.amount), ("planned", 0))
        self.assertFalse(deposit.payment_ids)
        deposit._make_due()
        self.assertEqual(deposit.state, "planned")
        order.order_line.product_qty = 4
        self.assertEqual((deposit.state, deposit.payment_ids.amount), ("due", 120))

    def test_lines_written_one_by_one_read_the_deposits_of_their_order_once(self):
        self._rule(30, amount_min=1e9)
        order = self._order()
        self.assertFalse(order.deposit_ids)
        order.order_line._deposit_follow()
        self.env.flush_all()
        with self.assertQueryCount(0):
            order.order_line._deposit_follow()

    def _progress(self, order, name):
        """Return what an order shows of one of its deposits."""
        (row,) = (row for row in order.deposit_progress if row["name"] == name)
        return row

    def test_order_shows_what_its_deposits_come_to_after_a_change(self):
        rule = self._rule(30, 20)
        rule.line_ids[1].write({"trigger": "before_delivery", "days": 1})
        arrival = fields.Datetime.add(fields.Datetime.now(), days=30)
        order = self._order(date_planned=arrival)
        self.assertEqual(order.deposit_paid, 60)
        self.assertIn("200", self._progress(order, "20 %")["amount"])
        order.order_line.product_qty = 20
        self.assertEqual(order.deposit_ids.mapped("amount"), [300, 400])
        self.assertEqual(order.deposit_paid, 43)
        self.assertIn("400", self._progress(order, "20 %")["amount"])
        order.deposit_ids[1].sudo()._hold("The bank said no.")
        row = self._progress(order, "20 %")
        self.assertEqual(row["reason"], "The bank said no.")
        self.assertEqual(row["holder"], order.deposit_ids[1].held_by)

    def test_bill_shows_the_deposits_of_the_orders_whose_lines_it_gets(self):
        self._rule(30)
        order = self._order()
        bill = self._bill(order, post=False)
        line = bill.invoice_line_ids.filtered("product_id")
        line.purchase_line_id = False
        self.assertFalse(bill.related_deposit_ids)
        line.purchase_line_id = order.order_line[0]
        self.assertEqual(bill.related_deposit_ids, order.deposit_ids)

    def test_fixed_deposit_grows_back_with_its_order(self):
        line = {"name": "Fixed", "amount_type": "fixed", "amount": 400}
        self._rule(posting="draft", line_ids=[Command.create(line)])
        order = self._order()
        deposit = self._deposit(order)
        order.order_line.product_qty = 2
        self.assertEqual(deposit.payment_ids.amount, 200)
        order.order_line.product_qty = 10
        self.assertEqual(deposit.payment_ids.amount, 400)

    def test_fixed_deposit_follows_the_currency_of_the_order(self):
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        line = {"name": "Fixed", "amount_type": "fixed", "amount": 100}
        self._rule(posting="draft", line_ids=[Command.create(line)])
        order = self._order()
        deposit = self._deposit(order)
        order.currency_id = euro
        self.assertEqual(deposit.currency_id, euro)
        self.assertEqual(deposit.payment_ids.currency_id, euro)
        self.assertEqual((deposit.amount, deposit.payment_ids.amount), (200, 200))

    def test_removed_lines_take_their_part_of_the_deposit_along(self):
        self._rule(30, posting="draft")
        order = self._order()
        order.write({"order_line": [Command.create(self._line())]})
        self.assertEqual(self._deposit(order).amount, 600)
        order.button_draft()
        order.order_line[1].unlink()
        order.button_confirm()
        self.assertEqual(self._deposit(order).amount, 300)

    def test_to_dos_of_orders_made_by_the_system_go_to_the_responsible(self):
        manager = new_test_user(
            self.env,
            "deposit.responsible",
            groups="purchase.group_purchase_user",
            company_id=self.company.id,
        )
        self._rule(30, user_id=manager.id)
        root = self.env.ref("base.user_root")
        order = self.env(user=root)["purchase.order"].create(
            {
                "partner_id": self.vendor.id,
                "company_id": self.company.id,
                "user_id": False,
                "order_line": [Command.create(self._line())],
            }
        )
        order.button_confirm()
        order.button_cancel()
        self.assertEqual(order.deposit_ids.activity_ids.user_id, manager)

    def test_cashiers_date_is_the_date_of_payments_made_anew(self):
        self._rule(30, posting="draft")
        order = self._order()
        deposit = self._deposit(order)
        deposit.payment_ids.unlink()
        deposit.sudo().posting = "posted"
        date = fields.Date.subtract(fields.Date.today(), days=2)
        action = deposit.with_user(self.cashier).action_pay()
        wizard = self.env[action["res_model"]].with_user(self.cashier)
        wizard = wizard.browse(action["res_id"])
        wizard.date = date
        wizard.action_confirm()
        self.assertEqual((deposit.payment_ids.date, deposit.date_paid), (date, date))

    def test_the_wizard_tells_nothing_of_orders_that_one_may_not_change(self):
        self._rule(30)
        order = self._order()
        other = self.setup_other_company()["company"]
        stranger = new_test_user(
            self.env,
            "deposit.stranger",
            groups="purchase.group_purchase_user",
            company_id=other.id,
        )
        # as the web client does with a form that is not saved
        wizard = self.env["deposit.cancellation"].with_user(stranger)
        wizard = wizard.new({"order_ids": [Command.set(order.ids)]})
        self.assertFalse(wizard.deposit_ids)
        self.assertFalse(wizard.overview)

    def test_deposit_is_no_more_than_what_is_still_to_be_billed(self):
        self._rule(90, posting="draft")
        order = self._order()
        deposit = self._deposit(order)
        self._bill(order, quantity=4)
        self.assertEqual((deposit.amount, deposit.payment_ids.amount), (600, 600))

    def test_new_vendors_rule_decides_when_the_vendor_changes(self):
        other = self.vendor.copy({"name": "Another"})
        self._rule(30, posting="draft", domain=self._of(self.vendor))
        self._rule(20, 30, posting="draft", domain=self._of(other))
        order = self._order()
        deposit = self._deposit(order)
        order.sudo().partner_id = other
        self.assertEqual(deposit.state, "cancelled")
        new = order.deposit_ids - deposit
        self.assertEqual(new.mapped("amount"), [200, 300])
        self.assertEqual(new.partner_id, other)

    def test_order_that_is_approved_again_claims_and_tells(self):
        self._rule(30)
        order = self._order(user_id=self.buyer.id)
        deposit = self._deposit(order)
        order.sudo().write({"state": "to approve"})
        order.sudo().order_line.product_qty = 4
        order.sudo().write({"state": "purchase"})
        self.assertEqual(deposit.amount_over, 180)
        self.assertEqual(deposit.activity_ids.user_id, self.buyer)
        order.sudo().write({"state": "to approve"})
        order.sudo().partner_id = self.vendor.copy({"name": "Another"})
        order.sudo().write({"state": "purchase"})
        self._assert_amounts(deposit, "paid", awaited=300)

    def test_deposit_that_waits_for_approval_goes_with_the_order(self):
        step = {"name": "Director", "user_ids": [Command.set(self.cashier.ids)]}
        self.env["approval.rule"].sudo().create(
            {
                "name": "Deposits",
                "model_id": self.env["ir.model"]._get_id("supplier.deposit"),
                "company_id": self.company.id,
                "step_ids": [Command.create(step)],
            }
        )
        self._rule(30)
        order = self._order(user_id=self.buyer.id)
        deposit = self._deposit(order)
        self.assertEqual(deposit.state, "waiting")
        order.order_line.product_qty = 0
        self.assertEqual((deposit.state, deposit.amount), ("planned", 0))
        self.assertFalse(deposit.approval_holder_ids)
        order.order_line.product_qty = 10
        self.assertEqual((deposit.state, deposit.amount), ("waiting", 300))

    def _line(self):
        return {"product_id": self.product.id, "product_qty": 10, "price_unit": 100}
