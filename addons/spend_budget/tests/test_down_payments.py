from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SpendBudgetCommon


@tagged("post_install", "-at_install")
class TestDownPayments(SpendBudgetCommon):
    """The flag of a down payment is for anybody to write: it changes nothing."""

    FLAG = {"is_downpayment": True, "product_qty": 0}

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls._line(100, control="block")

    def _flag(self, order):
        order.order_line.write(self.FLAG)

    def _add_down_payment(self, bill, order=None):
        """Do what the button *Add Down Payment* does to a bill."""
        wizard = self.env["bill.to.po.wizard"].create(
            {"partner_id": self.vendor.id, "purchase_order_id": order and order.id}
        )
        ids = [-line.id for line in bill.invoice_line_ids]
        wizard.with_context(active_ids=ids).action_add_downpayment()
        return bill.invoice_line_ids.purchase_line_id

    def test_flagging_a_billed_line_takes_nothing_back(self):
        order = self._confirmed(price=18)
        self._bill(order)
        self._flag(order)
        self.assertBalance(self.line, actual=18)

    def test_flagging_before_the_bill_is_posted_saves_nothing(self):
        order = self._confirmed(price=18)
        bill = self._bill(order, post=False)
        self._flag(order)
        self.assertBalance(self.line)
        bill.action_post()
        self.assertBalance(self.line, actual=18)

    def test_refused_bill_is_refused_as_down_payment_too(self):
        self._confirmed(price=90)
        bill = self._bill(price=400, post=False)
        self._add_down_payment(bill)
        with self.assertRaises(UserError), self.cr.savepoint():
            bill.action_post()
        self.assertBalance(self.line, committed=90)

    def test_posted_bill_made_a_down_payment_stays_spent(self):
        bill = self._bill(price=40)
        self._add_down_payment(bill)
        self.assertBalance(self.line, actual=40)
        self._add_down_payment(bill, self._confirmed(price=50))
        self.assertBalance(self.line, committed=50, actual=40)

    def test_bill_of_a_line_created_with_the_flag_counts(self):
        order = self._confirmed(price=10)
        flagged = self.env(user=self.buyer)["purchase.order.line"].create(
            {"order_id": order.id, "name": "Advance", "price_unit": 900, **self.FLAG}
        )
        values = {"purchase_line_id": flagged.id, "is_downpayment": True}
        with self.assertRaises(UserError), self.cr.savepoint():
            self._bill(price=91, line=values)
        self._bill(price=90, line=values)
        self.assertBalance(self.line, committed=10, actual=90)

    def test_refund_of_a_flagged_line_gives_back_what_it_returns(self):
        order = self._confirmed(price=10, quantity=4)
        self._bill(order)
        self._flag(order)
        self._bill(order, quantity=1, move_type="in_refund")
        self.assertBalance(self.line, actual=30)

    def test_flagged_line_taken_from_its_order_leaves_its_bills_spent(self):
        order = self._confirmed(price=18)
        bill = self._bill(order)
        self._flag(order)
        order.order_line.order_id = self._order(price=1)
        self.assertBalance(self.line, actual=18)
        bill.invoice_line_ids.purchase_line_id = False
        self.assertBalance(self.line, actual=18)

    def test_taking_the_flag_back_changes_nothing(self):
        order = self._confirmed(price=18)
        self._bill(order)
        self._flag(order)
        order.order_line.write({"is_downpayment": False, "product_qty": 1})
        self.assertBalance(self.line, actual=18)

    def test_final_bill_takes_a_down_payment_off(self):
        advance = self._bill(price=30)
        order = self._confirmed(price=70)
        self._add_down_payment(advance, order)
        order = order.with_env(self.env)
        order.action_create_invoice()
        final = order.invoice_ids - advance
        final.invoice_date = final.date = "2026-07-02"
        final.invoice_line_ids.analytic_distribution = {str(self.clinic.id): 100}
        final.action_post()
        self.assertBalance(self.line, actual=70)

    def test_flag_in_a_new_bill_line_counts(self):
        bill = self._bill(price=18, post=False)
        bill.invoice_line_ids = [
            Command.update(bill.invoice_line_ids.id, {"is_downpayment": True})
        ]
        bill.action_post()
        self.assertBalance(self.line, actual=18)
