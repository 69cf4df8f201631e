"""What accountants book in cases that come up in practice, entry by entry."""

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .books import CaseBooks, Open, OpenPrepayment, Payable, Prepayment
from .common import begun


class Cases:
    """An order of 10 × 100 and a deposit of 30 %, unless said."""

    # ------------------------------------------------------------
    # CREDIT NOTES
    # ------------------------------------------------------------

    def _credit_price(self, bill, quantity=10, price=10):
        note = bill._reverse_moves([{"date": bill.date, "invoice_date": bill.date}])
        note.invoice_line_ids.filtered("product_id").write(
            {"quantity": quantity, "price_unit": price}
        )
        note.action_post()

    @begun(30)
    def test_credit_of_the_price_leaves_the_deduction(self):
        self._credit_price(self._invoice())
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        self._assert_books(
            self._advance(300, 0),
            self._billed(1000, 300, left=600),
            self._credited(100, 0),
        )
        self._assert_settled(payable=-600)
        self.assertFalse(self.deposits.activity_ids)

    @begun(30)
    def test_credit_of_the_price_before_the_last_bill(self):
        self._credit_price(self._invoice(5), quantity=5)
        self._invoice(5)
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        first, last = (300, 0) if self.is_open else (150, 150)
        self._assert_books(
            self._advance(300, 0),
            self._billed(500, first, left=450 - first),
            self._credited(50, 0),
            self._billed(500, last),
        )
        self._assert_settled(payable=-650)

    # ------------------------------------------------------------
    # LINKED LATER
    # ------------------------------------------------------------

    @begun(30)
    def test_bills_that_are_linked_later_are_deducted(self):
        bills = self._bill_unlinked(4) | self._bill_unlinked(6)
        bills.invoice_line_ids.purchase_line_id = self.order.order_line
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        first, last = (300, 0) if self.is_open else (120, 180)
        self._assert_books(
            self._advance(300, 0), self._billed(400, first), self._billed(600, last)
        )
        self._assert_settled(payable=-700)

    @begun(30, pay=False, rule={"posting": "draft"})
    def test_unpaid_deposit_asks_for_no_more_than_is_unbilled(self):
        for quantity, amount in ((4, 300), (5, 100), (1, 0)):
            bill = self._bill_unlinked(quantity)
            bill.invoice_line_ids.purchase_line_id = self.order.order_line
            self.assertEqual(self.deposits.amount_unpaid, amount)
        self.assertFalse(self.deposits.payment_ids)
        self._assert_books(self._billed(400), self._billed(500), self._billed(100))

    # ------------------------------------------------------------
    # PAYMENTS THAT END
    # ------------------------------------------------------------

    def _assert_not_paid_again(self, end):
        self._outstanding()
        self._begin(30)
        self._invoice()
        end(self.deposits.payment_ids)
        self._assert_amounts(self.deposits, self.deposits.stage, paid=0, unpaid=0)
        self.assertNotIn(self.deposits.state, ("due", "paid", "done"))
        self.assertEqual(self.order.invoice_ids.amount_residual, 1000)
        self.assertFalse(
            self.deposits.payment_ids.filtered(lambda p: p.state != "canceled")
        )

    def test_payment_that_is_cancelled_after_everything_is_billed(self):
        self._assert_not_paid_again(lambda payment: payment.action_cancel())
        self._assert_books(self._billed(1000), self._given_back(300))
        self._assert_settled(payable=-1000)

    def test_payment_that_is_cancelled_after_a_part_is_billed(self):
        self._outstanding()
        self._begin(30)
        self._invoice(8)
        self.deposits.payment_ids.action_cancel()
        self._assert_amounts(self.deposits, "due", paid=0, unpaid=200)
        self.assertEqual(self.order.invoice_ids.amount_residual, 800)

    # ------------------------------------------------------------
    # BY HAND
    # ------------------------------------------------------------

    def _forfeit_by_hand(self, amount):
        cost = self.expense.copy({"code": "811000", "name": "Other costs"})
        entry = self._enter((cost, amount), (self._get_account(), -amount))
        self._match(entry, self.deposits.line_ids.move_id)
        return [[self._item(cost, amount), self._item(self._get_account(), -amount)]]

    @begun(30)
    def test_what_is_written_off_is_forfeited(self):
        kept = self._forfeit_by_hand(300)
        self._assert_amounts(self.deposits, "done", forfeited=300, deducted=0, open=0)
        self._invoice()
        self._assert_amounts(self.deposits, "done", forfeited=300, deducted=0, open=0)
        self._assert_books(self._advance(300, 0), kept, self._billed(1000))
        self._assert_settled(payable=-1000)

    @begun(30)
    def test_part_that_is_written_off_is_not_deducted(self):
        kept = self._forfeit_by_hand(100)
        self._invoice()
        self._assert_amounts(self.deposits, "done", forfeited=100, deducted=200)
        self._assert_books(self._advance(300, 0), kept, self._billed(1000, 200))
        self._assert_settled(payable=-800)

    @begun(30)
    def test_write_off_that_is_unmatched_is_deducted_after_all(self):
        self._forfeit_by_hand(300)
        self.beside.line_ids.remove_move_reconcile()
        self.beside.button_draft()
        self.beside.button_cancel()
        self._invoice()
        self._assert_amounts(self.deposits, "done", forfeited=0, deducted=300)
        self._assert_books(self._advance(300, 0), self._billed(1000, 300))

    # ------------------------------------------------------------
    # ENDS WITHOUT A BILL
    # ------------------------------------------------------------

    def _assert_rest_deducted(self):
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        parts = (300,) if self.is_open else (240, 60)
        self._assert_books(self._advance(300, 0), self._billed(800, *parts))
        self._assert_settled(payable=-500)

    @begun(30)
    def test_quantity_that_is_lowered_to_what_is_billed(self):
        self._invoice(8)
        self.order.order_line.product_qty = 8
        self._assert_rest_deducted()

    def test_receipt_whose_rest_is_cancelled(self):
        self._goods()
        self._begin(30)
        self._receive(8)
        self._invoice(8)
        self.order.picking_ids.filtered(lambda p: p.state != "done").action_cancel()
        self._assert_rest_deducted()

    def test_rest_that_no_bill_has_room_for_is_the_buyer_s_to_claim(self):
        self._begin(90, user_id=self.buyer.id)
        bill = self._invoice(8)
        if bill.amount_residual:
            self._register_payment(bill)
        self.order.order_line.product_qty = 8
        left = 100 if self.is_open else 180
        self._assert_amounts(self.deposits, "paid", deducted=900 - left, open=left)
        self.assertEqual(self.deposits.activity_ids.user_id, self.buyer)

    def _goods(self):
        self.product.write(
            {"type": "consu", "is_storable": True, "purchase_method": "receive"}
        )

    def _receive(self, quantity):
        move = self.order.picking_ids.move_ids.filtered(lambda m: m.state != "done")
        move.write({"quantity": quantity, "picked": True})
        move.picking_id._action_done()

    # ------------------------------------------------------------
    # EARLY PAYMENT
    # ------------------------------------------------------------

    def _discount(self):
        term = self.env["account.payment.term"].create(
            {
                "name": "2 % in 10 days",
                "early_discount": True,
                "discount_percentage": 2,
                "discount_days": 10,
                "early_pay_discount_computation": "included",
                "line_ids": [
                    Command.create(
                        {"value": "percent", "value_amount": 100, "nb_days": 30}
                    )
                ],
            }
        )
        return {"payment_term_id": term.id}

    def test_rest_of_the_bill_keeps_its_discount(self):
        self._begin(30, **self._discount())
        bill = self._invoice()
        payment = self._register_payment(bill)
        self.assertEqual((payment.amount, bill.amount_residual), (686, 0))
        gain = self.company.account_journal_early_pay_discount_gain_account_id
        self._assert_books(
            self._advance(300, 0),
            self._billed(1000, 300, left=0),
            [
                [
                    self._item(self._get_bank()[0], -686, -686),
                    self._item(gain, -14),
                    self._item(self.payable, 700),
                ]
            ],
        )
        self._assert_settled()

    def test_rest_of_the_bill_is_due_in_full_after_its_discount(self):
        self._begin(30, **self._discount())
        bill = self._invoice()
        late = fields.Date.add(bill.invoice_date, days=11)
        self.assertEqual(self._register_payment(bill, payment_date=late).amount, 700)

    def test_rest_of_a_taxed_bill_keeps_its_discount(self):
        tax = self.company_data["default_tax_purchase"]
        self.product.supplier_taxes_id = tax
        self._begin(30, **self._discount())
        bill = self._invoice()
        self.assertEqual((bill.amount_total, bill.amount_residual), (1150, 805))
        payment = self._register_payment(bill)
        self.assertEqual((payment.amount, bill.amount_residual), (788.9, 0))
        taken = self._totals(tax.invoice_repartition_line_ids.account_id)["balance"]
        self.assertEqual(taken, 150 - 2.1)
        self._assert_settled()

    def test_bill_that_was_paid_in_part_has_no_discount(self):
        self._begin(30, **self._discount())
        bill = self._invoice()
        self._register_payment(bill, amount=100)
        self.assertEqual(self._register_payment(bill).amount, 600)

    def test_bill_from_before_its_terms_had_a_discount_has_none(self):
        values = self._discount()
        term = self.env["account.payment.term"].browse(values["payment_term_id"])
        term.early_discount = False
        self._begin(30, **values)
        bill = self._invoice()
        term.early_discount = True
        self.assertEqual(self._register_payment(bill).amount, 700)

    # ------------------------------------------------------------
    # PAID BY HAND
    # ------------------------------------------------------------

    def _adopt(self, move):
        action = self.deposits.with_user(self.cashier).action_open_adoption()
        wizard = self.env[action["res_model"]].with_user(self.cashier)
        wizard = wizard.browse(action["res_id"])
        self.assertEqual(wizard.choice_ids.move_id, move)
        wizard.action_confirm()

    @begun(30, pay=False, rule={"posting": "draft"})
    def test_payment_that_was_made_by_hand_is_the_deposit_s(self):
        payment = self.env["account.payment"].create(
            {
                "payment_type": "outbound",
                "partner_type": "supplier",
                "partner_id": self.vendor.id,
                "amount": 300,
                "journal_id": self.bank.id,
                "destination_account_id": self._get_account().id,
            }
        )
        payment.action_post()
        action = self.deposits.with_user(self.cashier).action_pay()
        wizard = self.env[action["res_model"]].browse(action["res_id"])
        self.assertIn("paid to the vendor by hand", wizard.notice)
        self._adopt(payment.move_id)
        self._assert_amounts(self.deposits, "paid", paid=300, open=300, unpaid=0)
        self.assertEqual(self.deposits.payment_ids, payment)
        self._assert_books(self._advance(300, 300))
        self._invoice()
        self._assert_books(self._advance(300, 0), self._billed(1000, 300))
        self._assert_settled(payable=-700)

    @begun(30, pay=False, rule={"posting": "draft"})
    def test_line_of_the_bank_is_the_deposit_s(self):
        line = self.env["account.bank.statement.line"].create(
            {
                "journal_id": self.bank.id,
                "date": fields.Date.today(),
                "payment_ref": "Advance",
                "partner_id": self.vendor.id,
                "amount": -300,
            }
        )
        _bank, suspense, _other = line._seek_for_lines()
        suspense.account_id = self._get_account()
        self._adopt(line.move_id)
        self._invoice()
        self._assert_amounts(self.deposits, "done", paid=300, deducted=300, unpaid=0)
        self.assertFalse(self.deposits.payment_ids)
        advance = self._money(self._get_account(), 300)
        self._assert_books([advance], self._billed(1000, 300))
        self._assert_settled(payable=-700)

    # ------------------------------------------------------------
    # COPIES AND FLAGS
    # ------------------------------------------------------------

    @begun(30)
    def test_duplicate_of_a_bill_deducts_nothing_twice(self):
        copy = self._invoice().copy({"invoice_date": fields.Date.today()})
        copy.action_post()
        self.beside |= copy
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        self._assert_books(
            self._advance(300, 0), self._billed(1000, 300), self._billed(1000)
        )
        self._assert_settled(payable=-1700)

    @begun(30)
    def test_bill_that_is_posted_every_month_deducts_nothing_twice(self):
        bill = self._invoice(post=False)
        bill.auto_post = "monthly"
        bill.action_post()
        again = self.env["account.move"].search(
            [("auto_post_origin_id", "=", bill.id), ("id", "!=", bill.id)]
        )
        again.auto_post = "no"
        again.action_post()
        self._assert_amounts(self.deposits, "done", deducted=300, open=0)
        self.assertEqual(again.amount_residual, 1000)

    def test_lines_that_are_flagged_as_down_payments_are_billed_all_the_same(self):
        for values in (
            {"is_downpayment": True},
            {"is_downpayment": True, "product_qty": 0},
        ):
            with self.subTest(**values):
                self._begin(30)
                bill = self._invoice(post=False)
                line = self.order.order_line.with_user(self.buyer)
                line.write(values)
                bill.invoice_line_ids.is_downpayment = True
                bill.action_post()
                self._assert_amounts(self.deposits, "done", deducted=300, open=0)
                self.assertEqual(bill.amount_residual, 700)
                self.rule.active = False

    @begun(30)
    def test_paid_payment_is_not_rewritten(self):
        payment = self.deposits.payment_ids.with_user(self.cashier)
        for values in (
            {"amount": 12},
            {"partner_id": self.partner_b.id},
            {"deposit_amount": 600},
            {"state": "paid", "amount": 12},
        ):
            with self.subTest(**values):
                with (
                    self.assertRaisesRegex(UserError, "is in the books"),
                    self.env.cr.savepoint(),
                ):
                    payment.write(values)
        self._assert_amounts(self.deposits, "paid", paid=300, open=300)
        self._assert_books(self._advance(300, 300))


