"""Buttons of deposits, their payments, bills and claims, and of approvals: random work
is told as it was done."""

from odoo import fields
from odoo.tests import tagged
from odoo.tools import SQL

from .money import MoneyCommon
from .random_work import NothingToDo, RandomWork


@tagged("post_install", "-at_install")
class TestRandomMoney(RandomWork, MoneyCommon):
    MODELS = (
        "purchase.order",
        "account.move",
        "account.payment",
        "supplier.deposit",
        "deposit.claim",
    )

    def test_random_work_is_told_as_the_documents_say(self):
        self._check_random_work()

    def _purchase(self, chance, *domain):
        return self._any(chance, "purchase.order", *domain)

    def _a_deposit(self, chance, *domain):
        return self._any(chance, "supplier.deposit", *domain)

    def _do_rule(self, chance):
        if chance.random() < 0.5:
            raise NothingToDo
        self.env["deposit.rule"].sudo().search(
            [("company_id", "=", self.company.id)]
        ).active = False
        self._rule(
            *chance.choice(((30,), (20, 30))),
            posting=chance.choice(("draft", "posted")),
            deduction=chance.choice(("proportion", "open")),
        )

    def _do_order(self, chance):
        self._order(quantity=chance.choice((5, 10, 20)), user=self.buyer)

    def _do_confirm(self, chance):
        purchase = self._purchase(chance, ("state", "in", ("draft", "sent")))
        purchase.with_user(self.buyer).button_confirm()

    def _do_approve(self, chance):
        model = chance.choice(("purchase.order", "supplier.deposit"))
        record = self._any(chance, model, ("approval_state", "=", "open"))
        record.with_user(self.approver).action_approve("Yes")

    def _do_reject(self, chance):
        purchase = self._purchase(chance, ("approval_state", "=", "open"))
        purchase.with_user(self.approver).action_reject("No")

    def _do_question(self, chance):
        purchase = self._purchase(chance, ("approval_state", "=", "open"))
        purchase.with_user(self.approver).action_ask_information("Why?")

    def _do_answer(self, chance):
        purchase = self._purchase(chance, ("approval_state", "=", "open"))
        purchase.with_user(self.buyer).action_answer("So")

    def _do_withdraw(self, chance):
        purchase = self._purchase(chance, ("approval_state", "=", "open"))
        purchase.with_user(self.buyer).action_withdraw()

    def _do_reduce(self, chance):
        self._purchase(chance).order_line[:1].product_qty = chance.choice((3, 12))

    def _do_cancel(self, chance):
        self._purchase(chance).button_cancel()

    def _do_bill(self, chance):
        self._bill(
            self._purchase(chance, ("state", "=", "purchase")),
            quantity=chance.choice((None, 2)),
            post=chance.choice((True, False)),
        )

    def _do_credit(self, chance):
        bill = self._any(chance, "account.move", ("move_type", "=", "in_invoice"))
        if bill.state == "posted":
            self._credit(bill, 1)

    def _do_pay(self, chance):
        payment = self._any(chance, "account.payment", ("state", "=", "draft"))
        payment.action_post()

    def _do_statement(self, chance):
        payment = self._any(chance, "account.payment", ("state", "=", "in_process"))
        self._statement(payment)

    def _do_take_back(self, chance):
        payment = self._any(chance, "account.payment")
        if payment.state == "draft":
            payment.action_cancel()
        else:
            payment.action_draft()

    def _do_due(self, chance):
        deposit = self._a_deposit(chance, ("state", "=", "planned"))
        deposit.sudo().date_due = "2026-01-01"
        with self.enter_registry_test_mode():
            self.env.ref("supplier_deposit.ir_cron_due").method_direct_trigger()

    def _do_claim(self, chance):
        deposit = self._a_deposit(chance, ("state", "=", "paid"))
        self._claim_back(deposit, chance.choice((None, 10)))

    def _do_keep(self, chance):
        deposit = self._a_deposit(chance, ("claim_ids", "!=", False))
        deposit.with_user(self.buyer).action_keep()

    def _do_refund(self, chance):
        deposit = self._a_deposit(chance, ("claim_ids", "!=", False))
        deposit.claim_ids._receive(deposit, self.bank, fields.Date.today(), 10)

    def _do_customer_payment(self, chance):
        self.env["account.payment"].create(
            {
                "payment_type": "inbound",
                "partner_type": "customer",
                "partner_id": self.partner_b.id,
                "amount": 10,
                "journal_id": self.bank.id,
            }
        )

    def _do_sql_cancel(self, chance):
        move = self._any(chance, "account.move")
        self.env.flush_all()
        self.env.cr.execute(
            SQL("UPDATE account_move SET state = 'cancel' WHERE id = %s", move.id)
        )
        self.env.invalidate_all()
