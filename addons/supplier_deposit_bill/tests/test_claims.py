from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.supplier_deposit.tests.books import Books
from odoo.addons.supplier_deposit.tests.common import begun

from .books import DepositBill


@tagged("post_install", "-at_install")
class TestClaimsOfBills(DepositBill, Books):
    """Claims on deposit bills, credit notes of them and money that comes back are the
    same money, whatever comes first."""

    def _begin(self, *percents, **values):
        return super()._begin(*percents, user_id=self.buyer.id, **values)

    def _credit_deposit(self, price=None):
        """Enter the vendor's credit note of a part, as an accountant does."""
        values = {"price_unit": price} if price else {}
        return super()._credit_deposit(**values)

    def _claim(self, amount):
        self._claim_back(self.deposits, amount)

    def _keep(self):
        self.deposits.with_user(self.buyer).action_keep()

    @begun(30)
    def test_credit_note_of_what_is_deducted_is_refused(self):
        self._invoice(5)
        with self.assertRaisesRegex(UserError, "150.00 left"), self.env.cr.savepoint():
            self._credit_deposit(151)
        self._assert_amounts(self.deposits, "paid", deducted=150, open=150)
        self._credit_deposit(150)
        self._assert_amounts(self.deposits, "paid", open=150, awaited=150)

    @begun(30)
    def test_credit_note_of_the_deposit_by_hand_is_a_claim(self):
        self._credit_deposit()
        self._assert_amounts(self.deposits, "paid", paid=300, open=300, awaited=300)
        self.assertIn("Get", self.deposits.activity_ids.summary)
        self._invoice()
        self._refund()
        self._assert_amounts(self.deposits, "done", deducted=0, refunded=300)
        self.assertFalse(self.deposits.activity_ids)
        self._assert_books(
            self._advance(300, 0), self._billed(1000), self._refunded(300)
        )
        self._assert_settled(payable=-1000)

    @begun(30)
    def test_credited_claim_is_not_taken_back(self):
        self._credit_deposit(120)
        self._assert_amounts(self.deposits, "paid", awaited=120, open=300)
        self._keep()
        self._assert_amounts(self.deposits, "paid", awaited=120, open=300)
        self.assertTrue(self.deposits.activity_ids)
        self.assertEqual(self._invoice().amount_total, 820)
        self._assert_amounts(self.deposits, "paid", deducted=180, awaited=120)
        self._refund()
        self._assert_amounts(self.deposits, "done", deducted=180, refunded=120)
        self._assert_settled(payable=-820)

    @begun(30)
    def test_claim_is_taken_back_down_to_what_is_credited(self):
        self._credit_deposit(120)
        self._claim(80)
        self._assert_amounts(self.deposits, "paid", awaited=200)
        self._keep()
        self._assert_amounts(self.deposits, "paid", awaited=120)
        self.assertEqual(self._invoice().amount_total, 820)

    @begun(30)
    def test_claim_is_taken_back_when_the_credit_note_was(self):
        self._credit_deposit(120).button_cancel()
        self._keep()
        self._assert_amounts(self.deposits, "paid", awaited=0)
        self.assertEqual(self._invoice().amount_total, 700)
        self._assert_settled(payable=-700)

    @begun(30)
    def test_credit_note_of_what_is_claimed_claims_nothing_more(self):
        self._claim(120)
        self._credit_deposit(100)
        self._assert_amounts(self.deposits, "paid", awaited=120)
        self._credit_deposit(50)
        self._assert_amounts(self.deposits, "paid", awaited=150)

    # ------------------------------------------------------------
    # PAID IN PART
    # ------------------------------------------------------------

    @begun(30, pay=False)
    def test_cancelled_when_paid_in_part(self):
        self._register_payment(self.deposits.bill_id, amount=100)
        self.order.button_cancel()
        self._assert_amounts(self.deposits, "paid", paid=100, awaited=100)
        self.assertEqual(self.deposits.bill_id.amount_residual, 0)
        self._refund()
        self._assert_amounts(self.deposits, "done", paid=100, refunded=100)
        self._assert_settled()

    def test_cancelled_when_paid_in_part_in_another_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        self._begin(30, pay=False, currency_id=euro.id)
        self._register_payment(self.deposits.bill_id, amount=100, currency_id=euro.id)
        self._set_rate(euro, 4.0)
        self.order.button_cancel()
        self._assert_amounts(self.deposits, "paid", paid=100, awaited=100)
        self._refund()
        self._assert_amounts(self.deposits, "done", paid=100, refunded=100)
        self._assert_settled()

    @begun(30, pay=False)
    def test_claimed_when_paid_in_part_and_deducted(self):
        self._register_payment(self.deposits.bill_id, amount=100)
        self._invoice(4)
        self._assert_amounts(self.deposits, "due", deducted=40, open=60)
        self._claim_back(self.deposits)
        self._refund()
        self._assert_amounts(self.deposits, "done", deducted=40, refunded=60)
        self._assert_settled(payable=-360)

    @begun(30, pay=False)
    def test_part_of_what_is_paid_in_part_is_refunded_and_the_rest_stays_due(self):
        self._register_payment(self.deposits.bill_id, amount=100)
        self._claim(50)
        self._refund()
        self._assert_amounts(self.deposits, "due", paid=100, refunded=50, open=50)
        self.assertEqual(self.deposits.bill_id.amount_residual, 200)
        self._register_payment(self.deposits.bill_id)
        self.assertEqual(self._invoice().amount_total, 750)
        self._assert_amounts(self.deposits, "done", paid=300, deducted=250)
        self._assert_settled(payable=-750)

    @begun(30, pay=False)
    def test_credit_note_of_the_unpaid_rest_claims_nothing(self):
        self._register_payment(self.deposits.bill_id, amount=100)
        self._credit_deposit(200)
        self._assert_amounts(self.deposits, "paid", paid=100, open=100, awaited=0)
        self.assertEqual(self.deposits.bill_id.amount_residual, 0)
        self.assertEqual(self._invoice().amount_total, 900)
        self._assert_settled(payable=-900)


