from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.tours import Desk, Phone, TourCase

from .common import BridgeCommon


class DeskTourCase(TourCase, BridgeCommon):
    def _lack(self, days=3):
        sale = self._sale(quantity=10, product=self.kept, user=self.care)
        sale.order_line.wanted_on = fields.Date.today() + timedelta(days=days)
        sale.action_confirm()
        self._follow_supply()
        return sale

    def _buy(self):
        self._lack()
        self._tour("/odoo/hot-list", "buy", self.buyer)
        line = self.env["purchase.order.line"].search(
            [("product_id", "=", self.kept.id)]
        )
        self.assertEqual((line.product_qty, line.order_id.state), (10, "draft"))

    def _redate(self):
        self._buy_kept(fields.Datetime.now() - timedelta(days=3))
        self._lack()
        self._tour("/odoo/overdue-receipts", "redate", self.buyer)
        line = self.env["purchase.order.line"].search(
            [("product_id", "=", self.kept.id)]
        )
        self.assertGreater(
            line.date_planned, fields.Datetime.now() + timedelta(days=26)
        )

    def _look_at_figures(self):
        self._lack(days=0)
        self._tour("/odoo/promises-overview", "overview", self.seller)

    def _put_away(self):
        self.warehouse.reception_steps = "two_steps"
        place = self.warehouse.wh_input_stock_loc_id
        self.env["stock.quant"]._update_available_quantity(self.kept, place, 10)
        self._lack(days=0)
        self._tour("/odoo/save-promises", "put_away", self.clerk)
        move = self.env["stock.move"].search(
            [("product_id", "=", self.kept.id), ("location_id", "=", place.id)]
        )
        self.assertEqual(move.quantity, 10)

    def _look_at_receipts(self):
        self._buy_kept(fields.Datetime.now() + timedelta(days=2))
        self._lack()
        self._tour("/odoo/receipts-waited-for", "receipts", self.clerk)

    def _look_at_a_shortage(self, user):
        self._lack(days=0)
        self._lack(days=0)
        self._tour("/odoo/shortage-desk", "shortage", user)

    def _decide(self, user):
        self._count(10)
        # both today: goods that are bought for tomorrow are in time on a Sunday
        first, second = self._lack(days=0), self._lack(days=0)
        first.picking_ids.do_unreserve()
        self._tour("/odoo/shortage-desk", "decide", user)
        decision = self.env["supply.decision"].search(
            [("product_id", "=", self.kept.id)]
        )
        self.assertEqual(decision.order_name, second.name)
        self.assertEqual(decision.user_id, user)


@tagged("post_install", "-at_install")
class TestDeskTour(Desk, DeskTourCase):
    def test_a_buyer_buys_from_the_hot_list(self):
        self._buy()

    def test_a_buyer_redates_an_overdue_receipt(self):
        self._redate()

    def test_who_leads_sales_looks_at_figures(self):
        self._look_at_figures()

    def test_a_storekeeper_puts_away(self):
        self._put_away()

    def test_a_storekeeper_sees_who_waits_for_a_receipt(self):
        self._look_at_receipts()

    def test_who_leads_sales_looks_at_a_shortage(self):
        self._look_at_a_shortage(self.seller)

    def test_who_leads_purchasing_looks_at_a_shortage(self):
        self._look_at_a_shortage(self.manager)

    def test_who_leads_sales_decides_on_a_shortage(self):
        self._decide(self.seller)

    def test_who_leads_purchasing_decides_on_a_shortage(self):
        self._decide(self.manager)


@tagged("post_install", "-at_install")
class TestDeskPhoneTour(Phone, DeskTourCase):
    def test_a_buyer_buys_from_the_hot_list_on_a_phone(self):
        self._buy()

    def test_a_buyer_redates_an_overdue_receipt_on_a_phone(self):
        self._redate()

    def test_who_leads_sales_looks_at_figures_on_a_phone(self):
        self._look_at_figures()

    def test_a_storekeeper_puts_away_on_a_phone(self):
        self._put_away()

    def test_a_storekeeper_sees_who_waits_for_a_receipt_on_a_phone(self):
        self._look_at_receipts()

    def test_who_leads_sales_looks_at_a_shortage_on_a_phone(self):
        self._look_at_a_shortage(self.seller)

    def test_who_leads_purchasing_looks_at_a_shortage_on_a_phone(self):
        self._look_at_a_shortage(self.manager)

    def test_who_leads_sales_decides_on_a_shortage_on_a_phone(self):
        self._decide(self.seller)

    def test_who_leads_purchasing_decides_on_a_shortage_on_a_phone(self):
        self._decide(self.manager)
