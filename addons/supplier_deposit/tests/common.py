from odoo import Command, fields

from odoo.addons.account.tests.common import AccountTestInvoicingCommon
from odoo.addons.approval_matrix.tests.users import new_user


def begun(*args, by="_begin", **values):
    """Let a test start when a method of its class has been called.

    The tests of a class that start alike share what it did in the database, and get the
    attributes that it set. Each of them finds it as if it had made the call itself.

    :param by: name of the method, which is called with the other arguments
    """

    def decorate(test):
        test.begun = (by, args, values)
        return test

    return decorate


class DepositCommon(AccountTestInvoicingCommon):
    """A company with a bank that pays when a payment is posted, and one that only does
    when the statement says so; a vendor; rules and orders of 1,000."""

    #: Making it takes long: see tools/inside/shared_setup.py.
    shared_setup = True

    @classmethod
    def get_default_groups(cls):
        groups = super().get_default_groups()
        return groups | cls.env.ref("purchase.group_purchase_manager")

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env = cls.env(context={**cls.env.context, "tracking_disable": True})
        data = cls.company_data
        cls.company = data["company"]
        cls.payable = data["default_account_payable"]
        cls.expense = data["default_account_expense"]
        cls.bank = data["default_journal_bank"]
        cls.bank_account = cls.bank.default_account_id
        cls.bank.outbound_payment_method_line_ids.payment_account_id = cls.bank_account
        cls.bank.inbound_payment_method_line_ids.payment_account_id = cls.bank_account
        cls.prepayment = cls.env["account.account"].create(
            {
                "name": "Deposits paid",
                "code": "142900",
                "account_type": "asset_prepayments",
                "reconcile": True,
            }
        )
        cls.vendor = cls.partner_a
        cls.vendor.property_account_payable_id = cls.payable
        cls.vendor.property_supplier_payment_term_id = False
        cls.product = cls.env["product.product"].create(
            {
                "name": "Hospital bed",
                "type": "service",
                "purchase_method": "purchase",
                "supplier_taxes_id": [Command.clear()],
                "property_account_expense_id": cls.expense.id,
            }
        )
        cls.buyer = new_user(
            cls.env,
            "deposit.buyer",
            groups="purchase.group_purchase_user",
            company_id=cls.company.id,
        )
        cls.cashier = new_user(
            cls.env,
            "deposit.cashier",
            groups="account.group_account_invoice",
            company_id=cls.company.id,
        )

    # ------------------------------------------------------------
    # WHAT TESTS START WITH
    # ------------------------------------------------------------

    #: The test that has made the call of :func:`begun` and is kept open for others.
    _keeper = None

    def setUp(self):
        self._set_up_begun(getattr(getattr(self, self._testMethodName), "begun", None))
        super().setUp()

    def _set_up_begun(self, call):
        cls = type(self)
        if cls._keeper and cls._keeper._begun_by != call:
            cls._tear_down_begun()
        if call and not cls._keeper:
            cls._keeper = cls(self._testMethodName)
            cls.addClassCleanup(cls._tear_down_begun)
            cls._keeper._hold_begun(call)
        if call:
            vars(self).update(cls._keeper._begun_values)

    def _hold_begun(self, call):
        """Be a test that makes a call, and does not end yet; return what it has."""
        self._begun_by = call
        try:
            super().setUp()
            known = set(vars(self))
            method, args, values = call
            getattr(self, method)(*args, **values)
        except BaseException:
            self._tear_down_begun()
            raise
        new = set(vars(self)) - known
        self._begun_values = {name: vars(self)[name] for name in new}
        return self._begun_values

    @classmethod
    def _tear_down_begun(cls):
        """End it as any test ends."""
        keeper, cls._keeper = cls._keeper, None
        while keeper and keeper._cleanups:
            function, args, values = keeper._cleanups.pop()
            function(*args, **values)

    # ------------------------------------------------------------
    # RULES, ORDERS, BILLS
    # ------------------------------------------------------------

    @classmethod
    def _rule(cls, *percents, **values):
        """Make a rule; each percentage is a deposit when the order is confirmed."""
        lines = [
            Command.create({"name": f"{percent} %", "percent": percent})
            for percent in percents
        ]
        return (
            cls.env["deposit.rule"]
            .sudo()
            .create(
                {
                    "name": "Deposits",
                    "company_id": cls.company.id,
                    "journal_id": cls.bank.id,
                    "posting": "posted",
                    "deduction": "proportion",
                    "line_ids": lines,
                    **values,
                }
            )
        )

    @classmethod
    def _of(cls, vendors):
        """Return the condition of a rule for these vendors."""
        return str([("partner_id", "in", vendors.ids)])

    @classmethod
    def _outstanding(cls):
        """Make the bank one whose payments are on their way until a statement."""
        account = cls.env["account.account"].create(
            {
                "name": "Outstanding payments",
                "code": "103999",
                "account_type": "asset_current",
                "reconcile": True,
            }
        )
        for lines in (
            cls.bank.outbound_payment_method_line_ids,
            cls.bank.inbound_payment_method_line_ids,
        ):
            lines.payment_account_id = account
        return account

    @classmethod
    def _set_rate(cls, currency, rate):
        """Set what one unit of company currency is worth today."""
        today = fields.Date.today()
        currency.rate_ids.filtered(lambda line: line.name == today).unlink()
        values = {"name": today, "rate": rate, "company_id": cls.company.id}
        currency.rate_ids = [Command.create(values)]

    @classmethod
    def _order(cls, quantity=10.0, price=100.0, confirm=True, user=None, **values):
        line = {
            "product_id": cls.product.id,
            "product_qty": quantity,
            "price_unit": price,
        }
        order = cls.env["purchase.order"].create(
            {
                "partner_id": cls.vendor.id,
                "order_line": [Command.create(line)],
                **values,
            }
        )
        if confirm:
            order.with_user(user or cls.env.user).button_confirm()
        return order

    @classmethod
    def _bill(cls, order, quantity=None, price=None, post=True, date=None):
        """Bill a part of an order, or what is left of it.

        :param float quantity: of the first line
        """
        known = order.invoice_ids
        order.action_create_invoice()
        order.invalidate_recordset(["invoice_ids"])
        bill = order.invoice_ids - known
        bill.invoice_date = date or fields.Date.today()
        line = bill.invoice_line_ids.filtered(
            lambda line: line.purchase_line_id == order.order_line[0]
        )
        values = {}
        if quantity is not None:
            values["quantity"] = quantity
        if price is not None:
            values["price_unit"] = price
        if values:
            bill.write({"invoice_line_ids": [Command.update(line.id, values)]})
        if post:
            bill.action_post()
        return bill

    @classmethod
    def _statement(cls, payment):
        """Let the bank say that it moved the money of a payment."""
        line = cls.env["account.bank.statement.line"].create(
            {
                "journal_id": payment.journal_id.id,
                "date": payment.date,
                "payment_ref": payment.name,
                "partner_id": payment.partner_id.id,
                "amount": payment.amount_signed,
            }
        )
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.account_id = payment.outstanding_account_id
        on_its_way, _counterpart, _write_off = payment._seek_for_lines()
        (suspense | on_its_way).reconcile()
        return line

    def _credit(self, bill, quantity):
        """Credit a part of a bill, or all of it."""
        dates = {"date": bill.date, "invoice_date": bill.invoice_date}
        note = bill._reverse_moves([dates])
        note.invoice_line_ids.filtered("product_id").quantity = quantity
        note.action_post()
        return note

    def _claim_back(self, deposit, amount=None):
        """Claim a part of a deposit back, or all that is with the vendor."""
        deposit = deposit._as_system()
        if amount is None:
            deposit.claim_ids._claim_all(deposit, "Not needed.")
        else:
            deposit.claim_ids._claim(deposit, amount, "Agreed.")

    def _deposit(self, order):
        return order.deposit_ids.ensure_one()

    def _assert_entry(self, move, *lines):
        """Assert everything about all items of a posted entry.

        :param lines: ``(account, debit, credit, residual)`` of each item; in another
            currency also ``(…, amount in currency, residual in currency)``. Partner and
            currency are those of the vendor and of the entry throughout.
        """
        self.assertEqual(move.state, "posted")
        self.assertCountEqual(
            self._describe(move),
            [self._expect(move.currency_id, *line) for line in lines],
        )

    def _describe(self, move):
        """Return all an accountant reads of the items of an entry."""
        return [
            (
                line.account_id.code,
                line.partner_id.name,
                line.currency_id.name,
                *(
                    round(line[name], 2) + 0.0
                    for name in (
                        "amount_currency",
                        "debit",
                        "credit",
                        "amount_residual",
                        "amount_residual_currency",
                    )
                ),
            )
            for line in move.line_ids.sorted()
            if line.display_type not in ("line_section", "line_note")
        ]

    def _expect(
        self, currency, account, debit, credit, residual, amount=None, left=None
    ):
        """Return what :meth:`_describe` should say of an item.

        :param currency: of the item
        :param float amount: in the currency; may be left out in company currency
        :param float left: residual in the currency; likewise
        """
        if currency == self.company.currency_id and amount is None:
            amount, left = debit - credit, residual
        self.assertIsNotNone(amount, "amounts in the entry's currency are missing")
        figures = (amount, debit, credit, residual, left)
        return (
            account.code,
            self.vendor.commercial_partner_id.name,
            currency.name,
            *(round(figure, 2) + 0.0 for figure in figures),
        )

    def _assert_amounts(self, deposit, state, **amounts):
        found = {name: deposit[f"amount_{name}"] for name in amounts}
        self.assertEqual({**amounts, "state": state}, {**found, "state": deposit.state})

    def _totals(self, account):
        """Return what an account says of the vendor over all posted entries: balance
        and residual, each in company currency and in the currency of the items."""
        names = (
            "balance",
            "amount_currency",
            "amount_residual",
            "amount_residual_currency",
        )
        (totals,) = self.env["account.move.line"]._read_group(
            [
                ("account_id", "=", account.id),
                ("parent_state", "=", "posted"),
                ("partner_id", "=", self.vendor.commercial_partner_id.id),
            ],
            [],
            [f"{name}:sum" for name in names],
        )
        return {
            name: round(total or 0.0, 2) + 0.0
            for name, total in zip(names, totals, strict=True)
        }

    def _balance(self, account):
        """Return the balance of an account with the vendor over all posted entries."""
        return self._totals(account)["balance"]

    def _assert_settled(self, payable=0.0, payable_currency=None):
        """Assert that nothing is left of the deposits in the books, to the last cent
        and in both currencies, and what the vendor still gets.

        :param float payable: balance of the payable account, in company currency
        :param float payable_currency: the same in the currency of the order
        """
        nothing = dict.fromkeys(self._totals(self.prepayment), 0.0)
        self.assertEqual(self._totals(self.prepayment), nothing)
        if payable_currency is None:
            payable_currency = payable
        self.assertEqual(
            self._totals(self.payable),
            {
                "balance": payable,
                "amount_currency": payable_currency,
                "amount_residual": payable,
                "amount_residual_currency": payable_currency,
            },
        )
        # no debit is left over there either, beside bills that are as much too open
        left = self.env["account.move.line"].search(
            [
                ("account_id", "in", (self.payable | self.prepayment).ids),
                ("partner_id", "=", self.vendor.commercial_partner_id.id),
                ("parent_state", "=", "posted"),
                "|",
                ("amount_residual", ">", 0),
                ("amount_residual_currency", ">", 0),
            ]
        )
        self.assertFalse(left, left.mapped("move_name"))
