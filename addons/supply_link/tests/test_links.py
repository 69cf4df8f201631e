from unittest import SkipTest

from odoo import Command
from odoo.tests import Form, tagged

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
class TestKits(SupplyCommon):
    """Components that are bought for a kit."""

    def test_a_link_for_each_component(self):
        if "mrp.bom" not in self.env:
            self.skipTest("there are no kits here")
        frame, mattress = (
            self._product(name, self.mto_route) for name in ("Frame", "Mattress")
        )
        kit = self.env["product.product"].create({"name": "Bed set", "type": "consu"})
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": kit.product_tmpl_id.id,
                "type": "phantom",
                "bom_line_ids": [
                    Command.create({"product_id": frame.id, "product_qty": 1}),
                    Command.create({"product_id": mattress.id, "product_qty": 2}),
                ],
            }
        )
        sale = self._sale(3, kit)
        self._follow()
        links = sale.order_line.supply_link_ids
        self.assertEqual(
            {(link.product_id.name, link.quantity) for link in links},
            {("Frame", 3), ("Mattress", 6)},
        )
        links.purchase_id.button_confirm()
        self._check_rebuilt()
        self._receive(links.purchase_id)
        self._follow()
        self.assertEqual(set(links.mapped("state")), {"received"})
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


@tagged("post_install", "-at_install")
class TestOutbox(SupplyCommon):
    """What the database notes, and what the job makes of it."""

    def _notes(self):
        self.env.flush_all()
        self.env.cr.execute(
            "SELECT product_id, purchase_line_id, sale_line_id FROM supply_change"
        )
        return set(self.env.cr.fetchall())

    def test_nothing_that_matters_notes_nothing(self):
        sale = self._sale(5)
        purchase = self._bought_for(sale).order_id
        self._follow()
        sale.note = "Ring twice"
        purchase.partner_ref = "A 7"
        purchase.order_line.name = "Beds"
        sale.picking_ids.note = "Second door"
        self.assertFalse(self._notes())

    def test_date_of_a_line_is_noted(self):
        sale = self._sale(5)
        line = self._bought_for(sale)
        self._follow()
        line.date_planned = "2027-05-05"
        self.assertIn((self.bed.id, line.id, None), self._notes())

    def test_deleted_rows_are_noted(self):
        purchase = self._purchase(5)
        line = purchase.order_line
        self._follow()
        id_ = line.id
        line.unlink()
        self.assertIn((self.bed.id, id_, None), self._notes())
        self._follow()
        self.assertFalse(self._notes())

    def test_changed_product_is_noted_with_the_one_before(self):
        purchase = self._purchase(5)
        self._follow()
        with Form(purchase) as form, form.order_line.edit(0) as line:
            line.product_id = self.chair
        self.assertEqual(
            {note[0] for note in self._notes()}, {self.bed.id, self.chair.id}
        )

    def test_job_is_woken_once_a_transaction(self):
        cron = self.env.ref("supply_link.ir_cron_follow")
        triggers = self.env["ir.cron.trigger"]
        before = triggers.search_count([("cron_id", "=", cron.id)])
        self._sale(5)
        self._sale(6)
        self.env.flush_all()
        after = triggers.search_count([("cron_id", "=", cron.id)])
        self.assertLessEqual(after - before, 1)

    def test_batches(self):
        for _number in range(3):
            self._purchase(5)
        self.env.flush_all()
        changes = self.env["supply.change"]
        self.assertEqual(changes._follow_batch(2), 2)
        self._follow()
        self.assertEqual(changes._follow_batch(), 0)
