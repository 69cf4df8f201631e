from datetime import timedelta

from odoo import fields
from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.tours import Desk, Phone, TourCase

from .common import UrgencyCommon


class UrgencyTourCase(TourCase, UrgencyCommon):
    def _look_at_chain(self):
        sale = self._urgent_sale(self.critical)
        self._tour("/odoo/urgent-chain", "chain", self.seller)
        # who only looked has changed nothing
        self.assertEqual(sale.state, "draft")
        self.assertEqual(sale.urgency_level_id, self.critical)

    def _choose_by_keyboard(self):
        sale = self._sale(user=self.seller)
        self._tour(f"/odoo/sales/{sale.id}", "level_by_keyboard", self.seller)
        self.assertEqual(sale.urgency_level_id, self.critical)
        self.assertLess(sale.needed_by, fields.Datetime.now())

    def _look_at_purchases(self):
        for level in (self.urgent, self.critical):
            self._order(**self._urgency(level))
        self._tour("/odoo/purchase", "levels_in_lists", self.buyer)


@tagged("post_install", "-at_install")
class TestUrgencyTour(Desk, UrgencyTourCase):
    def test_who_waits_is_shown_first(self):
        now = fields.Datetime.now()
        self._buy_kept(now + timedelta(days=2), now + timedelta(days=9))
        for days in (3, 5):
            sale = self._sale(quantity=10, product=self.kept, confirm=True)
            sale.sudo().order_line.move_ids.date = now + timedelta(days=days)
        self._tour(f"/odoo/sales/{sale.id}", "change_urgency", self.seller)
        self.assertEqual(sale.urgency_level_id, self.critical)
        self.assertEqual(len(self.env["urgency.displacement"].search([])), 1)

    def test_notices_on_the_screen_have_the_colour_of_the_level(self):
        self._tour("/odoo/sales", "notices_have_colors", self.seller)

    def test_whole_chain(self):
        self._look_at_chain()

    def test_level_by_keyboard(self):
        self._choose_by_keyboard()

    def test_levels_in_lists(self):
        self._look_at_purchases()


@tagged("post_install", "-at_install")
class TestUrgencyPhoneTour(Phone, UrgencyTourCase):
    def test_whole_chain_on_a_phone(self):
        self._look_at_chain()

    def test_level_on_a_phone(self):
        self._choose_by_keyboard()

    def test_levels_on_cards(self):
        self._look_at_purchases()
