"""Whose purchase it is: cancelled, merged, received in part, overdue."""

from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from odoo.addons.supply_link.tests.kits import make_kit
from odoo.addons.supply_link.tests.pool_common import day

from .promise_common import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromiseLinks(PromiseCommon):
    def _card(self, line):
        panel = self.env["supply.panel"].with_context(lang="en_US")
        return panel.get_panel("sale.order", line.order_id.id)["cards"][0]

    def test_who_lost_the_purchase_gets_no_day_of_anothers(self):
        self._make_to_order()
        first = self._sale(5)
        lost = first.supply_link_ids.purchase_id
        lost.button_cancel()
        second = self._sale(10)
        purchase = second.supply_link_ids.purchase_id
        purchase.order_line.date_planned = day(4)
        purchase.button_confirm()
        self.product.seller_ids.delay = 8
        promise = self._promise(second)
        self.assertEqual(second.supply_link_ids.quantity, 10)
        self.assertEqual(promise.purchase_line_id, purchase.order_line)
        self.assertEqual(self._to_number(promise.likely_on), 4)
        self.assertEqual(promise.quantity_short, 0)
        self.assertFalse(promise.buy_by)
        promise = self._promise(first)
        self.assertEqual(promise.quantity_short, 5)
        self.assertEqual(self._to_number(promise.buy_by), -8)
        self.assertFalse(promise.purchase_line_id)
        self.assertEqual([part["line"] for part in promise.sources], [None])
        self.assertEqual(self._to_number(promise.likely_on), 8)
        short = self.promises.search(
            [("quantity_short", ">", 0), ("company_id", "=", self.company.id)]
        )
        self.assertEqual(short, promise)

    def test_a_cancelled_rest_is_short_and_not_late(self):
        purchase = self._purchase(10, day(-2))
        line = self._sale(10, due=day(9))
        promise = self._promise(line)
        self.assertEqual(promise.quantity_short, 0)
        self.assertEqual(promise.reason["overdue"], 2)
        move = purchase.move_ids
        move.quantity = 6
        move.picked = True
        move.picking_id.with_context(cancel_backorder=True)._action_done()
        self._run_job()
        self.assertEqual(promise.quantity_now, 6)
        self.assertEqual(promise.quantity_short, 4)
        self.assertEqual(self._to_number(promise.buy_by), 4)
        self.assertEqual(promise.reason["overdue"], 0)
        self.assertFalse(promise.purchase_line_id)
        self.assertEqual(
            [(part["quantity"], part["way"]) for part in promise.sources],
            [(6, "stock"), (4, "buy")],
        )
        self.assertEqual(promise.risk, "safe")

    def test_an_overdue_receipt_comes_soon_perhaps(self):
        self._purchase(10, day(-6))
        promise = self._promise(self._quotation(10)).with_context(lang="en_US")
        self.assertEqual(self._to_number(promise.likely_on), 1)
        self.assertEqual(promise.confidence, "low")
        self.assertIn("6 days overdue", promise.reason_text)

    def test_what_is_overdue_for_long_has_no_day(self):
        purchase = self._purchase(10, day(-9))
        self.product.seller_ids.unlink()
        line = self._quotation(10)
        self.assertEqual(self._to_number(self._look(line).answer.likely), 1)
        purchase.move_ids.date = day(-10)
        self.assertIsNone(self._look(line).answer.likely)
        self.company.supply_overdue_days = 11
        self.assertEqual(self._to_number(self._look(line).answer.likely), 1)

    def _kit(self, **quantities):
        """Return a kit of new products, and those: how many of each are in one."""
        kit = self._product("Kit")
        parts = {self._product(name): number for name, number in quantities.items()}
        make_kit(kit, parts)
        return kit, *parts

    def test_a_kit_is_there_with_its_last_component(self):
        kit, a, b = self._kit(A=2, B=2)
        self._count(8, product=a)
        self._count(4258, product=b)
        self._purchase(133, day(3), product=a)
        self._purchase(60, day(4), product=b)
        (a | b).seller_ids.unlink()
        self._sale(14, product=a)
        self._sale(168, product=b)
        promise = self._promise(self._quotation(63, product=kit))
        self.assertEqual(promise.quantity_now, 0)
        self.assertEqual(promise.method, "incoming")
        self.assertEqual(self._to_number(promise.likely_on), 3)
        promise = self._promise(self._quotation(64, product=kit))
        self.assertFalse(promise.likely_on)
        self.assertEqual(promise.quantity_short, 1)
        # the other component decides when it is the last
        kit, a, b = self._kit(A=2, B=2)
        self._purchase(20, day(3), product=a)
        self._purchase(20, day(4), product=b)
        promise = self._promise(self._quotation(10, product=kit))
        self.assertEqual(self._to_number(promise.likely_on), 4)

    def _order_two(self):
        """Return the lines of an order whose goods are bought for it."""
        other = self._product("Bed")
        self._make_to_order()
        self._make_to_order(other)
        order = self._quotation(4, 3).order_id
        order.order_line[1].product_id = other
        order.action_confirm()
        self._run_job()
        return order.order_line

    def _links_of(self, lines):
        return [
            (link.kind, link.state, link.quantity)
            for line in lines
            for link in line.supply_link_ids
        ]

    def _by_line(self):
        """Give each line of a sale a reference of its own, in place of the order's, as
        addons do that deliver line by line."""
        usual = type(self.env["sale.order.line"])._prepare_procurement_values

        def prepare(line):
            reference = line.env["stock.reference"].create({"name": f"Line {line.id}"})
            return {**usual(line), "reference_ids": reference}

        return patch.object(
            type(self.env["sale.order.line"]), "_prepare_procurement_values", prepare
        )

    def test_links_do_not_hang_on_references(self):
        usual = self._links_of(self._order_two())
        self.assertEqual(usual, [("mto", "open", 4), ("mto", "open", 3)])
        with self._by_line():
            lines = self._order_two()
        self.assertEqual(self._links_of(lines), usual)
        for line in lines:
            promise = self._promise(line)
            self.assertEqual(promise.quantity_short, 0)
            self.assertIn(
                promise.purchase_line_id, line.supply_link_ids.purchase_line_id
            )

    def test_merged_purchases_serve_both_without_references_of_orders(self):
        self._make_to_order()
        with self._by_line():
            first, second = self._sale(5), self._sale(7)
        self._run_job()
        orders = (first | second).supply_link_ids.purchase_id
        if len(orders) == 1:
            line = second.supply_link_ids.purchase_line_id
            line.order_id = orders.copy({"order_line": False})
            orders |= line.order_id
        orders.action_merge()
        merged = orders.filtered(lambda order: order.state != "cancel")
        for line, quantity in ((first, 5), (second, 7)):
            promise = self._promise(line)
            self.assertEqual(promise.purchase_line_id.order_id, merged)
            self.assertEqual(promise.quantity_short, 0)
            links = line.supply_link_ids.filtered(lambda link: link.state == "open")
            self.assertEqual(links.mapped("quantity"), [quantity])

    def test_merged_purchases_that_vendors_send_to_customers_are_delivered(self):
        route = self.env.ref(
            "stock_dropshipping.route_drop_shipping", raise_if_not_found=False
        )
        if not route:
            self.skipTest("Nothing is drop-shipped here.")
        self.env["res.company"].create_missing_dropship_picking_type()
        self.env["res.company"].create_missing_dropship_rule()
        self.product.route_ids = [Command.set(route.ids)]
        first, second = self._sale(5), self._sale(7)
        self._run_job()
        lines = (first | second).supply_link_ids.purchase_line_id
        orders = lines.order_id
        if len(orders) == 1:
            line = second.supply_link_ids.purchase_line_id
            line.order_id = orders.copy({"order_line": False})
            orders |= line.order_id
        orders.action_merge()
        merged = orders.filtered(lambda order: order.state != "cancel")
        for line in (first, second):
            promise = self._promise(line)
            self.assertEqual(promise.purchase_line_id.order_id, merged)
            self.assertEqual(promise.quantity_short, 0)
        merged.button_confirm()
        self._run_job()
        for line in (first, second):
            self.assertTrue(self._card(line)["is_open"])
        for picking in merged.picking_ids:
            picking.move_ids.picked = True
            picking.with_context(skip_backorder=True).button_validate()
        self._run_job()
        for line, quantity in ((first, 5), (second, 7)):
            link = line.supply_link_ids.filtered(lambda link: link.state == "received")
            self.assertEqual(link.quantity, quantity)
            self.assertEqual(link.purchase_line_id.order_id, merged)
            card = self._card(line)
            self.assertFalse(card["is_open"], card["why"])
            self.assertFalse(self._promise(line).is_open)
