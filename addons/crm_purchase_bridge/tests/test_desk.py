from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.supply_link.tests.pool_common import day

from .test_need import NeedCommon


class DeskCommon(NeedCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.head = cls._user("head", "sales_team.group_sale_manager")
        cls.chief = cls._user("chief", "purchase.group_purchase_manager")

    def _desk(self, user=None):
        desks = self.env["supply.desk"].with_user(user or self.head)
        return desks.with_context(allowed_company_ids=self.company.ids)

    def _open(self, user=None, product=None, **kwargs):
        self._run_job()
        self.env.flush_all()
        product = product or self.product
        return self._desk(user).get_desk(product.id, self.warehouse.id, **kwargs)

    def _figure(self, desk, key):
        return next(each for each in desk["figures"] if each["key"] == key)


@tagged("post_install", "-at_install")
class TestDesk(DeskCommon):
    def test_orders_are_in_serving_order_with_what_they_get(self):
        self._count(4)
        self._purchase(5, day(9))
        second = self._sale(5, due=day(3))
        first = self._sale(3, due=day(2))
        rows = self._open()["rows"]
        self.assertEqual(
            [row["name"] for row in rows], [first.order_id.name, second.order_id.name]
        )
        self.assertEqual([row["place"] for row in rows], [1, 2])
        nine = fields.Date.to_string(self._day(9))
        self.assertEqual(
            [
                [(part["quantity"], part["how"], part["day"]) for part in row["parts"]]
                for row in rows
            ],
            [
                [(3, "there", None)],
                [(1, "there", None), (4, "coming", nine)],
            ],
        )
        self.assertEqual(rows[1]["customer"], self.customer.name)
        self.assertEqual(rows[1]["risk"], "late")

    def test_what_comes_and_goes_by_day(self):
        self._count(4)
        self._purchase(5, day(9))
        self._sale(6, due=day(2))
        days = self._open()["days"]
        self.assertEqual(
            [(each["comes"], each["goes"], each["left"]) for each in days],
            [(4, 0, 4), (0, 6, -2), (5, 0, 3)],
        )
        self.assertEqual(
            [each["day"] for each in days],
            [fields.Date.to_string(self._day(number)) for number in (0, 2, 9)],
        )

    def test_what_was_due_is_due_today(self):
        self._sale(6, due=day(-3))
        (today,) = self._open()["days"]
        self.assertEqual((today["goes"], today["left"]), (6, -6))

    def test_each_figure_opens_its_records(self):
        """Stock, purchases, orders with and without a promise, some of them late."""
        self._count(9)
        reserved = self._sale(2, due=day(1))
        reserved.move_ids._action_assign()
        self._purchase(5, day(9))
        self._sale(8, due=day(2))
        self._sale(6, due=day(3))
        self._transfer(1, self.stock, self.env.ref("stock.stock_location_customers"))
        for user in (self.head, self.chief):
            desk = self._open(user)
            sums = {
                "free": lambda quants: sum(
                    quants.mapped(lambda each: each.quantity - each.reserved_quantity)
                ),
                "coming": lambda moves: sum(moves.mapped("product_qty")),
                "waiting": lambda moves: sum(
                    moves.mapped(lambda each: each.product_qty - each.quantity)
                ),
            }
            for key, add_up in sums.items():
                figure = self._figure(desk, key)
                rows = self.env[figure["model"]].search(figure["domain"])
                self.assertEqual(add_up(rows), figure["quantity"], key)
            self.assertEqual(self._figure(desk, "free")["quantity"], 7)
            self.assertEqual(self._figure(desk, "short")["quantity"], 3)
            broken = self._figure(desk, "broken")
            found = self.env["supply.promise"].with_user(user).search(broken["domain"])
            self.assertEqual(len(found), broken["count"])
            self.assertEqual(broken["count"], 2)
            for figure in desk["figures"]:
                if figure["can_open"]:
                    self.env[figure["model"]].with_user(user).search(figure["domain"])

    def test_a_text_finds_orders_and_customers(self):
        line = self._sale(5, due=day(3))
        other = self._sale(5, due=day(4))
        other.order_id.partner_id = self.vendor
        self.assertEqual(
            [row["place"] for row in self._open(text=self.vendor.name)["rows"]], [2]
        )
        self.assertEqual(
            [row["order_id"] for row in self._open(text=line.order_id.name)["rows"]],
            line.order_id.ids,
        )
        self.assertFalse(self._open(text="100%_")["rows"])

    def test_pages_go_on_where_the_last_one_ended(self):
        for number in range(3):
            self._sale(1, due=day(number + 1))
        self.assertEqual(
            [row["place"] for row in self._open(offset=2)["rows"]],
            [3],
        )
        self.assertEqual(self._open(offset=2)["count"], 3)

    def test_products_with_the_most_broken_promises_come_first(self):
        other = self._product("Pool Bed", seller_ids=[])
        self._sale(1, due=day(40))
        self._sale(1, due=day(2), product=other)
        self._run_job()
        products = self._desk().get_products()
        self.assertEqual([row["product_id"] for row in products], other.ids)
        self._sale(1, due=day(1))
        self._sale(1, due=day(1))
        self._run_job()
        found = {row["product_id"]: row for row in self._desk().get_products()}
        self.assertEqual(list(found), [self.product.id, other.id])
        self.assertEqual(found[self.product.id]["broken"], 2)

    def test_it_costs_the_same_for_many(self):
        self._count(3)
        self._purchase(5, day(9))
        self._sale(2, due=day(3))
        counts = []
        for _round in range(3):
            self._open()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self._desk().get_desk(self.product.id, self.warehouse.id)
            self._desk().get_products()
            counts.append(self.env.cr.sql_log_count - before)
            for number in range(5):
                self._sale(2, due=day(3 + number))
        self.assertLessEqual(counts[2], counts[1])

    def test_only_managers_of_this_company_look(self):
        keeper = self._user("keeper", "stock.group_stock_user")
        for user in (self.buyer, self.care, keeper):
            with self.assertRaises(AccessError):
                self._open(user)
            with self.assertRaises(AccessError):
                self._desk(user).get_products()
        other = self.env["res.company"].create({"name": "Other"})
        warehouse = self._get_warehouse(other)
        with self.assertRaises(AccessError):
            self._desk().get_desk(self.product.id, warehouse.id)

    def test_bad_input_is_told_what_to_do(self):
        service = self.env["product.product"].create(
            {"name": "Pool Service", "type": "service"}
        )
        for product, warehouse in (
            (service.id, self.warehouse.id),
            (10**9, self.warehouse.id),
            (self.product.id, False),
            ("1", [1]),
        ):
            with self.assertRaises(UserError):
                self._desk().get_desk(product, warehouse)
