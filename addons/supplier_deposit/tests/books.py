"""The books of a deposit, entry by entry, in each of the ways to pay and deduct one.

A case says what happened and what the books must say then; ``advance``, ``billed``,
``credited``, ``refunded`` are the entries that make it so in a way.
"""

from odoo import Command, fields

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

    def _get_exchange_account(self, loss):
        company = self.company
        if loss > 0:
            return company.expense_currency_exchange_account_id
        return company.income_currency_exchange_account_id

    def _exchange(self, account, loss):
        """Return an exchange difference of an account: a loss, or a gain if less than
        zero."""
        other = self._get_exchange_account(loss)
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


class CaseBooks(Books):
    """Entries of more than one currency; entries that accountants make by hand."""

    def _expect(
        self,
        currency,
        account,
        debit,
        credit,
        residual,
        amount=None,
        left=None,
        own=None,
    ):
        """:param own: currency of the item, if it is not that of the order"""
        return super()._expect(
            own or currency, account, debit, credit, residual, amount, left
        )

    @property
    def is_open(self):
        return self.deposits[:1].deduction == "open"

    def _home(self, account, amount, left=0.0):
        """Return an item in company currency."""
        currency = self.company.currency_id
        return (*self._item(account, amount, left), currency)

    def _enter(self, *items, post=True):
        """Post an entry with the vendor.

        :param items: ``(account, amount)``: debit, or credit when negative
        """
        entry = self.env["account.move"].create(
            {
                "line_ids": [
                    Command.create(
                        {
                            "partner_id": self.vendor.id,
                            "account_id": account.id,
                            "balance": amount,
                        }
                    )
                    for account, amount in items
                ]
            }
        )
        entry.action_post()
        self.beside |= entry
        return entry

    def _match(self, *moves, account=None):
        """Match what is open of moves on an account, as an accountant does."""
        lines = self.env["account.move"].union(*moves).line_ids
        account = account or self._get_account()
        lines.filtered(
            lambda line: line.account_id == account and not line.reconciled
        ).reconcile()

    def _bill_unlinked(self, quantity):
        """Post a bill that names no order."""
        line = {"product_id": self.product.id, "quantity": quantity, "price_unit": 100}
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.vendor.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [Command.create({**line, "tax_ids": []})],
            }
        )
        bill.action_post()
        self.beside |= bill
        return bill


class DollarBooks(CaseBooks):
    """A company in dong; orders in dollars, worth 23,000 when the deposit is paid."""

    shared_setup = True

    @classmethod
    @Books.setup_country("vn")
    def setUpClass(cls):
        super().setUpClass()
        cls.dollar = cls.setup_other_currency("USD", rates=[])
        cls._set_rate(cls.dollar, 1 / 23_000)

    def _begin_in_dollars(self, **values):
        self._begin(30, price=1000, currency_id=self.dollar.id, **values)

    def _at_cost(self, loss):
        """Return an exchange difference, and its way on to the cost."""
        other = self._get_exchange_account(loss)
        return [
            self._exchange(self._get_deducting_account(), loss),
            [self._home(self.expense, loss), self._home(other, -loss)],
        ]

    def _billed_at(self, rate, total, deducted=0.0):
        rates = {"rate": rate, "deposit_rate": 23_000}
        found = self._billed(total, deducted, **rates)
        return found + self._at_cost(deducted * (23_000 - rate)) if deducted else found

    def _assert_no_exchange(self):
        for name in ("expense", "income"):
            account = self.company[f"{name}_currency_exchange_account_id"]
            self.assertEqual(self._balance(account), 0)


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


class Open(Payable):
    """Each bill takes what is open, by plain matching with the payment."""

    def _get_way(self):
        return {"deduction": "open"}

    def _allocated(self, amount, rate=1.0):
        return None

    def _billed(self, total, *deducted, **values):
        return super()._billed(total, *deducted, **values)[:1]

    def _given_back(self, *amounts):
        return []


class OpenPrepayment(Prepayment):
    """Each bill takes what is open, with an entry over all of it."""

    def _get_way(self):
        return {**super()._get_way(), "deduction": "open"}
