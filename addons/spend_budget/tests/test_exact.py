from unittest.mock import patch

from odoo import Command
from odoo.exceptions import UserError, ValidationError
from odoo.tests import tagged

from ..models import spend_control, spend_ledger
from ..shares import MOST_UNITS
from .common import SpendBudgetCommon

#: A barcode in the place of the quantity.
BARCODE, PRICE = 8_934_588_233_107, 780_000


@tagged("post_install", "-at_install")
class TestExact(SpendBudgetCommon):
    """Amounts that cannot be counted exactly do not come in, and what is in from before
    gets out on every way."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        vnd = cls.env.ref("base.VND")
        vnd.active = True
        cls.vn = cls.env["res.company"].create({"name": "VN", "currency_id": vnd.id})
        cls.env.user.company_ids += cls.vn
        cls.clinic_vn = cls._account("Clinic VN", company=cls.vn)
        cls.buyer_vn = cls._user("mua", "purchase.group_purchase_user", company=cls.vn)
        cls.boss_vn = cls._user("sep", "purchase.group_purchase_user", company=cls.vn)
        cls.line = cls._budget(
            {"account_id": cls.clinic_vn.id, "amount": 10**9}, company_id=cls.vn.id
        ).line_ids
        cls.env["approval.rule"].sudo().create(
            {
                "name": "All",
                "model_id": cls.env["ir.model"]._get_id("purchase.order"),
                "company_id": cls.vn.id,
                "step_ids": [
                    Command.create(
                        {"name": "Boss", "user_ids": [Command.set(cls.boss_vn.ids)]}
                    )
                ],
            }
        )

    def _vn_order(self, *lines):
        """Make a quotation; each line is its quantity and price."""
        return self._order(
            user=self.buyer_vn,
            currency_id=self.vn.currency_id.id,
            lines=[
                {
                    "product_qty": quantity,
                    "price_unit": price,
                    "analytic_distribution": {str(self.clinic_vn.id): 100},
                }
                for quantity, price in lines
            ],
        )

    def _from_before(self, *lines):
        """Make an order that was submitted before such amounts were refused."""
        with (
            patch.object(spend_control, "is_exact", lambda *_args: True),
            patch.object(spend_control, "reachable", lambda _held, wanted: wanted),
            patch.object(spend_ledger, "MOST_UNITS", 10**30),
        ):
            order = self._vn_order(*lines)
            order.button_confirm()
            self.env.flush_all()
        self.assertEqual(order.state, "to approve")
        self.env.invalidate_all()
        return order

    def _assert_free(self, reserved=0):
        self.assertBalance(self.line, reserved=reserved)

    # ------------------------------------------------------------
    # COMING IN
    # ------------------------------------------------------------

    def test_barcode_in_the_quantity_is_refused_at_once(self):
        with self.assertRaisesRegex(ValidationError, "Hospital bed.*too large"):
            self._vn_order((1, 5), (BARCODE, PRICE))

    def test_barcode_written_into_an_order_is_refused(self):
        order = self._vn_order((10, PRICE))
        for values in (
            {"product_qty": BARCODE},
            {"price_unit": 1e18},
            {"product_qty": BARCODE, "price_unit": PRICE},
        ):
            with (
                self.subTest(values=values),
                self.assertRaises(UserError),
                self.cr.savepoint(),
            ):
                order.order_line.write(values)
        order.button_confirm()
        with self.assertRaises(UserError), self.cr.savepoint():
            order.order_line.product_qty = BARCODE
        self._assert_free(reserved=10 * PRICE)

    def test_most_that_can_be_counted_is_counted_to_the_last_unit(self):
        for amount in (MOST_UNITS, MOST_UNITS - 1, MOST_UNITS - 7):
            order = self._vn_order((1, amount))
            order.button_confirm()
            self._assert_free(reserved=amount)
            order.action_withdraw()
            self._assert_free()

    def test_sum_of_many_lines_is_refused(self):
        order = self._vn_order(*[(1, MOST_UNITS // 4)] * 5)
        with self.assertRaisesRegex(UserError, "too large"), self.cr.savepoint():
            order.button_confirm()
        self.assertEqual(order.state, "draft")
        order.order_line[:2].unlink()
        order.button_confirm()
        self._assert_free(reserved=MOST_UNITS // 4 * 3)

    def test_sum_of_many_orders_is_refused(self):
        first, second = (self._vn_order((1, MOST_UNITS // 2 + 1)) for _ in range(2))
        first.button_confirm()
        with self.assertRaises(UserError), self.cr.savepoint():
            second.button_confirm()
        first.action_withdraw()
        second.button_confirm()
        self._assert_free(reserved=MOST_UNITS // 2 + 1)

    def test_rate_that_makes_it_too_large_is_refused_when_it_is_submitted(self):
        foreign = self.setup_other_currency("EUR", rates=[("2026-01-01", 0.0001)])
        foreign.rate_ids.company_id = self.vn
        order = self._vn_order((1, 10**12))
        order.currency_id = foreign
        with self.assertRaisesRegex(UserError, "Hospital bed"), self.cr.savepoint():
            order.button_confirm()
        order.order_line.price_unit = 10
        order.button_confirm()
        self.assertEqual(order.state, "to approve")

    def test_bill_is_refused_when_it_is_entered(self):
        self._line()
        for values in (
            {"quantity": BARCODE, "price_unit": PRICE},
            {"quantity": 1, "price_unit": 1e14},
        ):
            with (
                self.subTest(values=values),
                self.assertRaisesRegex(ValidationError, "too large"),
                self.cr.savepoint(),
            ):
                self._bill(price=1, post=False, line=values)
        bill = self._bill(price=5, post=False)
        with self.assertRaises(ValidationError), self.cr.savepoint():
            bill.invoice_line_ids.quantity = BARCODE

    def test_budget_and_its_transfers_stay_countable(self):
        line = self._line(5)
        with self.assertRaisesRegex(ValidationError, "too large"), self.cr.savepoint():
            self._line(MOST_UNITS)  # of euros, not of cents
        with self.assertRaises(ValidationError), self.cr.savepoint():
            line.write({"amount": MOST_UNITS / 200, "tolerance": 500})
        other = self._line(MOST_UNITS / 100, account_id=self.ward.id)
        wizard = self.env["spend.transfer.wizard"].create(
            {
                "from_line_id": line.id,
                "to_line_id": other.id,
                "amount": 5,
                "reason": "More",
            }
        )
        with self.assertRaises(ValidationError), self.cr.savepoint():
            wizard.action_transfer()
        wizard.amount = 1e30
        with self.assertRaisesRegex(UserError, "too large"), self.cr.savepoint():
            wizard.action_transfer()

    def test_without_a_budget_nothing_is_refused(self):
        self.line.budget_id._system_write({"state": "closed"})
        order = self._vn_order((BARCODE, PRICE))
        self.assertGreaterEqual(order.order_line.product_qty, BARCODE)

    # ------------------------------------------------------------
    # GETTING OUT
    # ------------------------------------------------------------

    def test_order_from_before_is_withdrawn(self):
        order = self._from_before((BARCODE, PRICE))
        order.action_withdraw()
        self.assertEqual(order.state, "draft")
        self._assert_free()

    def test_order_from_before_is_rejected(self):
        order = self._from_before((BARCODE, PRICE))
        order.with_user(self.boss_vn).action_reject("Scanned")
        self.assertEqual(order.state, "draft")
        self._assert_free()

    def test_order_from_before_is_cancelled(self):
        order = self._from_before((BARCODE, PRICE))
        order.button_cancel()
        self._assert_free()

    def test_order_from_before_is_lowered(self):
        order = self._from_before((BARCODE, PRICE), (BARCODE, 3 * PRICE))
        order.order_line[0].write({"product_qty": 2, "price_unit": PRICE})
        order.order_line[1].write({"product_qty": 1, "price_unit": 3 * PRICE})
        self._assert_free(reserved=5 * PRICE)

    def test_lines_of_an_order_from_before_are_removed(self):
        order = self._from_before((BARCODE, PRICE), (BARCODE, 3 * PRICE), (1, 5))
        order.order_line[0].unlink()
        order.order_line[0].unlink()
        self._assert_free(reserved=5)

    def test_order_from_before_is_approved_and_cancelled(self):
        order = self._from_before((BARCODE, PRICE))
        order.with_user(self.boss_vn).action_approve()
        self.assertEqual(order.state, "purchase")
        order.button_cancel()
        self._assert_free()

    def test_order_from_before_is_read_and_verified(self):
        order = self._from_before((BARCODE, PRICE))
        self.env.invalidate_all()
        self.assertTrue(order.budget_impact)
        self.line.budget_id.action_verify()
        order.action_withdraw()
        self.assertIn(order.budget_state, ("warned", "over"))

    def test_others_on_the_line_get_out_beside_it(self):
        small = self._vn_order((1, 7))
        small.button_confirm()
        order = self._from_before((BARCODE, PRICE))
        small.action_withdraw()
        order.action_withdraw()
        self._assert_free()
