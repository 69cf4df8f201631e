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

    def test_a_buyer_looks_at_promises_on_a_phone(self):
        self._look_at_promises()
