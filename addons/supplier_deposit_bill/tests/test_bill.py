from odoo import fields
from odoo.exceptions import UserError, ValidationError
from odoo.fields import Domain
from odoo.tests import tagged

from odoo.addons.supplier_deposit.tests.common import DepositCommon


class BillCommon(DepositCommon):
    shared_setup = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._bill_rule(30)

    @classmethod
    def _bill_rule(cls, *percents, **values):
        way = {"method": "bill", "account_id": cls.prepayment.id}
        return cls._rule(*percents, **way, **values)

    def _pay(self, deposit, amount=None):
        if not amount:
            return deposit._as_system()._post_payments(fields.Date.today())
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=deposit.bill_id.ids
        )
        wizard = register.create({"journal_id": self.bank.id, "amount": amount})
        return wizard._create_payments()


@tagged("post_install", "-at_install")
class TestBill(BillCommon):
    """Deposits by bill: debit prepayments, and final bills take them back."""

    def test_rule_needs_a_prepayment_account(self):
        with self.assertRaisesRegex(ValidationError, "needs a prepayment account"):
            self.rule.account_id = False

    def test_confirming_makes_the_bill_of_the_deposit(self):
        order = self._order(user=self.buyer)
        deposit = self._deposit(order)
        self._assert_amounts(deposit, "due", paid=0, open=0, unpaid=300)
        self._assert_entry(
            deposit.bill_id,
            (self.prepayment, 300, 0, 300),
            (self.payable, 0, 300, -300),
        )
        self.assertTrue(deposit.order_line_id.is_downpayment)
        self._pay(deposit)
        self._assert_amounts(deposit, "paid", paid=300, open=300, unpaid=0)
        with self.assertRaisesRegex(UserError, "paid already"):
            self._pay(deposit)

    def test_payment_without_an_entry_counts_when_the_bank_shows_it(self):
        self._pay_without_entries()
        order = self._order()
        deposit = self._deposit(order)
        payment = self._pay(deposit, 300)
        self.assertFalse(payment.move_id)
        self._assert_amounts(deposit, "due", paid=0, unpaid=0)
        self.assertTrue(deposit.is_under_way)
        self.assertEqual(deposit.held_by, "Bank")
        bill = self._bill(order, 5)
        self.assertEqual(bill.amount_total, 500)
        self._show_on_statement(payment, deposit.bill_id)
        self._assert_amounts(deposit, "paid", paid=300, deducted=150)
        self.assertEqual(bill.amount_residual, 350)

    def test_payment_without_an_entry_is_claimed_when_the_order_ended(self):
        self._pay_without_entries()
        order = self._order()
        deposit = self._deposit(order)
        payment = self._pay(deposit, 300)
        order.button_cancel()
        self.assertEqual(deposit.bill_id.state, "posted")
        self._show_on_statement(payment, deposit.bill_id)
        self._assert_amounts(deposit, "paid", paid=300, awaited=300)

    def test_cashier_is_not_asked_for_what_the_bank_is_paying(self):
        self._pay_without_entries()
        self._pay(self._deposit(self._order()), 300)
        due = self._deposit(self._order())
        action = due.browse().with_user(self.cashier).action_pay_batch()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertEqual(wizard.deposit_ids, due)

    def _pay_without_entries(self):
        """Let payments wait for the statement, as other editions of Odoo do."""
        self.bank.outbound_payment_method_line_ids.payment_account_id = False
        moves = type(self.env["account.move"])
        self.patch(moves, "_get_invoice_in_payment_state", lambda self: "in_payment")

    def _show_on_statement(self, payment, bill):
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": payment.journal_id.id,
                "date": payment.date,
                "payment_ref": bill.name,
                "partner_id": self.vendor.id,
                "amount": -payment.amount,
            }
        )
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.account_id = self.payable
        owed = bill.line_ids.filtered(lambda item: item.account_id == self.payable)
        (suspense | owed).reconcile()

    def test_payment_by_hand_beside_the_bill_is_deducted_too(self):
        self.rule.deduction = "open"
        order = self._order()
        self._pay(self._deposit(order))
        invoiced = order.deposit_ids
        system = order.sudo().with_company(self.company)
        values = {"date_due": fields.Date.today(), "own_title": "More"}
        by_hand = invoiced._begin_by_hand(system, 150, journal=self.bank, **values)
        by_hand._post_payments(fields.Date.today())
        bill = self._bill(order, 5)
        self._assert_amounts(invoiced, "done", deducted=300)
        self._assert_amounts(by_hand, "done", deducted=150)
        self.assertEqual((bill.amount_total, bill.amount_residual), (200, 50))

    def test_lines_of_a_draft_stay_where_nothing_has_changed(self):
        order = self._order()
        self._pay(self._deposit(order))
        bill = self._bill(order, 5, post=False)
        bill.sudo()._deposit_prepare_lines()
        lines = bill.invoice_line_ids
        bill.action_post()
        self.assertEqual((bill.invoice_line_ids, bill.amount_total), (lines, 350))

    def test_product_on_a_line_of_a_draft_does_not_stay(self):
        order = self._order()
        self._pay(self._deposit(order))
        bill = self._bill(order, post=False)
        line = bill.invoice_line_ids.filtered("deposit_id")
        line.write({"product_id": self.product.id, "price_unit": line.price_unit})
        bill.action_post()
        line = bill.invoice_line_ids.filtered("deposit_id")
        self.assertEqual((line.product_id.id, line.price_total), (False, -300))

    def test_posted_deposit_bill_costs_what_it_asks_for_and_no_more(self):
        self.rule.posting = "draft"
        deposit = self._deposit(self._order()).sudo()
        costs = deposit._get_unbooked_domain()
        self.assertEqual(deposit.filtered_domain(costs), deposit)
        self.assertTrue(deposit.search_count(costs & Domain("id", "=", deposit.id)))
        deposit.bill_id.invoice_date = fields.Date.today()
        deposit.bill_id.action_post()
        self.assertEqual(deposit.state, "due")
        self.assertFalse(deposit.filtered_domain(costs))
        self.assertFalse(deposit.search_count(costs & Domain("id", "=", deposit.id)))

    def test_unpaid_deposit_is_not_deducted(self):
        order = self._order()
        bill = self._bill(order, quantity=5)
        self.assertEqual(bill.amount_total, 500)
        self._assert_amounts(self._deposit(order), "due", paid=0, deducted=0)

    def test_deposit_leaves_nothing_to_bill(self):
        order = self._order()
        self._pay(self._deposit(order))
        self._bill(order)
        self.assertEqual(order.invoice_status, "invoiced")

    def test_first_bill_smaller_than_its_share_is_no_refund(self):
        order = self._order()
        deposit = self._deposit(order)
        self._pay(deposit)
        bill = self._bill(order, quantity=2)
        self.assertEqual((bill.move_type, bill.amount_total), ("in_invoice", 140))
        self._assert_amounts(deposit, "paid", deducted=60, open=240)

    def test_each_bill_takes_what_is_open(self):
        self.rule.deduction = "open"
        order = self._order()
        deposit = self._deposit(order)
        self._pay(deposit)
        first = self._bill(order, quantity=2)
        self.assertEqual(first.amount_total, 0)
        self._assert_amounts(deposit, "paid", deducted=200, open=100)
        last = self._bill(order)
        self.assertEqual(last.amount_total, 700)
        self._assert_amounts(deposit, "done", deducted=300, open=0)
        self._credit(last, 8)
        self._assert_amounts(deposit, "paid", deducted=200, open=100)

    def test_return_that_the_bill_has_room_for_gives_nothing_back(self):
        self.rule.deduction = "open"
        order = self._order()
        deposit = self._deposit(order)
        self._pay(deposit)
        bill = self._bill(order)
        note = self._credit(bill, 4)
        self.assertEqual((note.amount_total, bill.amount_residual), (400, 300))
        self._assert_amounts(deposit, "done", deducted=300, open=0)

    def test_credit_for_a_lower_price_gives_nothing_back(self):
        order = self._order()
        deposit = self._deposit(order)
        self._pay(deposit)
        bill = self._bill(order)
        dates = {"date": bill.date, "invoice_date": bill.invoice_date}
        note = bill._reverse_moves([dates])
        note.invoice_line_ids.filtered("product_id").price_unit = 10
        note.action_post()
        self._assert_amounts(deposit, "done", deducted=300, open=0)
        self.assertEqual(bill.amount_residual, 600)

    def test_draft_bill_follows_what_is_paid_when_it_is_posted(self):
        order = self._order()
        deposit = self._deposit(order)
        bill = self._bill(order, post=False)
        self.assertEqual(bill.amount_total, 1000)
        self._pay(deposit)
        bill.action_post()
        self.assertEqual((bill.amount_total, bill.deposit_deducted), (700, 300))
        self._assert_amounts(deposit, "done", deducted=300)

    def test_new_bill_shows_what_it_deducts(self):
        order = self._order()
        self._pay(self._deposit(order))
        self.assertEqual(self._bill(order, post=False).amount_total, 700)

    # ------------------------------------------------------------
    # EXPIRE
    # ------------------------------------------------------------

    def _late(self):
        """Return a deposit whose posted bill nobody paid in time."""
        self.rule.expiry_days = 10
        deposit = self._deposit(self._order(user_id=self.buyer.id)).sudo()
        self.assertEqual(deposit.bill_id.state, "posted")
        deposit.date_due = fields.Date.subtract(fields.Date.today(), days=11)
        return deposit

    def _cron_expire(self):
        with self.enter_registry_test_mode():
            self.env.ref("supplier_deposit.ir_cron_expire").method_direct_trigger()
        self.env.invalidate_all()

    def test_posted_bill_that_nobody_paid_expires(self):
        late = self._late()
        bill = late.bill_id
        self._cron_expire()
        self.assertEqual((late.state, bill.state), ("cancelled", "cancel"))
        self.assertEqual(late.activity_ids.user_id, self.buyer)

    def test_posted_bill_whose_payment_is_on_its_way_does_not_expire(self):
        self._outstanding()
        late = self._late()
        self._pay(late)
        self._cron_expire()
        self.assertEqual((late.state, late.bill_id.state), ("paid", "posted"))
        part = self._late()
        self._pay(part, 200)
        self._cron_expire()
        self.assertEqual(part.bill_id.state, "posted")
        self._assert_amounts(part, "due", paid=200, unpaid=100)

    def test_posted_bill_of_a_locked_period_stays_and_says_why(self):
        late = self._late()
        self.company.fiscalyear_lock_date = late.bill_id.date
        self._cron_expire()
        self.assertEqual((late.state, late.bill_id.state), ("due", "posted"))
        self.assertIn("locked", late.hold_reason)
        self.assertEqual(late.activity_ids.user_id, self.buyer)

    # ------------------------------------------------------------
    # FOLLOW
    # ------------------------------------------------------------

    def test_posted_deposit_bill_follows_the_order_until_it_is_paid(self):
        order = self._order()
        deposit = self._deposit(order)
        old = deposit.bill_id
        order.order_line[0].product_qty = 5
        self.assertEqual(old.state, "cancel")
        self.assertNotEqual(deposit.bill_id, old)
        self.assertEqual((deposit.state, deposit.bill_id.amount_total), ("due", 150))
        self._pay(deposit)
        self.assertEqual(self._bill(order).amount_total, 350)
        self.assertEqual(self._balance(self.prepayment), 0)

    def test_deposit_bill_that_was_cancelled_by_hand_is_made_again(self):
        order = self._order()
        deposit = self._deposit(order)
        deposit.bill_id.button_cancel()
        order.order_line[0].product_qty = 20
        self.assertEqual(deposit.bill_id.amount_total, 600)
        self._pay(deposit)
        self._assert_amounts(deposit, "paid", paid=600)

    def test_posted_deposit_bill_of_a_closed_period_stays(self):
        order = self._order()
        deposit = self._deposit(order)
        self.company.sudo().fiscalyear_lock_date = deposit.bill_id.date
        order.order_line[0].product_qty = 5
        self.assertEqual((deposit.amount, deposit.bill_id.state), (300, "posted"))

    def test_what_is_billed_before_the_deposit_is_paid_needs_no_deposit(self):
        self.rule.posting = "draft"
        order = self._order()
        deposit = self._deposit(order)
        bill = self._bill(order)
        self.assertEqual((deposit.state, deposit.amount), ("planned", 0))
        self.assertFalse(deposit.bill_id)
        bill.button_draft()
        self.assertEqual((deposit.state, deposit.amount), ("due", 300))
        bill.button_cancel()

    def test_posted_deposit_bill_goes_when_all_is_billed(self):
        order = self._order()
        deposit = self._deposit(order)
        own = deposit.bill_id
        bill = self._bill(order)
        self.assertEqual((deposit.state, own.state), ("planned", "cancel"))
        self.assertEqual(bill.amount_residual, 1000)
        self.assertEqual(self._balance(self.prepayment), 0)

    def test_new_vendor_gets_a_bill_of_its_own(self):
        order = self._order()
        deposit = self._deposit(order)
        bill = deposit.bill_id
        other = self.vendor.copy({"name": "Another"})
        order.sudo().partner_id = other
        self.assertEqual((deposit.state, bill.state), ("cancelled", "cancel"))
        new = order.deposit_ids - deposit
        self.assertEqual((new.state, new.bill_id.partner_id), ("due", other))

    # ------------------------------------------------------------
    # END
    # ------------------------------------------------------------

    def test_unpaid_deposit_bill_is_cancelled(self):
        order = self._order()
        deposit = self._deposit(order)
        bill = deposit.bill_id
        order.with_user(self.buyer).button_cancel()
        self.assertEqual(order.state, "cancel")
        self.assertEqual((deposit.state, bill.state), ("cancelled", "cancel"))

    def test_paid_deposit_bill_is_claimed_and_credited(self):
        order = self._order()
        deposit = self._deposit(order)
        self._pay(deposit)
        order.with_user(self.buyer).button_cancel()
        self.assertEqual((order.state, order.invoice_count), ("cancel", 1))
        self._assert_amounts(deposit, "paid", paid=300, open=300, awaited=300)
        deposit.claim_ids._receive(deposit, self.bank, fields.Date.today(), 300)
        self._assert_amounts(deposit, "done", refunded=300, open=0, awaited=0)
        self._assert_entry(
            deposit.bill_id.reversal_move_ids,
            (self.prepayment, 0, 300, 0),
            (self.payable, 300, 0, 0),
        )
        self._assert_settled()

    def test_vendor_pays_back_more_than_it_owes(self):
        order = self._order()
        deposit = self._deposit(order)
        self._pay(deposit)
        order.button_cancel()
        income = self.company_data["default_account_revenue"]
        today = fields.Date.today()
        deposit.claim_ids._receive(deposit, self.bank, today, 310, income)
        self._assert_amounts(deposit, "done", refunded=300, open=0)
        self.assertEqual(self._balance(income), -10)
        self._assert_settled()

    def test_order_confirmed_again_goes_on_with_its_deposit(self):
        order = self._order()
        deposit = self._deposit(order)
        self._pay(deposit)
        order.button_cancel()
        order.button_draft()
        order.button_confirm()
        self.assertEqual(order.deposit_ids, deposit)
        self.assertEqual(self._bill(order).amount_total, 700)

    def test_bill_of_a_cancelled_deposit_cannot_be_posted(self):
        order = self._order()
        bill = self._deposit(order).bill_id
        order.button_cancel()
        bill.button_draft()
        with self.assertRaisesRegex(UserError, "another bill now or none"):
            bill.action_post()

    # ------------------------------------------------------------
    # PAID IN PART
    # ------------------------------------------------------------

    def test_deposit_bill_that_is_paid_in_part_stays_open(self):
        order = self._order()
        deposit = self._deposit(order)
        self._pay(deposit, 200)
        self._assert_amounts(deposit, "due", paid=200, open=200, unpaid=100)
        self._bill(order, quantity=5)
        self._assert_amounts(deposit, "due", deducted=100, open=100)
        self._pay(deposit, 100)
        # what was paid since belongs to the bill, too
        self._assert_amounts(deposit, "paid", paid=300, deducted=150, open=150)
        self._bill(order)
        self._assert_amounts(deposit, "done", deducted=300, open=0)
        self._assert_settled(payable=-700)

    def test_rest_of_a_deposit_bill_is_credited_when_all_is_billed(self):
        order = self._order()
        deposit = self._deposit(order)
        self._pay(deposit, 100)
        bill = self._bill(order)
        self._assert_amounts(deposit, "done", paid=100, deducted=100, open=0)
        self.assertEqual(bill.amount_residual, 900)
        self.assertEqual(deposit.bill_id.amount_residual, 0)
        self._assert_settled(payable=-900)

    def test_payment_that_is_cancelled_after_everything_is_billed(self):
        order = self._order()
        deposit = self._deposit(order)
        self._pay(deposit)
        payment = deposit.bill_id.reconciled_payment_ids
        bill = self._bill(order)
        payment.action_draft()
        payment.action_cancel()
        # the vendor still gets 300 for its first bill and 700 for the other
        self._assert_amounts(deposit, "due", paid=0, unpaid=300)
        self.assertEqual(deposit.bill_id.amount_residual, 300)
        self.assertEqual(bill.amount_residual, 700)
        self.assertEqual(self._balance(self.prepayment), 0)

    def test_deposit_bill_that_was_deducted_is_not_reset(self):
        order = self._order()
        deposit = self._deposit(order)
        self._pay(deposit)
        bill = self._bill(order, quantity=4)
        with self.assertRaisesRegex(UserError, "deducted from other bills"):
            deposit.bill_id.button_draft()
        bill.button_draft()
        deposit.bill_id.button_draft()
        self.assertEqual(deposit.amount_paid, 0)


