"""Duplicates: a copy is a document of its own, told from its beginning, once."""

from odoo.tests import tagged

from .common import TimelineCommon
from .money import MoneyCommon


@tagged("post_install", "-at_install")
class TestCopies(TimelineCommon):
    def _copy(self, record):
        copy = record.copy()
        self._run()
        return copy

    def test_copy_of_a_transfer_is_told_in_its_case(self):
        """Of a delivery in that of the order, of a receipt in that of the purchase and
        of the order that it serves; in the state that the copy has."""
        order = self._sale()
        purchase = self._buy(order)
        self._receive(purchase)
        self._run()
        for transfer, case in (
            (order.picking_ids, {"sale_id": order.id}),
            (purchase.picking_ids, {"purchase_id": purchase.id, "sale_id": 0}),
            (purchase.picking_ids, {"purchase_id": purchase.id, "sale_id": order.id}),
        ):
            with self.subTest(case):
                copy = self._copy(transfer)
                self.assertEqual(copy.state, "draft")
                self.assertEqual(self._count(copy, **case), {"picking.waiting": 1})
        self._check_whole()
        copy.action_confirm()
        self._done(copy)
        self._run()
        self.assertEqual(self._count(copy, is_home=True)["picking.done"], 1)
        self._check_whole()

    def test_copy_of_every_document_is_told_from_its_beginning(self):
        lead = self._lead()
        order = self._sale(product=self.chair, opportunity_id=lead.id)
        order.order_line.qty_delivered = 5
        invoice = order._create_invoices()
        invoice.action_post()
        purchase = self._purchase()
        purchase.button_confirm()
        bill = self._bill(purchase)
        bill.action_post()
        paid = {"partner_id": self.customer.id, "partner_type": "customer", "amount": 7}
        payment = self.env["account.payment"].create(paid)
        payment.action_post()
        self._run()
        for record, first, never in (
            (lead, "lead.made", "lead.won"),
            (order, "sale.quoted", "sale.confirmed"),
            (purchase, "purchase.quoted", "purchase.ordered"),
            (invoice, "invoice.draft", "invoice.posted"),
            (bill, "invoice.draft", "invoice.posted"),
            (payment, "payment.draft", "payment.made"),
            (self._meet(lead), "meeting.made", "meeting.gone"),
        ):
            with self.subTest(model=record._name):
                copy = self._copy(record)
                if self.env["timeline.place"]._find(record._table, copy.ids):
                    counts = self._count(copy, is_home=True)
                    self.assertEqual((counts[first], counts[never]), (1, 0))
                else:
                    self.assertEqual(record, bill, "a copied bill is of no purchase")
                self._check_whole()

    def test_bill_that_is_reversed_and_entered_anew(self):
        """Odoo copies it twice: what pays it back, and what takes its place."""
        purchase = self._purchase()
        purchase.button_confirm()
        bill = self._bill(purchase)
        bill.action_post()
        self._run()
        reversal = self.env["account.move.reversal"].with_context(
            active_model="account.move", active_ids=bill.ids
        )
        result = reversal.create({"journal_id": bill.journal_id.id}).modify_moves()
        self._run()
        for move in (bill.reversal_move_ids, bill.browse(result["res_id"])):
            with self.subTest(move.move_type):
                self.assertEqual(self._count(move, is_home=True)["invoice.draft"], 1)
        self.assertEqual(self._count(bill, is_home=True)["invoice.posted"], 1)
        self._check_whole()


@tagged("post_install", "-at_install")
class TestCopiesOfPayments(MoneyCommon):
    def _places(self, payment):
        """Return where a payment is told: purchases and customers."""
        events = self._events(res_model="account.payment", res_id=payment.id)
        return {(event.purchase_id, event.partner_id.id) for event in events}

    def test_payment_of_a_deposit_is_of_the_purchase_only(self):
        """Also where somebody takes the vendor for a customer; its copy pays for no
        deposit, and is of the customer."""
        self._rule(30, posting="draft")
        purchase = self._order(quantity=5, user=self.buyer)
        payment = purchase.deposit_ids.payment_ids
        payment.partner_type = "customer"
        self._run()
        self.assertEqual(self._places(payment), {(purchase.id, False)})
        self._check_whole()
        copy = payment.copy()
        self._run()
        self.assertEqual(self._places(copy), {(0, self.vendor.id)})
        self._check_whole()

    def test_payment_is_of_its_partner_while_that_is_a_customer(self):
        payment = self.env["account.payment"].create(
            {"partner_id": self.vendor.id, "partner_type": "supplier", "amount": 7}
        )
        self._run()
        self.assertEqual(self._places(payment), set())
        payment.partner_type = "customer"
        self._run()
        self.assertEqual(self._places(payment), {(0, self.vendor.id)})
        self._check_whole()
        payment.partner_type = "supplier"
        self._run()
        self.assertEqual(self._places(payment), {(0, False)})
        self._check_whole()
