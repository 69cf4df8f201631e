from odoo import Command
from odoo.tests import HttpCase, new_test_user, tagged


@tagged("post_install", "-at_install")
class TestForecast(HttpCase):
    """The forecast report, opened by whoever may while salespeople see their own
    customers only."""

    allow_inherited_tests_method = True
    browser_size = "1366x768"

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        if "picking_ids" not in cls.env["sale.order"]._fields:
            cls.skipTest(cls, "orders do not deliver here")
        groups = "sales_team.group_sale_salesman"
        cls.sales = new_test_user(cls.env, "forecast-sales", groups=groups)
        cls.both = new_test_user(
            cls.env, "forecast-both", groups=f"{groups},stock.group_stock_user"
        )
        cls.other = new_test_user(cls.env, "forecast-other", groups=groups)
        cls.product = cls.env["product.product"].create(
            {"name": "Drill", "is_storable": True}
        )
        warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.env.company.id)], limit=1
        )
        cls.env["stock.quant"]._update_available_quantity(
            cls.product, warehouse.lot_stock_id, 100
        )
        cls._sell(cls.other, "SO-HIDDEN", 41)
        access = cls.env["customer.access"]
        access._switch(True)
        while access._fill():
            pass
        cls.env.flush_all()

    @classmethod
    def _sell(cls, user, name, quantity):
        customer = cls.env["res.partner"].create({"name": name, "user_id": user.id})
        line = {"product_id": cls.product.id, "product_uom_qty": quantity}
        order = cls.env["sale.order"].create(
            {
                "name": name,
                "partner_id": customer.id,
                "user_id": user.id,
                "order_line": [Command.create(line)],
            }
        )
        order.action_confirm()
        cls.env.flush_all()
        return order

    def _report(self, user):
        self._sell(user, "SO-OWN", 22)
        action = "action-stock.stock_forecasted_product_product_action"
        path = f"/odoo/{self.product.id}/{action}"
        self.start_tour(path, "customer_base_stock_report", login=user.login)

    def test_a_salesperson_opens_the_report(self):
        self._report(self.sales)

    def test_whoever_works_in_the_warehouse_too_opens_the_report(self):
        self._report(self.both)

    def test_a_leader_opens_the_report(self):
        leader = new_test_user(
            self.env, "forecast-leader", groups="sales_team.group_sale_salesman"
        )
        self.env["crm.team"].create(
            {"name": "North", "user_id": leader.id, "member_ids": self.sales.ids}
        )
        self.assertIn(self.sales.id, leader._get_led_user_ids())
        self._report(leader)

    def test_a_salesperson_opens_the_report_from_an_order(self):
        order = self._sell(self.sales, "SO-OWN", 22)
        self.start_tour(
            f"/odoo/action-sale.action_orders/{order.id}",
            "customer_base_stock_line",
            login=self.sales.login,
        )


class TestForecastOnAPhone(TestForecast):
    browser_size = "375x667"
    touch_enabled = True
