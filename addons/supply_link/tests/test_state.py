from datetime import datetime, time, timedelta

from freezegun import freeze_time

from odoo import Command, fields
from odoo.tests import tagged

from .common import SupplyCommon
from .kits import make_kit


@tagged("post_install", "-at_install")
class TestState(SupplyCommon):
    """From where an order line gets its goods, and when, as screens read it."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()

    def _state(self, sale):
        self._follow()
        return self.env["supply.state"].search(
            [("sale_line_id", "in", sale.order_line.ids)]
        )

    def _stock(self, quantity, product=None):
        self.env["stock.quant"]._update_available_quantity(
            product or self.chair, self.warehouse.lot_stock_id, quantity
        )

    def _coming(self, quantity, days, product=None):
        """Order goods that come so many days from now."""
        purchase = self._purchase(quantity, product or self.chair)
        purchase.order_line.date_planned = self.now + timedelta(days=days)
        purchase.button_confirm()
        return purchase

    def _check_state(self, sale, **expected):
        state = self._state(sale)
        self.assertEqual({name: state[name] for name in expected}, expected)
        found = self.env["supply.state"]._find_differences(sale.order_line)
        self.assertFalse([text for _line, text in found])

    def test_in_stock(self):
        self._stock(10)
        sale = self._sale(4, self.chair)
        self._check_state(
            sale, method="stock", quantity=4, quantity_now=4, ready_on=False
        )

    def test_what_is_remembered_can_be_forgotten(self):
        """The job works out once what lines wait for; who changes it says so."""
        sources, sale = self.env["supply.part"], self._sale(4, self.chair)

        def find_ways():
            parts = sources._get_parts(sources._read_waits(sale.order_line))
            return [part.way for part in parts[sale.order_line.id]]

        with sources._remembering():
            self.assertEqual(find_ways(), ["none"])
            self._stock(10)
            self.assertEqual(find_ways(), ["none"])
            sources._forget()
            self.assertEqual(find_ways(), ["stock"])
            sale._action_cancel()
            sources._forget()
            self.assertFalse(sources._read_waits(sale.order_line))
        sources._forget()
        self.assertFalse(sources._read_waits(sale.order_line))

    def test_on_its_way(self):
        purchase = self._coming(10, 3)
        sale = self._sale(4, self.chair)
        self._check_state(
            sale,
            method="incoming",
            quantity_now=0,
            ready_on=purchase.order_line.date_planned,
            purchase_line_id=purchase.order_line,
        )

    def test_some_now_and_some_on_its_way(self):
        self._stock(3)
        self._coming(10, 3)
        sale = self._sale(4, self.chair)
        self._check_state(sale, method="incoming", quantity_now=3, quantity_short=0)

    def test_nothing_on_its_way(self):
        self._stock(3)
        sale = self._sale(5, self.chair)
        self._check_state(sale, method="none", quantity_now=3, quantity_short=2)

    def test_bought_for_it(self):
        sale = self._sale(5)
        purchase = self._bought_for(sale).order_id
        purchase.order_line.date_planned = self.now + timedelta(days=9)
        purchase.button_confirm()
        self._check_state(
            sale,
            method="bought",
            quantity_now=0,
            ready_on=purchase.order_line.date_planned,
            purchase_line_id=purchase.order_line,
        )
        self._receive(purchase)
        self._check_state(sale, method="stock", quantity_now=5, ready_on=False)

    def test_made_for_it_with_components_bought_for_it(self):
        if "mrp.production" not in self.env:
            self.skipTest("nothing is made here")
        frame = self._product("Frame", self.mto_route)
        made = self._product("Hospital Bed", seller_ids=[])
        made.route_ids = self.warehouse.manufacture_pull_id.route_id | self.mto_route
        self.env["mrp.bom"].create(
            {
                "product_tmpl_id": made.product_tmpl_id.id,
                "bom_line_ids": [
                    Command.create({"product_id": frame.id, "product_qty": 4})
                ],
            }
        )
        sale = self._sale(3, made)
        production = self.env["mrp.production"].search([("product_id", "=", made.id)])
        production.action_confirm()
        self._check_state(sale, method="bought", quantity_now=0, quantity_short=0)
        line = self._bought_for(sale)
        line.date_planned = self.now + timedelta(days=9)
        line.order_id.button_confirm()
        self._check_state(
            sale,
            method="bought",
            quantity=3,
            quantity_now=0,
            quantity_short=0,
            ready_on=line.date_planned,
            purchase_line_id=line,
        )
        self._receive(line.order_id)
        production.move_finished_ids.date = self.now + timedelta(days=2)
        self._check_state(
            sale,
            method="incoming",
            quantity_now=0,
            ready_on=production.move_finished_ids.date,
        )
        production.qty_producing = 3
        production.move_raw_ids.picked = True
        production.button_mark_done()
        self._check_state(sale, method="stock", quantity_now=3, ready_on=False)

    def _asked(self, ordered, planned, **values):
        """Sell what is bought to order and return what it waits for: a quotation with
        a deadline and an arrival so many days from now."""
        product = self._product("Frame", self.mto_route, **values)
        sale = self._sale(5, product)
        line = self._bought_for(sale)
        line.order_id.date_order = self.now + timedelta(days=ordered)
        line.date_planned = self.now + timedelta(days=planned)
        return sale

    def _check_expected(self, sale, **days):
        """Compare the days on which goods are expected, looked at so many days from
        now."""
        for number, expected in days.items():
            with freeze_time(self.now + timedelta(days=int(number[1:]))):
                self.env["supply.change"]._note_new_day()
                ready = self._state(sale).ready_on.date()
                self.assertEqual((ready - self.now.date()).days, expected, number)
                self._check_state(sale, quantity_short=0)

    def test_quotation_of_the_past_is_no_arrival(self):
        # as many days from today as the vendor takes
        self._check_expected(self._asked(-10, -5), d0=5, d2=7)
        # so it is when the day that the buyer entered can be kept no more
        self._check_expected(self._asked(-10, -3), d0=5, d2=7)

    def test_day_that_the_buyer_entered_stands_while_it_can_be_kept(self):
        self._check_expected(self._asked(0, 20), d0=20, d9=20, d15=20, d16=21, d25=30)

    def test_nearer_day_that_the_buyer_entered_moves_on(self):
        """They expect this vendor to need two days."""
        self._check_expected(self._asked(0, 2), d0=2, d1=3, d4=6)

    def test_day_of_a_vendor_of_whom_nothing_is_known(self):
        sale = self._asked(0, 6)
        self._bought_for(sale).product_id.seller_ids.unlink()
        self._check_expected(sale, d0=6, d6=6, d7=13)

    def test_days_of_a_vendor_depend_on_how_much_is_ordered(self):
        dozen = self.env.ref("uom.product_uom_dozen")
        sellers = [
            Command.create(
                {"partner_id": self.vendor.id, "delay": delay, "min_qty": least}
                | {"product_uom_id": dozen.id, "price": 100}
            )
            for delay, least in ((9, 1), (4, 0))
        ]
        # five pieces are no dozen
        self._check_expected(self._asked(-5, 10, seller_ids=sellers), d0=10, d7=11)

    def test_overdue_receipt_is_expected_on_the_next_open_day(self):
        sale = self._sale(5)
        purchase = self._bought_for(sale).order_id
        purchase.button_confirm()
        purchase.order_line.date_planned = self.now - timedelta(days=6)
        purchase.picking_ids.move_ids.date = self.now - timedelta(days=6)
        state = self._state(sale)
        self.assertEqual(state.overdue_days, 6)
        tomorrow = datetime.combine(self.now.date() + timedelta(days=1), time.min)
        self.assertGreaterEqual(state.ready_on, tomorrow - timedelta(days=1))

    def test_new_day_makes_what_did_not_come_overdue(self):
        purchase = self._coming(10, 3)
        sale = self._sale(4, self.chair)
        self.assertFalse(self._state(sale).overdue_days)
        with freeze_time(self.now + timedelta(days=5)):
            self.env["supply.change"]._note_new_day()
            self._check_state(
                sale, overdue_days=2, purchase_line_id=purchase.order_line
            )
            self.env["supply.change"]._note_new_day()
            self.assertFalse(self.env["supply.change"].search_count([]))

    def test_new_day_makes_what_comes_first_overdue(self):
        self._coming(3, 2)
        self._coming(4, 9)
        sale = self._sale(7, self.chair)
        self._check_state(sale, overdue_days=0)
        with freeze_time(self.now + timedelta(days=5)):
            self.env["supply.change"]._note_new_day()
            self._check_state(sale, overdue_days=3)

    def test_new_day_moves_on_what_is_not_ordered(self):
        """It is what comes last after some days."""
        sale = self._sale(5)
        ordered = self._bought_for(sale).order_id
        ordered.order_line.date_planned = self.now + timedelta(days=8)
        ordered.button_confirm()
        sale.order_line.product_uom_qty = 7
        self._follow()
        asked = (self._bought_for(sale) - ordered.order_line).ensure_one()
        asked.order_id.date_order = self.now
        asked.date_planned = self.now + timedelta(days=5)
        self._check_state(sale, purchase_line_id=ordered.order_line)
        with freeze_time(self.now + timedelta(days=6)):
            self.env["supply.change"]._note_new_day()
            self._check_state(sale, purchase_line_id=asked)

    def _kit(self, **needed):
        """Return a kit and its components: how many of each, bought to order where the
        name says so."""
        components = {
            self._product(name, self.mto_route if "mto" in name else None): number
            for name, number in needed.items()
        }
        kit = self.env["product.product"].create({"name": "Bed set", "type": "consu"})
        make_kit(kit, components)
        return kit, *components

    def test_kit_of_which_some_components_are_bought_for_it(self):
        kit, _frame, mattress = self._kit(frame_mto=1, mattress=1)
        sale = self._sale(5, kit)
        # frames are no mattresses
        self._check_state(sale, method="none", quantity_short=5)
        line = self._bought_for(sale)
        line.date_planned = self.now + timedelta(days=3)
        line.order_id.button_confirm()
        later = self._coming(5, 9, mattress)
        self._check_state(
            sale,
            method="bought",
            quantity_now=0,
            quantity_short=0,
            ready_on=later.order_line.date_planned,
            purchase_line_id=later.order_line,
        )

    def test_kits_of_which_some_have_all_components(self):
        kit, *_components = self._kit(frame_mto=1, mattress_mto=2)
        sale = self._sale(5, kit)
        purchase = self._bought_for(sale).order_id
        purchase.button_confirm()
        for move in purchase.picking_ids.move_ids:
            move.quantity = 3
        self._done(purchase.picking_ids)
        # three frames and three mattresses
        self._check_state(sale, method="bought", quantity_now=1)

    def test_kits_that_were_delivered_are_there_no_more(self):
        kit, frame, mattress = self._kit(frame=1, mattress=2)
        self._stock(2, frame)
        self._stock(4, mattress)
        sale = self._sale(5, kit)
        self._check_state(sale, method="none", quantity_now=2, quantity_short=3)
        sale.picking_ids.action_assign()
        self._done(sale.picking_ids)
        self._check_state(sale, method="none", quantity=3, quantity_now=0)
        self._stock(1, frame)
        self._stock(9, mattress)
        self._check_state(sale, method="none", quantity=3, quantity_now=1)

    def test_quotation_is_expected_on_the_same_day_all_day(self):
        with freeze_time("2027-03-01 08:00:00"):
            sale = self._sale(5)
            self._bought_for(sale).date_planned = "2027-02-20"
            self._state(sale)
        with freeze_time("2027-03-01 09:00:00"):
            found = self.env["supply.state"]._find_differences(sale.order_line)
            self.assertFalse([text for _line, text in found])

    def test_drop_shipped_line_of_a_cancelled_purchase(self):
        route = self.env.ref("stock_dropshipping.route_drop_shipping", False)
        if not route:
            self.skipTest("vendors do not deliver to customers here")
        frame = self._product("Frame", route)
        frame.route_ids = route
        sale = self._sale(5, frame)
        self._check_state(sale, method="bought", quantity_now=0)
        self._bought_for(sale).order_id.button_cancel()
        self._check_state(sale, method="none", quantity_now=0, quantity_short=5)

    def test_purchase_made_for_it_cancelled_in_sql(self):
        sale = self._sale(5)
        self._sql(
            "UPDATE purchase_order SET state = 'cancel' WHERE id = %s",
            self._bought_for(sale).order_id.id,
        )
        self._check_state(sale, method="none", quantity_now=0, quantity_short=5)

    def test_long_overdue_receipt_has_no_date(self):
        sale = self._sale(5)
        purchase = self._bought_for(sale).order_id
        purchase.button_confirm()
        purchase.picking_ids.move_ids.date = self.now - timedelta(days=30)
        self._check_state(sale, method="bought", ready_on=False)

    def test_another_order_takes_the_goods(self):
        self._coming(5, 3)
        first = self._sale(5, self.chair, commitment_date=self.now + timedelta(days=9))
        self._check_state(first, method="incoming")
        self._sale(5, self.chair, commitment_date=self.now + timedelta(days=4))
        self._check_state(first, method="none", quantity_short=5)

    def test_delivered_line_has_no_row(self):
        self._stock(5)
        sale = self._sale(5, self.chair)
        self.assertTrue(self._state(sale))
        self._done(sale.picking_ids)
        self.assertFalse(self._state(sale))

    def test_cancelled_line_has_no_row(self):
        sale = self._sale(5, self.chair)
        self.assertTrue(self._state(sale))
        sale._action_cancel()
        self.assertFalse(self._state(sale))

    def test_quotations_and_services_have_no_row(self):
        service = self.env["product.product"].create(
            {"name": "Assembly", "type": "service"}
        )
        self.assertFalse(self._state(self._sale(5, self.chair, confirm=False)))
        self.assertFalse(self._state(self._sale(1, service)))

    def test_receipt_that_is_put_off_moves_those_who_wait(self):
        purchase = self._coming(10, 3)
        sale = self._sale(4, self.chair)
        before = self._state(sale).ready_on
        purchase.order_line.date_planned = before + timedelta(days=5)
        purchase.picking_ids.move_ids.date = before + timedelta(days=5)
        self._check_state(sale, ready_on=before + timedelta(days=5))

    def test_each_line_has_one_row(self):
        sale = self._sale(4, self.chair)
        self._state(sale)
        sale.order_line.product_uom_qty = 6
        self.assertEqual(len(self._state(sale)), 1)
        self._check_state(sale, quantity=6)
