"""What makes bills larger than their orders on other ways than quantity and price:
credit notes, taxes, rates, copies, and lines that name no order."""

from odoo import Command, fields
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PurchaseApprovalCommon


class BillKindsCommon(PurchaseApprovalCommon):
    shared_setup = True

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_bills()
        cls.rule = cls._rule(cls.manager, cls.director, amount_min=100000)
        cls.order = cls._submitted(quantity=10, price=100.0)

    def _line(self, quantity, price=100, **values):
        return {
            "purchase_line_id": self.order.order_line.id,
            "product_id": self.product.id,
            "quantity": quantity,
            "price_unit": price,
            **values,
        }

    def _other(self, price, quantity=1, **values):
        return {"name": "Power", "quantity": quantity, "price_unit": price, **values}

    def _note(self, *lines):
        note = self._bill(lines=lines)
        note.move_type = "in_refund"
        return note

    def _post(self, bill):
        bill.action_post()
        return bill.state

    def _assert_posted(self, bill):
        self.assertEqual(self._post(bill), "posted")
        return bill

    def _assert_refused(self, call, *args):
        with self.assertRaises(UserError), self.cr.savepoint():
            call(*args)


@tagged("post_install", "-at_install")
class TestCreditNotes(BillKindsCommon):
    """Credit notes give back what was billed before, and no more."""

    def test_note_over_nothing_makes_no_room(self):
        self._assert_posted(self._note(self._line(1000)))
        self.assertEqual(self._post(self._bill(lines=[self._line(1010)])), "draft")

    def test_note_over_nothing_makes_no_room_for_small_bills_either(self):
        self._assert_posted(self._note(self._line(1000)))
        self._assert_posted(self._bill(lines=[self._line(10)]))
        self.assertEqual(self._post(self._bill(lines=[self._line(1)])), "draft")

    def test_note_larger_than_the_bill_makes_no_more_room(self):
        self._assert_posted(self._bill(self.order))
        self._assert_posted(self._note(self._line(1000)))
        self._assert_posted(self._bill(self.order))
        self.assertEqual(self._post(self._bill(lines=[self._line(1)])), "draft")

    def test_bill_that_takes_back_makes_no_room(self):
        self._assert_posted(self._bill(lines=[self._line(-900), self._other(90000)]))
        self.assertEqual(self._post(self._bill(lines=[self._line(910)])), "draft")

    def test_correction_within_a_bill_passes(self):
        self._assert_posted(self._bill(lines=[self._line(-2), self._line(12)]))

    def _credited_and_billed_again(self):
        self._assert_posted(self._bill(self.order))
        note = self._assert_posted(self._note(self._line(10)))
        self._assert_posted(self._bill(self.order))
        return note

    def test_note_whose_room_was_used_is_not_taken_back(self):
        note = self._credited_and_billed_again()
        for call, *args in (
            (note.button_draft,),
            (note.button_cancel,),
            (note.write, {"state": "draft"}),
            (note.write, {"state": "cancel"}),
        ):
            self._assert_refused(call, *args)
        self._assert_refused(note.sudo().with_context(force_delete=True).unlink)
        self.assertEqual(note.state, "posted")

    def test_note_says_what_to_do_before_it_is_taken_back(self):
        note = self._credited_and_billed_again()
        with self.assertRaisesRegex(UserError, "Reset them to draft, or credit"):
            note.button_draft()

    def test_note_is_taken_back_after_the_later_bill(self):
        note = self._credited_and_billed_again()
        later = self.order.sudo().order_line.invoice_lines.move_id.sorted("id")[-1]
        later.with_user(self.accountant).button_draft()
        note.button_draft()
        self.assertEqual(note.state, "draft")

    def test_note_whose_room_nobody_used_is_taken_back(self):
        self._assert_posted(self._bill(self.order))
        note = self._assert_posted(self._note(self._line(10)))
        note.button_draft()
        self.assertEqual(note.state, "draft")

    def test_note_that_gives_back_and_takes_the_same_waits(self):
        note = self._note(self._line(1000), self._other(-100000))
        self.assertEqual(self._post(note), "draft")

    def test_note_that_takes_by_its_tax_waits(self):
        tax = self.env["account.tax"].create(
            {"name": "10", "amount": 10, "type_tax_use": "purchase"}
        )
        note = self._note(self._line(10, tax_ids=[Command.set(tax.ids)]))
        note.line_ids.filtered("tax_line_id").amount_currency = 900
        self.assertEqual(note.amount_total, 100)
        self.assertEqual(self._post(note), "draft")


