from unittest.mock import patch

from odoo import Command
from odoo.tests import tagged

from ..lookahead import Ledger
from ..pegging import NEVER, NOW
from .pool_common import TODAY, PoolCommon, day


@tagged("post_install", "-at_install")
class TestStock(PoolCommon):
    """What there is."""

    def test_what_is_in_stock_is_there_now(self):
        self._count(10)
        self._assert_supplies([(10, None)])
        self._assert_demands([])

    def test_shelves_are_stock(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock.id}
        )
        self._count(4, shelf)
        self._count(3)
        self._assert_supplies([(7, None)])

    def test_reserved_goods_belong_to_their_order(self):
        self._count(10)
        line = self._sale(4, day(2))
        line.move_ids._action_assign()
        self._assert_supplies([(6, None)])
        demand = self._pool().demands[0]
        self.assertEqual(demand.quantity, 0)
        self.assertEqual(self._in_units(demand.reserved), 4)

    def test_partly_reserved(self):
        self._count(3)
        line = self._sale(4, day(2))
        line.move_ids._action_assign()
        self._assert_supplies([])
        self._assert_demands([(1, 2)])

    def test_picked_goods_cannot_be_lent(self):
        self._count(10)
        line = self._sale(4, day(2))
        line.move_ids._action_assign()
        line.move_ids.picked = True
        demand = self._pool().demands[0]
        self.assertEqual((demand.quantity, demand.reserved), (0, 0))
        ready = self.pools._get_ready(line)[line]
        self.assertEqual((ready.date, self._in_units(ready.now)), (NOW, 4))

    def test_goods_with_an_owner_are_not_ours(self):
        self._count(10, owner_id=self.vendor)
        self._assert_supplies([])

    def test_goods_handed_out_before_they_were_there(self):
        self._count(-4)
        self._purchase(10, day(3))
        self._assert_supplies([(-4, None), (10, 3)])

    def test_goods_not_put_away_do_not_count(self):
        """One in Input, one in Quality, and no transfer takes them to the stock."""
        self.warehouse.reception_steps = "three_steps"
        self._count(1, self.warehouse.wh_input_stock_loc_id)
        self._count(1, self.warehouse.wh_qc_stock_loc_id)
        self._assert_supplies([])
        self.assertEqual(self._in_units(self._pool().unplaced), 2)

    def test_goods_being_put_away_count_from_the_transfer(self):
        self.warehouse.reception_steps = "three_steps"
        where, quality = (
            self.warehouse.wh_input_stock_loc_id,
            self.warehouse.wh_qc_stock_loc_id,
        )
        self._count(1, where)
        self._count(1, quality)
        first = self._transfer(
            1, where, quality, day(1), location_final_id=self.stock.id
        )
        second = self._transfer(1, quality, self.stock, day(2))
        (first | second)._action_assign()
        self._assert_supplies([(1, 1), (1, 2)])
        self.assertEqual(self._pool().unplaced, 0)

    def _unplaced(self, **where):
        return self._in_units(self._pool(**where).unplaced)

    def test_goods_to_put_away_that_are_not_reserved_count_from_the_transfer(self):
        self.warehouse.reception_steps = "three_steps"
        where, quality = (
            self.warehouse.wh_input_stock_loc_id,
            self.warehouse.wh_qc_stock_loc_id,
        )
        self._count(1, where)
        self._count(1, quality)
        self._transfer(1, where, quality, day(1), location_final_id=self.stock.id)
        self._assert_supplies([(1, 1)])
        self.assertEqual(self._unplaced(), 1)
        self._transfer(1, quality, self.stock, day(2))
        self._assert_supplies([(1, 1), (1, 2)])
        self.assertEqual(self._unplaced(), 0)

    def test_goods_that_wait_for_the_transfer_before_it_are_moved_once(self):
        self.warehouse.reception_steps = "three_steps"
        where, quality = (
            self.warehouse.wh_input_stock_loc_id,
            self.warehouse.wh_qc_stock_loc_id,
        )
        self._count(5, where)
        self._count(2, quality)
        second = self._transfer(3, quality, self.stock, day(2))
        second.procure_method = "make_to_order"
        first = self._transfer(
            3,
            where,
            quality,
            day(1),
            location_final_id=self.stock.id,
            move_dest_ids=[Command.set(second.ids)],
        )
        self._assert_supplies([(3, 2)])
        self.assertEqual(self._unplaced(), 4)
        first.quantity = 2  # some of it is reserved
        self.assertEqual(self._unplaced(), 4)
        self.assertEqual(self._in_units(self._ledger_unplaced()), 4)

    def _ledger_unplaced(self):
        _free, unplaced = self.pools._fetch_stock(self.product, self.warehouse.ids)
        return unplaced[self.warehouse.id, self.product.id]

    def test_transfers_move_goods_from_where_they_are_only(self):
        self.warehouse.reception_steps = "three_steps"
        where = self.warehouse.wh_input_stock_loc_id
        shelf = self.env["stock.location"].create(
            {"name": "Dock 1", "location_id": where.id}
        )
        self._count(4, shelf)
        self._count(2, self.warehouse.wh_qc_stock_loc_id)
        dozen = {"product_uom": self.dozen.id}
        self._transfer(1, where, self.stock, day(1), **dozen)
        self.assertEqual(self._unplaced(), 2)
        # from the one place to the other is not put away
        self._transfer(2, self.warehouse.wh_qc_stock_loc_id, where, day(1))
        self.assertEqual(self._unplaced(), 2)

    def test_goods_on_their_way_to_a_customer_are_not_to_be_put_away(self):
        output = self.warehouse.wh_output_stock_loc_id
        self._count(6, output)
        customers = self.env.ref("stock.stock_location_customers")
        self._transfer(4, output, customers, day(1))
        self.assertEqual(self._unplaced(), 2)

    def test_transfers_of_another_warehouse_move_its_own_goods(self):
        other = self.env["stock.warehouse"].create(
            {"name": "South", "code": "SOU", "company_id": self.company.id}
        )
        for warehouse in self.warehouse | other:
            self._count(3, warehouse.wh_input_stock_loc_id)
        self._transfer(2, other.wh_input_stock_loc_id, other.lot_stock_id, day(1))
        self.assertEqual(self._unplaced(), 3)
        self.assertEqual(self._unplaced(warehouse=other), 1)

    def test_a_move_between_shelves_takes_nothing(self):
        shelf = self.env["stock.location"].create(
            {"name": "Shelf", "location_id": self.stock.id}
        )
        self._count(10)
        move = self._transfer(4, self.stock, shelf, day(1))
        self._assert_supplies([(10, None)])
        move._action_assign()
        self._assert_supplies([(6, None), (4, 1)])
        self._assert_demands([])

    def test_what_is_not_kept_in_stock_has_no_pool(self):
        product = self._product("Pool Leaflet", is_storable=False)
        self.assertFalse(self.pools._get_pools(product, self.warehouse))


