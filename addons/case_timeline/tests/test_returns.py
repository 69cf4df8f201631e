"""What is delivered or received in full stays so when goods are taken back."""

from odoo.modules.module import load_script
from odoo.tests import tagged
from odoo.tools import SQL
from odoo.tools.misc import file_path

from .common import TimelineCommon

MIGRATION = "case_timeline/migrations/19.0.1.6.0/post-count-taken-back.py"


@tagged("post_install", "-at_install")
class TestReturns(TimelineCommon):
    def setUp(self):
        super().setUp()
        self.addCleanup(setattr, type(self), "hours", 0)
        stock = self.warehouse.lot_stock_id
        self.env["stock.quant"]._update_available_quantity(self.chair, stock, 20)

    def _deliver(self):
        """Return an order of five chairs that is delivered after an hour."""
        order = self._sale(product=self.chair)
        self._wait(1)
        self._done(order.picking_ids)
        self._wait(10)
        return order

    def _wait(self, hours):
        """Let so many hours have passed since the transaction began."""
        self._run()
        type(self).hours = hours

    def _end(self, order):
        """Return the hours that a case took; nothing: it goes on."""
        domain = [("sale_id", "=", order.id), ("is_decisive", "=", True)]
        spans = self.env["timeline.span"].search(domain, order="date_from")
        if not spans[-1:].date_to:
            return None
        return (spans[-1].date_to - spans[0].date_from).total_seconds() / 3600

    def _check_end(self, order, hours):
        self._run()
        self.assertEqual(self._end(order), hours)
        self.assertEqual(self._verify(), [])

    def test_what_a_customer_sends_back_ends_no_case_anew(self):
        order = self._deliver()
        returned = self._begin_return(order.picking_ids, 3)
        self.env.flush_all()
        self.assertEqual(order.delivery_status, "partial")
        self._check_end(order, 1)
        self._wait(20)
        self._done(returned, 2)
        self._check_end(order, 1)
        self._wait(30)
        rest = order.picking_ids.filtered(lambda each: each.state != "done")
        self.assertEqual(rest.backorder_id, returned)
        self._done(rest)
        self.assertEqual(order.delivery_status, "full")
        self._check_end(order, 1)
        self._check_whole()

    def test_return_that_is_put_away_in_a_second_step(self):
        self.warehouse.reception_steps = "two_steps"
        order = self._deliver()
        self._return(order.picking_ids, 3)
        self.assertEqual(order.delivery_status, "partial", "a second step follows")
        self._check_end(order, 1)
        self._wait(20)
        self._done(order.picking_ids.filtered(lambda each: each.state != "done"))
        self._check_end(order, 1)
        self._check_whole()

    def test_return_that_is_deleted(self):
        order = self._deliver()
        returned = self._begin_return(order.picking_ids, 3)
        self._wait(20)
        returned.action_cancel()
        returned.unlink()
        self._check_end(order, 1)

    def test_line_that_is_raised_opens_the_case_again(self):
        order = self._deliver()
        self._begin_return(order.picking_ids, 3)
        self._check_end(order, 1)
        self._wait(20)
        order.order_line.product_uom_qty += 2
        self._check_end(order, None)
        self._wait(30)
        picking = order.picking_ids.filtered(
            lambda each: each.state != "done" and not each.return_id
        )
        self._done(picking)
        self._check_end(order, 30)
        self._check_whole()

    def test_what_is_delivered_for_what_came_back_opens_the_case_again(self):
        order = self._deliver()
        returned = self._return(order.picking_ids, 3)
        self._check_end(order, 1)
        self._wait(20)
        self._begin_return(returned, 3)
        self._check_end(order, None)

    def test_what_a_vendor_gets_back_is_no_delivery_of_the_vendors(self):
        purchase = self._purchase(product=self.chair)
        purchase.button_confirm()
        self._wait(1)
        self._receive(purchase)
        self._wait(10)
        before = self._read_purchase(purchase)
        self.assertTrue(all(row["date_to"] for row in before))
        returned = self._begin_return(purchase.picking_ids, 2)
        self._run()
        self.assertEqual(purchase.receipt_status, "partial")
        self.assertEqual(self._read_purchase(purchase), before)
        self._wait(20)
        self._done(returned, 2)
        self._run()
        self.assertEqual(self._read_purchase(purchase), before)
        purchase.order_line.product_qty += 2
        self._run()
        self.assertEqual(self._read_purchase(purchase)[-1]["department"], "vendor")

    def _read_purchase(self, purchase):
        return self.env["timeline.span"]._work_out_purchase(purchase.id)

    def test_those_of_an_earlier_version_are_worked_out_anew(self):
        order, other = self._deliver(), self._sale(product=self.chair)
        returned = self._begin_return(order.picking_ids, 3)
        self._check_end(order, 1)
        self.env.cr.execute("ALTER TABLE timeline_event DISABLE TRIGGER USER")
        self.env.cr.execute(
            "UPDATE timeline_event SET parameters = parameters - 'return_of'"
        )
        self.env.cr.execute("ALTER TABLE timeline_event ENABLE TRIGGER USER")
        self.env["timeline.span"]._follow(order.ids, [])
        self.assertIsNone(self._end(order))
        migrate = load_script(file_path(MIGRATION), "post_count_taken_back").migrate
        migrate(self.env.cr, "19.0.1.4.0")
        self._check_end(order, 1)
        self.env.cr.execute(
            SQL(
                "SELECT DISTINCT res_id, parameters->'return_of' FROM timeline_event"
                " WHERE sale_id = ANY(%s) AND parameters ? 'return_of'",
                (order | other).ids,
            )
        )
        self.assertEqual(self.env.cr.fetchall(), [(returned.id, returned.return_id.id)])
