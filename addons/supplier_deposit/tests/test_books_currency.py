from odoo.tests import tagged

from .books import Books, Payable, Prepayment
from .common import begun


class CurrencyBooks(Books):
    """Orders in euros; one was worth 0.50 when the deposit was paid."""

    shared_setup = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.euro = cls.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])

    def _begin_in_euros(self, *percents, **order):
        self._begin(*percents, currency_id=self.euro.id, **order)

    def _lose(self, loss, account=None):
        return [self._exchange(account or self._get_deducting_account(), loss)]

    def _billed_at(self, rate, total, deducted=0.0, left=None):
        """Return a bill at its own rate, and the difference to the deposit's."""
        return self._billed(
            total, deducted, left=left, rate=rate, **self._get_rates()
        ) + self._lose(deducted * (0.5 - rate))

    def _get_rates(self):
        return {"deposit_rate": 0.5}


class CurrencyCases:
    """Exchange differences of just what is deducted or given back are booked."""

    @begun(30, by="_begin_in_euros")
    def test_euro_that_fell_before_the_bills(self):
        self._assert_books(self._advance(300, 300, rate=0.5))
        self._set_rate(self.euro, 4.0)
        self._invoice(4)
        self._assert_amounts(self.deposits, "paid", deducted=120, open=180)
        self._assert_books(
            self._advance(300, 180, rate=0.5), self._billed_at(0.25, 400, 120)
        )
        self._invoice()
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        self._assert_books(
            self._advance(300, 0, rate=0.5),
            self._billed_at(0.25, 400, 120),
            self._billed_at(0.25, 600, 180),
        )
        self._assert_settled(payable=-175, payable_currency=-700)

    @begun(30, by="_begin_in_euros")
    def test_euro_that_rose_before_the_bills(self):
        self._set_rate(self.euro, 1.0)
        self._invoice(4)
        self._set_rate(self.euro, 4.0)
        self._invoice()
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        self._assert_books(
            self._advance(300, 0, rate=0.5),
            self._billed_at(1.0, 400, 120),
            self._billed_at(0.25, 600, 180),
        )
        self._assert_settled(payable=-280 - 105, payable_currency=-700)

    @begun(30, by="_begin_in_euros")
    def test_euro_that_rose_before_the_refund(self):
        self.order.button_cancel()
        self._set_rate(self.euro, 1.0)
        self._refund(100)
        self._assert_amounts(self.deposits, "paid", refunded=100, open=200)
        gain = self._lose(-50, self._get_account())
        self._assert_books(
            self._advance(300, 200, rate=0.5), self._refunded(100, rate=1.0), gain
        )
        self._set_rate(self.euro, 4.0)
        self._refund()
        self._assert_amounts(self.deposits, "done", refunded=300, open=0)
        self._assert_books(
            self._advance(300, 0, rate=0.5),
            self._refunded(100, rate=1.0),
            gain,
            self._refunded(200, rate=0.25),
            self._lose(50, self._get_account()),
        )
        self._assert_settled()

    @begun(30, by="_begin_in_euros")
    def test_part_deducted_and_the_rest_refunded(self):
        self._set_rate(self.euro, 4.0)
        self._invoice(4)
        self._claim_back(self.deposits)
        self._set_rate(self.euro, 1.0)
        self._refund()
        self._assert_amounts(self.deposits, "done", deducted=120, refunded=180)
        self._assert_books(
            self._advance(300, 0, rate=0.5),
            self._billed_at(0.25, 400, 120),
            self._refunded(180, rate=1.0),
            self._lose(-90, self._get_account()),
        )
        self._assert_settled(payable=-70, payable_currency=-280)

    @begun(30, by="_begin_in_euros")
    def test_bill_that_is_cancelled_takes_its_difference_back(self):
        self._set_rate(self.euro, 4.0)
        self._invoice().button_cancel()
        self._assert_amounts(self.deposits, "paid", deducted=0, open=300)
        self._assert_books(
            self._advance(300, 300, rate=0.5),
            self._lose(75),
            self._lose_back(75),
            self._given_back_in_euros(300),
        )
        self._invoice()
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        self._assert_settled(payable=-175, payable_currency=-700)

    @begun(30, by="_begin_in_euros")
    def test_credit_note_gives_back_at_the_rate_of_its_bill(self):
        self._set_rate(self.euro, 4.0)
        self._credit(self._invoice(), 10)
        self._assert_amounts(self.deposits, "paid", deducted=0, open=300)
        self._invoice()
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        self._assert_settled(payable=-175, payable_currency=-700)
        exchange = self.company.expense_currency_exchange_account_id
        self.assertEqual(self._balance(exchange), 75)

    def test_no_cent_is_left_after_awkward_rates(self):
        self._set_rate(self.euro, 3.0)
        self._begin_in_euros(50, quantity=3, price=66.67)
        self.assertEqual(self.deposits.amount, 100.01)
        for rate in (7.0, 11.0, 0.7):
            self._set_rate(self.euro, rate)
            self._invoice(1)
        self._assert_amounts(self.deposits, "done", deducted=100.01, open=0)
        # 33.33, 33.34 and 33.33 euros are left to pay, each at its own rate
        self._assert_settled(payable=-4.76 - 3.03 - 47.61, payable_currency=-100)
        bank = self._totals(self.bank_account)
        self.assertEqual((bank["balance"], bank["amount_currency"]), (-33.34, -100.01))

    def _lose_back(self, loss):
        """Return the reversal of a loss: the same accounts, the other way round."""
        ((first, second),) = self._lose(loss)
        return [[self._swap(first), self._swap(second)]]

    def _swap(self, item):
        account, debit, credit, *rest = item
        return (account, credit, debit, *rest)

    def _given_back_in_euros(self, amount):
        return [self._allocated(sign * amount, 0.5) for sign in (1, -1)]


@tagged("post_install", "-at_install")
class TestPayableCurrency(CurrencyCases, Payable, CurrencyBooks):
    pass


@tagged("post_install", "-at_install")
class TestPrepaymentCurrency(CurrencyCases, Prepayment, CurrencyBooks):
    pass
