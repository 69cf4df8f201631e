from odoo import Command
from odoo.tests import tagged

from .common import PurchaseApprovalCommon


class ForecastCommon(PurchaseApprovalCommon):
    """Twenty shall be in stock, and an approved order brings ten."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule(cls.manager)
        cls.warehouse = cls.env["stock.warehouse"].search(
            [("company_id", "=", cls.company.id)], limit=1
        )
        cls.orderpoint = cls._minimum(cls.warehouse, 20)
        cls.order = cls._approved_order(10)

    @classmethod
    def _minimum(cls, warehouse, quantity):
        return cls.env["stock.warehouse.orderpoint"].create(
            {
                "product_id": cls.product.id,
                "warehouse_id": warehouse.id,
                "location_id": warehouse.lot_stock_id.id,
                "product_min_qty": quantity,
                "product_max_qty": quantity,
                "trigger": "auto",
            }
        )

    @classmethod
    def _approved_order(cls, quantity, **values):
        order = cls._submitted(price=100, quantity=quantity, **values)
        order.with_user(cls.manager).action_approve()
        return order

    def _receive(self, order, quantity):
        receipt = order.picking_ids.sudo().filtered(lambda p: p.state != "done")
        receipt.move_ids.write({"quantity": quantity, "picked": True})
        receipt.with_context(skip_backorder=False)._action_done()

    def _run_scheduler(self, orderpoint=None):
        """Return how much the scheduler orders on top of what there is."""
        self.env.flush_all()
        self.env.invalidate_all()
        known = self.env["purchase.order.line"].search([])
        asked = {line: line.product_qty for line in known}
        (orderpoint or self.orderpoint).sudo()._procure_orderpoint_confirm()
        self.env.flush_all()
        lines = self.env["purchase.order.line"].search(
            [("product_id", "=", self.product.id)]
        )
        return sum(line.product_qty - asked.get(line, 0) for line in lines)

    def _report(self, warehouse=None):
        """Return what the report *Forecasted* says of the product."""
        self.env.flush_all()
        self.env.invalidate_all()
        report = self.env["stock.forecasted_product_product"].with_context(
            warehouse_id=(warehouse or self.warehouse).id
        )
        docs = report.get_report_values(self.product.ids)["docs"]
        return docs["product"][self.product.id]


@tagged("post_install", "-at_install")
class TestForecast(ForecastCommon):
    """Goods of an order that went back to its approvers count once."""

    def test_an_approved_order_counts_once(self):
        self.assertEqual(self._run_scheduler(), 10)

    def test_a_changed_order_counts_once(self):
        self.order.order_line.price_unit = 101
        self.assertEqual(self.order.state, "to approve")
        self.assertEqual(self._run_scheduler(), 10)

    def test_nothing_more_is_ordered_when_it_is_approved_again(self):
        self.order.order_line.price_unit = 101
        self._run_scheduler()
        self.order.with_user(self.manager).action_approve()
        self.assertEqual(self._run_scheduler(), 0)

    def test_raised_what_is_asked_for_counts(self):
        self.order.order_line.product_qty = 15
        self.assertEqual(self.order.state, "to approve")
        self.assertEqual(self._run_scheduler(), 5)

    def test_lowered_what_is_on_its_way_counts(self):
        self.order.order_line.product_qty = 6
        self.assertEqual(self._run_scheduler(), 10)

    def test_partly_received(self):
        self._receive(self.order, 4)
        self.order.order_line.price_unit = 101
        self.assertEqual(self.product.qty_available, 4)
        self.assertEqual(self._run_scheduler(), 10)

    def test_partly_received_and_raised(self):
        self._receive(self.order, 4)
        self.order.order_line.product_qty = 12
        self.assertEqual(self._run_scheduler(), 8)

    def test_received_in_full(self):
        self._receive(self.order, 10)
        self.order.order_line.price_unit = 101
        self.assertEqual(self._run_scheduler(), 10)

    def test_refused_and_back_to_a_quotation(self):
        self.order.order_line.price_unit = 101
        self.order.with_user(self.manager).action_reject("no")
        self.assertEqual(self._run_scheduler(), 10)

    def test_receipt_cancelled_meanwhile(self):
        self.order.order_line.price_unit = 101
        self.order.picking_ids.sudo().action_cancel()
        self.assertEqual(self._run_scheduler(), 10)

    def test_another_unit_of_measure(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        order = self._approved_order(
            1,
            order_line=[
                Command.create(
                    {
                        "product_id": self.product.id,
                        "product_qty": 1,
                        "product_uom_id": dozen.id,
                        "price_unit": 1200,
                    }
                )
            ],
        )
        self.orderpoint.write({"product_min_qty": 30, "product_max_qty": 30})
        order.order_line.price_unit = 1201
        self.assertEqual(order.state, "to approve")
        self.assertEqual(self._run_scheduler(), 8)

    def test_requests_count_as_in_odoo(self):
        other = self._order(price=100, quantity=3)
        self.assertEqual(self._run_scheduler(), 7)
        other.button_confirm()
        self.assertEqual(other.state, "to approve")
        self.assertEqual(self._run_scheduler(), 0)

    def test_order_of_the_scheduler_itself(self):
        self.assertEqual(self._run_scheduler(), 10)
        order = (
            self.env["purchase.order.line"]
            .search([("orderpoint_id", "=", self.orderpoint.id)])
            .order_id
        )
        order.with_user(self.buyer).button_confirm()
        order.with_user(self.manager).action_approve()
        order.with_user(self.buyer).order_line.price_unit = 101
        self.assertEqual(order.state, "to approve")
        self.assertEqual(self._run_scheduler(), 0)
        self.orderpoint.write({"product_min_qty": 25, "product_max_qty": 25})
        self.assertEqual(self._run_scheduler(), 5)

    def test_two_warehouses(self):
        second = self.env["stock.warehouse"].create(
            {"name": "Second", "code": "SND", "company_id": self.company.id}
        )
        there = self._minimum(second, 20)
        order = self._approved_order(10, picking_type_id=second.in_type_id.id)
        order.order_line.price_unit = 101
        self.assertEqual(order.state, "to approve")
        self.assertEqual(self._run_scheduler(there), 10)
        self.assertEqual(self._run_scheduler(), 10)

    def test_bought_to_order(self):
        """What one delivery waits for is nobody else's, whatever its state."""
        order = self.order
        route = self.warehouse.mto_pull_id.route_id
        route.active = True
        buy = self.env.ref("purchase_stock.route_warehouse0_buy")
        self.product.route_ids = route | buy
        customers = self.env.ref("stock.stock_location_customers")
        delivery = self.env["stock.picking"].create(
            {
                "picking_type_id": self.warehouse.out_type_id.id,
                "location_id": self.warehouse.lot_stock_id.id,
                "location_dest_id": customers.id,
                "move_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_uom_qty": 4,
                            "procure_method": "make_to_order",
                            "location_id": self.warehouse.lot_stock_id.id,
                            "location_dest_id": customers.id,
                        }
                    )
                ],
            }
        )
        delivery.action_confirm()
        mto = delivery.move_ids.created_purchase_line_ids.order_id
        self.assertTrue(mto)
        mto.with_user(self.buyer).button_confirm()
        mto.with_user(self.manager).action_approve()
        self.assertEqual(mto.state, "purchase")
        before = self.orderpoint.qty_to_order
        mto.with_user(self.buyer).order_line.price_unit = 123
        self.assertEqual(mto.state, "to approve")
        self.env.flush_all()
        self.env.invalidate_all()
        self.assertEqual(self.orderpoint.qty_to_order, before)
        self.assertEqual(order.state, "purchase")

    def test_report_forecasted(self):
        self.order.order_line.price_unit = 101
        shown = self._report()
        self.assertEqual(shown["virtual_available"], 10)
        self.assertEqual(shown["draft_purchase_qty"]["in"], 0)
        self.assertEqual(shown["qty"]["in"], 0)
        self.assertFalse(shown["draft_purchase_orders"])

    def test_report_forecasted_of_a_raised_order(self):
        self.order.order_line.product_qty = 15
        other = self._order(price=100, quantity=3)
        shown = self._report()
        self.assertEqual(shown["virtual_available"], 10)
        self.assertEqual(shown["draft_purchase_qty"]["in"], 8)
        orders = [order["id"] for order in shown["draft_purchase_orders"]]
        self.assertCountEqual(orders, [self.order.id, other.id])

    def test_report_of_a_warehouse(self):
        second = self.env["stock.warehouse"].create(
            {"name": "Second", "code": "SND", "company_id": self.company.id}
        )
        self.order.order_line.product_qty = 15
        self.assertEqual(self._report(second)["draft_purchase_qty"]["in"], 0)
        self.assertEqual(self._report()["draft_purchase_qty"]["in"], 5)