@tagged("post_install", "-at_install")
class TestTaxes(BillKindsCommon):
    """Bills have no more taxes than their orders explain."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        Tax = cls.env["account.tax"]
        cls.tax = Tax.create({"name": "7", "amount": 7, "type_tax_use": "purchase"})
        cls.piece = Tax.create(
            {
                "name": "Per piece",
                "amount_type": "fixed",
                "amount": 500,
                "type_tax_use": "purchase",
            }
        )
        cls.order.order_line.tax_ids = cls.tax

    def _taxed(self, quantity=10, price=100, taxes=None, **values):
        taxes = self.tax if taxes is None else taxes
        return self._line(quantity, price, tax_ids=[Command.set(taxes.ids)], **values)

    def test_tax_of_the_order_passes(self):
        bill = self._assert_posted(self._bill(lines=[self._taxed()]))
        self.assertEqual(bill.amount_total, 1070)

    def test_tax_of_the_order_in_the_price_passes(self):
        self.tax.price_include_override = "tax_included"
        bill = self._assert_posted(self._bill(lines=[self._taxed()]))
        self.assertEqual(bill.amount_total, 1000)

    def test_no_tax_passes(self):
        self._assert_posted(self._bill(self.order))

    def test_tax_written_by_hand_waits(self):
        bill = self._bill(lines=[self._taxed()])
        bill.line_ids.filtered("tax_line_id").amount_currency = 500000
        self.assertEqual(bill.amount_total, 501000)
        self.assertEqual(self._post(bill), "draft")
        self.assertEqual(bill.sudo().excess_ids.amount, 499930)

    def test_tax_rounded_by_the_vendor_passes(self):
        bill = self._bill(lines=[self._taxed()])
        bill.line_ids.filtered("tax_line_id").amount_currency = 70.01
        self._assert_posted(bill)

    def test_accepted_tax_passes(self):
        bill = self._bill(lines=[self._taxed()])
        bill.line_ids.filtered("tax_line_id").amount_currency = 80
        self.assertEqual(self._post(bill), "draft")
        bill.sudo().excess_ids.with_user(self.buyer).action_accept()
        self._assert_posted(bill)

    def test_tax_that_the_order_has_not_waits(self):
        for taxes in (self.tax | self.piece, self.piece):
            bill = self._bill(lines=[self._taxed(taxes=taxes)])
            self.assertEqual(self._post(bill), "draft")

    def test_tax_written_on_a_posted_bill_is_refused(self):
        bill = self._assert_posted(self._bill(lines=[self._taxed()]))
        tax = bill.line_ids.filtered("tax_line_id")
        self._assert_refused(tax.write, {"amount_currency": 500000, "balance": 500000})

    def test_posted_past_the_button(self):
        bill = self._bill(lines=[self._taxed()])
        bill.line_ids.filtered("tax_line_id").amount_currency = 500000
        self._assert_refused(bill.write, {"state": "posted"})

    def test_item_made_by_hand_waits(self):
        for kind in ("tax", "rounding", "non_deductible_tax"):
            bill = self._bill(lines=[self._taxed(taxes=self.tax.browse())])
            account = bill.invoice_line_ids.account_id.id
            bill.line_ids = [
                Command.create(
                    {
                        "name": "More",
                        "display_type": kind,
                        "amount_currency": 5000,
                        "account_id": account,
                    }
                )
            ]
            with self.subTest(kind, total=bill.amount_total):
                state = self._post(bill)
                self.assertTrue(state == "draft" or bill.amount_total == 1000)
                if state == "posted":
                    bill.button_draft()

    def test_pieces_of_a_line_without_an_order_are_no_tax(self):
        taxes = [Command.set(self.piece.ids)]
        bill = self._bill(lines=[self._other(0, 1000, tax_ids=taxes)])
        self.assertEqual(self._post(bill), "draft")

    def test_part_that_is_not_deductible_passes(self):
        self._assert_posted(self._bill(lines=[self._taxed(deductible_amount=50)]))


@tagged("post_install", "-at_install")
class TestRates(BillKindsCommon):
    """What a bill is worth is said by the rate of the day."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = cls.env["res.currency"].create(
            {
                "name": "XYZ",
                "symbol": "X",
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": 2.0})],
            }
        )
        cls.order = cls._submitted(quantity=10, price=100.0, currency_id=cls.foreign.id)

    def _foreign_bill(self, *lines, kind="in_invoice", rate=None):
        bill = self._bill(lines=lines)
        bill.move_type = kind
        bill.currency_id = self.foreign
        if rate:
            bill.invoice_currency_rate = rate
        return bill

    def test_rate_of_the_day_passes(self):
        bill = self._assert_posted(self._foreign_bill(self._line(10, 99.99)))
        self.assertEqual(bill.amount_total_signed, -499.95)

    def test_rate_that_makes_it_dearer_waits(self):
        bill = self._foreign_bill(self._line(10), rate=0.001)
        self.assertEqual(self._post(bill), "draft")
        self.assertEqual(bill.sudo().excess_ids.amount, 999500)

    def test_rate_that_makes_it_cheaper_passes(self):
        self._assert_posted(self._foreign_bill(self._line(10), rate=2.1))

    def test_rate_within_the_tolerance_passes(self):
        self.company.excess_amount_percent = 5
        self._assert_posted(self._foreign_bill(self._line(10), rate=1.95))

    def test_rate_that_hides_what_has_no_order_waits(self):
        bill = self._foreign_bill(self._other(300000), rate=1000000)
        self.assertEqual(self._post(bill), "draft")

    def test_rate_that_makes_a_note_worth_nothing_waits(self):
        note = self._foreign_bill(self._line(10), kind="in_refund", rate=1000)
        self.assertEqual(self._post(note), "draft")

    def test_amount_in_company_currency_written_by_hand_waits(self):
        bill = self._foreign_bill(self._line(10))
        bill.invoice_line_ids.balance = 100000
        self.assertEqual(bill.amount_total_signed, -100000)
        self.assertEqual(self._post(bill), "draft")

    def test_rate_written_on_a_posted_bill_is_refused(self):
        bill = self._assert_posted(self._foreign_bill(self._line(10)))
        bill = bill.with_context(skip_readonly_check=True)
        self._assert_refused(bill.write, {"invoice_currency_rate": 0.001})


