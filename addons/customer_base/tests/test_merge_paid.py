from odoo.exceptions import UserError
from odoo.tests import tagged

from .merging import MergeCommon


@tagged("post_install", "-at_install")
class TestMergePaid(MergeCommon):
    """What is matched in the books stays of one customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.journal = cls._open_books()
        cls.invoice = cls._invoice(cls.journal)
        cls.invoice.action_post()

    def _pay(self, invoice):
        register = self.env["account.payment.register"].with_context(
            active_model="account.move", active_ids=invoice.ids
        )
        return register.create({})._create_payments()

    def _get_matched(self, invoice):
        """Return whose the lines are that an invoice is matched with, and its own."""
        self.env.invalidate_all()
        lines = invoice.line_ids
        matched = lines.matched_credit_ids.credit_move_id
        return (lines | matched).partner_id

    def test_paid_since_it_is_not_undone(self):
        merge = self._merge()
        payment = self._pay(self.invoice)
        self.assertEqual(payment.partner_id, self.survivor)
        self.env.flush_all()
        before = self._sums()
        with self.assertRaises(UserError) as refused:
            merge._undo()
        self.assertEqual(self._sums(), before)
        for entry in (self.invoice, payment.move_id):
            self.assertIn(entry.name, str(refused.exception))
        self.invoice.line_ids.remove_move_reconcile()
        merge._undo()
        self.assertEqual(self._get_matched(self.invoice), self.source)

    def test_paid_before_it_is_undone(self):
        self._pay(self.invoice)
        merge = self._merge()
        self.assertEqual(self._get_matched(self.invoice), self.survivor)
        merge._undo()
        self.assertEqual(self._get_matched(self.invoice), self.source)

    def _give_back(self, customer):
        """Return a posted credit note of a customer, over as much as the invoice."""
        refund = self._invoice(self.journal, customer, move_type="out_refund")
        refund.action_post()
        return refund

    def _match(self, *entries):
        lines = self.invoice.line_ids.union(*(entry.line_ids for entry in entries))
        lines.filtered(
            lambda line: line.account_id.account_type == "asset_receivable"
        ).reconcile()

    def test_two_that_went_over_from_one_are_matched_since(self):
        """Both go back to the same customer."""
        refund = self._give_back(self.source)
        merge = self._merge()
        self._match(refund)
        merge._undo()
        self.assertEqual(self._get_matched(self.invoice), self.source)

    def test_what_two_customers_brought_is_matched_since(self):
        """An invoice of one, and a credit note of the other."""
        third = self._customer("Bach Mai Hospital", is_company=True)
        refund = self._give_back(third)
        merge = self._merge(self.source, third)
        self._match(refund)
        with self.assertRaisesRegex(UserError, "Matched since"):
            merge._undo()

    def test_paid_without_an_entry_it_is_not_undone(self):
        """As where Odoo's accounting is, and payments have no account of their own."""
        moves = self.registry["account.move"]
        self.patch(moves, "_get_invoice_in_payment_state", lambda moves: "in_payment")
        merge = self._merge()
        payment = self.env["account.payment"].create(
            {
                "partner_id": self.survivor.id,
                "payment_type": "inbound",
                "amount": 100,
                "invoice_ids": self.invoice.ids,
            }
        )
        payment.action_post()
        self.assertFalse(payment.move_id)
        with self.assertRaisesRegex(UserError, "Matched since"):
            merge._undo()
        payment.action_cancel()
        merge._undo()
        self.assertEqual(self._get_matched(self.invoice), self.source)

    def test_other_invoices_are_paid_since(self):
        other = self._invoice(self.journal, self.survivor)
        other.action_post()
        merge = self._merge()
        self._pay(other)
        merge._undo()
        self.assertEqual(self._get_matched(self.invoice), self.source)
        self.assertEqual(self._get_matched(other), self.survivor)

    def test_entries_of_other_companies_are_not_named(self):
        merge = self._merge()
        self._pay(self.invoice)
        other = self.env["res.company"].create({"name": "Other"})
        self.manager.company_ids += other
        self.manager.company_id = other
        self.manager.company_ids -= self.company
        with self.assertRaises(UserError) as refused:
            merge.with_context(allowed_company_ids=other.ids)._undo()
        self.assertNotIn(self.invoice.name, str(refused.exception))
        self.assertIn("where you do not work", str(refused.exception))
