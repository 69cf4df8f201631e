from odoo.tests import HttpCase, tagged

from .common import CustomerCommon


@tagged("post_install", "-at_install")
class TestTours(HttpCase, CustomerCommon):
    def test_a_salesperson_is_told_while_typing(self):
        self.start_tour(
            "/odoo/res.partner/new", "customer_base_same", login="customer-sales"
        )

    def test_on_a_phone_too(self):
        self.browser_size = "375x667"
        self.touch_enabled = True
        self.start_tour(
            "/odoo/res.partner/new", "customer_base_same", login="customer-sales"
        )
