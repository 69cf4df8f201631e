import os
import random

from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged
from odoo.tools import SQL

from .common import DepositCommon

#: Which random sequences are played; many with WIDE=1 in the environment.
SEEDS = range(600 if os.environ.get("WIDE") else 30)

#: What may happen: how often, and what is drawn for it. Steps find their own bill by a
#: number.
STEPS = {
    "bill": (6, (1, 3, 5, 10), (100, 100, 90, 33.33)),
    "credit": (2, range(9), (1, 2, 5), (None, 7)),
    "pay": (3, (0.3, 1)),
    "pay_bill": (1, range(9), (50, 1000)),
    "match": (2, range(9)),
    "unmatch": (2, range(9)),
    "reset": (2, range(9)),
    "repost": (2, range(9)),
    "cancel_bill": (1, range(9)),
    "cancel_payment": (1, range(9)),
    "write_off": (1, (10, 77.77)),
    "claim": (1, (20, 150)),
    "keep": (1,),
    "refund": (2, (15, 400)),
    "forfeit": (1, (15, 400)),
    "recount": (1, (4, 8, 12)),
    "cancel_order": (1,),
    "set_rate": (2, (0.25, 0.5, 0.55, 1.0)),
}


class Impossible(Exception):
    """There is nothing to take this step with."""