@tagged("post_install", "-at_install")
class TestNoRate(BillKindsCommon):
    """Odoo converts one to one where it knows no rate, and says nothing."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.foreign = cls.env["res.currency"].create(
            {
                "name": "XYZ",
                "symbol": "X",
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": 0.001})],
            }
        )
        cls.order = cls._submitted(quantity=10, price=1.0, currency_id=cls.foreign.id)
        cls.foreign.rate_ids.unlink()
        cls.env.invalidate_all()

    def _foreign_bill(self, *lines):
        bill = self._bill(lines=lines)
        bill.currency_id = self.foreign
        return bill

    def _assert_rate_is_missing(self, call, *args):
        with (
            self.assertRaisesRegex(UserError, "exchange rate for XYZ"),
            self.cr.savepoint(),
        ):
            call(*args)

    def test_bill_without_an_order_is_refused(self):
        bill = self._foreign_bill(self._other(900))
        self._assert_rate_is_missing(bill.action_post)

    def test_bill_of_an_order_is_refused(self):
        bill = self._foreign_bill(self._line(10, 1))
        self._assert_rate_is_missing(bill.action_post)

    def test_bill_of_an_order_in_company_currency_is_refused(self):
        self.order = self._submitted(quantity=10, price=100.0)
        bill = self._foreign_bill(self._line(10, 100))
        self._assert_rate_is_missing(bill.action_post)

    def test_bill_in_company_currency_of_an_order_without_a_rate_is_refused(self):
        bill = self._bill(lines=[self._line(10, 1)])
        self._assert_rate_is_missing(bill.action_post)

    def test_note_is_refused(self):
        note = self._foreign_bill(self._line(10, 1))
        note.move_type = "in_refund"
        self._assert_rate_is_missing(note.action_post)

    def test_posted_past_the_button(self):
        bill = self._foreign_bill(self._other(900))
        self._assert_rate_is_missing(bill.write, {"state": "posted"})

    def test_bill_is_posted_when_there_is_a_rate(self):
        bill = self._foreign_bill(self._line(10, 1))
        self.foreign.rate_ids = [Command.create({"name": "2020-01-01", "rate": 0.001})]
        self._assert_posted(bill)

    def test_where_all_may_pass_it_is_posted(self):
        self.company.write({"excess_policy": "allow", "orderless_policy": "allow"})
        self._assert_posted(self._foreign_bill(self._other(900)))

    def test_without_rules_for_orders_it_is_posted(self):
        self.rule.unlink()
        self._assert_posted(self._foreign_bill(self._other(900)))


@tagged("post_install", "-at_install")
class TestWholeOrders(BillKindsCommon):
    """An order with a rebate is judged as a whole, too: two lines of 1,000 each, and
    500 off."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.order = cls._order(quantity=10, price=100.0)
        cls.order.order_line = [
            Command.create(
                {"product_id": product.id, "product_qty": quantity, "price_unit": price}
            )
            for product, quantity, price in (
                (cls._product("Chair"), 10, 100.0),
                (cls._product("Rebate"), 1, -500.0),
            )
        ]
        cls.order.order_line.sudo().product_id.purchase_method = "purchase"
        cls.order.button_confirm()
        cls.bed, cls.chair, cls.rebate = cls.order.order_line

    def _of(self, line, quantity):
        return {
            "purchase_line_id": line.id,
            "product_id": line.product_id.id,
            "quantity": quantity,
            "price_unit": line.price_unit,
        }

    def _assert_waits_for(self, line, bill):
        self.assertEqual(self._post(bill), "draft")
        self.assertEqual(bill.sudo().excess_ids.line_ids.order_line_id, line.sudo())

    def test_without_the_rebate_the_line_that_grows_waits(self):
        self._assert_posted(self._bill(lines=[self._of(self.bed, 10)]))
        self._assert_waits_for(self.chair, self._bill(lines=[self._of(self.chair, 10)]))

    def test_a_line_of_nothing_beside_it_hides_nothing(self):
        self._assert_posted(self._bill(lines=[self._of(self.bed, 10)]))
        bill = self._bill(lines=[self._of(self.bed, 0), self._of(self.chair, 10)])
        self._assert_waits_for(self.chair, bill)

    def test_a_line_that_takes_back_what_it_takes_hides_nothing(self):
        self._assert_posted(self._bill(lines=[self._of(self.bed, 10)]))
        bill = self._bill(
            lines=[
                self._of(self.bed, 2),
                self._of(self.bed, -2),
                self._of(self.chair, 10),
            ]
        )
        self._assert_waits_for(self.chair, bill)

    def test_a_line_that_falls_beside_it_counts(self):
        self._assert_posted(self._bill(lines=[self._of(self.bed, 10)]))
        bill = self._bill(lines=[self._of(self.bed, -5), self._of(self.chair, 10)])
        self._assert_posted(bill)

    def test_all_with_the_rebate_passes(self):
        lines = [self._of(line, line.product_qty) for line in self.order.order_line]
        self._assert_posted(self._bill(lines=lines))

    def test_the_rest_with_the_rebate_passes(self):
        self._assert_posted(self._bill(lines=[self._of(self.bed, 10)]))
        rest = [self._of(self.chair, 10), self._of(self.rebate, 1)]
        self._assert_posted(self._bill(lines=rest))


