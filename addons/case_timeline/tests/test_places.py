"""What is bought for several orders, and what changes whose it is."""

import psycopg2

from odoo import Command
from odoo.tests import tagged
from odoo.tools import SQL, mute_logger

from .common import TimelineCommon


@tagged("post_install", "-at_install")
class TestPlaces(TimelineCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.other_vendor = cls.env["res.partner"].create({"name": "Lamps"})
        seller = {"partner_id": cls.other_vendor.id, "price": 7, "delay": 5}
        cls.lamp = cls._product("Lamp", cls.mto_route)
        cls.lamp.seller_ids = [Command.clear(), Command.create(seller)]

    def _buy_chairs(self, count):
        """Return so many confirmed purchases for the common stock."""
        purchases = self.env["purchase.order"]
        for _number in range(count):
            purchases |= self._purchase(product=self.chair)
        purchases.button_confirm()
        self._run()
        return purchases

    def _sell_two(self):
        """Return an order, and the purchases of two vendors that it needs."""
        line = {"product_id": self.lamp.id, "product_uom_qty": 2}
        order = self._sale(confirm=False)
        order.order_line = [Command.create(line)]
        order.action_confirm()
        self._run()
        purchases = self._bought_for(order).order_id
        self.assertEqual(len(purchases), 2)
        purchases.button_confirm()
        self._run()
        return order, purchases

    def _billed(self, purchases):
        """Return one posted bill of purchases."""
        bill = self._bill(purchases)
        bill.action_post()
        self._run()
        return bill

    def _delete(self, purchases):
        purchases.button_cancel()
        purchases.unlink()
        self._run()

    def _check_one_home(self, document):
        """Each event has one row of its own; the others say whose copies they are."""
        for event in self._find_told(document):
            base = event.source.partition("@")[0]
            homes = self._events(source=base)
            self.assertEqual(homes.is_home, True)

    # ------------------------------------------------------------
    # SEVERAL PURCHASES
    # ------------------------------------------------------------

    def test_bill_is_told_of_each_of_its_purchases(self):
        purchases = self._buy_chairs(4)
        bill = self._billed(purchases)
        for purchase in purchases:
            kinds = self._find_told(bill, purchase_id=purchase.id).mapped("kind")
            self.assertEqual(kinds.count("invoice.posted"), 1)
        self._check_one_home(bill)
        self._check_whole()

    def test_bill_is_told_once_in_the_case_that_its_purchases_serve(self):
        order, purchases = self._sell_two()
        bill = self._billed(purchases)
        kinds = self._find_told(bill, sale_id=order.id).mapped("kind")
        self.assertEqual(kinds.count("invoice.posted"), 1)
        self._check_whole()

    def test_bill_of_a_purchase_that_is_deleted(self):
        """Whichever: the others tell all of it."""
        for gone in range(3):
            with self.subTest(gone=gone), self.env.cr.savepoint() as savepoint:
                purchases = self._buy_chairs(3)
                bill = self._bill(purchases)
                self._run()
                left = purchases - purchases[gone]
                self._delete(purchases[gone])
                told = self._find_told(bill)
                self.assertEqual(set(told.mapped("purchase_id")), set(left.ids))
                self._check_one_home(bill)
                self._check_whole()
                savepoint.rollback()

    def test_bill_of_a_deleted_purchase_that_served_a_case(self):
        """The case hears of it by the purchase that is left."""
        order, purchases = self._sell_two()
        bill = self._bill(purchases)
        self._run()
        self._delete(purchases[0])
        (event,) = self._find_told(bill, sale_id=order.id)
        self.assertEqual(event.purchase_id, purchases[1].id)
        self._check_whole()

    def test_bill_that_is_matched_later(self):
        """With one purchase, which hears of what happened before; and one more."""
        purchases = self._buy_chairs(2)
        bill = self._bill(purchases.browse())
        line = {"product_id": self.chair.id, "quantity": 1}
        bill.invoice_line_ids = [Command.create(line), Command.create(line)]
        self._run()
        self.assertFalse(self._find_told(bill))
        for item, bought in zip(
            bill.invoice_line_ids, purchases.order_line, strict=True
        ):
            item.purchase_line_id = bought
            self._run()
            self.assertTrue(self._find_told(bill, purchase_id=bought.order_id.id))
            self._check_whole()
        bill.invoice_line_ids[0].unlink()
        self._run()
        told = self._find_told(bill)
        self.assertEqual(set(told.mapped("purchase_id")), {purchases[1].id})
        self._check_whole()

    def test_receipt_of_several_purchases(self):
        one, other = self._buy_chairs(2)
        receipt = one.picking_ids
        move = other.picking_ids.move_ids
        was = move.picking_id
        move.picking_id = receipt
        self._run()
        self.assertTrue(self._find_told(receipt, purchase_id=other.id))
        self._check_one_home(receipt)
        self._check_whole()
        self._done(receipt)
        self._run()
        for purchase in (one, other):
            kinds = self._find_told(receipt, purchase_id=purchase.id).mapped("kind")
            self.assertEqual(kinds.count("picking.done"), 1)
        self._check_whole()
        self._sql(
            "UPDATE stock_move SET picking_id = %s WHERE id = %s", was.id, move.id
        )
        self._run()
        self.assertFalse(self._find_told(receipt, purchase_id=other.id))
        self._check_whole()

    def test_receipt_of_a_purchase_that_is_deleted(self):
        for gone in range(2):
            with self.subTest(gone=gone), self.env.cr.savepoint() as savepoint:
                purchases = self._buy_chairs(2)
                receipt = purchases[0].picking_ids
                purchases[1].picking_ids.move_ids.picking_id = receipt
                self._run()
                left = purchases - purchases[gone]
                self._delete(purchases[gone])
                told = self._find_told(receipt)
                self.assertEqual(set(told.mapped("purchase_id")), set(left.ids))
                self._check_one_home(receipt)
                self._check_whole()
                savepoint.rollback()

    # ------------------------------------------------------------
    # SEVERAL ORDERS
    # ------------------------------------------------------------

    def test_delivery_that_becomes_one_of_another_order(self):
        """The one has not to wait for it any more, the other one has."""
        self.env["stock.quant"]._update_available_quantity(
            self.chair, self.warehouse.lot_stock_id, 5
        )
        one = self._sale(product=self.chair)
        other = self._sale(product=self.chair)
        delivery = one.picking_ids
        self._run()
        self.assertEqual(self._read_stock(), {one.id})
        delivery.move_ids.sale_line_id = other.order_line
        self._run()
        self.assertEqual(delivery.sale_id, other)
        self.assertFalse(self._find_told(delivery, sale_id=one.id))
        self.assertTrue(self._find_told(delivery, sale_id=other.id))
        self.assertEqual(self._read_stock(), {other.id})
        self._check_whole()

    def _read_stock(self):
        """Return the orders that wait for a transfer."""
        domain = [("department", "=", "stock"), ("date_to", "=", False)]
        return set(self.env["timeline.span"].search(domain).mapped("sale_id"))

    def test_delivery_that_is_nobodys_for_a_while(self):
        """No order waits for it meanwhile; then it has its whole story again."""
        self.env["stock.quant"]._update_available_quantity(
            self.chair, self.warehouse.lot_stock_id, 5
        )
        one, other = self._sale(product=self.chair), self._sale(product=self.chair)
        delivery = one.picking_ids
        self._run()
        delivery.move_ids.sale_line_id = False
        self._run()
        self.assertFalse(delivery.sale_id)
        self.assertFalse(self._find_told(delivery, sale_id=one.id))
        self.assertEqual(self._read_stock(), set())
        self._check_whole()
        delivery.move_ids.sale_line_id = other.order_line
        self._run()
        kinds = self._find_told(delivery, sale_id=other.id).mapped("kind")
        self.assertEqual(kinds, ["picking.waiting", "picking.ready"])
        self.assertEqual(self._read_stock(), {other.id})
        self._check_whole()

    def test_delivery_of_several_orders(self):
        """All of them are told; when one is deleted the other one is told all."""
        self.env["stock.quant"]._update_available_quantity(
            self.chair, self.warehouse.lot_stock_id, 10
        )
        one, other = self._sale(product=self.chair), self._sale(product=self.chair)
        delivery = one.picking_ids
        other.picking_ids.move_ids.picking_id = delivery
        self._run()
        for order in (one, other):
            kinds = self._find_told(delivery, sale_id=order.id).mapped("kind")
            self.assertEqual(kinds, ["picking.waiting", "picking.ready"])
        self._check_one_home(delivery)
        self._check_whole()
        one._action_cancel()
        self._run()
        one.unlink()
        self._run()
        self.assertEqual(set(self._find_told(delivery).mapped("sale_id")), {other.id})
        self._check_one_home(delivery)
        self._check_whole()

    def test_what_the_vendor_delivers_waits_for_the_vendor(self):
        """And not for our warehouse, which never sees it."""
        route = self.env.ref("stock_dropshipping.route_drop_shipping", False)
        if not route:
            self.skipTest("no drop-shipping")
        order = self._sale(product=self._product("Door", route))
        purchase = self._buy(order)
        self._run()
        self.assertEqual(purchase.picking_ids.sale_id, order)
        spans = self.env["timeline.span"].search(
            [("sale_id", "=", order.id), ("date_to", "=", False)]
        )
        self.assertEqual(set(spans.mapped("department")), {"vendor"})
        self._check_whole()
        self._done(purchase.picking_ids)
        self._run()
        kinds = self._kinds(sale_id=order.id, res_model="stock.picking")
        self.assertEqual(kinds.count("picking.done"), 1)
        self._check_whole()

    # ------------------------------------------------------------
    # WHAT SERVES NO MORE
    # ------------------------------------------------------------

    def _is_waited_for(self, order, purchase):
        domain = [
            ("sale_id", "=", order.id),
            ("res_model", "=", "purchase.order"),
            ("res_id", "=", purchase.id),
            ("date_to", "=", False),
        ]
        return bool(self.env["timeline.span"].search(domain))

    def test_purchase_that_is_cancelled_and_deleted_at_once(self):
        """Before the job looks: no link says any more whom it served."""
        order = self._sale()
        self._run()
        purchase = self._bought_for(order).order_id
        self.assertTrue(self._is_waited_for(order, purchase))
        purchase.button_cancel()
        purchase.unlink()
        self._run()
        self.assertFalse(self._is_waited_for(order, purchase))
        self.assertIn("purchase.gone", self._kinds(sale_id=order.id))
        self._check_whole()

    def test_purchase_of_which_the_line_is_deleted(self):
        """It goes on for another one, and the first one waits for it no more."""
        lift = self._product("Lift", self.mto_route)
        order, other = self._sale(), self._sale(product=lift)
        self._run()
        bought = self._bought_for(order)
        purchase = self._bought_for(order | other).order_id
        self.assertEqual(len(purchase), 1)
        bought.unlink()
        self._run()
        self.assertFalse(self._is_waited_for(order, purchase))
        self.assertTrue(self._is_waited_for(other, purchase))
        purchase.button_confirm()
        self._run()
        self.assertFalse(self._is_waited_for(order, purchase))
        self.assertNotIn("purchase.ordered", self._kinds(sale_id=order.id))
        self._check_whole()

    def test_opportunity_goes_on_without_an_order_that_is_deleted(self):
        lead = self._lead()
        orders = [
            self._sale(confirm=False, opportunity_id=lead.id) for _number in range(2)
        ]
        self._run()
        domain = [("lead_id", "=", lead.id), ("date_to", "=", False)]
        spans = self.env["timeline.span"]
        for order in orders:
            self.assertFalse(spans.search(domain), "its time is that of its orders")
            order.unlink()
            self._run()
        self.assertEqual(spans.search(domain).department, "care")
        self._check_whole()

    # ------------------------------------------------------------
    # THE DATABASE
    # ------------------------------------------------------------

    def test_purchase_serves_an_order_after_it_left_a_bill(self):
        """The job reads that it serves the order before it reads that the bill is of
        it no more: the order is told of the bill by what the bill is of, or not yet."""
        for is_at_rest in (False, True):
            with self.subTest(is_at_rest), self.env.cr.savepoint() as savepoint:
                self._check_purchase_that_left_a_bill(is_at_rest)
                savepoint.rollback()

    def _check_purchase_that_left_a_bill(self, is_at_rest):
        older = self._buy_chairs(1)
        order, purchases = self._sell_two()
        serving = purchases[0]
        bill = self._bill(older | serving)
        self._run()
        (copy,) = self._find_told(bill, sale_id=order.id)
        items = {item.purchase_line_id.order_id: item for item in bill.invoice_line_ids}
        if is_at_rest:
            items[serving].purchase_line_id = False
            self._run()
        self.assertEqual(self._is_at_rest(copy), is_at_rest)
        self.env["supply.link"].create(
            {
                "sale_line_id": order.order_line[0].id,
                "purchase_line_id": older.order_line.id,
                "kind": "bought_for",
            }
        )
        self.env.flush_all()
        items[older].purchase_line_id = False
        self.env.flush_all()
        changes = self.env["timeline.change"]
        noted = changes.search([]).mapped("source")
        self.assertEqual((noted[0], noted[-1]), ("supply_link", "account_move"))
        while changes._follow_batch(1):
            pass
        self.env.invalidate_all()
        told = self._find_told(bill, sale_id=order.id)
        if is_at_rest:
            self.assertFalse(told)
        else:
            self.assertEqual(told.purchase_id, serving.id)
        self.assertEqual(self._verify(), [])

    def test_copy_of_an_event_rests_and_is_told_again(self):
        """No row is deleted: what a bill is of changes to and fro, whichever of its
        purchases it is, and each of its rows is in one case at a time, or in none."""
        for number in range(2):
            with self.subTest(number), self.env.cr.savepoint() as savepoint:
                self._check_to_and_fro(number)
                savepoint.rollback()

    def _check_to_and_fro(self, number):
        order, purchases = self._sell_two()
        bill = self._bill(purchases)
        self._run()
        bought = purchases[number].order_line
        item = bill.invoice_line_ids.filtered(
            lambda item: item.purchase_line_id == bought
        )
        domain = [("res_model", "=", bill._name), ("res_id", "=", bill.id)]
        rows, told = self._events(domain), self._find_places(bill)
        for _time in range(2):
            item.purchase_line_id = False
            self._run()
            self.assertEqual(rows.exists(), rows)
            self.assertTrue(rows.filtered(self._is_at_rest))
            self.assertNotIn(
                bought.order_id.id, self._events(domain).mapped("purchase_id")
            )
            self.assertEqual(len(self._find_told(bill, sale_id=order.id)), 1)
            self._check_whole()
            item.purchase_line_id = bought
            self._run()
            self.assertEqual(self._events(domain), rows)
            self.assertEqual(self._find_places(bill), told)
            self._check_whole()

    def _find_places(self, document):
        """Return in which cases the events of a document are told."""
        return {
            (event.kind, event.sale_id or event.purchase_id)
            for event in self._find_told(document)
        }

    @mute_logger("odoo.sql_db")
    def test_copy_at_rest_goes_back_to_its_own_case_only(self):
        purchases = self._buy_chairs(3)
        bill = self._bill(purchases[:2])
        self._run()
        copy = self._find_told(bill, purchase_id=purchases[1].id)
        self.assertFalse(copy.is_home)
        item = bill.invoice_line_ids[1]
        bought = item.purchase_line_id
        item.purchase_line_id = False
        self._run()
        self.assertTrue(self._is_at_rest(copy))
        order = self._sale()
        for change in (
            f"purchase_id = {purchases[1].id}",  # the bill is not of it now
            f"purchase_id = {purchases[2].id}",
            f"purchase_id = {purchases[0].id}",  # where the event is told already
            f"sale_id = {order.id}",
            f"partner_id = {self.customer.id}",
            f"lead_id = {self._lead().id}",
        ):
            self._check_refused(f"UPDATE timeline_event SET {change}", copy)
        self._check_refused("DELETE FROM timeline_event", copy)
        item.purchase_line_id = bought
        self.env.flush_all()
        self._check_refused(f"UPDATE timeline_event SET sale_id = {order.id}", copy)
        self._run()
        self.assertEqual(copy.purchase_id, purchases[1].id)

    def _check_refused(self, statement, event):
        with (
            self.subTest(statement),
            self.assertRaises(psycopg2.errors.InsufficientPrivilege),
            self.env.cr.savepoint(),
        ):
            self.env.cr.execute(SQL(f"{statement} WHERE id = %s", event.id))

    @mute_logger("odoo.sql_db")
    def test_no_event_goes_where_its_document_is_not(self):
        purchases = self._buy_chairs(3)
        bill = self._billed(purchases[:2])
        home = self._find_told(bill, is_home=True)[0]
        copy = self._find_told(bill, is_home=False)[0]
        receipt = self._find_told(purchases[0].picking_ids, is_home=True)[0]
        order = self._sale()
        self._run()
        for statement, id_ in (
            (f"UPDATE timeline_event SET purchase_id = {purchases[2].id}", home.id),
            (f"UPDATE timeline_event SET sale_id = {order.id}", home.id),
            ("UPDATE timeline_event SET purchase_id = NULL", home.id),
            (f"UPDATE timeline_event SET purchase_id = {purchases[1].id}", receipt.id),
            ("UPDATE timeline_event SET is_home = NOT is_home", copy.id),
            ("UPDATE timeline_event SET purchase_id = NULL, sale_id = NULL", copy.id),
            ("DELETE FROM timeline_event", home.id),
            ("DELETE FROM timeline_event", copy.id),
        ):
            self._check_refused(statement, self._events(id=id_))
