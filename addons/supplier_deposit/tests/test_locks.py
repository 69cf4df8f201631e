from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .books import Books, Payable, Prepayment
from .common import begun


class Locks(Books):
    """Refusals say why, and leave everything as it was."""

    def _lock(self, days=0, field="fiscalyear_lock_date"):
        """Close the books up to so many days ago."""
        self.company[field] = self._get_day(days)

    def _get_day(self, days_ago):
        return fields.Date.subtract(fields.Date.today(), days=days_ago)

    def _assert_refused(self, message, act):
        before = self._look()
        with self.assertRaisesRegex(UserError, message), self.env.cr.savepoint():
            act()
        self.env.invalidate_all()
        self.assertEqual(self._look(), before)

    def _look(self):
        """Return all that could have been half done."""
        items = self.env["account.move.line"].search(
            [("partner_id", "=", self.vendor.id)]
        )
        deposits = self.env["supplier.deposit"].search([])
        names = ("state", "amount_paid", "amount_deducted", "amount_refunded")
        return {
            "orders": self.env["purchase.order"].search([]).mapped("state"),
            "deposits": [[deposit[name] for name in names] for deposit in deposits],
            "payments": self.env["account.payment"].search([]).mapped("state"),
            "moves": self.env["account.move"].search([]).mapped("state"),
            "items": items.mapped("amount_residual"),
        }


class LockCases:
    """Closed periods; Odoo would take another date in silence."""

    def test_paid_on_confirmation(self):
        rule = self._rule(30, **self._get_way())
        order = self._order(confirm=False)
        self._lock()
        self._assert_refused("locked until", order.button_confirm)
        self.assertFalse(order.deposit_ids)
        self.assertEqual(rule.cap_revision, 0)

    def test_date_of_the_cashier(self):
        self._begin(30, pay=False, rule={"posting": "draft"})
        self._lock(days=1)
        wizard = self.env["deposit.payment"].with_user(self.cashier)
        wizard = wizard.create(
            {"date": self._get_day(1), "deposit_ids": self.deposits.ids}
        )
        self._assert_refused("locked until", wizard.action_confirm)
        wizard.date = self._get_day(0)
        wizard.action_confirm()
        self._assert_amounts(self.deposits, "paid", paid=300, open=300)
        self._assert_books(self._advance(300, 300))

    @begun(30)
    def test_refund(self):
        self.order.button_cancel()
        self._lock(days=1)
        self._assert_refused(
            "locked until", lambda: self._refund(date=self._get_day(1))
        )
        self._refund()
        self._assert_books(self._advance(300, 0), self._refunded(300))
        self._assert_settled()

    def test_banks_without_accounts_use_those_of_the_company(self):
        """So does Odoo; the bank shows the payment when the statement says so."""
        for name in ("outbound", "inbound"):
            lines = self.bank[f"{name}_payment_method_line_ids"]
            lines.payment_account_id = False
        self._begin(30)
        payment = self.deposits.payment_ids
        self.assertTrue(payment.outstanding_account_id)
        self.assertEqual(payment.move_id.state, "posted")
        self.assertTrue(self.deposits.is_under_way)
        self._statement(payment)
        self.assertFalse(self.deposits.is_under_way)
        self._assert_amounts(self.deposits, "paid", paid=300, open=300)

    def test_company_without_outstanding_account(self):
        self.bank.outbound_payment_method_line_ids.payment_account_id = False
        self.company.transfer_account_id = False
        self.env["ir.model.data"].search(
            [("name", "=like", f"{self.company.id}_account_journal_payment_%")]
        ).unlink()
        self._assert_refused("No outstanding account", lambda: self._begin(30))

    def test_archived_bank(self):
        self._rule(30, **self._get_way())
        order = self._order(confirm=False)
        self.bank.active = False
        self._assert_refused("archived", order.button_confirm)

    def test_vendor_without_payable_account(self):
        self._rule(30, **self._get_way())
        order = self._order(confirm=False)
        self.env["ir.default"].search(
            [("field_id.name", "=", "property_account_payable_id")]
        ).unlink()
        self.vendor.property_account_payable_id = False
        self._assert_refused("no payable account", order.button_confirm)

    @begun(30)
    def test_bill_of_a_closed_period_is_credited(self):
        """What the credit note gives back is dated with it, not in the past."""
        bill = self._invoice()
        self._lock()
        self._credit(bill, 4)
        self._assert_amounts(self.deposits, "paid", deducted=180, open=120)
        self._assert_books(
            self._advance(300, 120, credited=120),
            self._rebilled(300, 180, left=420),
            self._credited(400, 120, 120),
        )
        self._assert_dates()

    def _assert_dates(self):
        """What was booked since is dated on the first open day, as the credit note."""
        entries = self.deposits.move_ids | self.order.invoice_ids
        dates = {self._get_day(0), self._get_day(-1)}
        self.assertEqual(set(entries.mapped("date")), dates)