@tagged("post_install", "-at_install")
class TestReceipts(PoolCommon):
    """What comes."""

    def test_receipts_come_on_their_day(self):
        self._purchase(10, day(3))
        self._purchase(5, day(1))
        self._assert_supplies([(5, 1), (10, 3)])

    def test_requests_for_quotation_bring_nothing(self):
        self._purchase(10, day(3), confirm=False)
        self._assert_supplies([])

    def test_units(self):
        self._purchase(2, day(3), product_uom_id=self.dozen.id)
        self._assert_supplies([(24, 3)])

    def test_overdue_goods_come_on_the_next_open_day(self):
        line = self._purchase(10, day(-6))
        self._assert_supplies([(10, 1)])
        supply = self._pool().supplies[0]
        self.assertEqual(supply.overdue, 6)
        self.assertEqual(supply.key, line.move_ids.id)

    def test_holidays_are_not_open(self):
        self.env["resource.calendar.leaves"].create(
            {
                "name": "Holiday",
                "calendar_id": self.company.resource_calendar_id.id,
                "company_id": self.company.id,
                "date_from": day(1, 0),
                "date_to": day(2, 23),
            }
        )
        self._purchase(10, day(-6))
        self._assert_supplies([(10, 3)])

    def test_after_some_days_overdue_there_is_no_date(self):
        self._purchase(10, day(-9))
        self._purchase(5, day(-10))
        self._assert_supplies([(10, 1), (5, "never")])

    def test_earlier_today_is_not_overdue(self):
        self._purchase(10, day(0, 8))
        supply = self._pool().supplies[0]
        self.assertEqual((supply.date, supply.overdue), (TODAY, 0))

    def test_partly_received(self):
        line = self._purchase(10, day(-2))
        picking = line.order_id.picking_ids
        picking.move_ids.quantity = 6
        picking.move_ids.picked = True
        picking.with_context(skip_backorder=True).button_validate()
        self._assert_supplies([(6, None), (4, 1)])
        line.order_id.picking_ids.filtered(lambda p: p.state != "done").action_cancel()
        self._assert_supplies([(6, None)])

    def test_consigned_goods_are_not_ours(self):
        line = self._purchase(10, day(3))
        line.order_id.picking_ids.owner_id = self.vendor
        self._assert_supplies([])

    def test_several_steps_count_once(self):
        self.warehouse.reception_steps = "three_steps"
        self._purchase(10, day(3))
        self._assert_supplies([(10, 3)])
        for _step in range(2):
            self._done(self._get_open_move())
            supply = self._pool().supplies[0]
            self.assertEqual(self._in_units(supply.quantity), 10)
            self.assertEqual(self._get_keys(), {self._get_open_move().id})
        self._done(self._get_open_move())
        self._assert_supplies([(10, None)])

    def _get_open_move(self):
        move = self.env["stock.move"].search(
            [("product_id", "=", self.product.id), ("state", "!=", "done")]
        )
        self.assertEqual(len(move), 1)
        return move

    def test_steps_planned_ahead_count_once(self):
        """The transfer waits for the receipt."""
        where = self.warehouse.wh_input_stock_loc_id
        receipt = self._transfer(
            10,
            self.env.ref("stock.stock_location_suppliers"),
            where,
            day(3),
            location_final_id=self.stock.id,
        )
        self._transfer(
            6,
            where,
            self.stock,
            day(4),
            procure_method="make_to_order",
            move_orig_ids=[Command.link(receipt.id)],
        )
        self._assert_supplies([(6, 4), (4, 3)])

    def test_goods_tied_to_an_order_are_not_free(self):
        """Four are bought to order, and 50 come."""
        self._make_to_order()
        sale = self._sale(4, day(9))
        purchase = self.env["purchase.order.line"].search(
            [("product_id", "=", self.product.id)]
        )
        purchase.product_qty = 50
        purchase.order_id.button_confirm()
        purchase.move_ids.date = day(5)
        self.assertEqual(sale.move_ids.procure_method, "make_to_order")
        self._assert_supplies([(46, 5)])
        self._assert_demands([])

    def test_tied_goods_stay_tied_on_their_way(self):
        """In every step of the receipt, and when it comes in two parts."""
        self.warehouse.reception_steps = "two_steps"
        self._make_to_order()
        sale = self._sale(4, day(9))
        purchase = self.env["purchase.order.line"].search(
            [("product_id", "=", self.product.id)]
        )
        purchase.product_qty = 50
        purchase.order_id.button_confirm()
        purchase.move_ids.date = day(5)
        self._assert_supplies([(46, 5)])
        receipt = purchase.move_ids
        receipt.quantity, receipt.picked = 20, True
        receipt.picking_id.with_context(skip_backorder=True).button_validate()
        rest = purchase.move_ids.filtered(lambda move: move.state == "assigned")
        transfer = receipt.move_dest_ids.filtered(lambda m: m.state != "done")
        transfer = transfer.filtered(lambda m: m.location_dest_id == self.stock)
        total = sum(supply.quantity for supply in self._pool().supplies)
        self.assertEqual(self._in_units(total), 46, (rest, transfer))
        self._assert_demands([])
        self._done(transfer)
        total = sum(supply.quantity for supply in self._pool().supplies)
        self.assertEqual(self._in_units(total), 46)
        self.assertEqual(sale.move_ids.procure_method, "make_to_order")

    def test_what_two_receipts_bring_for_one_order(self):
        """The earlier one is for it, what is missing comes from the later one."""
        vendors = self.env.ref("stock.stock_location_suppliers")
        late, early = (
            self._transfer(quantity, vendors, self.stock, day(number))
            for quantity, number in ((10, 8), (6, 3))
        )
        self._transfer(
            9,
            self.stock,
            self.env.ref("stock.stock_location_customers"),
            day(9),
            procure_method="make_to_order",
            move_orig_ids=[Command.set((late | early).ids)],
        )
        self._assert_supplies([(7, 8)])
        self._assert_demands([])

    def test_goods_that_came_for_an_order_are_not_free(self):
        self._make_to_order()
        sale = self._sale(4, day(9))
        purchase = self.env["purchase.order.line"].search(
            [("product_id", "=", self.product.id)]
        )
        purchase.order_id.button_confirm()
        self._done(purchase.move_ids)
        self._count(3)
        self._assert_supplies([(3, None)])
        sale.order_id.picking_ids.do_unreserve()
        self._assert_supplies([(3, None)])
        self._assert_demands([])

    def test_a_cancelled_purchase_lets_its_order_into_the_pool(self):
        self._make_to_order()
        sale = self._sale(5, day(9))
        purchase = self.env["purchase.order"].search(
            [("order_line.product_id", "=", self.product.id)]
        )
        purchase.button_confirm()
        purchase.button_cancel()
        self.assertEqual(sale.move_ids.procure_method, "make_to_stock")
        self._assert_supplies([])
        self._assert_demands([(5, self._to_day(sale.move_ids.date))])

    def _sale_to_order(self, quantity):
        """Sell what is bought for it; return both lines."""
        sale = self._sale(quantity, day(9))
        purchase = self.env["purchase.order.line"].search(
            [("product_id", "=", self.product.id), ("state", "=", "draft")]
        )
        return sale, purchase

    def test_goods_of_another_order_are_no_help(self):
        """The purchase of five is cancelled; ten come for the other order."""
        self._make_to_order()
        first, purchase = self._sale_to_order(5)
        purchase.order_id.button_confirm()
        second, other = self._sale_to_order(10)
        other.order_id.button_confirm()
        other.move_ids.date = day(6)
        self._assert_supplies([])
        purchase.order_id.button_cancel()
        self._assert_supplies([])
        (share,) = self.pools._peg(self.product)
        self.assertTrue(share.is_short)
        self.assertEqual((share.sale_line_id, share.quantity), (first.id, 5))
        self.assertEqual(second.move_ids.procure_method, "make_to_order")

    def test_goods_of_a_cancelled_order_are_free(self):
        """Ten come for two orders."""
        vendors = self.env.ref("stock.stock_location_suppliers")
        receipt = self._transfer(10, vendors, self.stock, day(6))
        first, second = (
            self._transfer(
                quantity,
                self.stock,
                self.env.ref("stock.stock_location_customers"),
                day(9),
                procure_method="make_to_order",
                move_orig_ids=[Command.link(receipt.id)],
            )
            for quantity in (4, 6)
        )
        self._assert_supplies([])
        first._action_cancel()
        self._assert_supplies([(4, 6)])
        second._action_cancel()
        self._assert_supplies([(10, 6)])

    def test_goods_that_came_in_part_for_an_order(self):
        """Of ten for it six came and are reserved; of the rest nothing is free."""
        self._make_to_order()
        sale, purchase = self._sale_to_order(10)
        purchase.order_id.button_confirm()
        receipt = purchase.move_ids
        receipt.quantity, receipt.picked = 6, True
        receipt.picking_id.with_context(skip_backorder=True).button_validate()
        self.assertEqual(sale.move_ids.quantity, 6)
        self._assert_supplies([])
        sale.order_id.picking_ids.do_unreserve()
        self._assert_supplies([])
        self._assert_demands([])

    def test_returned_goods_count_when_they_come_back(self):
        self._count(4)
        line = self._sale(4, day(1))
        line.move_ids._action_assign()
        self._done(line.move_ids)
        wizard = self.env["stock.return.picking"].create(
            {"picking_id": line.order_id.picking_ids.id}
        )
        wizard.product_return_moves.quantity = 3
        wizard.action_create_returns()
        back = line.order_id.picking_ids.move_ids.filtered(lambda m: m.state != "done")
        back.date = day(2)
        self._assert_supplies([(3, 2)])
        self._assert_demands([])

    def test_returns_count_if_they_go_to_the_stock(self):
        customers = self.env.ref("stock.stock_location_customers")
        self._transfer(2, customers, self.stock, day(2))
        self._transfer(3, customers, self.warehouse.wh_qc_stock_loc_id, day(2))
        self._assert_supplies([(2, 2)])


