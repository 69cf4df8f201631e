from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.tours import Desk, Phone, TourCase

from .common import BridgeCommon


class PromiseTourCase(TourCase, BridgeCommon):
    def _sell(self, days):
        """Sell ten where four are there and six come, wanted in so many days."""
        now = fields.Datetime.now()
        self._count(4)
        self._buy_kept(now + timedelta(days=7))
        sale = self._sale(quantity=10, product=self.kept, user=self.care)
        sale.order_line.wanted_on = now.date() + timedelta(days=days)
        sale.action_confirm()
        self._follow_supply()
        return sale

    def _tell_the_customer(self):
        sale = self._sell(30)
        self._tour(f"/odoo/sales/{sale.id}", "tell", self.care)
        promise = self.env["supply.promise"].search([("order_id", "=", sale.id)])
        self.assertEqual(promise.told_by_id, self.care)
        self.assertEqual(promise.channel, "phone")
        self.assertGreaterEqual(promise.told_on, promise.wanted_on)

    def _keep_what_they_want(self):
        sale = self._sell(30)
        self._tour(f"/odoo/sales/{sale.id}", "tell_wanted", self.seller)
        self.assertEqual(str(sale.order_line.wanted_on), "2099-12-24")
        promise = self.env["supply.promise"].search([("order_id", "=", sale.id)])
        self.assertFalse(promise.told_on)

    def _begin_a_quotation(self):
        self._tour("/odoo/sales/new", "unsaved", self.seller)

    def _read_beside_the_forecast(self):
        self.company.promise_beside_forecast = True
        self._rule(self.manager)
        sale = self._sale(confirm=True, user=self.care)
        self._purchase(sale).with_user(self.buyer).button_confirm()
        self._follow_supply()
        self._tour(f"/odoo/sales/{sale.id}", "beside_forecast", self.care)

    def _see_what_slipped(self):
        """The day that was told has become impossible: the to-do says so."""
        sale = self._sell(30)
        dialog = sale.with_user(self.care).action_tell_promise()["res_id"]
        self.env["supply.promise.tell"].with_user(self.care).browse(
            dialog
        ).action_tell()
        line = self.env["purchase.order.line"].search(
            [("product_id", "=", self.kept.id)], limit=1
        )
        line.date_planned += timedelta(days=60)
        self._follow_supply()
        self._tour(f"/odoo/sales/{sale.id}", "slipped", self.care)

    def _look_at_promises(self):
        self._sell(1)
        self._tour("/odoo/promises", "promises", self.buyer)


@tagged("post_install", "-at_install")
class TestPromiseTour(Desk, PromiseTourCase):
    def test_care_tells_the_customer(self):
        self._tell_the_customer()

    def test_sales_keeps_what_the_customer_wants(self):
        self._keep_what_they_want()

    def test_sales_begins_a_quotation(self):
        self._begin_a_quotation()

    def test_sales_reads_our_day_beside_the_forecast(self):
        self._read_beside_the_forecast()

    def test_care_sees_what_slipped(self):
        self._see_what_slipped()

    def test_a_buyer_looks_at_promises(self):
        self._look_at_promises()

    def test_a_buyer_groups_promises_by_vendor(self):
        self._sell(1)
        self._tour("/odoo/promises", "vendors", self.buyer)


@tagged("post_install", "-at_install")
class TestPromisePhoneTour(Phone, PromiseTourCase):
    def test_care_tells_the_customer_on_a_phone(self):
        self._tell_the_customer()

    def test_sales_keeps_what_the_customer_wants_on_a_phone(self):
        self._keep_what_they_want()

    def test_sales_begins_a_quotation_on_a_phone(self):
        self._begin_a_quotation()

    def test_sales_reads_our_day_beside_the_forecast_on_a_phone(self):
        self._read_beside_the_forecast()

    def test_care_sees_what_slipped_on_a_phone(self):
        self._see_what_slipped()

    def test_a_buyer_looks_at_promises_on_a_phone(self):
        self._look_at_promises()


@tagged("post_install", "-at_install")
class TestBesideForecast(BridgeCommon):
    """Our day on the line, as soon as a setting says so, and not before."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._rule(cls.manager, cls.director)
        cls.line = cls._sale(confirm=True, user=cls.care).order_line

    def _read(self):
        self._follow_supply()
        self.line.invalidate_recordset()
        line = self.line.with_user(self.care).with_context(lang="en_US")
        return line.promise_day, line.promise_text, line.order_id

    def test_off(self):
        day, text, order = self._read()
        self.assertFalse(day or text or order.promise_beside_forecast)

    def test_on_it_is_the_likely_day_with_the_approval_that_it_waits_for(self):
        self.company.promise_beside_forecast = True
        purchase = self._purchase(self.line.order_id)
        day, text, order = self._read()
        self.assertTrue(order.promise_beside_forecast)
        self.assertEqual(day, self.line.sudo().promise_ids.likely_on)
        self.assertEqual(text, f"{purchase.name} is not ordered yet")
        purchase.with_user(self.buyer).button_confirm()
        for approver in (self.manager, self.director):
            self.assertEqual(
                self._read()[1],
                f"{purchase.name} waits for approval by {approver.name}",
            )
            purchase.with_user(approver).action_approve()
        self.assertEqual(
            self._read()[1], f"{purchase.name} is ordered from {self.vendor.name}"
        )

    def test_of_another_company_it_is_off(self):
        self.env["res.company"].create({"name": "Other"}).promise_beside_forecast = True
        self.assertFalse(self._read()[0])
