"""What bills show beside their journal items can be written over the API: it hides
nothing."""

from odoo import Command
from odoo.exceptions import RedirectWarning, UserError
from odoo.tests import tagged

from .common import PurchaseApprovalCommon

#: Lets Odoo keep what is written to posted bills as it is.
UNSYNCED = {"skip_invoice_sync": True}


@tagged("post_install", "-at_install")
class TestForgedBills(PurchaseApprovalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._set_up_bills()
        cls._rule(cls.manager, cls.director, amount_min=100000)
        cls.order = cls._submitted(quantity=10, price=100.0)
        cls.other = cls.env["res.partner"].create({"name": "Somebody else"})

    def _posted(self):
        bill = self._bill(self.order)
        bill.action_post()
        self.assertEqual(bill.state, "posted")
        return bill

    def _assert_refused(self, records, values, error=UserError):
        with self.assertRaises(error), self.cr.savepoint():
            records.write(values)
            self.env.flush_all()

    def test_bill_of_another_vendor_waits_whoever_it_says_it_belongs_to(self):
        bill = self._bill(self.order, vendor=self.other)
        bill.commercial_partner_id = self.vendor
        bill.action_post()
        self.assertEqual(bill.state, "draft")
        self.assertEqual(bill.sudo().excess_ids.partner_id, self.other)

    def test_price_in_a_currency_that_only_the_line_has_waits(self):
        yen = self.env.ref("base.JPY")
        yen.active = True
        rate = {"name": "2020-01-01", "rate": 150, "company_id": self.company.id}
        self.env["res.currency.rate"].create({"currency_id": yen.id, **rate})
        bill = self._bill(self.order)
        bill.invoice_line_ids.price_unit = 110
        bill.invoice_line_ids.currency_id = yen
        bill.action_post()
        self.assertEqual(bill.state, "draft")

    def test_posted_line_that_says_it_is_a_draft_is_judged(self):
        lines = self._posted().invoice_line_ids
        lines.parent_state = "draft"
        self._assert_refused(lines, {"quantity": 15}, RedirectWarning)

    def test_posted_bill_does_not_become_one_of_another_vendor(self):
        bill = self._posted().with_context(skip_readonly_check=True)
        self._assert_refused(bill, {"partner_id": self.other.id})

    def test_posted_bill_does_not_get_another_currency(self):
        bill = self._posted().with_context(skip_readonly_check=True)
        euro = self.env.ref("base.EUR")
        euro.active = True
        rate = {"name": "2020-01-01", "rate": 0.5, "company_id": self.company.id}
        self.env["res.currency.rate"].create({"currency_id": euro.id, **rate})
        self._assert_refused(bill, {"currency_id": euro.id})

    def test_posted_bill_stays_a_bill(self):
        bill = self._posted()
        for move_type in ("entry", "in_refund"):
            self._assert_refused(bill, {"move_type": move_type})

    def test_draft_that_says_its_lines_are_posted_is_not_owed(self):
        bill = self._bill(lines=[{"quantity": 1, "price_unit": 200000}])
        bill.line_ids.parent_state = "posted"
        payment = self._payment(150000)
        payment.action_post()
        self.assertEqual(payment.state, "draft")

    # posted bills without an order that grow

    def _small(self):
        """A posted bill of 60,000 that no order stands behind."""
        bill = self._bill(lines=[{"name": "Power", "quantity": 1, "price_unit": 60000}])
        bill.action_post()
        self.assertEqual(bill.state, "posted")
        return bill

    def _prepare_pair(self, bill, amount):
        """Return what is bought, and what is owed for it."""
        payable = bill.line_ids.filtered(
            lambda item: item.account_type == "liability_payable"
        )
        kinds = {
            "product": (bill.invoice_line_ids.account_id, amount),
            "payment_term": (payable.account_id, -amount),
        }
        return [
            {
                "move_id": bill.id,
                "name": "More",
                "display_type": kind,
                "account_id": account.id,
                "tax_ids": False,
                "amount_currency": value,
                "balance": value,
            }
            for kind, (account, value) in kinds.items()
        ]

    def _add(self, bill, amount):
        lines = self.env["account.move.line"].with_user(self.accountant)
        lines.with_context(**UNSYNCED).create(self._prepare_pair(bill, amount))
        self.env.flush_all()

    def test_lines_made_in_a_posted_bill_without_an_order(self):
        bill = self._small()
        with self.assertRaisesRegex(UserError, "stands behind"), self.cr.savepoint():
            self._add(bill, 50000)

    def test_lines_without_an_order_made_in_a_posted_bill_of_one(self):
        bill = self._posted()
        with self.assertRaisesRegex(UserError, "stands behind"), self.cr.savepoint():
            self._add(bill, 150000)

    def test_a_few_lines_made_in_a_posted_bill_pass(self):
        bill = self._small()
        self._add(bill, 10000)
        self.assertEqual(bill.amount_total, 70000)

    def test_lines_written_into_a_posted_bill_without_an_order(self):
        bill = self._small().with_context(skip_readonly_check=True, **UNSYNCED)
        rows = [Command.create(row) for row in self._prepare_pair(bill, 50000)]
        self._assert_refused(bill, {"line_ids": rows})

    def test_lines_of_a_posted_bill_without_an_order_that_become_dearer(self):
        bill = self._small().with_context(skip_readonly_check=True, **UNSYNCED)
        rows = [
            Command.update(item.id, {"balance": item.balance * 2})
            for item in bill.line_ids
        ]
        self._assert_refused(bill, {"line_ids": rows})

    def test_lines_moved_into_a_posted_bill_without_an_order(self):
        bill = self._small()
        draft = self._bill(
            lines=[{"name": "Power", "quantity": 1, "price_unit": 50000}]
        )
        line = draft.invoice_line_ids.with_context(
            check_move_validity=False, **UNSYNCED
        )
        amounts = {"balance": 50000, "amount_currency": 50000}
        self._assert_refused(line, {"move_id": bill.id, **amounts})

    def _post_with_a_line_called(self, kind):
        """Post a bill without an order for 1, and 200000 that is no product."""
        lines = [
            {"product_id": self.product.id, "quantity": 1, "price_unit": price}
            for price in (1, 200000)
        ]
        bill = self._bill(lines=lines)
        bill.invoice_line_ids[1].display_type = kind
        bill.action_post()
        return bill

    def test_line_that_odoo_makes_itself_is_not_posted(self):
        for kind in ("rounding", "non_deductible_product"):
            with self.subTest(kind):
                self.assertEqual(self._post_with_a_line_called(kind).amount_total, 1)

    def test_line_that_odoo_makes_for_others_is_refused(self):
        """It is asked for first; approved, it is refused all the same."""
        for kind in ("discount", "cogs", "epd"):
            with self.subTest(kind):
                with self.assertRaises(UserError), self.cr.savepoint():
                    bill = self._post_with_a_line_called(kind)
                    excess = bill.sudo().excess_ids
                    excess.with_user(self.manager).action_approve()
                    excess.with_user(self.director).action_approve()
                    self.assertEqual(bill.sudo().excess_ids.state, "approved")
                    bill.action_post()
