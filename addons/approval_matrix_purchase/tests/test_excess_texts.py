"""How excesses are called, and what bills and payments say of them."""

from odoo.tests import tagged

from .common import PurchaseApprovalCommon


@tagged("post_install", "-at_install")
class TestExcessTexts(PurchaseApprovalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_bills()
        cls.rule = cls._rule(cls.manager, amount_min=100000)

    def _held_payment(self, amount=500000.0, **values):
        payment = self._payment(amount, **values)
        payment.action_post()
        return payment, payment.sudo().excess_ids

    def _held_bill(self, quantity=2000):
        bill = self._bill(self._submitted(quantity=10, price=100.0))
        bill.invoice_line_ids.quantity = quantity
        bill.action_post()
        return bill, bill.sudo().excess_ids

    # names

    def test_draft_payments_are_told_apart(self):
        _payment, excess = self._held_payment(date="2026-03-02")
        _payment, other = self._held_payment(500001.0, date="2026-03-02")
        task = excess.approval_process_id.task_ids
        self.assertNotEqual(
            task.document_name, other.approval_process_id.task_ids.document_name
        )
        for part in ("500,000", "Vendor", excess.payment_id.journal_id.name, "03/02"):
            self.assertIn(part, task.document_name)

    def test_payments_of_the_same_amount_are_told_apart_by_their_memo(self):
        _payment, excess = self._held_payment(memo="Contract 7")
        self.assertIn("Contract 7", excess.name)

    def test_draft_bills_without_an_order_are_told_apart(self):
        line = {"name": "Power", "quantity": 1, "price_unit": 300000}
        bills = self._bill(lines=[line]) | self._bill(lines=[line])
        bills[1].invoice_line_ids.price_unit = 300001
        bills.action_post()
        first, second = bills.sudo().excess_ids.mapped("name")
        self.assertNotEqual(first, second)
        self.assertIn("Vendor", first)

    def _get_notice(self, **values):
        """What the accountant reads who posts a bill above the order."""
        bill = self._bill(self._submitted(quantity=10, price=100.0))
        bill.write(values)
        bill.invoice_line_ids.quantity = 2000
        return bill.action_post()["params"]["message"]

    def test_held_bill_is_called_by_the_reference_of_the_vendor(self):
        self.assertIn("INV/77", self._get_notice(ref="INV/77"))

    def test_held_bill_without_a_reference_is_called_by_its_amount(self):
        notice = self._get_notice()
        self.assertIn("200,000.00", notice)
        self.assertNotIn("Draft", notice)

    def test_confirmed_payment_is_called_by_its_number(self):
        payment, excess = self._held_payment()
        excess.with_user(self.manager).action_approve()
        payment.action_post()
        self.assertEqual(excess.name, payment.name)

    def test_names_of_receipts_say_no_amount(self):
        order = self._submitted(quantity=10, price=100.0)
        excess = self._receive_and_ask(order, 12)
        name = excess.with_user(self.keeper).name
        self.assertEqual(name, f"{order.name} · {excess.picking_id.name}")

    # what is approved

    def test_form_and_rows_show_the_same_as_approved(self):
        """Of ten that are ordered, and two more that were approved."""
        order = self._submitted(quantity=10, price=100.0)
        first = self._receive_and_ask(order, 12)
        self.assertEqual(first.line_ids.approved_quantity, 10)
        first.with_user(self.buyer).action_accept()
        second = self._receive_and_ask(order, 2000)
        self.assertEqual(second.line_ids.approved_quantity, 12)
        self.assertEqual(second._approval_summary()["rows"][0][1], "12.00 Units")

    def test_form_shows_what_is_approved_of_a_dearer_line(self):
        order = self._submitted(quantity=10, price=100.0)
        bill = self._bill(order)
        bill.invoice_line_ids.price_unit = 300
        bill.action_post()
        line = bill.sudo().excess_ids.line_ids
        self.assertEqual((line.approved_quantity, line.quantity), (10, 0))

    # urgent

    def test_goods_that_stand_there_are_urgent(self):
        order = self._submitted(quantity=10, price=100.0)
        excess = self._receive_and_ask(order, 2000)
        self.assertTrue(excess.approval_process_id.is_urgent)

    def test_bills_and_payments_are_not_urgent(self):
        for _source, excess in (self._held_payment(), self._held_bill()):
            self.assertFalse(excess.approval_process_id.is_urgent)

    # currency

    def test_what_is_dearer_has_the_currency_of_the_order(self):
        foreign = self.env["res.currency"].create(
            {
                "name": "XYZ",
                "symbol": "X",
                "rate_ids": [(0, 0, {"name": "2020-01-01", "rate": 2.0})],
            }
        )
        order = self._submitted(quantity=10, price=100.0, currency_id=foreign.id)
        bill = self._bill(order)
        bill.currency_id = foreign
        bill.invoice_line_ids.price_unit = 90000
        bill.action_post()
        excess = bill.sudo().excess_ids
        self.assertEqual(excess.line_ids.currency_id, foreign)
        self.assertEqual(excess.currency_id, self.company.currency_id)

    # agreed

    def test_approved_bill_says_that_it_can_be_posted(self):
        bill, excess = self._held_bill()
        self.assertEqual((bill.excess_waiting, bill.excess_agreed), (True, False))
        excess.with_user(self.manager).action_approve()
        self.assertEqual((bill.excess_waiting, bill.excess_agreed), (False, True))

    def test_refused_bill_does_not_say_that_it_can_be_posted(self):
        bill, excess = self._held_bill()
        excess.with_user(self.manager).action_reject("Too much")
        self.assertFalse(bill.excess_agreed)

    def test_what_was_agreed_before_a_refusal_is_not_agreed(self):
        bill, excess = self._held_bill()
        excess.with_user(self.manager).action_approve()
        bill.invoice_line_ids.quantity = 3000
        bill.action_post()
        more = bill.sudo().excess_ids - excess
        more.with_user(self.manager).action_reject("Too much")
        self.assertFalse(bill.excess_agreed)

    def test_plain_bill_says_nothing(self):
        bill = self._bill(self._submitted(quantity=10, price=100.0))
        self.assertFalse(bill.excess_agreed)

    def test_accepted_payment_says_that_it_can_be_confirmed(self):
        payment, excess = self._held_payment()
        excess.with_user(self.manager).action_approve()
        self.assertTrue(payment.excess_agreed)