@tagged("post_install", "-at_install")
class TestCopies(BillKindsCommon):
    """A copy of a bill asks for the same of the same order."""

    def test_copy_waits(self):
        bill = self._assert_posted(self._bill(self.order))
        copy = bill.copy({"invoice_date": "2026-01-15"})
        self.assertEqual(self._post(copy), "draft")

    def test_copy_of_a_copy_waits(self):
        bill = self._bill(self.order)
        copy = bill.copy().copy({"invoice_date": "2026-01-15"})
        self._assert_posted(bill)
        self.assertEqual(self._post(copy), "draft")

    def test_copy_that_is_posted_every_month_waits(self):
        bill = self._bill(self.order)
        bill.write({"auto_post": "monthly", "date": "2026-01-15"})
        self._assert_posted(bill)
        copy = self.env["account.move"].search([("auto_post_origin_id", "=", bill.id)])
        copy -= bill
        self.assertTrue(copy)
        copy.with_user(self.accountant)._post()
        self.assertEqual(copy.state, "draft")

    def test_copy_within_the_order_is_assert_posted(self):
        bill = self._assert_posted(self._bill(lines=[self._line(5)]))
        self._assert_posted(bill.copy({"invoice_date": "2026-01-15"}))

    def test_copy_of_a_note_makes_no_more_room(self):
        self._assert_posted(self._bill(self.order))
        note = self._assert_posted(self._note(self._line(10)))
        self._assert_posted(note.copy({"invoice_date": "2026-01-15"}))
        self._assert_posted(self._bill(self.order))
        self.assertEqual(self._post(self._bill(self.order)), "draft")

    def test_without_rules_a_copy_has_no_order(self):
        self.rule.unlink()
        copy = self._bill(self.order).copy()
        self.assertFalse(copy.invoice_line_ids.purchase_line_id)


