from odoo.exceptions import UserError
from odoo.tests import tagged

from .books import Books, Payable, Prepayment
from .common import begun


class RefundCases:
    """What is left in the books when the order ends, or the vendor pays back."""

    def test_cancelled_before_payment(self):
        self._begin(30, pay=False, rule={"posting": "draft"})
        self._assert_amounts(self.deposits, "due", paid=0)
        self.order.button_cancel()
        self._assert_amounts(self.deposits, "cancelled", paid=0)
        self._assert_books()
        self.assertFalse(self.deposits.payment_ids)
        self._assert_settled()

    def test_cancelled_with_payment_under_way(self):
        self._outstanding()
        self._begin(30)
        self._assert_amounts(self.deposits, "paid", paid=300)
        self._assert_books(self._advance(300, 300, bank_left=-300))
        self.order.button_cancel()
        self._assert_amounts(self.deposits, "paid", open=300, awaited=300)
        self.deposits.payment_ids.action_cancel()
        self._assert_amounts(self.deposits, "cancelled", paid=0, awaited=0)
        self._assert_books()
        self._assert_settled()

    @begun(30)
    def test_cancelled_after_payment(self):
        self.order.button_cancel()
        self._assert_amounts(self.deposits, "paid", paid=300, open=300)
        self._assert_books(self._advance(300, 300))
        self._refund()
        self._assert_amounts(self.deposits, "done", refunded=300, open=0)
        self._assert_books(self._advance(300, 0), self._refunded(300))
        self._assert_settled()

    @begun(30)
    def test_order_with_bills_is_not_cancelled(self):
        self._invoice(4)
        with (
            self.assertRaisesRegex(UserError, "first cancel their related"),
            self.env.cr.savepoint(),
        ):
            self.order.button_cancel()
        self.assertEqual(self.order.state, "purchase")
        self._assert_amounts(self.deposits, "paid", deducted=120, open=180)
        self._assert_books(self._advance(300, 180), self._billed(400, 120))

    @begun(30)
    def test_rest_claimed_after_part_was_deducted(self):
        self._invoice(4)
        self._claim_back(self.deposits)
        self._assert_amounts(self.deposits, "paid", deducted=120, open=180)
        self._refund()
        self._invoice()
        self._assert_amounts(self.deposits, "done", deducted=120, refunded=180)
        self._assert_books(
            self._advance(300, 0),
            self._billed(400, 120),
            self._refunded(180),
            self._billed(600),
        )
        self._assert_settled(payable=-880)

    @begun(30)
    def test_cancelled_after_its_bill_was(self):
        self._invoice(4).button_cancel()
        self.order.button_cancel()
        self._assert_amounts(self.deposits, "paid", deducted=0, open=300)
        self._refund()
        self._assert_amounts(self.deposits, "done", refunded=300, open=0)
        self._assert_books(
            self._advance(300, 0), self._given_back(120), self._refunded(300)
        )
        self._assert_settled()

    @begun(30)
    def test_cancelled_while_its_bill_is_a_draft(self):
        self._invoice().button_draft()
        self.order.button_cancel()
        self._assert_amounts(self.deposits, "paid", deducted=0, open=300)
        self.assertTrue(self.deposits.activity_ids)
        self._assert_books(self._advance(300, 300), self._given_back(300))

    @begun(30)
    def test_refund_in_two_parts(self):
        self.order.button_cancel()
        self._refund(100)
        self._assert_amounts(self.deposits, "paid", refunded=100, open=200)
        self._assert_books(self._advance(300, 200), self._refunded(100))
        self._refund()
        self._assert_amounts(self.deposits, "done", refunded=300, open=0)
        self._assert_books(
            self._advance(300, 0), self._refunded(100), self._refunded(200)
        )
        self._assert_settled()

    def test_refund_on_its_way_until_the_statement(self):
        account = self._outstanding()
        self._begin(30)
        self._assert_statement(self.deposits.payment_ids)
        self._assert_amounts(self.deposits, "paid", paid=300, open=300)
        money = self._statement_entry(account, 300)
        self._assert_books(self._advance(300, 300), money)
        self.order.button_cancel()
        self._refund()
        self._assert_amounts(self.deposits, "done", refunded=300, open=0)
        self._assert_books(
            self._advance(300, 0), money, self._refunded(300, bank_left=300)
        )
        self._assert_statement(self._get_refund())
        self._assert_amounts(self.deposits, "done", refunded=300, open=0)
        self._assert_books(
            self._advance(300, 0),
            money,
            self._refunded(300),
            self._statement_entry(account, -300),
        )
        self._assert_settled()

    @begun(30)
    def test_refund_that_is_cancelled_is_awaited_again(self):
        self.order.button_cancel()
        self._refund()
        self._get_refund().action_cancel()
        self._assert_amounts(self.deposits, "paid", refunded=0, open=300)
        self._refund()
        self._assert_amounts(self.deposits, "done", refunded=300, open=0)
        self._assert_books(self._advance(300, 0), self._refunded(300))
        self._assert_settled()

    def _get_refund(self):
        return self.deposits.payment_ids.filtered(lambda p: p.payment_type == "inbound")

    def _assert_statement(self, payment):
        """Let the bank move the money of a payment."""
        line = self._statement(payment)
        self.assertEqual(payment.state, "paid")
        self.assertTrue(line.is_reconciled)

    def _statement_entry(self, account, amount):
        """Return the entry of a statement that settles what was on its way."""
        return [
            [
                self._item(self.bank_account, -amount, -amount),
                self._item(account, amount),
            ]
        ]


class StatementCases:
    """Advance payments: accountants also match the statement with them directly."""

    def test_refund_matched_from_the_statement(self):
        self._begin(30)
        self.order.button_cancel()
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "payment_ref": "Deposit comes back",
                "partner_id": self.vendor.id,
                "amount": 300,
            }
        )
        _liquidity, suspense, _other = line._seek_for_lines()
        suspense.account_id = self._get_account()
        (suspense | self.deposits.line_ids).reconcile()
        self._assert_amounts(self.deposits, "done", refunded=300, open=0)
        entry = self._statement_entry(self._get_account(), -300)
        self._assert_books(self._advance(300, 0), entry)
        self._assert_settled()


@tagged("post_install", "-at_install")
class TestPayableRefund(StatementCases, RefundCases, Payable, Books):
    pass


@tagged("post_install", "-at_install")
class TestPrepaymentRefund(StatementCases, RefundCases, Prepayment, Books):
    pass
