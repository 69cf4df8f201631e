from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged

from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestManual(DepositCommon):
    """Deposits of one order that no rule makes."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.manager = new_test_user(
            cls.env,
            "deposit.manager",
            groups="purchase.group_purchase_manager",
            company_id=cls.company.id,
        )

    def _ask(self, order, user=None, **values):
        """Fill in the dialog as a user does."""
        action = order.with_user(user or self.manager).action_add_deposit()
        wizard = self.env[action["res_model"]].with_user(user or self.manager)
        with Form(wizard.browse(action["res_id"])) as form:
            for name, value in values.items():
                form[name] = value
        return form.save().action_confirm()

    def test_percent_of_the_order(self):
        order = self._order()
        self._ask(order, percent=30)
        deposit = self._deposit(order)
        self.assertEqual((deposit.amount, deposit.state), (300, "due"))

    def test_amount_that_was_typed(self):
        order = self._order()
        self._ask(order, amount=250, title="As agreed by phone")
        deposit = self._deposit(order)
        self.assertEqual((deposit.amount, deposit.title), (250, "As agreed by phone"))

    def test_bill_deducts_it(self):
        order = self._order()
        self._ask(order, percent=30)
        deposit = self._deposit(order)
        deposit.with_user(self.cashier).sudo()._post_payments(fields.Date.today())
        bill = self._bill(order)
        self.assertEqual((deposit.state, bill.amount_residual), ("done", 700))

    def test_later_date_is_waited_for(self):
        order = self._order()
        self._ask(order, percent=30, date_due="2999-01-01")
        self.assertEqual(self._deposit(order).state, "planned")

    def test_more_than_the_order_is_refused(self):
        order = self._order()
        self._ask(order, percent=80)
        with self.assertRaisesRegex(UserError, "200"):
            self._ask(order, percent=30)

    def test_nothing_is_refused(self):
        with self.assertRaises(UserError):
            self._ask(self._order(), percent=0)

    def test_buyer_asks_a_manager(self):
        with self.assertRaises(AccessError):
            self._ask(self._order(), user=self.buyer, percent=30)

    def test_order_that_is_not_confirmed_has_none(self):
        with self.assertRaisesRegex(UserError, "not confirmed"):
            self._ask(self._order(confirm=False), percent=30)


@tagged("post_install", "-at_install")
class TestGiveUp(DepositCommon):
    """An order goes on without its deposit."""

    def test_draft_payment_goes_and_nothing_comes_back(self):
        self._rule(30, posting="draft")
        order = self._order()
        deposit = self._deposit(order)
        deposit.with_user(self.buyer).action_give_up()
        self.assertFalse(deposit.payment_ids)
        self.assertEqual(deposit.state, "cancelled")
        order.order_line.product_qty = 20
        self.assertEqual(order.deposit_ids.mapped("state"), ["cancelled"])

    def test_what_is_paid_is_claimed_back_instead(self):
        self._rule(30)
        with self.assertRaises(UserError):
            self._deposit(self._order()).with_user(self.buyer).action_give_up()

    def test_nobody_else_gives_up(self):
        self._rule(30, posting="draft")
        deposit = self._deposit(self._order())
        stranger = new_test_user(self.env, "deposit.nobody", groups="base.group_user")
        with self.assertRaises(AccessError):
            deposit.with_user(stranger).action_give_up()
