from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from odoo.addons.supplier_deposit.readings import get_base
from odoo.addons.supplier_deposit.tests.books import Books
from odoo.addons.supplier_deposit.tests.common import begun

from .books import DepositBill


@tagged("post_install", "-at_install")
class TestCopies(DepositBill, Books):
    """Copies of bills are for something else: they take nothing back."""

    @begun(30)
    def test_duplicate_of_a_final_bill(self):
        copy = self._invoice().copy({"invoice_date": fields.Date.today()})
        self.assertEqual(copy.amount_total, 1000)
        copy.action_post()
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        self.assertEqual(self._balance(self.prepayment), 0)

    @begun(30)
    def test_duplicate_of_a_draft(self):
        draft = self._invoice(post=False)
        self.assertEqual(draft.amount_total, 700)
        copy = draft.copy({"invoice_date": fields.Date.today()})
        draft.action_post()
        copy.action_post()
        self.assertEqual((draft.amount_total, copy.amount_total), (700, 1000))
        self.assertEqual(self._balance(self.prepayment), 0)

    @begun(30)
    def test_bill_that_is_posted_every_month(self):
        bill = self._invoice(4, post=False)
        bill.auto_post = "monthly"
        bill.action_post()
        again = self.env["account.move"].search(
            [("auto_post_origin_id", "=", bill.id), ("id", "!=", bill.id)]
        )
        self.assertEqual((len(again), again.amount_total), (1, 400))
        again.auto_post = "no"
        again.action_post()
        self._assert_amounts(self.deposits, "paid", deducted=120, open=180)
        self.assertEqual(self._balance(self.prepayment), 180)

    @begun(30)
    def test_duplicate_of_the_deposit_bill_is_empty(self):
        self.assertFalse(self.deposits.bill_id.copy().invoice_line_ids)

    def test_replaced_deposit_bill_cannot_be_posted(self):
        self._begin(30, pay=False)
        old = self.deposits.bill_id
        self.order.order_line[0].product_qty = 20
        self.assertEqual(self.deposits.bill_id.amount_total, 600)
        old.button_draft()
        with self.assertRaisesRegex(UserError, "which has another bill now"):
            old.action_post()


@tagged("post_install", "-at_install")
class TestLines(DepositBill, Books):
    """Lines of deposits are made anew when a bill is posted, whatever people did."""

    def _draft(self):
        self._begin(30)
        bill = self._invoice(post=False)
        return bill, bill.invoice_line_ids.filtered("deposit_id")

    def _assert_deducted(self, bill):
        bill.action_post()
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        self._assert_books(self._advance(300, 0), self._billed(1000, 300))
        self._assert_settled(payable=-700)

    def test_line_that_was_deleted(self):
        bill, line = self._draft()
        line.unlink()
        self._assert_deducted(bill)

    def test_line_that_was_changed(self):
        bill, line = self._draft()
        line.price_unit = 900
        self._assert_deducted(bill)

    def test_line_that_was_added_twice(self):
        bill, line = self._draft()
        bill.write(
            {
                "invoice_line_ids": [
                    Command.create(
                        {
                            "name": "Once more",
                            "quantity": -1,
                            "price_unit": 300,
                            "account_id": self.prepayment.id,
                            "purchase_line_id": line.purchase_line_id.id,
                        }
                    )
                ]
            }
        )
        self._assert_deducted(bill)

    @begun(30)
    def test_line_of_the_order_that_was_deleted(self):
        self.order.button_draft()
        self.deposits.order_line_id.unlink()
        self.order.button_confirm()
        self._assert_deducted(self._invoice(post=False))

    @begun(30)
    def test_lines_that_are_flagged_as_down_payments(self):
        line = self.order.order_line[0].with_user(self.buyer)
        line.is_downpayment = True
        bill = self._invoice(post=False)
        bill.invoice_line_ids.is_downpayment = True
        self._assert_deducted(bill)

    @begun(30)
    def test_flag_of_a_line_makes_no_advance(self):
        line = self.order.order_line[0]
        line.is_downpayment = True
        self.assertFalse(line._approval_is_advance())
        self.assertTrue(self.deposits.order_line_id._approval_is_advance())
        self.assertEqual(get_base(self.order, "total"), 1000)

    @begun(30)
    def test_drafts_made_together_take_no_more_than_is_left(self):
        first = self._invoice(10, post=False)
        second = self._invoice(10, post=False)
        (first | second).action_post()
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        self.assertEqual(first.amount_total + second.amount_total, 1700)
        self.assertEqual(self._balance(self.prepayment), 0)


@tagged("post_install", "-at_install")
class TestDepositBillGuard(DepositBill, Books):
    """A deposit bill is what was approved, or is not posted."""

    def _assert_not_posted(self, change, message="must be what was approved"):
        self._begin(30, pay=False, rule={"posting": "draft"})
        bill = self.deposits.bill_id
        change(bill)
        with self.assertRaisesRegex(UserError, message), self.env.cr.savepoint():
            bill.action_post()
        with self.assertRaisesRegex(UserError, message):
            self.deposits._as_system()._post_payments(fields.Date.today())

    def test_made_dearer(self):
        self._assert_not_posted(
            lambda bill: bill.invoice_line_ids.write({"price_unit": 9000})
        )

    def test_on_another_account(self):
        self._assert_not_posted(
            lambda bill: bill.invoice_line_ids.write({"account_id": self.expense.id})
        )

    def test_of_another_vendor(self):
        self._assert_not_posted(
            lambda bill: bill.write({"partner_id": self.partner_b.id})
        )

    def test_of_goods(self):
        self._assert_not_posted(
            lambda bill: bill.invoice_line_ids.write(
                {"purchase_line_id": self.order.order_line[0].id}
            )
        )


@tagged("post_install", "-at_install")
class TestLinkedLater(DepositBill, Books):
    """Bills that are linked to the order after they were posted."""

    @begun(30)
    def test_linked_bills_deduct_as_if_they_had_been_before(self):
        bills = self.env["account.move"]
        for quantity in (4, 6):
            bills |= self._create_unlinked(quantity)
        self.beside |= bills
        bills.invoice_line_ids.purchase_line_id = self.order.order_line[0]
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        self.assertEqual(bills.mapped("amount_residual"), [280, 420])
        self._assert_books(
            self._advance(300, 0),
            *(self._billed(total, left=total * 0.7) for total in (400, 600)),
            self._late(120),
            self._late(180),
        )
        self._assert_settled(payable=-700)

    @begun(30)
    def test_bill_that_is_unlinked_again_is_owed_in_full(self):
        bill = self._create_unlinked(10)
        bill.invoice_line_ids.purchase_line_id = self.order.order_line[0]
        self.assertEqual(bill.amount_residual, 700)
        bill.button_draft()
        self._assert_amounts(self.deposits, "paid", deducted=0, open=300)
        self.assertEqual(self._balance(self.prepayment), 300)

    def _create_unlinked(self, quantity):
        line = {
            "product_id": self.product.id,
            "quantity": quantity,
            "price_unit": 100,
            "tax_ids": [],
        }
        bill = self.env["account.move"].create(
            {
                "move_type": "in_invoice",
                "partner_id": self.vendor.id,
                "invoice_date": fields.Date.today(),
                "invoice_line_ids": [Command.create(line)],
            }
        )
        bill.action_post()
        return bill
