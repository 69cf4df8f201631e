from datetime import timedelta
from unittest import SkipTest

from odoo import Command
from odoo.tests import tagged

from .common import SupplyCommon


@tagged("post_install", "-at_install")
class TestMadeToOrder(SupplyCommon):
    """Goods bought for a delivery: what links say on each path."""

    def test_quotation_and_order(self):
        sale = self._sale(5)
        purchase = self._bought_for(sale).order_id
        self.assertEqual(self._standing(sale), [(sale.name, "mto", 5)])
        purchase.button_confirm()
        self.assertEqual(self._links(sale), [(sale.name, "mto", "open", 5, 0)])
        self._check_rebuilt()

    def test_received_and_delivered(self):
        sale = self._sale(5)
        purchase = self._bought_for(sale).order_id
        purchase.button_confirm()
        self._receive(purchase)
        self.assertEqual(self._links(sale), [(sale.name, "mto", "received", 5, 5)])
        self._done(sale.picking_ids)
        self.assertEqual(self._links(sale), [(sale.name, "mto", "received", 5, 5)])
        self._check_rebuilt()

    def test_grouped_quotation_has_a_link_for_each_order(self):
        first, second = self._sale(5), self._sale(7)
        purchase = self._bought_for(first).order_id
        self.assertEqual(
            self._standing(purchase), [(first.name, "mto", 5), (second.name, "mto", 7)]
        )
        purchase.button_confirm()
        self._receive(purchase, 6)
        self.assertEqual(
            self._links(purchase),
            [(first.name, "mto", "received", 5, 5), (second.name, "mto", "open", 7, 1)],
        )
        self._check_rebuilt()

    def test_what_came_first_is_for_whom_needs_it_first(self):
        first = self._sale(5, commitment_date="2027-03-01")
        second = self._sale(7, commitment_date="2027-02-01")
        purchase = self._bought_for(first).order_id
        purchase.button_confirm()
        self._receive(purchase, 7)
        (first | second).picking_ids.do_unreserve()  # Odoo reserved for the older one
        received = {link[0]: link[4] for link in self._links(purchase)}
        self.assertEqual(received, {first.name: 0, second.name: 7})

    def test_raised_quotation_line_leaves_the_rest_free(self):
        sale = self._sale(4)
        line = self._bought_for(sale)
        line.product_qty = 50
        line.order_id.button_confirm()
        self.assertEqual(self._standing(sale), [(sale.name, "mto", 4)])
        self._check_rebuilt()

    def test_cancelled_purchase_is_remembered(self):
        sale = self._sale(5)
        purchase = self._bought_for(sale).order_id
        purchase.button_confirm()
        purchase.button_cancel()
        self.assertEqual(self._links(sale), [(sale.name, "mto", "cancelled", 5, 0)])
        self._check_rebuilt()

    def test_another_purchase_does_not_serve_who_lost_theirs(self):
        first = self._sale(5)
        self._bought_for(first).order_id.button_cancel()
        second = self._sale(10)
        self._bought_for(second).order_id.button_confirm()
        self.assertEqual(self._standing(first), [])
        self.assertEqual(self._standing(second), [(second.name, "mto", 10)])
        self._check_rebuilt()

    def test_deleted_purchase_line_is_remembered(self):
        sale = self._sale(5)
        purchase = self._bought_for(sale).order_id
        name = purchase.name
        purchase.order_line.unlink()
        link = sale.order_line.supply_link_ids.search(
            [("sale_line_id", "=", sale.order_line.id)]
        )
        self.assertEqual(link.state, "cancelled")
        self.assertEqual(link.purchase_name, name)
        self._check_rebuilt()

    def test_purchase_line_deleted_in_sql(self):
        sale = self._sale(5)
        purchase = self._bought_for(sale).order_id
        line = purchase.order_line
        self._follow()
        self._sql("DELETE FROM purchase_order_line WHERE id = %s", line.id)
        self.assertEqual(self._links(sale), [(sale.name, "mto", "cancelled", 5, 0)])
        self._check_rebuilt()

    def test_order_line_deleted_in_sql_frees_the_purchase(self):
        first, second = self._sale(5), self._sale(7)
        purchase = self._bought_for(first).order_id
        purchase.button_confirm()
        self._receive(purchase, 6)
        self._follow()
        line, name = first.order_line, first.name
        self._sql(
            "UPDATE stock_move SET sale_line_id = NULL WHERE sale_line_id = %s", line.id
        )
        self._sql("DELETE FROM sale_order_line WHERE id = %s", line.id)
        self.assertEqual(
            self._links(purchase),
            [(name, "mto", "cancelled", 5, 5), (second.name, "mto", "open", 7, 6)],
        )
        self._check_rebuilt()

    def test_torn_link_is_found(self):
        sale = self._sale(5)
        line = self._bought_for(sale)
        self._sql("DELETE FROM purchase_order_line WHERE id = %s", line.id)
        found = self.env["supply.link"]._find_torn()
        self.assertEqual([link.sale_name for link, _text in found], [sale.name])

    def test_cancelled_sale_frees_the_purchase(self):
        sale = self._sale(5)
        purchase = self._bought_for(sale).order_id
        purchase.button_confirm()
        sale._action_cancel()
        self.assertEqual(self._standing(purchase), [])
        self._check_rebuilt()

    def test_order_raised_and_lowered(self):
        sale = self._sale(5)
        purchase = self._bought_for(sale).order_id
        sale.order_line.product_uom_qty = 8
        self.assertEqual(self._standing(sale), [(sale.name, "mto", 8)])
        purchase.button_confirm()
        sale.order_line.product_uom_qty = 3
        self._check_rebuilt()
        self.assertEqual(
            sum(link[2] for link in self._standing(sale)),
            sum(
                sale.picking_ids.move_ids.filtered(
                    lambda move: move.state != "cancel"
                ).mapped("product_qty")
            ),
        )

    def test_merged_quotations(self):
        first, second = self._sale(5), self._sale(7, origin="apart")
        lines = self._bought_for(first | second)
        if len(lines) == 1:  # grouped already: take the second order's goods apart
            rest = lines.order_id.copy({"order_line": False})
            move = second.picking_ids.move_ids
            lines.write({"product_qty": 5, "move_dest_ids": [Command.unlink(move.id)]})
            other = lines.copy({"order_id": rest.id, "product_qty": 7})
            other.move_dest_ids = [Command.set(move.ids)]
        orders = self._bought_for(first | second).order_id
        self.assertEqual(len(orders), 2)
        orders.action_merge()
        merged = orders.filtered(lambda order: order.state != "cancel")
        self.assertEqual(
            self._standing(merged), [(first.name, "mto", 5), (second.name, "mto", 7)]
        )
        self._check_rebuilt()

    def test_alternative_is_a_candidate_until_it_is_chosen(self):
        sale = self._sale(5)
        purchase = self._bought_for(sale).order_id
        other = self._alternative(purchase)
        self.assertEqual(
            self._standing(sale), [(sale.name, "mto", 5), (sale.name, "candidate", 5)]
        )
        other.with_context(skip_alternative_check=True).button_confirm()
        purchase.button_cancel()
        self.assertEqual(self._standing(sale), [(sale.name, "mto", 5)])
        self.assertEqual(self._bought_for(sale).order_id, other)
        self._check_rebuilt()

    def test_partial_receipt_with_backorder(self):
        sale = self._sale(10)
        purchase = self._bought_for(sale).order_id
        purchase.button_confirm()
        self._receive(purchase, 6)
        self.assertEqual(self._links(sale), [(sale.name, "mto", "open", 10, 6)])
        self._receive(purchase)
        self.assertEqual(self._links(sale), [(sale.name, "mto", "received", 10, 10)])
        self._check_rebuilt()

    def test_rest_that_does_not_come_is_no_supply(self):
        sale = self._sale(10)
        purchase = self._bought_for(sale).order_id
        purchase.button_confirm()
        self._receive(purchase, 6, backorder=False)
        self.assertEqual(self._links(sale), [(sale.name, "mto", "received", 6, 6)])
        self._check_rebuilt()

    def test_goods_that_went_back_to_the_vendor(self):
        sale = self._sale(5)
        purchase = self._bought_for(sale).order_id
        purchase.button_confirm()
        self._receive(purchase)
        self._follow()
        self._return(purchase.picking_ids, 5)
        self.assertEqual(self._standing(sale), [])
        self.assertEqual([link[2] for link in self._links(sale)], ["returned"])
        self._check_rebuilt()

    def test_goods_that_the_customer_sends_back_are_no_supply(self):
        sale = self._sale(5)
        purchase = self._bought_for(sale).order_id
        purchase.button_confirm()
        self._receive(purchase)
        self._done(sale.picking_ids)
        self._return(sale.picking_ids, 2)
        self.assertEqual(self._links(sale), [(sale.name, "mto", "received", 5, 5)])
        self._check_rebuilt()

    def test_units_of_purchase_and_sale(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        self.bed.seller_ids.product_uom_id = dozen
        sale = self._sale(24)
        line = self._bought_for(sale)
        self.assertEqual((line.product_qty, line.product_uom_id), (2, dozen))
        self.assertEqual(self._standing(sale), [(sale.name, "mto", 24)])
        line.order_id.button_confirm()
        self._receive(line.order_id, 12)
        self.assertEqual(self._links(sale), [(sale.name, "mto", "open", 24, 12)])
        self._check_rebuilt()

    def test_line_that_moves_to_another_order_takes_its_name_along(self):
        self.vendor.group_rfq = "default"
        first, second = (
            self._sale(5),
            self._sale(4, self._product("Cot", self.mto_route)),
        )
        orders = self._bought_for(first).order_id, self._bought_for(second).order_id
        (orders[0] | orders[1]).action_merge()
        link = second.order_line.supply_link_ids
        self.assertEqual(link.purchase_id, orders[0])
        self.assertEqual(link.purchase_name, orders[0].name)
        self._check_rebuilt()

    def test_line_that_is_moved_in_sql_takes_its_name_along(self):
        sale = self._sale(5)
        line, other = self._bought_for(sale), self._purchase(1, self.chair)
        self._sql(
            "UPDATE purchase_order_line SET order_id = %s WHERE id = %s",
            other.id,
            line.id,
        )
        self._check_rebuilt()
        self.assertEqual(sale.order_line.supply_link_ids.purchase_name, other.name)

    def test_order_that_is_renamed_renames_its_links(self):
        sale = self._sale(5)
        self._bought_for(sale).order_id.name = "PO-7"
        self._check_rebuilt()
        self.assertEqual(sale.order_line.supply_link_ids.purchase_name, "PO-7")

    def test_copies_serve_nobody(self):
        sale = self._sale(5)
        purchase = self._bought_for(sale).order_id
        copy = purchase.copy()
        copy.button_confirm()
        self.assertEqual(self._standing(copy), [])
        again = sale.copy()
        self.assertEqual(self._standing(again), [])
        self._check_rebuilt()

    def test_states_changed_in_sql(self):
        sale = self._sale(5)
        purchase = self._bought_for(sale).order_id
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE purchase_order SET state = 'cancel' WHERE id = %s", [purchase.id]
        )
        self.env.invalidate_all()
        self.assertEqual(self._links(sale), [(sale.name, "mto", "cancelled", 5, 0)])
        self._check_rebuilt()

    def test_deliveries_and_receipts_in_steps(self):
        self.warehouse.write(
            {"reception_steps": "three_steps", "delivery_steps": "pick_pack_ship"}
        )
        sale = self._sale(5)
        purchase = self._bought_for(sale).order_id
        purchase.button_confirm()
        self.assertEqual(self._standing(sale), [(sale.name, "mto", 5)])
        for _step in range(7):
            self._done(
                (purchase.picking_ids | sale.picking_ids | self._moves(sale)).filtered(
                    lambda picking: picking.state == "assigned"
                )
            )
            self._check_rebuilt()
        self.assertEqual(sale.order_line.qty_delivered, 5)
        self.assertEqual(self._links(sale), [(sale.name, "mto", "received", 5, 5)])

    def _moves(self, sale):
        """Return all transfers of the product."""
        moves = self.env["stock.move"].search(
            [("product_id", "=", sale.order_line.product_id.id)]
        )
        return moves.picking_id

    def test_import_of_a_purchase_that_serves_nobody(self):
        result = self.env["purchase.order"].load(
            ["partner_id/.id", "order_line/product_id/.id", "order_line/product_qty"],
            [[str(self.vendor.id), str(self.bed.id), "9"]],
        )
        purchase = self.env["purchase.order"].browse(result["ids"])
        purchase.button_confirm()
        self.assertEqual(self._standing(purchase), [])
        self._check_rebuilt()