@tagged("post_install", "-at_install")
class TestDemands(PoolCommon):
    """Who wants it."""

    def test_orders_want_goods_by_the_end_of_their_day(self):
        self._sale(4, day(2, 6))
        self._assert_demands([(4, 2)])
        self.assertEqual(
            self._pool().demands[0].date, day(2).replace(hour=23, minute=59, second=59)
        )

    def test_the_day_is_the_company_s(self):
        """In Vietnam it ends at 17:00 UTC."""
        self.company.resource_calendar_id.tz = "Asia/Ho_Chi_Minh"
        line = self._sale(4)
        line.move_ids.date = day(2, 16)
        end = day(2, 16).replace(minute=59, second=59)
        self.assertEqual(self._pool().demands[0].date, end)
        line.move_ids.date = day(2, 17)
        self.assertEqual(self._to_day(self._pool().demands[0].date), 3)

    def test_a_receipt_of_the_same_day_is_in_time(self):
        line = self._sale(4)
        line.move_ids.date = day(2, 8)
        self._purchase(4, day(2, 16))
        pool = self._pool()
        self.assertGreater(pool.supplies[0].date, line.move_ids.date)
        self.assertLess(pool.supplies[0].date, pool.demands[0].date)

    def test_quotations_take_nothing(self):
        self._sale(4, day(2), confirm=False)
        self._assert_demands([])

    def test_units(self):
        self._sale(1, day(2), product_uom_id=self.dozen.id)
        self._assert_demands([(12, 2)])

    def test_units_of_reserved_goods(self):
        self._count(17)
        line = self._sale(2, day(2), product_uom_id=self.dozen.id)
        line.move_ids._action_assign()
        left = 17 - self.env["stock.quant"]._get_available_quantity(
            self.product, self.stock
        )
        self.assertGreater(left, 0)
        self._assert_demands([(24 - left, 2)])
        self.assertEqual(self._in_units(self._pool().demands[0].reserved), left)

    def test_several_steps_count_once(self):
        self.warehouse.delivery_steps = "pick_pack_ship"
        self._count(10)
        line = self._sale(4, day(2))
        self._assert_demands([(4, 2)])
        self._done(line.move_ids)
        self._assert_supplies([(6, None)])
        self._assert_demands([])

    def test_partly_picked(self):
        self.warehouse.delivery_steps = "pick_ship"
        self._count(10)
        line = self._sale(6, day(2))
        pick = line.move_ids
        pick.quantity, pick.picked = 4, True
        pick.picking_id.with_context(skip_backorder=True).button_validate()
        rest = pick.picking_id.backorder_ids
        rest.do_unreserve()
        rest.move_ids.date = day(3)
        self._assert_supplies([(6, None)])
        self._assert_demands([(2, 3)])

    def test_between_warehouses(self):
        """What leaves one comes to the other."""
        other = self.env["stock.warehouse"].create(
            {
                "name": "Other",
                "code": "OTH",
                "company_id": self.company.id,
                "resupply_wh_ids": [Command.link(self.warehouse.id)],
            }
        )
        self._count(10)
        self.env["stock.rule"].run(
            [
                self.env["stock.rule"].Procurement(
                    self.product,
                    4.0,
                    self.product.uom_id,
                    other.lot_stock_id,
                    "Resupply",
                    "Resupply",
                    self.company,
                    {
                        "warehouse_id": other,
                        "date_planned": day(3),
                        "route_ids": other.resupply_route_ids,
                    },
                )
            ]
        )
        moves = self.env["stock.move"].search([("product_id", "=", self.product.id)])
        moves.picking_id.do_unreserve()
        self._assert_demands([(4, 3)])
        self._assert_supplies([(10, None)])
        self._assert_demands([], warehouse=other)
        self._assert_supplies([(4, 3)], warehouse=other)
        self._done(moves.filtered(lambda move: move.location_id == self.stock))
        self._assert_demands([])
        self._assert_supplies([(6, None)])
        self._assert_supplies([(4, 3)], warehouse=other)

    def test_an_order_served_by_another_warehouse(self):
        """It wants goods there, and those on their way are its own."""
        self._make_to_order()
        other = self.env["stock.warehouse"].create(
            {
                "name": "Other",
                "code": "OTH",
                "company_id": self.company.id,
                "resupply_wh_ids": [Command.link(self.warehouse.id)],
            }
        )
        mto = self.env.ref("stock.route_warehouse0_mto")
        self.product.route_ids = [Command.set((mto | other.resupply_route_ids).ids)]
        # the other warehouse is served from stock, not bought for
        self.warehouse.mto_pull_id.procure_method = "make_to_stock"
        rules = other.resupply_route_ids.rule_ids
        rules.filtered(
            lambda rule: rule.location_src_id == self.stock
        ).procure_method = "make_to_stock"
        self._count(10)
        order = self.env["sale.order"].create(
            {
                "partner_id": self.customer.id,
                "warehouse_id": other.id,
                "order_line": [
                    Command.create(
                        {"product_id": self.product.id, "product_uom_qty": 4}
                    )
                ],
            }
        )
        order.action_confirm()
        moves = self.env["stock.move"].search([("product_id", "=", self.product.id)])
        self.assertEqual(len(moves), 3)
        moves.picking_id.do_unreserve()
        self._assert_supplies([(10, None)])
        self.assertEqual(self._in_units(self._pool().demands[0].quantity), 4)
        self._assert_supplies([], warehouse=other)
        self._assert_demands([], warehouse=other)

    def test_other_companies_have_their_own(self):
        company = self.env["res.company"].create({"name": "Pool Stranger"})
        warehouse = self._get_warehouse(company)
        self._count(7, warehouse.lot_stock_id)
        self._assert_supplies([])
        pools = self.pools._get_pools(self.product)
        self.assertEqual(set(pools), {(self.warehouse, self.product)})
        self._assert_supplies([(7, None)], warehouse=warehouse)

    def test_what_comes_for_an_order_is_not_wanted_from_the_stock(self):
        """Five come for it, it wants seven."""
        vendors = self.env.ref("stock.stock_location_suppliers")
        receipt = self._transfer(5, vendors, self.stock, day(6))
        move = self._transfer(
            7,
            self.stock,
            self.env.ref("stock.stock_location_customers"),
            day(8),
            move_orig_ids=[Command.link(receipt.id)],
        )
        self.assertEqual(move.procure_method, "make_to_stock")
        self._assert_demands([(2, 8)])
        self._assert_supplies([])

    def test_what_a_merged_quotation_brings_is_not_wanted_from_the_stock(self):
        """Odoo leaves the delivery of a merged-away quotation as if it waited for
        nothing, until the purchase is ordered."""
        self._make_to_order()
        first, second = self._sale(5, day(8)), self._sale(7, day(9))
        moves = (first | second).move_ids
        orders = moves.created_purchase_line_ids.order_id
        if len(orders) == 1:
            line, move = moves.created_purchase_line_ids, second.move_ids
            other = orders.copy({"order_line": False})
            line.write({"product_qty": 5, "move_dest_ids": [Command.unlink(move.id)]})
            line.copy({"order_id": other.id, "product_qty": 7}).move_dest_ids = move
            orders |= other
        orders.action_merge()
        self.assertIn("make_to_stock", moves.mapped("procure_method"))
        self._assert_demands([(0, 9)])
        key = self.warehouse, self.product
        self._count(3)
        ledger = self.pools._get_ledgers(self.product, self.warehouse)[key]
        self.assertEqual(self._in_units(ledger.free(day(20))), 3)
        merged = moves.created_purchase_line_ids.order_id
        merged.order_line.product_qty = 10
        self._assert_demands([(2, 9)])
        merged.button_confirm()
        self._assert_demands([(2, 9)])

    def test_look_ahead_summed_by_day_is_the_same(self):
        self._count(6)
        self._purchase(9, day(3))
        self._purchase(9, day(-4))
        for number in (2, 2, 4, 9):
            self._sale(3, day(number))
        self.env["stock.move"].search([("product_id", "=", self.product.id)])[
            -1
        ]._action_assign()
        customers = self.env.ref("stock.stock_location_customers")
        vendors = self.env.ref("stock.stock_location_suppliers")
        receipt = self._transfer(5, vendors, self.stock, day(6))
        for method in ("make_to_stock", "make_to_order"):
            self._transfer(
                2,
                self.stock,
                customers,
                day(8),
                procure_method=method,
                move_orig_ids=[Command.link(receipt.id)],
            )
        pool, key = self._pool(), (self.warehouse, self.product)
        one_by_one = Ledger(pool.supplies, pool.demands)
        summed = self.pools._get_ledgers(self.product, self.warehouse)[key]
        for number in range(-1, 12):
            date = day(number)
            self.assertEqual(summed.free(date), one_by_one.free(date), number)
        self.assertTrue(summed.free(day(12)))

    def test_serving_order_can_be_extended(self):
        early, urgent = self._sale(1, day(2)), self._sale(1, day(9))
        Serving = type(self.env["supply.serving"])

        def urgent_first(pools, products):
            return dict.fromkeys(urgent.move_ids.ids, -1)

        self._count(1)
        with patch.object(Serving, "_get_serving_levels", urgent_first):
            ready = self.pools._get_ready(early | urgent)
            self._assert_dealt_alike(self.product, self.warehouse)
        self.assertEqual(ready[urgent].date, NOW)
        self.assertEqual(ready[early].date, NEVER)

    def test_of_a_crowd_only_some_are_looked_at(self):
        """An order of a crowd gets what it would get if each of them was looked at:
        late ones and urgent ones among them, and goods that come on the same day."""
        self._count(5)
        for quantity, date in ((4, day(1)), (3, day(1)), (6, day(3)), (2, day(-3))):
            self._purchase(quantity, date)
        lines = [
            self._sale(1 + number % 3, day(number % 4 - 1, 9 + number))
            for number in range(14)
        ]
        lines[3].move_ids._action_assign()
        urgent = (lines[2] | lines[9]).move_ids
        levels = {urgent[0].id: -1, urgent[1].id: -2}
        # planned for a day that they were told, and wanted earlier
        told = (lines[6] | lines[7] | lines[9]).move_ids
        wanted = dict.fromkeys(told.ids, day(-1))
        Serving = type(self.env["supply.serving"])
        with (
            patch.object(Serving, "_get_serving_levels", lambda *_: levels),
            patch.object(Serving, "_get_wanted_dates", lambda *_: wanted),
        ):
            self._assert_dealt_alike(self.product, self.warehouse)

    def test_serving_order_is_by_day_then_by_order(self):
        late, first, second = self._sale(1, day(9)), self._sale(1), self._sale(1)
        (first | second).move_ids.date = day(2)
        second.move_ids.date = day(2, 3)
        demands = sorted(self._pool().demands, key=lambda demand: demand.turn)
        self.assertEqual(
            [demand.key for demand in demands],
            [line.move_ids.id for line in (first, second, late)],
        )