@tagged("post_install", "-at_install")
class TestPayableCases(Cases, Payable, CaseBooks):
    pass


@tagged("post_install", "-at_install")
class TestOpenCases(Cases, Open, CaseBooks):
    pass


@tagged("post_install", "-at_install")
class TestPrepaymentCases(Cases, Prepayment, CaseBooks):
    pass


@tagged("post_install", "-at_install")
class TestOpenPrepaymentCases(Cases, OpenPrepayment, CaseBooks):
    pass


class MatchedBooks(CaseBooks):
    """A deposit of 50 %, in two bills of 500: an accountant matches what is left of it
    with the first."""

    def _assert_second_bill_owed(self, match):
        self._begin(50)
        first = self._invoice(5)
        match(first)
        self.assertEqual((first.amount_residual, self.deposits.amount_open), (0, 0))
        second = self._invoice()
        self.assertEqual(first.amount_residual, 0)
        self.assertEqual(second.amount_residual, 500)
        self.assertEqual(self.deposits.state, "done")


@tagged("post_install", "-at_install")
class TestPayableMatched(Payable, MatchedBooks):
    def test_match_by_hand_stays(self):
        self._assert_second_bill_owed(
            lambda bill: self._match(bill, self.deposits.line_ids.move_id)
        )
        self._assert_amounts(self.deposits, "done", deducted=500, open=0)
        self._assert_books(
            self._advance(500, 0), self._billed(500, 250, left=0), self._billed(500)
        )
        self._assert_settled(payable=-500)


@tagged("post_install", "-at_install")
class TestPrepaymentMatched(Prepayment, MatchedBooks):
    def test_entry_by_hand_stays(self):
        def match(bill):
            entry = self._enter((self.payable, 250), (self.prepayment, -250))
            self._match(entry, self.deposits.line_ids.move_id)
            self._match(entry, bill, account=self.payable)

        self._assert_second_bill_owed(match)
        self._assert_books(
            self._advance(500, 0),
            self._billed(500, 250, 250, left=0),
            self._billed(500),
        )
        self._assert_settled(payable=-500)


@tagged("post_install", "-at_install")
class TestOpenMatched(Open, MatchedBooks):
    def test_bill_takes_all_by_itself(self):
        self._assert_second_bill_owed(lambda bill: None)
        self._assert_books(
            self._advance(500, 0), self._billed(500, 500), self._billed(500)
        )
        self._assert_settled(payable=-500)
