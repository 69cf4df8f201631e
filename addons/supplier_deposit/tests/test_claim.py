from odoo.exceptions import AccessError, UserError
from odoo.tests import new_test_user, tagged

from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestClaim(DepositCommon):
    """Claiming back a part, while the rest is still deducted."""

    def _claim(self, deposit, amount=None):
        action = deposit.with_user(self.buyer).action_open_claim()
        wizard = self.env[action["res_model"]].with_user(self.buyer)
        wizard = wizard.browse(action["res_id"])
        offered = wizard.amount
        if amount is not None:
            wizard.amount = amount
        wizard.action_confirm()
        return offered

    def _reduced(self, **values):
        self._rule(30, **values)
        order = self._order(user_id=self.buyer.id)
        deposit = self._deposit(order)
        order.order_line[0].product_qty = 5
        return order, deposit

    def test_buyer_is_told_once_of_a_reduced_order(self):
        order, deposit = self._reduced()
        to_do = deposit.activity_ids
        self.assertEqual((to_do.user_id, deposit.amount_over), (self.buyer, 150))
        to_do.with_user(self.buyer).action_done()
        order.order_line.date_planned = "2040-01-01"
        self.assertFalse(deposit.activity_ids)
        order.order_line.product_qty = 4
        self.assertEqual(deposit.amount_over, 180)
        self.assertTrue(deposit.activity_ids)

    def test_what_is_too_much_is_claimed_and_the_rest_deducted(self):
        order, deposit = self._reduced()
        self.assertEqual(self._claim(deposit), 150)
        self._assert_amounts(deposit, "paid", awaited=150, over=0, open=300)
        bill = self._bill(order)
        self._assert_amounts(deposit, "paid", deducted=150, open=150, awaited=150)
        self.assertEqual(bill.amount_residual, 350)
        deposit.claim_ids._receive(deposit, self.bank, bill.date, 150)
        self._assert_amounts(deposit, "done", refunded=150, open=0, awaited=0)
        self.assertFalse(deposit.activity_ids)
        self.assertEqual(self._balance(self.payable), -350)

    def test_refund_of_a_part_closes_the_to_do_and_bills_go_on(self):
        order, deposit = self._reduced()
        self._claim(deposit, 100)
        self.assertTrue(deposit.activity_ids)
        with self.assertRaisesRegex(UserError, "owes"):
            deposit.claim_ids._receive(deposit, self.bank, deposit.date_paid, 101)
        deposit.claim_ids._receive(deposit, self.bank, deposit.date_paid, 100)
        self._assert_amounts(deposit, "paid", refunded=100, open=200, over=50)
        self.assertFalse(deposit.activity_ids)
        self._bill(order)
        self._assert_amounts(deposit, "done", deducted=200, open=0)

    def test_claim_of_a_part_is_taken_back(self):
        order, deposit = self._reduced()
        self._claim(deposit)
        deposit.with_user(self.buyer).action_keep()
        self._assert_amounts(deposit, "paid", awaited=0, over=150)
        self._bill(order)
        self._assert_amounts(deposit, "done", deducted=300)

    def test_whole_amount_is_a_claim_of_all(self):
        _order, deposit = self._reduced()
        self._claim(deposit, 300)
        self._assert_amounts(deposit, "paid", awaited=300)

    def test_more_than_is_open_or_nothing_is_refused(self):
        _order, deposit = self._reduced()
        for amount in (301, 0, -5):
            with self.assertRaisesRegex(UserError, "claim no more"):
                self._claim(deposit, amount)
        self._assert_amounts(deposit, "paid", awaited=0)

    def test_second_claim_adds_up(self):
        _order, deposit = self._reduced()
        self._claim(deposit, 100)
        self.assertEqual(self._claim(deposit, 20), 50)
        self._assert_amounts(deposit, "paid", awaited=120, over=30)
        with self.assertRaisesRegex(UserError, "180.00 are with the vendor"):
            self._claim(deposit, 181)
        self._claim(deposit, 180)
        self._assert_amounts(deposit, "paid", awaited=300)

    def test_second_claim_adds_up_after_a_refund(self):
        _order, deposit = self._reduced()
        self._claim(deposit, 100)
        deposit.claim_ids._receive(deposit, self.bank, deposit.date_paid, 60)
        self._claim(deposit, 20)
        self._assert_amounts(deposit, "paid", refunded=60, awaited=60)

    def test_wizard_offers_what_is_not_claimed_yet(self):
        self._rule(30)
        deposit = self._deposit(self._order(user_id=self.buyer.id))
        self._claim(deposit, 100)
        action = deposit.with_user(self.buyer).action_open_claim()
        wizard = self.env[action["res_model"]].with_user(self.buyer)
        wizard = wizard.browse(action["res_id"])
        amounts = (wizard.amount, wizard.amount_free, wizard.amount_awaited)
        self.assertEqual(amounts, (200, 200, 100))

    def test_nothing_is_left_to_claim(self):
        order, deposit = self._reduced()
        self._claim(deposit, 150)
        self._bill(order)
        self._assert_amounts(deposit, "paid", open=150, awaited=150)
        with self.assertRaisesRegex(UserError, "claimed back already"):
            self._claim(deposit)

    def test_cancelled_order_claims_what_is_left_of_it(self):
        order, deposit = self._reduced()
        self._claim(deposit, 100)
        order.button_cancel()
        self._assert_amounts(deposit, "paid", awaited=300)

    def test_wizard_of_a_strangers_deposit_tells_and_does_nothing(self):
        _order, deposit = self._reduced()
        other = self.setup_other_company()["company"]
        stranger = new_test_user(
            self.env,
            "deposit.claim.stranger",
            groups="purchase.group_purchase_user,account.group_account_invoice",
            company_id=other.id,
        )
        for model in ("deposit.claim.ask", "deposit.refund"):
            wizard = self.env[model].with_user(stranger)
            with self.assertRaises(AccessError):
                wizard = wizard.create(
                    {
                        "deposit_id": deposit.id,
                        "amount": 1,
                        **({"journal_id": self.bank.id} if "refund" in model else {}),
                    }
                )
                wizard.action_confirm()
        self._assert_amounts(deposit, "paid", awaited=0)
