from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, new_test_user, tagged
from odoo.tools import mute_logger

from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestScreens(DepositCommon):
    """What screens say, beside the fields of the deposit itself."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.company_data_2 = cls.setup_other_company()

    def test_order_says_of_each_deposit_what_a_buyer_asks(self):
        rule = self._rule(30)
        rule.line_ids.name = "On order"
        order = self._order(user_id=self.buyer.id)
        self._bill(order, quantity=5)
        (row,) = order.with_user(self.buyer).deposit_progress
        self.assertEqual((row["name"], row["state"]), ("On order", "paid"))
        for key, text in (
            ("amount", "300"),
            ("paid", "300"),
            ("deducted", "150"),
            ("open", "150"),
            ("percent", "30"),
        ):
            self.assertIn(text, row[key], key)
        self.assertEqual((row["share_deducted"], row["share_open"]), (50, 50))
        self.assertFalse(row["refunded"])
        self.assertFalse(row["due"])

    def test_an_order_without_deposits_shows_nothing(self):
        order = self._order()
        self.assertFalse(order.deposit_progress)
        self._rule(30)
        order.invalidate_recordset()
        self.assertFalse(order.deposit_progress)

    def test_who_holds_a_deposit(self):
        self._outstanding()
        self._rule(30, posting="draft")
        order = self._order(user_id=self.buyer.id)
        deposit = self._deposit(order)
        self.assertEqual(deposit.held_by, "Cashier")
        deposit.payment_ids.action_post()
        vendor = "Vendor, until the bill"
        self.assertEqual((deposit.held_by, deposit.is_under_way), (vendor, True))
        self._statement(deposit.payment_ids)
        self.assertEqual((deposit.held_by, deposit.is_under_way), (vendor, False))
        order.button_cancel()
        self.assertEqual(deposit.held_by, self.buyer.name)

    def test_a_claim_in_part_is_the_buyers(self):
        self._rule(30)
        order = self._order(user_id=self.buyer.id)
        deposit = self._deposit(order)
        self._claim_back(deposit, 100)
        self.assertEqual(deposit.held_by, self.buyer.name)
        (row,) = order.deposit_progress
        self.assertIn("100.00", row["awaited"])
        self.assertIn("300.00", row["open"])

    def test_nothing_selected_proposes_all_that_can_be_paid(self):
        self._outstanding()
        self._rule(30, posting="draft")
        orders = self._order() | self._order() | self._order()
        sent, *waiting = orders.deposit_ids
        sent.payment_ids.action_post()
        cashier = self.env["supplier.deposit"].with_user(self.cashier)
        action = cashier.action_pay_batch()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.deposit_ids.ids, [deposit.id for deposit in waiting])
        self.assertIn("2 deposits", wizard.totals)
        self.assertIn("600.00", wizard.totals)

    def test_a_payment_on_its_way_is_not_proposed_again(self):
        self._outstanding()
        self._rule(30, posting="draft")
        deposit = self._deposit(self._order())
        deposit.payment_ids.action_post()
        mine = deposit.with_user(self.cashier)
        with self.assertRaisesRegex(UserError, "paid already"):
            mine.action_pay_batch()
        with self.assertRaisesRegex(UserError, "nothing to pay"):
            mine.browse().action_pay_batch()

    def test_a_buyer_does_not_open_the_cashiers_list(self):
        self._rule(30, posting="draft")
        deposit = self._deposit(self._order())
        for deposits in (deposit, deposit.browse()):
            with self.assertRaises(AccessError), mute_logger("odoo.addons.base"):
                deposits.with_user(self.buyer).action_pay_batch()

    def test_totals_are_by_bank_and_currency(self):
        cash = self.company_data["default_journal_cash"]
        other = self.setup_other_currency("EUR")
        self._rule(30, amount_min=5000, journal_id=cash.id, posting="draft")
        self._rule(30, posting="draft")
        deposits = (
            self._order(price=1000).deposit_ids
            | self._order().deposit_ids
            | self._order(currency_id=other.id).deposit_ids
        )
        wizard = self.env["deposit.payment"].create({"deposit_ids": deposits.ids})
        self.assertEqual(wizard.totals.count("<tr>"), 3)
        for text in (cash.name, self.bank.name, "3,000.00", "€"):
            self.assertIn(text, wizard.totals)

    def test_cancelling_says_what_stays_and_what_comes_back(self):
        self._rule(30)
        order = self._order()
        self._bill(order, quantity=4)
        wizard = self.env["deposit.cancellation"].create({"order_ids": order.ids})
        self.assertIn("180.00", wizard.overview)
        self.assertIn("120.00 have been deducted", wizard.overview)

    def test_cancelling_warns_of_a_payment_on_its_way(self):
        self._outstanding()
        self._rule(30)
        order = self._order()
        wizard = self.env["deposit.cancellation"].create({"order_ids": order.ids})
        self.assertIn("has not confirmed the payment yet", wizard.overview)

    def test_refund_says_what_is_still_missing(self):
        self._rule(30)
        order = self._order()
        order.button_cancel()
        deposit = self._deposit(order)
        action = deposit.with_user(self.cashier).action_register_refund()
        wizard = self.env["deposit.refund"].with_user(self.cashier)
        wizard = wizard.browse(action["res_id"])
        wizard.amount = 120
        self.assertEqual((wizard.amount_owed, wizard.amount_left), (300, 180))

    def test_wizards_tell_nothing_of_another_company(self):
        self._rule(30)
        order = self._order()
        order.button_cancel()
        deposit = self._deposit(order)
        stranger = new_test_user(
            self.env,
            "deposit.stranger",
            groups="account.group_account_invoice",
            company_id=self.company_data_2["company"].id,
            company_ids=self.company_data_2["company"].ids,
        )
        env = self.env(user=stranger, context={})
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base"):
            pay = env["deposit.payment"].create({"deposit_ids": deposit.ids})
            pay.read(["totals"])
        values = {
            "deposit_id": deposit.id,
            "amount": 1,
            "journal_id": self.company_data_2["default_journal_bank"].id,
        }
        with self.assertRaises(AccessError), mute_logger("odoo.addons.base"):
            refund = env["deposit.refund"].create(values)
            refund.read(["order_id", "amount_owed"])

    def test_states_are_grouped_in_the_order_of_life(self):
        self._rule(30)
        self._bill(self._order())
        self._order()
        self._rule(30, posting="draft", sequence=1)
        self._order().button_cancel()
        self._order()
        deposits = self.env["supplier.deposit"].with_context(read_group_expand=True)
        groups = deposits.formatted_read_group(
            [("company_id", "=", self.company.id)], ["state"], ["__count"]
        )
        found = [group["state"] for group in groups]
        self.assertEqual(found, ["due", "paid", "done", "cancelled"])


@tagged("post_install", "-at_install")
class TestBillScreen(DepositCommon):
    """A bill says which deposits it deducts, and which it does not."""

    def test_bill_says_what_an_advance_payment_took_off(self):
        self._rule(30)
        bill = self._bill(self._order(), quantity=5)
        self._assert_deducted(bill, 150)

    def test_bill_says_what_came_from_a_prepayment_account(self):
        self._rule(30, account_id=self.prepayment.id)
        bill = self._bill(self._order(), quantity=5)
        self._assert_deducted(bill, 150)

    def _assert_deducted(self, bill, amount):
        bill = bill.with_user(self.cashier)
        self.assertEqual(bill.deposit_deducted, amount)
        self.assertEqual(len(bill.related_deposit_ids), 1)
        self.assertFalse(bill.deposit_notice)
        action = bill.action_view_deposits()
        self.assertEqual(action["res_id"], bill.related_deposit_ids.id)

    def test_bill_says_what_is_not_deducted_because_nobody_paid(self):
        self._rule(30, posting="draft")
        order = self._order()
        bill = self._bill(order, quantity=5)
        self.assertEqual(bill.deposit_deducted, 0)
        self.assertIn(order.deposit_ids.name, bill.deposit_notice)
        self.assertIn("300.00", bill.deposit_notice)

    def test_bill_without_deposits_says_nothing(self):
        bill = self._bill(self._order())
        self.assertFalse(bill.related_deposit_ids)
        self.assertFalse(bill.deposit_notice)
        self._rule(30)
        bill.invalidate_recordset()
        self.assertFalse(bill.related_deposit_ids)


@tagged("post_install", "-at_install")
class TestRulePreview(DepositCommon):
    """A rule says what it would do with an order."""

    def test_amounts_of_an_example(self):
        rule = self._rule(30, 40)
        rule.example_amount = 2000
        for text in ("600.00", "800.00", "Left for the bills", "without the cashier"):
            self.assertIn(text, rule.preview)

    def test_it_follows_what_is_typed_and_is_not_stored(self):
        rule = self._rule(30)
        with Form(rule) as form:
            form.example_amount = 500
            self.assertIn("150.00", form.preview)
            with form.line_ids.edit(0) as line:
                line.percent = 50
            self.assertIn("250.00", form.preview)
        rule.invalidate_recordset()
        self.assertEqual(rule.example_amount, 10_000)

    def test_a_new_rule_without_deposits_can_be_looked_at(self):
        form = Form(self.env["deposit.rule"])
        self.assertIn("Add a deposit", form.preview)

    def test_fixed_amounts_never_exceed_the_order(self):
        rule = self._rule(60)
        line = {"name": "Fixed", "amount_type": "fixed", "amount": 900}
        rule.write({"line_ids": [Command.create(line)]})
        rule.example_amount = 1000
        self.assertIn("600.00", rule.preview)
        self.assertIn("400.00", rule.preview)
        self.assertNotIn("900.00", rule.preview)

    def test_an_order_below_the_rule_gets_nothing(self):
        rule = self._rule(30, amount_min=5000)
        self.assertEqual(rule.example_amount, 10_000)
        rule.example_amount = 100
        self.assertIn("does not apply", rule.preview)

    def test_names_are_escaped(self):
        rule = self._rule(30)
        rule.line_ids.name = "<script>alert(1)</script>"
        self.assertNotIn("<script>", rule.preview)
        order = self._order()
        wizard = self.env["deposit.cancellation"].create({"order_ids": order.ids})
        self.assertNotIn("<script>", wizard.overview)

    def test_tags_say_how_much(self):
        rule = self._rule(30)
        rule.line_ids.write({"name": "On order", "percent": 12.5})
        self.assertEqual(rule.line_ids.display_name, "On order: 12.50 %")
