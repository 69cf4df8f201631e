"""The books of a deposit, entry by entry, in each of the three ways to pay one.

A case says what happened and what the books must say then; ``advance``, ``billed``,
``credited``, ``refunded`` are the entries that make it so in a way.
"""

from .common import DepositCommon


class Books(DepositCommon):
    """Whoever inherits this also inherits one of the ways below."""

    # Odoo's loader leaves out what is inherited: all cases, for each way.
    allow_inherited_tests_method = True

    def _begin(self, *percents, pay=True, rule=None, **order):
        """Confirm an order of 1,000 whose deposits are paid."""
        self.rule = self._rule(*percents, **self._get_way(), **(rule or {}))
        self.order = self._order(**order)
        self.deposits = self.order.deposit_ids
        self.beside = self.env["account.move"]
        if pay:
            self._pay()

    def _pay(self):
        """Pay what is due, as the cashier."""
        due = self.deposits.filtered(
            lambda deposit: deposit.state == "due" and not deposit.is_under_way
        )
        if due:
            action = due.with_user(self.cashier).action_pay()
            wizard = self.env[action["res_model"]].with_user(self.cashier)
            wizard.browse(action["res_id"]).action_confirm()

    def _invoice(self, quantity=None, price=None, **values):
        """Bill a part of the order, or what is left."""
        return self._bill(self.order, quantity, price, **values)

    def _refund(self, amount=None, deposit=None, **values):
        """Register the vendor's money, as the cashier."""
        deposit = deposit or self.deposits
        action = deposit.with_user(self.cashier).action_register_refund()
        wizard = self.env[action["res_model"]].with_user(self.cashier)
        wizard = wizard.browse(action["res_id"])
        if amount:
            values["amount"] = amount
        wizard.write(values)
        wizard.action_confirm()

    def _register_payment(self, bill, **values):
        """Pay a part of a bill from the bank, beside its deposit."""
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=bill.ids
        )
        wizard = register.create({"journal_id": self.bank.id, **values})
        payment = wizard._create_payments()
        self.beside |= payment.move_id
        return payment

    # ------------------------------------------------------------
    # ENTRIES
    # ------------------------------------------------------------

    def _item(self, account, amount, left=0.0, rate=1.0):
        """Return an item of an entry, for :meth:`_expect`.

        :param float amount: debit, or credit when negative; in the order's currency
        :param float left: residual, likewise
        :param float rate: what one unit was worth in company currency
        """
        balance = self.company.currency_id.round(amount * rate)
        residual = self.company.currency_id.round(left * rate)
        debit, credit = max(balance, 0.0), max(-balance, 0.0)
        return account, debit, credit, residual, amount, left

    def _get_bank(self):
        """Return where posted payments are credited, and the left of what they are."""
        account = self.bank.outbound_payment_method_line_ids[:1].payment_account_id
        return account, account.account_type == "asset_cash"

    def _money(self, account, amount, left=0.0, rate=1.0, bank_left=None):
        """Return the entry of a payment to the vendor; from them when negative."""
        bank, is_cash = self._get_bank()
        if bank_left is None:
            bank_left = -amount if is_cash else 0.0
        return [
            self._item(bank, -amount, bank_left, rate),
            self._item(account, amount, left, rate),
        ]

    def _exchange(self, account, loss):
        """Return an exchange difference of an account: a loss, or a gain if less than
        zero."""
        company = self.company
        other = (
            company.expense_currency_exchange_account_id
            if loss > 0
            else company.income_currency_exchange_account_id
        )
        return [
            (account, max(-loss, 0), max(loss, 0), 0, 0, 0),
            (other, max(loss, 0), max(-loss, 0), 0, 0, 0),
        ]

    def _assert_books(self, *parts):
        """Assert that the posted entries with the vendor are these and no others, and
        that those of the deposit are listed on it.

        :param parts: lists of entries, each a list of items
        """
        moves = (
            self.env["account.move.line"]
            .search(
                [
                    ("partner_id", "=", self.vendor.commercial_partner_id.id),
                    ("parent_state", "=", "posted"),
                ]
            )
            .move_id
        )
        self.assertEqual(
            sorted(sorted(self._describe(move)) for move in moves),
            sorted(
                sorted(self._expect(self.order.currency_id, *item) for item in entry)
                for part in parts
                for entry in part
            ),
        )
        self.deposits.invalidate_recordset(["move_ids"])
        beside = self.beside | self.order.invoice_ids
        hidden = moves - self.deposits.move_ids - beside
        hidden = hidden.filtered(
            lambda move: (
                not move.statement_line_id
                # exchange differences of matches that were taken back
                and not move.reversal_move_ids
                and not move.reversed_entry_id
            )
        )
        self.assertFalse(hidden, "entries that the deposit does not show")


class Payable:
    """Advance payments on the vendor's payable account."""

    def _get_way(self):
        return {}

    def _get_account(self):
        """Return where the deposit is."""
        return self.payable

    def _get_deducting_account(self):
        """Return where it is matched when it is deducted."""
        return self.payable

    def _advance(self, paid, left, credited=0.0, rate=1.0, **money):
        """The deposit has been paid.

        :param float left: what is not deducted
        :param float credited: the part of it that credit notes gave back
        """
        return [self._money(self._get_account(), paid, left, rate, **money)]

    def _billed(
        self, total, *deducted, left=None, rate=1.0, deposit_rate=None, costs=None
    ):
        """A bill has been posted.

        :param deducted: of each deposit; an entry limits it to that
        :param float left: to pay, if not all the rest is
        :param costs: items in place of the expense
        :param float deposit_rate: of the deposit, if not that of the bill
        """
        left = total - sum(deducted) if left is None else left
        costs = costs or [self._item(self.expense, total, rate=rate)]
        return [[*costs, self._item(self.payable, -total, -left, rate)]] + [
            self._allocated(amount, deposit_rate or rate)
            for amount in deducted
            if amount
        ]

    def _allocated(self, amount, rate=1.0):
        return [
            self._item(self.payable, amount, rate=rate),
            self._item(self._get_account(), -amount, rate=rate),
        ]

    def _given_back(self, *amounts):
        """Deductions have been taken back."""
        return [
            self._allocated(sign * amount) for amount in amounts for sign in (1, -1)
        ]

    def _rebilled(self, before, now, left):
        """The bill of 1,000 deducts less than it did, after a credit note."""
        return self._billed(1000, now, left=left) + self._given_back(before)

    def _credited(self, total, back, left=0.0):
        """A credit note has been posted, and matched with its bill.

        :param float back: what it gives back to the deposit
        :param float left: of that, what no bill has deducted again
        """
        return [
            [self._item(self.expense, -total), self._item(self.payable, total)],
        ]

    def _refunded(self, amount, rate=1.0, **money):
        """The vendor's money has come."""
        return [self._money(self._get_account(), -amount, rate=rate, **money)]


class Prepayment(Payable):
    """Advance payments on a prepayment account; entries book them onto the vendor."""

    def _get_way(self):
        return {"account_id": self.prepayment.id}

    def _get_account(self):
        return self.prepayment
