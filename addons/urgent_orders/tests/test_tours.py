from datetime import timedelta

from odoo import Command, fields
from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.tours import Desk, Phone, TourCase

from .common import UrgentOrdersCommon


class UrgentOrderTourCase(TourCase, UrgentOrdersCommon):
    """The people of the main job, with what their day's work needs."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        stock = cls.env.ref("stock.group_stock_user")
        cls.buyer.group_ids += stock
        cls.sales = cls._user(
            "sales",
            "sales_team.group_sale_salesman_all_leads",
            "stock.group_stock_user",
        )
        warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        mto = cls.env.ref("stock.route_warehouse0_mto")
        mto.active = True
        cls.product.route_ids = [
            Command.set((mto | warehouse.buy_pull_id.route_id).ids)
        ]
        cls.product.list_price = 150
        cls.vendor.buyer_id = cls.buyer
        cls._rule(cls.manager, cls.director)


@tagged("post_install", "-at_install")
class TestUrgentOrderTour(Desk, UrgentOrderTourCase):
    def test_urgent_order_from_customer_to_delivery(self):
        self._tour("/odoo/sales/new", "care_marks_urgent", self.care)
        sale = self.env["sale.order"].search([("partner_id", "=", self.customer.id)])
        self.assertEqual(sale.urgency_level_id, self.critical)
        self.assertTrue(sale.needed_by)

        self._tour(f"/odoo/sales/{sale.id}", "sales_confirms", self.sales)
        purchase = sale._get_purchase_orders()
        self.assertEqual(purchase.urgency_source_id, sale)

        self._tour("/odoo/purchase", "buyer_submits", self.buyer)
        self.assertEqual(purchase.approval_holder_ids, self.manager)

        self._tour("/odoo/my-approvals", "manager_approves", self.manager)
        self.assertEqual(purchase.approval_holder_ids, self.director)

        self._tour("/odoo/my-approvals", "director_approves", self.director)
        self.assertEqual(purchase.state, "purchase")
        receipt = purchase.picking_ids
        self._tour(
            f"/odoo/action-stock.action_picking_tree_all/{receipt.id}",
            "validate_transfer",
            self.buyer,
        )
        delivery = sale.picking_ids
        self._tour(
            f"/odoo/action-stock.action_picking_tree_all/{delivery.id}",
            "validate_transfer",
            self.sales,
        )
        self.assertEqual(sale.order_line.qty_delivered, 40)


@tagged("post_install", "-at_install")
class TestUrgentOrderPhoneTour(Phone, UrgentOrderTourCase):
    def setUp(self):
        super().setUp()
        self.order = self._submitted(
            urgency_level_id=self.critical.id, urgency_reason="The ward opens on Monday"
        )
        self.order.with_user(self.manager).action_approve()

    def test_director_approves_on_a_phone(self):
        self._tour("/odoo/my-approvals", "director_approves_on_phone", self.director)
        self.assertEqual(self.order.state, "purchase")

    def test_director_rejects_on_a_phone(self):
        self._tour("/odoo/my-approvals", "director_rejects_on_phone", self.director)
        self.assertEqual(self.order.state, "draft")
        self.assertEqual(
            self.order.sudo().approval_process_id.close_reason,
            "Ask for a better price",
        )


@tagged("post_install", "-at_install")
class TestFirstScreenPhoneTour(Phone, UrgentOrderTourCase):
    """The order to decide about has long names, and much to stop at."""

    def setUp(self):
        super().setUp()
        self.vendor.name = (
            "Công ty Trách nhiệm hữu hạn Thương mại và Sản xuất Thiết bị Y tế "
            "Hoàng Long Việt Nam"
        )
        rule = self.env["approval.rule"].search([])
        rule.step_ids.limit_hours = 8
        now = fields.Datetime.now()
        goods = self.product + self._product("Wheelchair, foldable, with a basket")
        goods += self._product("Infusion stand of stainless steel on five castors")
        orders = [
            self._submitted(
                urgency_level_id=self.critical.id,
                urgency_reason="The ward opens on Monday",
                needed_by=now + timedelta(days=2),
                order_line=[
                    Command.create(
                        {
                            "product_id": each.id,
                            "product_qty": 12,
                            "price_unit": 123456.78,
                            "date_planned": now + timedelta(days=30),
                        }
                    )
                    for each in goods
                ],
            )
            for _number in range(2)
        ]
        self.task = (
            orders[0]
            .sudo()
            .approval_process_id.task_ids.filtered(lambda task: task.state == "active")
        )

    def test_form_says_it_all_on_the_first_screen(self):
        path = f"/odoo/my-approvals/{self.task.id}"
        self._tour(path, "first_screen", self.manager)

    def test_first_card_says_it_all(self):
        self._tour("/odoo/my-approvals", "first_card", self.manager)
