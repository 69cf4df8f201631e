from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .books import Books, DepositBill


@tagged("post_install", "-at_install")
class TestClaimsOfBills(DepositBill, Books):
    """Claims on deposit bills, credit notes of them and money that comes back are the
    same money, whatever comes first."""

    def _begin(self, *percents, **values):
        return super()._begin(*percents, user_id=self.buyer.id, **values)

    def _credit_deposit(self, price):
        """Enter the vendor's credit note of a part, as an accountant does."""
        today = fields.Date.today()
        note = self.deposits.bill_id._reverse_moves([{"invoice_date": today}])
        line = Command.update(note.invoice_line_ids.id, {"price_unit": price})
        note.write({"invoice_line_ids": [line]})
        note.action_post()
        return note

    def test_credit_note_of_what_is_deducted_is_refused(self):
        self._begin(30)
        self._invoice(5)
        with self.assertRaisesRegex(UserError, "150.00 left"), self.env.cr.savepoint():
            self._credit_deposit(151)
        self._assert_amounts(self.deposits, "applied", applied=150, open=150)
        self._credit_deposit(150)
        self._assert_amounts(self.deposits, "refund_awaited", open=150, awaited=150)

    def _claim(self, amount):
        self.deposits._as_system()._claim_part(amount)

    def _keep(self):
        self.deposits.with_user(self.buyer).action_keep()

    def test_credited_claim_is_not_taken_back(self):
        self._begin(30)
        note = self._credit_deposit(120)
        self._assert_amounts(self.deposits, "paid", awaited=120, open=300)
        with self.assertRaisesRegex(UserError, f"has credited.*{note.name}"):
            self._keep()
        self.assertEqual(self._invoice().amount_total, 820)
        self._assert_amounts(self.deposits, "applied", applied=180, awaited=120)
        self._refund()
        self._assert_amounts(self.deposits, "refunded", applied=180, refunded=120)
        self._assert_settled(payable=-820)

    def test_claim_is_taken_back_down_to_what_is_credited(self):
        self._begin(30)
        self._credit_deposit(120)
        self._claim(80)
        self._assert_amounts(self.deposits, "paid", awaited=200)
        self._keep()
        self._assert_amounts(self.deposits, "paid", awaited=120)
        self.assertEqual(self._invoice().amount_total, 820)

    def test_claim_is_taken_back_when_the_credit_note_was(self):
        self._begin(30)
        self._credit_deposit(120).button_cancel()
        self._keep()
        self._assert_amounts(self.deposits, "paid", awaited=0)
        self.assertEqual(self._invoice().amount_total, 700)
        self._assert_settled(payable=-700)

    def test_claim_after_a_credit_note_is_on_top_of_it(self):
        self._begin(30)
        self._credit_deposit(120)
        self._claim(1)
        self._assert_amounts(self.deposits, "paid", awaited=121)
        self.assertEqual(self._invoice().amount_total, 821)
        self._refund()
        self._assert_amounts(self.deposits, "refunded", refunded=121)
        self._assert_settled(payable=-821)

    def test_credit_note_of_what_is_claimed_claims_nothing_more(self):
        self._begin(30)
        self._claim(120)
        self._credit_deposit(100)
        self._assert_amounts(self.deposits, "paid", awaited=120)
        self._credit_deposit(50)
        self._assert_amounts(self.deposits, "paid", awaited=150)

    def test_claim_while_a_refund_is_on_its_way_is_on_top_of_it(self):
        self._begin(30)
        self._claim(100)
        self._outstanding()
        self._refund()
        self._claim(1)
        self._assert_amounts(self.deposits, "paid", refunded=0, awaited=101)
        self.assertEqual(self._invoice().amount_total, 801)
        self._assert_amounts(self.deposits, "applied", applied=199)
        self.assertEqual(self._balance(self.prepayment), 1)

    def test_order_that_goes_on_keeps_what_is_credited_claimed(self):
        self._begin(30)
        self._credit_deposit(120)
        self.order.button_cancel()
        self.order.button_draft()
        self.order.button_confirm()
        self.assertEqual(self._invoice().amount_total, 820)
        self.assertEqual(self._balance(self.prepayment), 0)

    # ------------------------------------------------------------
    # PAID IN PART
    # ------------------------------------------------------------

    def test_cancelled_when_paid_in_part(self):
        self._begin(30, pay=False)
        self._register_payment(self.deposits.bill_id, amount=100)
        self.order.button_cancel()
        self._assert_amounts(self.deposits, "refund_awaited", paid=100, awaited=100)
        self.assertEqual(self.deposits.bill_id.amount_residual, 0)
        self._refund()
        self._assert_amounts(self.deposits, "refunded", paid=100, refunded=100)
        self.assertEqual(self.deposits.order_line_id.qty_invoiced, 0)
        self._assert_settled()

    def test_cancelled_when_half_is_paid(self):
        self._begin(30, pay=False)
        self._register_payment(self.deposits.bill_id, amount=150)
        self.order.button_cancel()
        self._refund()
        self._assert_amounts(self.deposits, "refunded", paid=150, refunded=150)
        self.assertEqual(self.deposits.order_line_id.qty_invoiced, 0)
        self._assert_settled()

    def test_cancelled_when_paid_in_part_in_another_currency(self):
        euro = self.setup_other_currency("EUR", rates=[("2020-01-01", 2.0)])
        self._begin(30, pay=False, currency_id=euro.id)
        self._register_payment(self.deposits.bill_id, amount=100, currency_id=euro.id)
        self._set_rate(euro, 4.0)
        self.order.button_cancel()
        self._assert_amounts(self.deposits, "refund_awaited", paid=100, awaited=100)
        self._refund()
        self._assert_amounts(self.deposits, "refunded", paid=100, refunded=100)
        self._assert_settled()

    def test_cancelled_when_paid_in_part_and_deducted(self):
        self._begin(30, pay=False)
        self._register_payment(self.deposits.bill_id, amount=100)
        self._invoice(4)
        self._assert_amounts(self.deposits, "applied", applied=40, open=60)
        self.deposits.with_user(self.buyer).action_claim()
        self._refund()
        self._assert_amounts(self.deposits, "refunded", applied=40, refunded=60)
        self._assert_settled(payable=-360)

    def test_part_of_what_is_paid_in_part_is_refunded_and_the_rest_stays_due(self):
        self._begin(30, pay=False)
        self._register_payment(self.deposits.bill_id, amount=100)
        self._claim(50)
        self._refund()
        self._assert_amounts(self.deposits, "paid", paid=100, refunded=50, open=50)
        self.assertEqual(self.deposits.bill_id.amount_residual, 200)
        self._register_payment(self.deposits.bill_id)
        self.assertEqual(self._invoice().amount_total, 750)
        self._assert_amounts(self.deposits, "refunded", paid=300, applied=250)
        self._assert_settled(payable=-750)

    def test_credit_note_of_the_unpaid_rest_claims_nothing(self):
        self._begin(30, pay=False)
        self._register_payment(self.deposits.bill_id, amount=100)
        self._credit_deposit(200)
        self._assert_amounts(self.deposits, "paid", paid=100, open=100, awaited=0)
        self.assertEqual(self.deposits.bill_id.amount_residual, 0)
        self.assertEqual(self._invoice().amount_total, 900)
        self._assert_settled(payable=-900)

    def test_cancelling_uses_an_open_credit_note_first(self):
        self._begin(30, pay=False)
        self._register_payment(self.deposits.bill_id, amount=100)
        self._claim(50)
        self._refund()
        self.deposits.refund_payment_ids.action_cancel()
        self.order.button_cancel()
        self._assert_amounts(self.deposits, "refund_awaited", awaited=100, open=100)
        self._refund()
        self._assert_amounts(self.deposits, "refunded", refunded=100)
        self._assert_settled()
