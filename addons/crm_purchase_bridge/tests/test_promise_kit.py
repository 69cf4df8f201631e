from freezegun import freeze_time

from odoo import Command
from odoo.tests import tagged

from odoo.addons.supply_link.tests.kits import make_kit
from odoo.addons.supply_link.tests.pool_common import day

from .promise_common import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromiseOfKits(PromiseCommon):
    """Kits of an order wait for the last of their components."""

    def setUp(self):
        super().setUp()
        self.slow = self.env["res.partner"].create({"name": "Slow Vendor"})
        self.frame = self._product("Frame")
        self.motor = self._product("Motor")
        self.motor.seller_ids.write({"partner_id": self.slow.id, "delay": 10})
        # whoever sells the kit itself is not asked
        self.kit = self._product("Bed")
        self.kit.seller_ids.delay = 1
        make_kit(self.kit, {self.frame: 1, self.motor: 2})

    def test_a_missing_component_comes_from_its_own_vendor(self):
        self._count(10, product=self.frame)
        line = self._sale(3, product=self.kit)
        look = self._look(line)
        self.assertEqual(self._to_number(look.answer.likely), 10)
        self.assertEqual(look.source.code, "buy")
        self.assertEqual(look.source.vendor, self.slow.id)
        self.assertEqual(look.source.facts["vendor"], "Slow Vendor")

    def test_the_component_that_takes_longest_decides(self):
        self.frame.seller_ids.delay = 22
        look = self._look(self._sale(3, product=self.kit))
        self.assertEqual(self._to_number(look.answer.likely), 22)
        self.assertEqual(look.source.vendor, self.vendor.id)

    def test_a_component_that_nobody_sells_leaves_no_day(self):
        self._count(10, product=self.frame)
        self._count(2, product=self.motor)
        self.motor.seller_ids.unlink()
        line = self._sale(3, product=self.kit)
        answer = self._look(line).answer
        self.assertIsNone(answer.likely)
        self.assertEqual((answer.now, self._look(line).source.code), (1, "none"))

    def test_only_whole_kits_are_there_now(self):
        self._count(3, product=self.frame)
        self._count(3, product=self.motor)
        line = self._sale(3, product=self.kit)
        self._assert_parts(line, [(1, 0), (2, 10)])

    def test_components_reserved_for_it_are_there(self):
        self._count(3, product=self.frame)
        self._count(4, product=self.motor)
        line = self._sale(3, product=self.kit)
        line.move_ids._action_assign()
        self._assert_parts(line, [(2, 0), (1, 10)])

    def test_a_receipt_of_one_component_and_the_other_to_buy(self):
        self._purchase(6, day(3), product=self.motor)
        line = self._sale(3, product=self.kit)
        look = self._look(line)
        # the frame takes five days, the motors three
        self.assertEqual(self._to_number(look.answer.likely), 7)
        self.assertEqual(look.source.code, "buy")
        self.assertEqual(look.source.vendor, self.vendor.id)

    def test_each_component_bought_for_it_by_its_own_purchase(self):
        for product in (self.frame, self.motor):
            self._make_to_order(product)
        line = self._sale(3, product=self.kit)
        purchases = line.supply_link_ids.purchase_id
        purchases.button_confirm()
        for link in line.supply_link_ids:
            number = 4 if link.product_id == self.frame else 9
            link.purchase_line_id.date_planned = day(number)
        look = self._look(line)
        self.assertEqual(self._to_number(look.answer.likely), 9)
        self.assertEqual(look.source.vendor, self.slow.id)

    def test_a_component_whose_purchase_was_cancelled_is_bought_again(self):
        self._count(10, product=self.frame)
        self._make_to_order(self.motor)
        line = self._sale(3, product=self.kit)
        line.supply_link_ids.purchase_id.button_cancel()
        look = self._look(line)
        self.assertEqual((look.source.code, look.source.vendor), ("buy", self.slow.id))
        self.assertEqual(self._to_number(look.answer.likely), 10)

    def test_goods_that_came_for_two_orders_are_counted_once(self):
        self.slow.group_rfq = "all"
        self._count(10, product=self.frame)
        self._make_to_order(self.motor)
        first, second = (self._sale(3, product=self.kit) for _order in range(2))
        purchase = first.supply_link_ids.purchase_id
        self.assertEqual(purchase, second.supply_link_ids.purchase_id)
        purchase.button_confirm()
        receipt = purchase.picking_ids
        receipt.move_ids.quantity = 7
        receipt.move_ids.picked = True
        receipt.with_context(
            skip_backorder=True, picking_ids_not_to_backorder=receipt.ids
        ).button_validate()
        self._run_job()
        self.assertEqual(self._look(first).answer.now, 3)
        # six of seven motors are the first one's
        look = self._look(second)
        self.assertEqual((look.answer.now, look.source.code), (0, "buy"))
        self.assertEqual(look.source.vendor, self.slow.id)

    def test_a_kit_goes_out_at_once_with_the_rest_of_its_order(self):
        self._count(9, product=self.frame)
        self._count(9)
        order = self._quotation(2, product=self.kit).order_id
        order.order_line = [
            Command.create({"product_id": self.product.id, "product_uom_qty": 3})
        ]
        order.picking_policy = "one"
        order.action_confirm()
        for line in order.order_line:
            look = self._look(line)
            self.assertEqual((look.answer.now, look.source.vendor), (0, self.slow.id))
            self.assertEqual(self._to_number(look.answer.likely), 10)

    def test_promises_of_kits_stay_as_they_are_when_nothing_happens(self):
        self._count(4, product=self.motor)
        line = self._sale(3, product=self.kit)
        self._run_job()
        self.assertEqual(self.promises._find_differences(line), [])

    def test_queries_do_not_grow_with_lines_of_kits(self):
        few, many = (
            self._quotation(*[1] * number, product=self.kit) for number in (2, 12)
        )
        (few | many).order_id.action_confirm()
        counts = []
        for lines in (few, many):
            self.env.flush_all()
            self.env.invalidate_all()
            before = self.env.cr.sql_log_count
            self.env["supply.outlook"]._look(lines)
            counts.append(self.env.cr.sql_log_count - before)
        self.assertLessEqual(counts[1], counts[0])

    def test_what_is_delivered_of_a_kit_is_not_promised_again(self):
        self._count(10, product=self.frame)
        self._count(4, product=self.motor)
        line = self._sale(3, product=self.kit)
        line.move_ids._action_assign()
        for move in line.move_ids:
            move.quantity = 2 if move.product_id == self.frame else 4
            move.picked = True
        line.move_ids._action_done()
        self.assertEqual(line.qty_delivered, 2)
        self._assert_parts(line, [(1, 10)])

    def test_a_component_that_nobody_keeps_in_stock_is_there(self):
        cover = self._product("Cover", is_storable=False)
        kit = self._product("Chair")
        make_kit(kit, {self.frame: 1, cover: 1})
        self._count(2, product=self.frame)
        self._assert_parts(self._sale(2, product=kit), [(2, 0)])

    def test_quotations_and_orders_of_kits_say_the_same(self):
        self._count(3, product=self.frame)
        self._count(2, product=self.motor)
        self._purchase(2, day(2), product=self.motor)
        line = self._quotation(3, product=self.kit)
        quoted = self._look(line).answer
        line.order_id.action_confirm()
        line.order_id.picking_ids.do_unreserve()
        ordered = self._look(line).answer
        self.assertEqual(
            [(day, quantity, part.way) for day, quantity, part in ordered.parts],
            [(day, quantity, part.way) for day, quantity, part in quoted.parts],
        )
        self.assertEqual(ordered.safe, quoted.safe)

    def test_dozens_of_kits(self):
        self._count(12, product=self.frame)
        self._count(10, product=self.motor)
        line = self._sale(1, product=self.kit, product_uom_id=self.dozen.id)
        self._assert_parts(line, [(5, 0), (7, 10)])

    def test_lines_of_kits_and_of_their_components_together(self):
        """What one line counts on is not promised to the other."""
        self._count(5, product=self.frame)
        self._count(99, product=self.motor)
        self.frame.seller_ids.delay = 7
        with freeze_time(day(0)):
            kits = self._sale(4, product=self.kit, due=day(1))
            frames = self._sale(4, product=self.frame, due=day(2))
        found = self.env["supply.outlook"]._look(kits | frames)
        self.assertEqual(found[kits.id].answer.now, 4)
        self.assertEqual(found[frames.id].answer.now, 1)