@tagged("post_install", "-at_install")
class TestBoughtFor(SupplyCommon):
    """Goods that the order line had bought, without a delivery that waits for them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.mto_route.rule_ids.filtered(
            lambda rule: rule.procure_method == "make_to_order"
        ).procure_method = "mts_else_mto"

    def _stock(self, quantity):
        self.env["stock.quant"]._update_available_quantity(
            self.bed, self.warehouse.lot_stock_id, quantity
        )

    def test_what_stock_lacks_is_bought_for_the_order(self):
        self._stock(2)
        sale = self._sale(5)
        lines = self._bought_for(sale)
        self.assertEqual(sum(lines.mapped("product_qty")), 3)
        self.assertEqual(sum(link[2] for link in self._standing(sale)), 3)
        lines.order_id.button_confirm()
        self._check_rebuilt()
        self._receive(lines.order_id)
        self.assertEqual({link[2] for link in self._links(sale)}, {"received"})
        self._check_rebuilt()

    def test_alternative_is_a_candidate(self):
        sale = self._sale(5)
        purchase = self._bought_for(sale).order_id
        self._alternative(purchase)
        self.assertEqual(
            self._standing(sale),
            [(sale.name, "bought_for", 5), (sale.name, "candidate", 5)],
        )
        self._check_rebuilt()

    def test_cancelled_purchase(self):
        sale = self._sale(5)
        self._bought_for(sale).order_id.button_cancel()
        self.assertEqual(self._standing(sale), [])
        self._check_rebuilt()


@tagged("post_install", "-at_install")
class TestDropship(SupplyCommon):
    """Goods that the vendor sends to the customer."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        route = cls.env.ref("stock_dropshipping.route_drop_shipping", False)
        if not route:
            raise SkipTest("vendors do not deliver to customers here")
        cls.frame = cls._product("Frame", route)
        cls.frame.route_ids = route

    def test_sent_by_the_vendor(self):
        sale = self._sale(5, self.frame)
        purchase = self._bought_for(sale).order_id
        self.assertEqual(self._standing(sale), [(sale.name, "dropship", 5)])
        purchase.button_confirm()
        self._receive(purchase)
        self.assertEqual(self._links(sale), [(sale.name, "dropship", "received", 5, 5)])
        self._check_rebuilt()

    def test_merged_quotations_serve_both(self):
        first, second = self._sale(5, self.frame), self._sale(7, self.frame)
        orders = self._bought_for(first | second).order_id
        if len(orders) == 1:
            line = self._bought_for(second)
            line.order_id = orders.copy({"order_line": False})
            orders |= line.order_id
        orders.action_merge()
        merged = orders.filtered(lambda order: order.state != "cancel")
        self.assertEqual(
            self._standing(merged),
            [(first.name, "dropship", 5), (second.name, "dropship", 7)],
        )
        self._check_rebuilt()
        merged.button_confirm()
        self._check_rebuilt()
        self._receive(merged)
        self.assertEqual(
            [link for link in self._links(merged) if link[2] != "replaced"],
            [
                (first.name, "dropship", "received", 5, 5),
                (second.name, "dropship", "received", 7, 7),
            ],
        )
        self._check_rebuilt()

    def test_lines_folded_into_one_by_a_merge(self):
        """Odoo folds equal lines of the oldest quotation as it merges another one."""
        sales = [self._sale(quantity, self.frame) for quantity in (5, 7, 3)]
        lines = [self._bought_for(sale) for sale in sales]
        purchase, other = lines[0].order_id, lines[2].order_id
        lines[1].order_id = purchase
        other.date_order = purchase.date_order + timedelta(hours=1)
        (purchase | other).action_merge()
        self.assertEqual(len(purchase.order_line), 1)
        self.assertEqual(
            self._standing(purchase),
            [
                (sale.name, "dropship", quantity)
                for sale, quantity in zip(sales, (5, 7, 3), strict=True)
            ],
        )
        self._check_rebuilt()
        purchase.button_confirm()
        self._receive(purchase)
        self.assertEqual({link[2] for link in self._links(purchase)}, {"received"})
        self._check_rebuilt()

    def test_alternative_is_a_candidate_until_it_is_chosen(self):
        sale = self._sale(5, self.frame)
        purchase = self._bought_for(sale).order_id
        other = self._alternative(purchase)
        self.assertEqual(
            self._standing(sale),
            [(sale.name, "dropship", 5), (sale.name, "candidate", 5)],
        )
        other.with_context(skip_alternative_check=True).button_confirm()
        self._follow()
        self.assertEqual(
            {link.kind: link.purchase_id for link in sale.order_line.supply_link_ids},
            {"dropship": other, "candidate": purchase},
        )
        self._check_rebuilt()
        purchase.button_cancel()
        self.assertEqual(self._standing(sale), [(sale.name, "dropship", 5)])
        self._check_rebuilt()

    def test_order_cancelled_after_a_merge(self):
        first, second = self._sale(5, self.frame), self._sale(7, self.frame)
        orders = self._bought_for(first | second).order_id
        if len(orders) == 1:
            line = self._bought_for(second)
            line.order_id = orders.copy({"order_line": False})
            orders |= line.order_id
        orders.action_merge()
        second._action_cancel()
        self.assertEqual(self._standing(first), [(first.name, "dropship", 5)])
        self.assertEqual(self._standing(second), [])
        self._check_rebuilt()


@tagged("post_install", "-at_install")
class TestPool(SupplyCommon):
    """Goods of the common stock: nobody's until they are reserved."""

    def test_no_link_is_kept(self):
        sale = self._sale(5, self.chair)
        purchase = self._purchase(5, self.chair)
        purchase.button_confirm()
        self.assertEqual(self._standing(sale), [])
        self.assertEqual(self._standing(purchase), [])
        self._check_rebuilt()

    def test_reordering_rule_serves_nobody(self):
        self.env["stock.warehouse.orderpoint"].create(
            {"product_id": self.chair.id, "product_min_qty": 1, "product_max_qty": 9}
        )
        sale = self._sale(5, self.chair)
        self.env["stock.rule"].run_scheduler()
        self.assertEqual(self._standing(sale), [])
        self._check_rebuilt()
