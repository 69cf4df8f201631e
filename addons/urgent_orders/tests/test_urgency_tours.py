from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .common import UrgencyCommon


class UrgencyTourCase(HttpCase, UrgencyCommon):
    def _tour(self, path, name, user):
        self.start_tour(path, f"urgent_orders_{name}", login=user.login)
        self.env.invalidate_all()

    def _look_at_chain(self):
        sale = self._urgent_sale(self.critical)
        self._tour("/odoo/urgent-chain", "chain", self.seller)
        # who only looked has changed nothing
        self.assertEqual(sale.state, "draft")
        self.assertEqual(sale.urgency_level_id, self.critical)


@tagged("post_install", "-at_install")
class TestUrgencyTour(UrgencyTourCase):
    browser_size = "1366x768"

    def test_who_waits_is_shown_first(self):
        now = fields.Datetime.now()
        for days in (2, 9):
            order = self._order(quantity=10)
            order.order_line.product_id = self.kept
            order.order_line.write(
                {"product_qty": 10, "date_planned": now + timedelta(days=days)}
            )
            order.button_confirm()
        for days in (3, 5):
            sale = self._sale(quantity=10, product=self.kept, confirm=True)
            sale.sudo().order_line.move_ids.date = now + timedelta(days=days)
        self._tour(f"/odoo/sales/{sale.id}", "change_urgency", self.seller)
        self.assertEqual(sale.urgency_level_id, self.critical)
        self.assertEqual(len(self.env["urgency.displacement"].search([])), 1)

    def test_whole_chain(self):
        self._look_at_chain()


@tagged("post_install", "-at_install")
class TestUrgencyPhoneTour(UrgencyTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_whole_chain_on_a_phone(self):
        self._look_at_chain()
