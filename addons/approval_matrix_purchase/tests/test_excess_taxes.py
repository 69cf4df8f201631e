"""Orders are judged with their taxes: so is what goes beyond them, or has no order."""

from odoo import Command
from odoo.tests import tagged

from .common import PurchaseApprovalCommon


@tagged("post_install", "-at_install")
class TestExcessTaxes(PurchaseApprovalCommon):
    """46,000 twice are within the rule; with a tax of ten percent they are not."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_bills()
        cls.rule = cls._rule(cls.manager, amount_min=100000)
        cls.tax = cls.env["account.tax"].create(
            {"name": "10", "amount": 10, "type_tax_use": "purchase"}
        )

    def _taxed_order(self, price=46000):
        order = self._order(quantity=1, price=price)
        order.order_line.tax_ids = self.tax
        order.button_confirm()
        self.assertEqual(order.state, "purchase")
        return order

    def _taxed_bill(self, order, quantity=1, price=46000):
        line = order.order_line
        return self._bill(
            lines=[
                {
                    "purchase_line_id": line.id,
                    "product_id": line.product_id.id,
                    "quantity": quantity,
                    "price_unit": price,
                    "tax_ids": [Command.set(self.tax.ids)],
                }
            ]
        )

    def _without_order(self, price, taxes=None):
        taxes = self.tax if taxes is None else taxes
        line = {
            "name": "Power",
            "quantity": 1,
            "price_unit": price,
            "tax_ids": [Command.set(taxes.ids)],
        }
        bill = self._bill(lines=[line])
        bill.action_post()
        return bill

    def _assert_asked(self, excess, amount):
        self.assertEqual(excess.amount, amount)
        self.assertEqual(excess.approval_process_id.rule_id, self.rule)

    def test_more_than_ordered_on_a_bill(self):
        bill = self._taxed_bill(self._taxed_order(), quantity=2)
        bill.action_post()
        self._assert_asked(bill.sudo().excess_ids, 50600)

    def test_dearer_than_ordered(self):
        bill = self._taxed_bill(self._taxed_order(), price=92000)
        bill.action_post()
        self._assert_asked(bill.sudo().excess_ids, 50600)

    def test_more_than_ordered_in_a_receipt(self):
        self._assert_asked(self._receive_and_ask(self._taxed_order(), 2), 50600)

    def test_tax_in_the_price(self):
        self.tax.price_include_override = "tax_included"
        order = self._taxed_order(50600)
        bill = self._taxed_bill(order, quantity=2, price=50600)
        bill.action_post()
        self._assert_asked(bill.sudo().excess_ids, 50600)

    def test_tax_by_the_piece(self):
        self.tax.write({"amount_type": "fixed", "amount": 4600})
        bill = self._taxed_bill(self._taxed_order(), quantity=2)
        bill.action_post()
        self._assert_asked(bill.sudo().excess_ids, 50600)

    def test_bill_without_an_order(self):
        bill = self._without_order(92000)
        self._assert_asked(bill.sudo().excess_ids, 101200)

    def test_bill_without_an_order_that_was_approved_passes(self):
        bill = self._without_order(92000)
        bill.sudo().excess_ids.with_user(self.manager).action_approve()
        bill.action_post()
        self.assertEqual(bill.state, "posted")

    def test_bill_without_order_and_taxes(self):
        bill = self._without_order(92000, self.tax.browse())
        self.assertEqual(bill.state, "posted")

    def test_small_bills_without_an_order(self):
        self.assertEqual(self._without_order(46000).state, "posted")
        bill = self._without_order(46000)
        self._assert_asked(bill.sudo().excess_ids, 50600)

    def test_small_bills_posted_together(self):
        line = {
            "name": "Power",
            "quantity": 1,
            "price_unit": 46000,
            "tax_ids": [Command.set(self.tax.ids)],
        }
        bills = self._bill(lines=[line]) | self._bill(lines=[line])
        bills.action_post()
        self.assertEqual(sorted(bills.mapped("state")), ["draft", "posted"])