@tagged("post_install", "-at_install")
class TestOtherCurrency(BillCommon):
    """Deposits in euros, at two a dollar, and bills in another currency: what was
    advanced is worth what it was booked at."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        cls.order = cls._order(currency_id=cls.euro.id)
        cls.deposit = cls.order.deposit_ids

    def setUp(self):
        super().setUp()
        self._pay(self.deposit)
        self._set_rate(self.euro, 4.0)

    def _bill_in(self, currency, quantity, price):
        bill = self._bill(self.order, post=False)
        bill.currency_id = currency
        bill.invoice_line_ids.filtered("product_id").write(
            {"quantity": quantity, "price_unit": price}
        )
        bill.action_post()
        return bill

    def test_deposit_bill_is_taken_back_at_what_it_was_booked(self):
        first = self._bill_in(self.company.currency_id, 4, 25)
        self._assert_amounts(self.deposit, "paid", paid=300, deducted=120, open=180)
        self.assertEqual(first.amount_total, 100 - 60)
        last = self._bill_in(self.company.currency_id, 6, 25)
        self._assert_amounts(self.deposit, "done", deducted=300, open=0)
        self.assertEqual(last.amount_total, 150 - 90)
        self.assertEqual(self._balance(self.prepayment), 0)

    def test_deposit_bill_is_taken_back_in_a_third_currency(self):
        yen = self.setup_other_currency("JPY", rates=[("2020-01-01", 150.0)])
        bill = self._bill_in(yen, 10, 3750)
        self._assert_amounts(self.deposit, "done", deducted=300, open=0)
        self.assertEqual(bill.amount_total, 37500 - 150 * 150)
        self.assertEqual(self._balance(self.prepayment), 0)

    def test_credit_note_in_another_currency_gives_its_part_back(self):
        bill = self._bill_in(self.company.currency_id, 10, 25)
        self._credit(bill, 4)
        self._assert_amounts(self.deposit, "paid", deducted=180, open=120)
        self.assertEqual(self._balance(self.prepayment), 60)
