from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.supplier_deposit.tests.books import Books
from odoo.addons.supplier_deposit.tests.common import begun

from .books import DepositBill


@tagged("post_install", "-at_install")
class TestNetting(DepositBill, Books):
    """Deposit bills that are settled without the bank: netted with what the vendor
    owes, and refunds that are netted with what the vendor gets."""

    def _get_payable_lines(self, *moves):
        lines = self.env["account.move"].union(*moves).line_ids
        return lines.filtered(lambda line: line.account_id == self.payable)

    def _net(self, *moves):
        """Match the payable items of entries, as an accountant does."""
        self._get_payable_lines(*moves).reconcile()

    def _bonus(self, amount=300.0, move_type="in_refund"):
        """Post a credit note of the vendor that has nothing to do with the order."""
        line = {
            "name": "Bonus",
            "quantity": 1,
            "price_unit": amount,
            "account_id": self.expense.id,
            "tax_ids": [],
        }
        note = self.env["account.move"].create(
            {
                "move_type": move_type,
                "partner_id": self.vendor.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [Command.create(line)],
            }
        )
        note.action_post()
        return note

    @begun(30, pay=False)
    def test_bill_netted_with_a_credit_note_is_deducted(self):
        bonus = self._bonus()
        self._net(bonus, self.deposits.bill_id)
        self._assert_amounts(self.deposits, "paid", paid=300, open=300)
        self.assertEqual(self.deposits.date_paid, bonus.date)
        self.assertIn(bonus, self.deposits.move_ids)
        self.assertEqual(self._invoice().amount_total, 700)
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        self._assert_settled(payable=-700)

    @begun(30, pay=False)
    def test_bill_netted_in_part_and_paid_in_part(self):
        self._net(self._bonus(100), self.deposits.bill_id)
        self._assert_amounts(self.deposits, "due", paid=100)
        self._register_payment(self.deposits.bill_id)
        self._assert_amounts(self.deposits, "paid", paid=300)
        self.assertEqual(self._invoice().amount_total, 700)
        self._assert_settled(payable=-700)

    @begun(30, pay=False)
    def test_netting_that_is_undone_is_due_again(self):
        bonus = self._bonus()
        self._net(bonus, self.deposits.bill_id)
        self._get_payable_lines(bonus).remove_move_reconcile()
        self._assert_amounts(self.deposits, "due", paid=0, open=0)
        self.assertFalse(self.deposits.date_paid)

    @begun(30, pay=False)
    def test_bill_credited_before_it_is_paid_is_not_paid(self):
        self._credit_deposit()
        self._assert_amounts(self.deposits, "due", paid=0, refunded=0)
        self._assert_settled()

    def test_payment_that_the_bank_does_not_show_yet_is_paid(self):
        self._outstanding()
        self._begin(30)
        self._assert_amounts(self.deposits, "paid", paid=300)
        self.assertTrue(self.deposits.is_under_way)

    @begun(30)
    def test_refund_netted_with_a_bill_is_refunded(self):
        note = self._credit_deposit()
        self._assert_amounts(self.deposits, "paid", awaited=300)
        bill = self._invoice()
        self._net(note, bill)
        self._assert_amounts(self.deposits, "done", refunded=300, awaited=0)
        self.assertFalse(self.deposits.activity_ids)
        self.assertEqual(bill.amount_residual, 700)
        with self.assertRaisesRegex(UserError, "no refund is awaited"):
            self.deposits.claim_ids._receive(
                self.deposits, self.bank, fields.Date.today(), 300
            )
        self._assert_settled(payable=-700)

    @begun(30)
    def test_refund_netted_in_part_and_the_rest_received(self):
        note = self._credit_deposit()
        self._net(note, self._bonus(100, move_type="in_invoice"))
        self._assert_amounts(self.deposits, "paid", refunded=100, open=200)
        self._refund()
        self._assert_amounts(self.deposits, "done", refunded=300, open=0)
        self.assertEqual(self.deposits.bill_id.reversal_move_ids, note)
        self._assert_settled()
