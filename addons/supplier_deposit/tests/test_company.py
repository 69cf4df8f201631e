from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import DepositCommon


@tagged("post_install", "-at_install")
class TestCompany(DepositCommon):
    """Deposits belong to the company of their order, whichever is active."""

    def test_payment_lands_in_the_company_of_the_order(self):
        other = self.setup_other_company()["company"]
        self._rule(30)
        order = self._order(confirm=False)
        both = (other | self.company).ids
        order.with_context(allowed_company_ids=both).with_company(
            other
        ).button_confirm()
        deposit = self._deposit(order)
        self.assertEqual(deposit.payment_ids.company_id, self.company)
        self._assert_amounts(deposit, "paid", paid=300)

    def test_rule_of_the_company_reaches_its_branch(self):
        branch = self.env["res.company"].create(
            {"name": "Branch", "parent_id": self.company.id}
        )
        self.env.user.company_ids |= branch
        vendor = self.vendor.with_company(branch)
        product = self.product.with_company(branch)
        self._rule(30)
        env = self.env(
            context={
                **self.env.context,
                "allowed_company_ids": (branch | self.company).ids,
            }
        )
        line = {"product_id": self.product.id, "product_qty": 10, "price_unit": 100}
        order = (
            env["purchase.order"]
            .with_company(branch)
            .create(
                {
                    "partner_id": self.vendor.id,
                    "company_id": branch.id,
                    "order_line": [Command.create(line)],
                }
            )
        )
        order.button_confirm()
        deposit = self._deposit(order)
        self.assertEqual(deposit.company_id, branch)
        self.assertEqual(deposit.payment_ids.company_id, branch)
        self._assert_entry(
            deposit.payment_ids.move_id,
            (self.bank_account, 0, 300, -300),
            (self.payable, 300, 0, 300),
        )
        # Odoo's own bills of branches want these of the branch
        vendor.property_account_payable_id = self.payable
        product.property_account_expense_id = self.expense
        self._bill(order)
        self._assert_amounts(deposit, "done", deducted=300, open=0)

    def test_another_company_does_not_see_it(self):
        other = self.setup_other_company()["company"]
        self._rule(30)
        deposit = self._deposit(self._order())
        stranger = self.buyer.copy(
            {"login": "x", "company_id": other.id, "company_ids": other.ids}
        )
        with self.assertRaises(AccessError):
            deposit.with_user(stranger).with_context(
                allowed_company_ids=other.ids
            ).read(["amount"])


@tagged("post_install", "-at_install")
class TestOthers(DepositCommon):
    """Beside deposits everything stays as Odoo makes it."""

    def test_draft_request_gets_no_deposit_whoever_asks(self):
        rule = self._rule(30)
        order = self._order(confirm=False)
        values = {
            "name": "Forged",
            "order_id": order.id,
            "rule_id": rule.id,
            "milestone_id": rule.line_ids.id,
            "amount": 300,
        }
        for user in (self.buyer, self.cashier, self.env.user):
            with self.assertRaises(AccessError):
                self.env["supplier.deposit"].with_user(user).create(values)
        self.assertFalse(order.deposit_ids)

    def test_partial_payment_beside_the_deposit(self):
        self._rule(30)
        order = self._order()
        bill = self._bill(order)
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=bill.ids
        )
        values = {"journal_id": self.bank.id, "amount": 200}
        register.create(values)._create_payments()
        self.assertEqual(bill.amount_residual, 500)
        self._assert_amounts(self._deposit(order), "done", deducted=300)
        self.assertEqual(self._balance(self.payable), -500)

    def test_bill_paid_before_the_deposit_leaves_nothing_to_pay(self):
        self._rule(30, posting="draft")
        order = self._order()
        deposit = self._deposit(order)
        bill = self._bill(order)
        self._pay_bill(bill)
        self.assertEqual(bill.amount_residual, 0)
        self._assert_amounts(deposit, "planned", paid=0, unpaid=0)
        self.assertFalse(deposit.payment_ids)
        with self.assertRaisesRegex(UserError, "cannot be paid"):
            deposit._as_system()._post_payments(bill.date)

    def test_bill_paid_in_full_beside_the_deposit_leaves_it_open(self):
        self._rule(30)
        order = self._order(user_id=self.buyer.id)
        deposit = self._deposit(order)
        bill = self._bill(order)
        bill.line_ids.remove_move_reconcile()
        self._pay_bill(bill)
        self.assertEqual(bill.amount_residual, 0)
        self._assert_amounts(deposit, "paid", paid=300, deducted=0, open=300)

    def _pay_bill(self, bill):
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=bill.ids
        )
        register.create({"journal_id": self.bank.id})._create_payments()

    def test_accountant_who_matches_by_hand_is_seen(self):
        self._rule(30)
        order = self._order()
        deposit = self._deposit(order)
        bill = self.init_invoice("in_invoice", amounts=[100], post=True)
        lines = deposit.payment_ids.move_id.line_ids | bill.line_ids
        lines.filtered(lambda line: line.account_id == self.payable).reconcile()
        self._assert_amounts(deposit, "paid", deducted=100, open=200)
        bill.line_ids.remove_move_reconcile()
        self._assert_amounts(deposit, "paid", deducted=0, open=300)

    def test_installments_of_a_bill_are_deducted_in_their_order(self):
        term = self.pay_terms_b  # 30 % at once, the rest later
        self._rule(60)
        order = self._order(payment_term_id=term.id)
        bill = self._bill(order)
        self.assertEqual(bill.invoice_payment_term_id, term)
        payable = bill.line_ids.filtered("credit").sorted("date_maturity")
        self.assertEqual(payable.mapped("credit"), [300, 700])
        self.assertEqual(payable.mapped("amount_residual"), [0, -400])

    def test_deposit_in_currency_without_decimals_is_rounded(self):
        yen = self.setup_other_currency("JPY", rates=[("2020-01-01", 100.0)])
        yen.rounding = 1
        self._rule(33.33)
        order = self._order(currency_id=yen.id)
        self.assertEqual(self._deposit(order).amount, 333)

    def test_trigger_on_the_untaxed_amount(self):
        tax = self.env["account.tax"].create(
            {"name": "10 %", "amount": 10, "type_tax_use": "purchase"}
        )
        for base, amount in (("untaxed", 300), ("total", 330)):
            rule = self._rule(30, base=base)
            order = self._order(confirm=False)
            order.order_line.tax_ids = tax
            order.button_confirm()
            self.assertEqual(self._deposit(order).amount, amount)
            rule.active = False

    def test_forged_totals_do_not_raise_the_deposit(self):
        self._rule(30)
        order = self._order(confirm=False).with_user(self.buyer)
        order.write({"amount_total": 100_000, "amount_untaxed": 100_000})
        order.button_confirm()
        self.assertEqual(self._deposit(order.sudo()).amount, 300)

    def test_deleting_a_cancelled_order_takes_its_unpaid_deposits_along(self):
        self._rule(30, posting="draft")
        order = self._order()
        deposit = self._deposit(order)
        order.button_cancel()
        order.unlink()
        self.assertFalse(deposit.exists())