@tagged("post_install", "-at_install")
class TestPayableLocks(LockCases, Payable, Locks):
    def test_bank_without_outgoing_payments(self):
        self._rule(30)
        order = self._order(confirm=False)
        self.bank.outbound_payment_method_line_ids.unlink()
        self._assert_refused("no method for outgoing", order.button_confirm)

    def test_archived_payable_account(self):
        self._rule(30)
        order = self._order(confirm=False)
        self.payable.active = False
        self._assert_refused("archived", order.button_confirm)

    def test_draft_that_is_posted_after_its_period_was_closed(self):
        self._begin(30, pay=False, rule={"posting": "draft"})
        payment = self.deposits.payment_ids
        payment.date = self._get_day(1)
        self._lock(days=1)
        self._assert_refused("locked until", payment.action_post)


@tagged("post_install", "-at_install")
class TestPrepaymentLocks(LockCases, Prepayment, Locks):
    @begun(30)
    def test_company_without_a_general_journal(self):
        journals = self.env["account.journal"].search([("type", "=", "general")])
        journals.active = False
        bill = self._invoice(post=False)
        self._assert_refused("miscellaneous operations", bill.action_post)

    def test_archived_prepayment_account(self):
        self._rule(30, **self._get_way())
        order = self._order(confirm=False)
        self.prepayment.active = False
        self._assert_refused("archived", order.button_confirm)

    @begun(30)
    def test_bill_posted_by_an_exception_while_all_is_closed(self):
        bill = self._invoice(post=False)
        self._lock()
        self._except_me()
        self._assert_refused("locked until", bill.action_post)

    @begun(30)
    def test_bill_posted_by_an_exception_is_deducted_today(self):
        bill = self._invoice(post=False, date=self._get_day(40))
        self.deposits.payment_ids.move_id.with_context(
            skip_readonly_check=True
        ).date = self._get_day(40)
        self._lock(days=35)
        self._except_me()
        bill.date = bill.invoice_date
        bill.action_post()
        entry = self.deposits.allocation_ids
        self.assertEqual((bill.date, entry.date), (self._get_day(40), self._get_day(0)))
        for record in (entry, self.deposits):
            self.assertIn("is locked", record.message_ids[0].body)
        self._assert_books(self._advance(300, 0), self._billed(1000, 300))

    @begun(30)
    def test_allocation_is_dated_as_its_bill_and_so_is_its_reversal(self):
        later = self._get_day(-3)
        bill = self._invoice(4, date=later)
        self._invoice(date=self._get_day(3))
        dates = self.deposits.allocation_ids.mapped("date")
        self.assertCountEqual(dates, [later, self._get_day(0)])
        bill.button_cancel()
        reversals = self.deposits.allocation_ids.reversal_move_ids
        self.assertEqual(reversals.date, later)

    @begun(30)
    def test_everything_is_closed_when_the_money_is_taken_back(self):
        self._invoice()
        self._lock()
        payment = self.deposits.payment_ids
        self._assert_refused("Lock Date", payment.action_draft)

    def _except_me(self):
        """Let this user post where others cannot; the system is not this user."""
        self.env["account.lock_exception"].create(
            {
                "company_id": self.company.id,
                "user_id": self.env.user.id,
                "fiscalyear_lock_date": False,
                "reason": "Late bill",
            }
        )
