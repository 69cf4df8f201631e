from odoo.exceptions import UserError
from odoo.tests import tagged

from .books import Books, Payable, Prepayment


class ForeignBankBooks(Books):
    """A bank account in euros, worth 0.50 each when the deposit is paid."""

    shared_setup = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        journal = cls.env["account.journal"].create(
            {
                "name": "Euro bank",
                "code": "EURB",
                "type": "bank",
                "currency_id": cls.euro.id,
            }
        )
        cls.home_bank = cls.bank
        cls.bank = journal
        cls.bank_account = journal.default_account_id
        for name in ("outbound", "inbound"):
            lines = journal[f"{name}_payment_method_line_ids"]
            lines.payment_account_id = cls.bank_account


class ForeignBankCases:
    """The bank's items are in the currency of the payment; Odoo converts them."""

    def test_order_in_the_currency_of_the_bank(self):
        self._begin(30, currency_id=self.euro.id)
        self._invoice()
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        self._assert_books(
            self._advance(300, 0, rate=0.5), self._billed(1000, 300, rate=0.5)
        )
        self._assert_settled(payable=-350, payable_currency=-700)


class AdvanceCases(ForeignBankCases):
    """Advance payments are made in the currency of the order."""

    def test_bank_in_another_currency_is_refused(self):
        self._rule(30, **self._get_way())
        order = self._order(confirm=False)
        with (
            self.assertRaisesRegex(UserError, "is kept in EUR"),
            self.env.cr.savepoint(),
        ):
            order.button_confirm()
        self.assertFalse(self.env["account.payment"].search([]))

    def test_bank_that_is_chosen_can_pay(self):
        self.bank.sequence = -1
        self._begin(30, rule={"journal_id": False})
        self.assertEqual(self.deposits.journal_id, self.home_bank)
        self._assert_amounts(self.deposits, "paid", paid=300, open=300)

    def test_refund_into_a_bank_in_another_currency_is_refused(self):
        self._begin(30, rule={"journal_id": self.home_bank.id})
        self.order.button_cancel()
        with (
            self.assertRaisesRegex(UserError, "is kept in EUR"),
            self.env.cr.savepoint(),
        ):
            self._refund(journal_id=self.bank.id)
        self._assert_amounts(self.deposits, "paid", refunded=0, open=300)


@tagged("post_install", "-at_install")
class TestPayableForeignBank(AdvanceCases, Payable, ForeignBankBooks):
    pass


@tagged("post_install", "-at_install")
class TestPrepaymentForeignBank(AdvanceCases, Prepayment, ForeignBankBooks):
    pass