@tagged("post_install", "-at_install")
class TestSettledByHand(DepositBill, Books):
    """What the vendor keeps: matched with the line of the deposit bill."""

    def _keep_by_hand(self, amount=300):
        """Book a penalty on the prepayment, as an accountant does."""
        penalty = self.expense.copy({"code": "811000", "name": "Other costs"})
        common = {"partner_id": self.vendor.id}
        entry = self.env["account.move"].create(
            {
                "line_ids": [
                    Command.create(
                        {**common, "account_id": penalty.id, "debit": amount}
                    ),
                    Command.create(
                        {**common, "account_id": self.prepayment.id, "credit": amount}
                    ),
                ]
            }
        )
        entry.action_post()
        lines = entry.line_ids | self.deposits.bill_id.line_ids
        lines = lines.filtered(lambda line: line.account_id == self.prepayment)
        lines.reconcile()
        kept = [self._item(penalty, amount), self._item(self.prepayment, -amount)]
        return [kept]

    @begun(30)
    def test_penalty_that_an_accountant_books_is_forfeited(self):
        kept = self._keep_by_hand()
        self._assert_amounts(
            self.deposits, "done", paid=300, forfeited=300, open=0, awaited=0
        )
        self._invoice()
        self._assert_amounts(self.deposits, "done", deducted=0, open=0)
        self._assert_books(self._advance(300, 0), kept, self._billed(1000))
        self._assert_settled(payable=-1000)

    @begun(30)
    def test_part_of_a_penalty_leaves_the_rest_to_be_deducted(self):
        kept = self._keep_by_hand(100)
        self._invoice()
        self._assert_amounts(self.deposits, "done", deducted=200, forfeited=100)
        self._assert_books(self._advance(300, 0), kept, self._billed(1000, 200))
        self._assert_settled(payable=-800)

    @begun(30)
    def test_what_is_credited_beside_a_penalty_is_awaited_whole(self):
        self._keep_by_hand(100)
        self._credit_deposit(price_unit=200)
        self._assert_amounts(self.deposits, "paid", forfeited=100, awaited=200)
        self._refund()
        self._assert_amounts(self.deposits, "done", forfeited=100, refunded=200)
        self._assert_settled()

    @begun(30)
    def test_penalty_after_the_order_ended_leaves_nothing_to_refund(self):
        self.order.button_cancel()
        self._keep_by_hand()
        self._assert_amounts(self.deposits, "done", forfeited=300, awaited=0)
        with self.assertRaisesRegex(UserError, "no refund is awaited"):
            self.deposits.claim_ids._receive(
                self.deposits, self.bank, fields.Date.today(), 300
            )
        self._assert_settled()

    @begun(30)
    def test_what_the_vendor_keeps_is_booked_from_the_deposit(self):
        self.order.button_cancel()
        account = self.company_data["default_account_expense"]
        self._refund(100, rest="forfeited", account_id=account.id)
        self._assert_amounts(self.deposits, "done", refunded=100, forfeited=200)
        self._assert_settled()