@tagged("post_install", "-at_install")
class TestBooksProperty(DepositCommon):
    """Whatever people do with a deposit, in whatever order: what it says is what other
    rules read from the journal items."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        cls.company.deposit_keeps_rate = True
        cls.cost = cls.expense.copy({"code": "811000", "name": "Other costs"})
        # only what is booked is of interest, and it is done many times
        cls.ways = [
            {"deduction": deduction, "account_id": account.id}
            for deduction in ("open", "proportion")
            for account in (cls.env["account.account"], cls.prepayment)
        ]

    def test_deposits_say_what_the_books_say(self):
        for seed in SEEDS:
            self._play(seed)

    # ------------------------------------------------------------
    # PLAY
    # ------------------------------------------------------------

    def _play(self, seed):
        """Play a sequence; what fails says its seed, for ``self._play(seed)``."""
        dice = random.Random(seed)
        names, weights = list(STEPS), [often for often, *_values in STEPS.values()]
        steps = [
            (name, *map(dice.choice, STEPS[name][1:]))
            for name in dice.choices(names, weights, k=dice.randint(5, 9))
        ]
        savepoint = self.env.cr.savepoint()
        try:
            self._begin(dice)
            for number, (name, *values) in enumerate(steps, start=1):
                done = self._try(getattr(self, f"_do_{name}"), values)
                self._check(f"seed {seed}: {steps[:number]}", done and name)
        finally:
            savepoint.close(rollback=True)
            self.env.invalidate_all()

    def _begin(self, dice):
        way = self.ways[dice.randrange(4)]
        self.is_prepayment = bool(way["account_id"])
        self._rule(dice.choice((30, 50)), posting="draft", **way)
        self.currency = dice.choice((self.euro, self.company.currency_id))
        self.order = self._order(currency_id=self.currency.id)
        self.deposit = self._deposit(self.order)
        self.account = self.deposit._get_account()
        self.bills = self.env["account.move"]
        if dice.random() < 0.7:
            self._do_pay(1)

    def _try(self, step, values):
        try:
            with self.env.cr.savepoint():
                step(*values)
                self.env.flush_all()
        except (Impossible, UserError):
            self.env.invalidate_all()
            return False
        return True

    def _pick(self, records, which):
        if not records:
            raise Impossible
        return records[which % len(records)]

    # ------------------------------------------------------------
    # STEPS
    # ------------------------------------------------------------

    def _do_bill(self, quantity, price):
        self.bills |= self._bill(self.order, quantity, price)

    def _do_credit(self, which, quantity, price):
        bills = self.bills.filtered(lambda move: move.move_type == "in_invoice")
        bill = self._pick(bills, which)
        note = bill._reverse_moves([{"invoice_date": bill.date}])
        line = note.invoice_line_ids.filtered("product_id")
        line.write({"quantity": quantity, **({"price_unit": price} if price else {})})
        note.action_post()
        self.bills |= note

    def _do_pay(self, part):
        payment = self._pick(self.deposit._get_drafts(), 0)
        payment.amount = self.currency.round(payment.amount * part)
        payment.action_post()

    def _do_pay_bill(self, which, amount):
        bill = self._pick(self.bills.filtered("amount_residual"), which)
        context = {"active_model": "account.move", "active_ids": bill.ids}
        wizard = self.env["account.payment.register"].with_context(**context)
        amount = min(amount, bill.amount_residual)
        values = {"journal_id": self.bank.id, "amount": amount}
        wizard.create(values)._create_payments()

    def _do_match(self, which):
        """Match with a bill by hand what is open of the payment."""
        item = self._pick(self.deposit.line_ids.filtered("amount_residual"), 0)
        owed = self.bills.line_ids.filtered(
            lambda line: line.account_id == item.account_id and line.amount_residual < 0
        )
        (item | self._pick(owed, which)).reconcile()

    def _do_unmatch(self, which):
        moves = self.bills | self.deposit.line_ids.move_id | self.deposit.allocation_ids
        matches = moves.line_ids.matched_debit_ids | moves.line_ids.matched_credit_ids
        self._pick(matches.sorted("id"), which).unlink()

    def _do_reset(self, which):
        self._pick(self.bills, which).button_draft()

    def _do_repost(self, which):
        self._pick(self.bills, which).action_post()

    def _do_cancel_bill(self, which):
        bill = self._pick(self.bills, which)
        bill.button_draft()
        bill.button_cancel()

    def _do_cancel_payment(self, which):
        self._pick(self.deposit.payment_ids, which).action_cancel()

    def _do_write_off(self, amount):
        entry = self.env["account.move"].create(
            {
                "line_ids": [
                    Command.create(
                        {
                            "account_id": account.id,
                            "partner_id": self.vendor.id,
                            "currency_id": self.currency.id,
                            "amount_currency": sign * amount,
                        }
                    )
                    for account, sign in ((self.cost, 1), (self.account, -1))
                ]
            }
        )
        entry.action_post()
        lines = entry.line_ids.filtered(lambda line: line.account_id == self.account)
        (lines | self.deposit.line_ids).filtered(lambda i: not i.reconciled).reconcile()

    def _do_claim(self, amount):
        self._claim_back(self.deposit, amount)

    def _do_keep(self):
        self.deposit.action_keep()

    def _do_refund(self, amount):
        amount = min(amount, self.deposit.amount_awaited)
        self.deposit.claim_ids._receive(
            self.deposit, self.bank, self.order.date_order.date(), amount
        )

    def _do_forfeit(self, amount):
        amount = min(amount, self.deposit.amount_awaited)
        self.deposit.claim_ids._forfeit(
            self.deposit, amount, self.order.date_order.date(), self.cost
        )

    def _do_recount(self, quantity):
        self.order.order_line.product_qty = quantity

    def _do_cancel_order(self):
        self.order.button_cancel()

    def _do_set_rate(self, rate):
        self._set_rate(self.euro, 1 / rate)

    # ------------------------------------------------------------
    # ORACLE
    # ------------------------------------------------------------

    def _ask(self, query, *values):
        self.env.cr.execute(SQL(query, *values))
        return self.env.cr.dictfetchall()

    def _check(self, played, step):
        self.env.flush_all()
        found = self._read()
        deposit = self.deposit
        ends = ("deducted", "refunded", "forfeited", "compensated")
        for name in ("paid", *ends):
            self.assertAlmostEqual(
                deposit[f"amount_{name}"], found[name], 2, f"{name}: {played}"
            )
        gone = sum(found[name] for name in ends)
        self.assertAlmostEqual(deposit.amount_open, found["paid"] - gone, 2, played)
        self.assertGreaterEqual(found["paid"] - gone, -0.001, played)
        self.assertLessEqual(found["paid"], deposit.amount + 0.001, played)
        self._check_accounts(found, played)
        self._check_bills(found, played, step)
        self._check_exchange(played)

    def _read(self):
        """Return what the books say by what stands on the other side of payments."""
        (payments,) = self._ask(
            """
            SELECT COALESCE(SUM(item.amount_currency), 0) AS paid,
                   ARRAY_AGG(item.id) AS ids
              FROM account_payment payment
              JOIN account_move_line item ON item.move_id = payment.move_id
             WHERE payment.deposit_id = %s AND payment.payment_type = 'outbound'
               AND item.account_id = %s AND item.parent_state = 'posted'
            """,
            self.deposit.id,
            self.account.id,
        )
        rows = self._ask(
            """
            SELECT CASE
                   WHEN move.move_type IN ('in_invoice', 'in_refund')
                     OR EXISTS (
                        SELECT FROM account_move_line other
                          JOIN account_partial_reconcile used
                            ON used.debit_move_id = other.id
                          JOIN account_move_line owed ON owed.id = used.credit_move_id
                          JOIN account_move bill ON bill.id = owed.move_id
                         WHERE other.move_id = move.id
                           AND bill.move_type = 'in_invoice')
                   THEN 'deducted'
                   WHEN EXISTS (SELECT FROM account_payment receipt
                                 WHERE receipt.move_id = move.id)
                   THEN 'refunded'
                   ELSE 'forfeited' END AS outcome,
                   SUM(match.debit_amount_currency) AS amount
              FROM account_partial_reconcile match
              JOIN account_move_line credit ON credit.id = match.credit_move_id
              JOIN account_move move ON move.id = credit.move_id
             WHERE match.debit_move_id = ANY(%s)
             GROUP BY 1
            """,
            payments["ids"] or [],
        )
        amounts = dict.fromkeys(("deducted", "refunded", "forfeited", "compensated"), 0)
        amounts.update({row["outcome"]: float(row["amount"]) for row in rows})
        return {**amounts, "paid": float(payments["paid"])}

    def _check_accounts(self, found, played):
        """What the documents come to is what stands on the vendor's accounts."""
        (documents,) = self._ask(
            """
            SELECT COALESCE(SUM(CASE move_type WHEN 'in_invoice' THEN -amount_total
                                               WHEN 'in_refund' THEN amount_total
                                END), 0) AS billed
              FROM account_move WHERE state = 'posted' AND id = ANY(%s)
            """,
            self.bills.ids,
        )
        (payments,) = self._ask(
            """
            SELECT COALESCE(SUM(signed) FILTER (WHERE deposit_id IS NULL), 0) AS beside,
                   COALESCE(SUM(signed) FILTER (WHERE deposit_id > 0), 0) AS own
              FROM (SELECT deposit_id, CASE WHEN payment_type = 'outbound' THEN amount
                                            ELSE -amount END AS signed
                      FROM account_payment
                     WHERE state IN ('in_process', 'paid') AND partner_id = %s) posted
            """,
            self.vendor.id,
        )
        (hand,) = self._ask(
            """
            SELECT COALESCE(SUM(item.amount_currency), 0) AS cost
              FROM account_move_line item
             WHERE item.account_id = %s AND item.parent_state = 'posted'
            """,
            self.cost.id,
        )
        own = float(payments["own"]) - float(hand["cost"])
        payable = float(documents["billed"]) + float(payments["beside"])
        payable += found["deducted"] if self.is_prepayment else own
        self._assert_stands(self.payable, payable, played)
        if self.is_prepayment:
            self._assert_stands(self.prepayment, own - found["deducted"], played)

    def _assert_stands(self, account, amount, played):
        (row,) = self._ask(
            """
            SELECT COALESCE(SUM(amount_currency), 0) AS balance,
                   COALESCE(SUM(amount_residual_currency), 0) AS residual
              FROM account_move_line
             WHERE account_id = %s AND parent_state = 'posted' AND partner_id = %s
               AND currency_id = %s
            """,
            account.id,
            self.vendor.id,
            self.currency.id,
        )
        text = f"{account.code}: {played}"
        self.assertAlmostEqual(float(row["balance"]), amount, 2, text)
        if all(bill.state == "posted" for bill in self.bills):
            # Odoo leaves drafts matched with credit notes and payments
            self.assertAlmostEqual(float(row["residual"]), amount, 2, text)

    def _check_bills(self, found, played, step):
        """Bills were given what the deposit says, and by a bill that is posted each
        takes what is open."""
        (row,) = self._ask(
            """
            SELECT COALESCE(SUM(match.credit_amount_currency), 0) AS taken
              FROM account_partial_reconcile match
              JOIN account_move_line owed ON owed.id = match.credit_move_id
              JOIN account_move bill ON bill.id = owed.move_id
              JOIN account_move_line gave ON gave.id = match.debit_move_id
              JOIN account_move entry ON entry.id = gave.move_id
              LEFT JOIN account_payment payment ON payment.move_id = entry.id
             WHERE bill.move_type = 'in_invoice' AND bill.id = ANY(%s)
               AND (payment.deposit_id = %s OR entry.deposit_allocation_id = %s)
            """,
            self.bills.ids,
            self.deposit.id,
            self.deposit.id,
        )
        self.assertAlmostEqual(float(row["taken"]), found["deducted"], 2, played)
        if step == "bill" and self.deposit.deduction == "open":
            free = self.deposit.amount_open - self.deposit.amount_awaited
            owed = sum(
                bill.amount_residual
                for bill in self.bills
                if bill.state == "posted" and bill.move_type == "in_invoice"
            )
            is_ended = self.order.state == "cancel"
            self.assertTrue(is_ended or min(free, owed) < 0.001, played)

    def _check_exchange(self, played):
        """What is deducted leaves no gain or loss."""
        (row,) = self._ask(
            """
            SELECT COALESCE(SUM(item.balance), 0) AS left
              FROM account_partial_reconcile match
              JOIN account_move_line owed ON owed.id = match.credit_move_id
              JOIN account_move bill ON bill.id = owed.move_id
              JOIN account_move_line gave ON gave.id = match.debit_move_id
              JOIN account_move entry ON entry.id = gave.move_id
              JOIN account_move booked ON booked.id = match.exchange_move_id
                OR booked.deposit_exchange_id = match.exchange_move_id
              JOIN account_move_line item ON item.move_id = booked.id
             WHERE bill.move_type = 'in_invoice' AND booked.state = 'posted'
               AND (gave.deposit_id = %s OR entry.deposit_allocation_id = %s)
               AND item.account_id IN %s
            """,
            self.deposit.id,
            self.deposit.id,
            (
                self.company.expense_currency_exchange_account_id.id,
                self.company.income_currency_exchange_account_id.id,
            ),
        )
        self.assertAlmostEqual(float(row["left"]), 0, 2, played)