@tagged("post_install", "-at_install")
class TestNoOrder(BillKindsCommon):
    """Lines that name no order open no way round it."""

    def test_more_of_the_product_without_the_order_waits(self):
        bill = self._bill(lines=[self._line(10), self._line(1, purchase_line_id=False)])
        self.assertEqual(self._post(bill), "draft")

    def test_the_product_on_a_bill_of_its_own_waits(self):
        bill = self._bill(lines=[self._line(1, purchase_line_id=False)])
        self.assertEqual(self._post(bill), "draft")

    def test_the_product_of_another_vendor_is_none_of_the_order(self):
        other = self.env["res.partner"].create({"name": "Somebody else"})
        line = self._line(1, purchase_line_id=False)
        self._assert_posted(self._bill(lines=[line], vendor=other))

    def test_small_bills_without_an_order_add_up(self):
        self._assert_posted(self._bill(lines=[self._other(60000)]))
        bill = self._bill(lines=[self._other(60000)])
        self.assertEqual(self._post(bill), "draft")
        self.assertEqual(bill.sudo().excess_ids.amount, 60000)
        self.assertEqual(bill.sudo().excess_ids.approval_process_id.rule_id, self.rule)

    def test_small_bills_posted_together_add_up(self):
        bills = self._bill(lines=[self._other(60000)])
        bills |= self._bill(lines=[self._other(60000)])
        bills.action_post()
        self.assertEqual(sorted(bills.mapped("state")), ["draft", "posted"])
        held = bills.filtered(lambda bill: bill.state == "draft")
        self.assertEqual(held.sudo().excess_ids.approval_process_id.rule_id, self.rule)

    def test_small_bills_posted_past_the_button_add_up(self):
        bills = self._bill(lines=[self._other(60000)])
        bills |= self._bill(lines=[self._other(60000)])
        self._assert_refused(bills.write, {"state": "posted"})

    def test_approved_bills_do_not_count_any_more(self):
        large = self._bill(lines=[self._other(100000)])
        large.action_post()
        large.sudo().excess_ids.with_user(self.manager).action_approve()
        large.sudo().excess_ids.with_user(self.director).action_approve()
        self._assert_posted(large)
        self._assert_posted(self._bill(lines=[self._other(60000)]))

    def test_bills_of_several_vendors_do_not_add_up(self):
        other = self.env["res.partner"].create({"name": "Somebody else"})
        self._assert_posted(self._bill(lines=[self._other(60000)]))
        self._assert_posted(self._bill(lines=[self._other(60000)], vendor=other))

    def test_bills_of_long_ago_do_not_add_up(self):
        bill = self._assert_posted(self._bill(lines=[self._other(60000)]))
        self.env.flush_all()
        self.cr.execute(
            "UPDATE account_move SET create_date = %s WHERE id = %s",
            [fields.Datetime.subtract(fields.Datetime.now(), days=31), bill.id],
        )
        self.env.invalidate_all()
        self._assert_posted(self._bill(lines=[self._other(60000)]))

    def test_what_is_taken_off_makes_no_room(self):
        bill = self._bill(lines=[self._other(199000), self._other(-100000)])
        self.assertEqual(self._post(bill), "draft")
        self.assertEqual(bill.sudo().excess_ids.amount, 199000)
