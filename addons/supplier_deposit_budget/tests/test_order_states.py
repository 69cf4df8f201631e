import re
import unittest
from contextlib import closing
from pathlib import Path

from odoo import fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .order_states import OrderStatesCommon

#: The table of docs/flows.md. Addons may be installed without it.
DOCS = Path(__file__).parents[3] / "docs" / "flows.md"
HEADING = "## The order in every state"


@tagged("post_install", "-at_install")
class TestOrderStates(OrderStatesCommon):
    """What budget, forecast, warehouse, accounting and screens make of an order in
    each state, and how people get it out of there.

    One test for each cell of the table in docs/flows.md: its name says which, its
    docstring is what the cell says.
    """

    # ------------------------------------------------------------
    # DRAFT
    # ------------------------------------------------------------

    def test_draft_budget(self):
        """nothing"""
        self._assert_budget(self.draft)

    def test_draft_forecast(self):
        """is requested, as in Odoo"""
        self._assert_forecast(self.draft, stock=0, forecasted=0, requested=10)

    def test_draft_receipts(self):
        """none; one by hand asks"""
        order = self.draft
        self.assertFalse(self._open_receipts(order))
        self.assertEqual(self._receive(order, 1), "asks")

    def test_draft_bills(self):
        """ask"""
        self.assertEqual(self._post_bill(self.draft, 1), "asks")

    def test_draft_payments(self):
        """ask"""
        self.assertEqual(self._pay(self.draft, 1), "asks")

    def test_draft_excesses(self):
        """can be asked for"""
        self._assert_can_be_asked_for(self.draft)

    def test_draft_deposits(self):
        """none"""
        self._assert_deposits(self.draft)

    def test_draft_screens(self):
        """buyer: *Submit for Approval*, *Cancel*"""
        order = self.draft
        self._assert_card(order, None)
        self._assert_buttons(order, {"Submit for Approval", "Cancel"})
        self._press(self.buyer, order, "Cancel")
        self.assertEqual(order.state, "cancel")

    def test_draft_way_out(self):
        """the buyer confirms, which asks the approver"""
        order = self.draft
        order.print_quotation()
        self.assertEqual(order.state, "sent")
        self._press(self.buyer, order, "Submit for Approval")
        self._press(self.approver, order, "Approve")
        self.assertEqual(order.state, "purchase")

    # ------------------------------------------------------------
    # WAITING: for its first approval
    # ------------------------------------------------------------

    def test_waiting_budget(self):
        """all is reserved"""
        self._assert_budget(self.waiting, reserved=1000)

    def test_waiting_forecast(self):
        """is requested, as in Odoo"""
        self._assert_forecast(self.waiting, stock=0, forecasted=0, requested=10)

    def test_waiting_receipts(self):
        """none; one by hand asks"""
        order = self.waiting
        self.assertFalse(self._open_receipts(order))
        self.assertEqual(self._receive(order, 1), "asks")

    def test_waiting_bills(self):
        """ask"""
        self.assertEqual(self._post_bill(self.waiting, 1), "asks")

    def test_waiting_payments(self):
        """ask"""
        self.assertEqual(self._pay(self.waiting, 1), "asks")

    def test_waiting_excesses(self):
        """wait on"""
        excess = self._ask(self.draft)
        self._press(self.buyer, self.draft, "Submit for Approval")
        self.assertEqual(excess.state, "waiting")

    def test_waiting_deposits(self):
        """none"""
        self._assert_deposits(self.waiting)

    def test_waiting_screens(self):
        """card: *Waiting for approval*; buyer: *Withdraw*, *Cancel*; approver:
        *Approve*"""
        order = self.waiting
        self._assert_card(order, "Waiting for approval")
        self._assert_buttons(order, {"Withdraw", "Cancel"}, {"Approve"})

    def test_waiting_way_out(self):
        """the approver approves; the buyer withdraws, or cancels"""
        order = self.waiting
        for user, label, state in (
            (self.approver, "Approve", "purchase"),
            (self.buyer, "Withdraw", "draft"),
            (self.buyer, "Cancel", "cancel"),
        ):
            self.assertEqual(self._undone(self._state_after, user, order, label), state)

    # ------------------------------------------------------------
    # REFUSED: before it was ever approved
    # ------------------------------------------------------------

    def test_refused_budget(self):
        """nothing"""
        self._assert_budget(self.refused)

    def test_refused_forecast(self):
        """is requested, as in Odoo"""
        self._assert_forecast(self.refused, stock=0, forecasted=0, requested=10)

    def test_refused_receipts(self):
        """none; one by hand asks"""
        order = self.refused
        self.assertFalse(self._open_receipts(order))
        self.assertEqual(self._receive(order, 1), "asks")

    def test_refused_bills(self):
        """ask"""
        self.assertEqual(self._post_bill(self.refused, 1), "asks")

    def test_refused_payments(self):
        """ask"""
        self.assertEqual(self._pay(self.refused, 1), "asks")

    def test_refused_excesses(self):
        """can be asked for"""
        self._assert_can_be_asked_for(self.refused)

    def test_refused_deposits(self):
        """none"""
        self._assert_deposits(self.refused)

    def test_refused_screens(self):
        """card: *Rejected*, and why; buyer: *Submit for Approval*, *Cancel*"""
        order = self.refused
        self._assert_card(order, "Rejected")
        self.assertEqual(order.approval_progress["reason"], "Too many")
        self._assert_buttons(order, {"Submit for Approval", "Cancel"})

    def test_refused_way_out(self):
        """the buyer corrects and confirms it, which asks again; or cancels"""
        order = self.refused
        self.assertEqual(
            self._undone(self._state_after, self.buyer, order, "Cancel"), "cancel"
        )
        order.order_line.product_qty = 5
        self._press(self.buyer, order, "Submit for Approval")
        self._press(self.approver, order, "Approve")
        self.assertEqual(order.state, "purchase")

    # ------------------------------------------------------------
    # APPROVED
    # ------------------------------------------------------------

    def test_approved_budget(self):
        """what is billed is spent, the rest is committed"""
        self._assert_budget(self.approved, committed=700, actual=300)

    def test_approved_forecast(self):
        """is on its way"""
        self._assert_forecast(self.approved, stock=4, forecasted=10, requested=0)

    def test_approved_receipts(self):
        """one is open; what is ordered passes, more asks"""
        order = self.approved
        self.assertTrue(self._open_receipts(order))
        self.assertEqual(
            self._outcomes(self._receive, order, 6, 7), ["received", "asks"]
        )

    def test_approved_bills(self):
        """what is ordered passes, more asks"""
        self.assertEqual(
            self._outcomes(self._post_bill, self.approved, 7, 8), ["posted", "asks"]
        )

    def test_approved_payments(self):
        """what is owed or ordered passes, more asks"""
        self.assertEqual(
            self._outcomes(self._pay, self.approved, 700, 701), ["paid", "asks"]
        )

    def test_approved_excesses(self):
        """wait on, until the line changes"""
        excess = self._ask(self.approved)
        self._refresh()
        self.assertEqual(excess.state, "waiting")

    def test_approved_deposits(self):
        """by rule; each is paid on its day, and deducted from bills"""
        order = self.approved
        self._assert_deposits(order, ("paid", 300, 210), ("planned", 200, 0))
        self._wait_for_pay_day()
        self._assert_deposits(order, ("paid", 300, 210), ("paid", 200, 140))

    def test_approved_screens(self):
        """card: *Approved*; buyer: *Cancel*, what was received and billed"""
        order = self.approved
        self._assert_card(order, "Approved")
        self._assert_buttons(order, {"Cancel"})
        self._assert_flows_in_sight(order)

    def test_approved_way_out(self):
        """it is received and billed; the buyer changes it, which asks; or cancels it,
        unless it is billed"""
        order = self.approved
        with self.assertRaisesRegex(UserError, "vendor bills"), self.cr.savepoint():
            self._cancel(order)
        self._change(order)
        unbilled = self.change_refused
        self._press(self.buyer, unbilled, "Restore Approved Terms")
        self._cancel(unbilled)
        self.assertEqual(unbilled.state, "cancel")

    # ------------------------------------------------------------
    # CHANGED: and waiting for approval again
    # ------------------------------------------------------------

    def test_changed_budget(self):
        """what is billed is spent, the rest is reserved"""
        self._assert_budget(self.changed, reserved=900, actual=300)

    def test_changed_forecast(self):
        """what was approved is on its way, the rest is requested"""
        self._assert_forecast(self.changed, stock=4, forecasted=10, requested=2)

    def test_changed_receipts(self):
        """stay open; what was approved passes, more asks"""
        order = self.changed
        self.assertTrue(self._open_receipts(order))
        self.assertEqual(
            self._outcomes(self._receive, order, 6, 7), ["received", "asks"]
        )

    def test_changed_bills(self):
        """what was approved passes, more asks"""
        self.assertEqual(
            self._outcomes(self._post_bill, self.changed, 7, 8), ["posted", "asks"]
        )

    def test_changed_payments(self):
        """what is owed beyond what they were paid in advance passes, more asks"""
        self._post_bill(self.changed, 7)
        self.assertEqual(
            self._outcomes(self._pay, self.changed, 700, 701), ["paid", "asks"]
        )

    def test_changed_excesses(self):
        """are cancelled"""
        excess = self._ask(self.approved)
        self._change(self.approved)
        self.assertEqual(excess.state, "cancelled")

    def test_changed_deposits(self):
        """stay; none is paid before the approval"""
        order = self.changed
        self._wait_for_pay_day()
        self._assert_deposits(order, ("paid", 300, 210), ("planned", 200, 0))

    def test_changed_screens(self):
        """card: *Waiting for approval*; buyer: *Withdraw*, *Restore Approved Terms*,
        *Cancel*, what was received and billed; approver: *Approve*, what changed"""
        order = self.changed
        self._assert_card(order, "Waiting for approval")
        self._assert_buttons(
            order, {"Withdraw", "Restore Approved Terms", "Cancel"}, {"Approve"}
        )
        self._assert_flows_in_sight(order)
        changes = order.with_user(self.approver).approval_changes_html
        self.assertIn("12", changes)

    def test_changed_way_out(self):
        """the approver approves; the buyer restores what was approved, withdraws, or
        cancels it, unless it is billed"""
        order = self.changed
        for user, label, state, quantity in (
            (self.approver, "Approve", "purchase", 12),
            (self.buyer, "Restore Approved Terms", "purchase", 10),
            (self.buyer, "Withdraw", "to approve", 12),
        ):
            with closing(self.cr.savepoint()):
                self.assertEqual(self._state_after(user, order, label), state)
                self.assertEqual(order.order_line.product_qty, quantity)
            self.env.invalidate_all()
        again = self.change_refused
        self._press(self.buyer, again, "Submit for Approval")
        self._cancel(again)
        self.assertEqual(again.state, "cancel")

    # ------------------------------------------------------------
    # CHANGE REFUSED: and nothing came or was billed
    # ------------------------------------------------------------

    def test_change_refused_budget(self):
        """nothing"""
        self._assert_budget(self.change_refused)

    def test_change_refused_forecast(self):
        """is requested, as in Odoo"""
        order = self.change_refused
        self._assert_forecast(order, stock=0, forecasted=0, requested=12)

    def test_change_refused_receipts(self):
        """are cancelled; one by hand asks"""
        order = self.change_refused
        self.assertEqual(order.sudo().picking_ids.mapped("state"), ["cancel"])
        self.assertEqual(self._receive(order, 1), "asks")

    def test_change_refused_bills(self):
        """ask"""
        self.assertEqual(self._post_bill(self.change_refused, 1), "asks")

    def test_change_refused_payments(self):
        """ask"""
        self.assertEqual(self._pay(self.change_refused, 1), "asks")

    def test_change_refused_excesses(self):
        """can be asked for"""
        self._assert_can_be_asked_for(self.change_refused)

    def test_change_refused_deposits(self):
        """stay; none is paid before the approval"""
        order = self.change_refused
        self._wait_for_pay_day()
        self._assert_deposits(order, ("paid", 300, 300), ("planned", 200, 0))

    def test_change_refused_screens(self):
        """card: *Rejected*, and why; buyer: *Submit for Approval*, *Restore Approved
        Terms*, *Cancel*"""
        order = self.change_refused
        self._assert_card(order, "Rejected")
        self.assertEqual(order.approval_progress["reason"], "Too many")
        self._assert_buttons(
            order, {"Submit for Approval", "Restore Approved Terms", "Cancel"}
        )

    def test_change_refused_way_out(self):
        """the buyer restores what was approved, confirms it, which asks again, or
        cancels"""
        order = self.change_refused
        for label, state in (
            ("Restore Approved Terms", "purchase"),
            ("Submit for Approval", "to approve"),
        ):
            self.assertEqual(
                self._undone(self._state_after, self.buyer, order, label), state
            )
        self._cancel(order)
        self.assertEqual(order.state, "cancel")

    # ------------------------------------------------------------
    # CHANGE REFUSED, BEGUN: something came or was billed
    # ------------------------------------------------------------

    def test_change_refused_begun_budget(self):
        """what is billed is spent, the rest is reserved"""
        order = self.change_refused_begun
        self._assert_budget(order, reserved=900, actual=300)

    def test_change_refused_begun_forecast(self):
        """what came is in stock, the rest is requested"""
        order = self.change_refused_begun
        self._assert_forecast(order, stock=4, forecasted=4, requested=8)

    def test_change_refused_begun_receipts(self):
        """are cancelled; one by hand brings what was approved, more asks"""
        order = self.change_refused_begun
        self.assertFalse(self._open_receipts(order))
        self.assertEqual(
            self._outcomes(self._receive, order, 6, 7), ["received", "asks"]
        )

    def test_change_refused_begun_bills(self):
        """what was approved passes, more asks"""
        order = self.change_refused_begun
        self.assertEqual(
            self._outcomes(self._post_bill, order, 7, 8), ["posted", "asks"]
        )

    def test_change_refused_begun_payments(self):
        """what is owed beyond what they were paid in advance passes, more asks"""
        order = self.change_refused_begun
        self._post_bill(order, 7)
        self.assertEqual(self._outcomes(self._pay, order, 700, 701), ["paid", "asks"])

    def test_change_refused_begun_excesses(self):
        """wait on"""
        excess = self._ask(self.changed)
        self._refuse(self.changed)
        self.assertEqual(excess.state, "waiting")

    def test_change_refused_begun_deposits(self):
        """stay; none is paid before the approval"""
        order = self.change_refused_begun
        self._wait_for_pay_day()
        self._assert_deposits(order, ("paid", 300, 210), ("planned", 200, 0))

    def test_change_refused_begun_screens(self):
        """card: *Rejected*, and why; buyer: *Submit for Approval*, *Restore Approved
        Terms*, *Cancel*, what was received and billed"""
        order = self.change_refused_begun
        self._assert_card(order, "Rejected")
        self.assertEqual(order.approval_progress["reason"], "Too many")
        self._assert_buttons(
            order, {"Submit for Approval", "Restore Approved Terms", "Cancel"}
        )
        self._assert_flows_in_sight(order)

    def test_change_refused_begun_way_out(self):
        """the buyer restores what was approved, or submits it again as it is or
        corrected"""
        order = self.change_refused_begun
        restored = "Restore Approved Terms"
        self.assertEqual(
            self._undone(self._state_after, self.buyer, order, restored), "purchase"
        )
        with closing(self.cr.savepoint()):
            self._press(self.buyer, order, "Submit for Approval")
            self._press(self.approver, order, "Approve")
            self.assertEqual(order.state, "purchase")
        self.env.invalidate_all()
        order.order_line.product_qty = 11
        self._press(self.approver, order, "Approve")
        self.assertEqual(order.state, "purchase")

    # ------------------------------------------------------------
    # CANCELLED: when it was approved, and some of it came
    # ------------------------------------------------------------

    def test_cancelled_budget(self):
        """nothing; what is billed all the same is spent"""
        order = self.cancelled
        self._assert_budget(order)
        self.assertEqual(self._post_bill(order, 4), "asks")
        order.sudo().excess_ids.with_user(self.approver).action_approve()
        bill = order.sudo().invoice_ids.with_user(self.accountant)
        bill.filtered(lambda bill: bill.state == "draft").action_post()
        self._assert_budget(order, actual=400)

    def test_cancelled_forecast(self):
        """what came is in stock"""
        order = self.cancelled
        self._assert_forecast(order, stock=4, forecasted=4, requested=0)

    def test_cancelled_receipts(self):
        """are cancelled; one by hand asks"""
        order = self.cancelled
        self.assertFalse(self._open_receipts(order))
        self.assertEqual(self._receive(order, 1), "asks")

    def test_cancelled_bills(self):
        """ask"""
        self.assertEqual(self._post_bill(self.cancelled, 1), "asks")

    def test_cancelled_payments(self):
        """ask"""
        self.assertEqual(self._pay(self.cancelled, 1), "asks")

    def test_cancelled_excesses(self):
        """are cancelled"""
        order = self.change_refused
        self._press(self.buyer, order, "Restore Approved Terms")
        excess = self._ask(order)
        self._cancel(order)
        self.assertEqual(excess.state, "cancelled")

    def test_cancelled_deposits(self):
        """what is paid is claimed back, the rest is cancelled"""
        order = self.cancelled
        self._wait_for_pay_day()
        self._assert_deposits(order, ("paid", 300, 300), ("cancelled", 200, 0))
        self.assertEqual(order.sudo().deposit_ids.mapped("amount_awaited"), [300, 0])

    def test_cancelled_screens(self):
        """card: *Cancelled*; buyer: *Set to Draft*"""
        order = self.cancelled
        self._assert_card(order, "Cancelled")
        self._assert_buttons(order, {"Set to Draft"})

    def test_cancelled_way_out(self):
        """the buyer sets it to draft and confirms it, which asks again"""
        order = self.cancelled
        self._press(self.buyer, order, "Set to Draft")
        self._press(self.buyer, order, "Submit for Approval")
        self._press(self.approver, order, "Approve")
        self.assertEqual(order.state, "purchase")

    # ------------------------------------------------------------
    # ENDED: received and billed
    # ------------------------------------------------------------

    def test_ended_budget(self):
        """all is spent"""
        self._assert_budget(self.ended, actual=1000)

    def test_ended_forecast(self):
        """what came is in stock"""
        self._assert_forecast(self.ended, stock=10, forecasted=10, requested=0)

    def test_ended_receipts(self):
        """none; one by hand asks"""
        order = self.ended
        self.assertFalse(self._open_receipts(order))
        self.assertEqual(self._receive(order, 1), "asks")

    def test_ended_bills(self):
        """ask"""
        self.assertEqual(self._post_bill(self.ended, 1), "asks")

    def test_ended_payments(self):
        """what is owed passes, more asks"""
        self.assertEqual(
            self._outcomes(self._pay, self.ended, 700, 701), ["paid", "asks"]
        )

    def test_ended_excesses(self):
        """wait on, until the line changes"""
        excess = self._ask(self.approved)
        self._receive(self.approved, 6)
        self._post_bill(self.approved, 7)
        self.assertEqual(excess.state, "waiting")

    def test_ended_deposits(self):
        """what is paid is deducted, the rest comes to nothing"""
        order = self.ended
        self._wait_for_pay_day()
        self._assert_deposits(order, ("done", 300, 0), ("planned", 0, 0))

    def test_ended_screens(self):
        """card: *Approved*; buyer: *Cancel*, what was received and billed"""
        order = self.ended
        self._assert_card(order, "Approved")
        self._assert_buttons(order, {"Cancel"})
        self._assert_flows_in_sight(order)

    def test_ended_way_out(self):
        """the buyer orders more, which asks; a credit note commits again"""
        order = self.ended
        self._credit_bill(order, 2)
        self._assert_budget(order, committed=200, actual=800)
        self._change(order)
        self._press(self.approver, order, "Approve")
        self.assertTrue(self._open_receipts(order))

    # ------------------------------------------------------------
    # BESIDE THE TABLE
    # ------------------------------------------------------------

    def test_withdrawing_is_as_refusing(self):
        for order, other in (
            (self.waiting, self.refused),
            (self.changed, self.change_refused_begun),
        ):
            self._press(self.buyer, order, "Withdraw")
            self.assertEqual(self._describe(order), self._describe(other))

    # ------------------------------------------------------------
    # THE TABLE
    # ------------------------------------------------------------

    def test_every_cell_of_the_table_has_its_test(self):
        if not DOCS.exists():
            self.skipTest("The addon was installed without docs/.")
        cells = dict(self._read_table(DOCS.read_text()))
        tests = unittest.TestLoader().getTestCaseNames(type(self))
        docs = {name: getattr(self, name).__doc__ for name in tests}
        said = {name: " ".join(doc.split()) for name, doc in docs.items() if doc}
        self.assertEqual(said, cells)

    def _read_table(self, text):
        """Yield the name of the test of each cell, and what the cell says."""
        section = text.split(HEADING)[1].split("\n## ")[0]
        rows = [
            [cell.strip() for cell in line.strip("|").split("|")]
            for line in section.splitlines()
            if line.startswith("|")
        ]
        (_corner, *columns), _rule, *states = rows
        for state, *cells in states:
            for column, cell in zip(columns, cells, strict=True):
                name = re.sub(r"\W+", "_", f"test {state} {column}".lower())
                yield name, cell

    def _describe(self, order):
        """Return how an order stands, but for its names."""
        (account,) = order.order_line.analytic_distribution
        buttons = set(self._buttons(self.buyer, order))
        lines = self.env["spend.budget.line"].sudo()
        line = lines.search([("account_id", "=", int(account))])
        order = order.sudo()
        return {
            "state": order.state,
            "budget": (line.reserved, line.committed, line.actual),
            "forecast": order.order_line.product_id.virtual_available,
            "receipts": sorted(order.picking_ids.mapped("state")),
            "deposits": order.deposit_ids.mapped("state"),
            "buttons": buttons,
            "bills": self._outcomes(self._post_bill, order, 1, 8),
        }

    def _state_after(self, user, order, label):
        self._press(user, order, label)
        return order.state

    def _assert_can_be_asked_for(self, order):
        """Assert that a bill is posted when somebody has approved it."""
        excess = self._ask(order)
        excess.with_user(self.approver).action_approve()
        bill = excess.move_id.with_user(self.accountant)
        bill.action_post()
        self.assertEqual(bill.state, "posted")

    def _credit_bill(self, order, quantity):
        """Let the accountant credit some of the order."""
        bill = order.sudo().invoice_ids.sorted("id")[-1].with_user(self.accountant)
        dates = {"date": bill.date, "invoice_date": fields.Date.today()}
        note = bill._reverse_moves([dates])
        note.invoice_line_ids.quantity = quantity
        note.action_post()
