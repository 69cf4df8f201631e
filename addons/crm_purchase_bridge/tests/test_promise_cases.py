"""Small inputs with right values: a distributor's cases, day 0 is a Monday."""

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.supply_link.tests.kits import make_kit
from odoo.addons.supply_link.tests.pool_common import TODAY, day

from .promise_common import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromiseCases(PromiseCommon):
    def test_a_cancelled_purchase_promises_nothing(self):
        """Another order's purchase is no help to who lost theirs."""
        self._make_to_order()
        first = self._sale(5)
        first.supply_link_ids.purchase_id.button_cancel()
        second = self._sale(10)
        second.supply_link_ids.purchase_id.button_confirm()
        self.assertEqual(second.supply_link_ids.quantity, 10)
        look = self._look(first)
        self.assertEqual(look.source.code, "buy")
        self.assertEqual([part.key for _day, _q, part in look.answer.parts], [None])

    def test_the_buyers_date_is_not_the_customers_wish(self):
        self._make_to_order()
        line = self._sale(10, due=day(10))
        purchase = line.supply_link_ids.purchase_id
        purchase.order_line.date_planned = day(8)
        promise = self._promise(line)
        self.assertEqual(self._to_number(promise.wanted_on), 10)
        self.assertFalse(self._notices(line.order_id))
        purchase.order_line.date_planned = day(30)
        self._run_job()
        self.assertEqual(len(self._notices(line.order_id)), 1)
        purchase.button_confirm()
        purchase.order_line.date_planned = day(40)
        self._run_job()
        self.assertEqual(self._to_number(promise.wanted_on), 10)
        self.assertEqual(self._to_number(promise.likely_on), 42)
        self.assertEqual(promise.slack_days, -32)
        causes = [version.cause["code"] for version in promise._get_versions()]
        self.assertEqual(causes, ["moved", "moved", "first"])

    def test_dozens_of_one_quotation_share_the_stock(self):
        self._count(13)
        first, second = self._quotation(1, 1, product_uom_id=self.dozen.id)
        self._assert_parts(first, [(12, 0)])
        parts = self._look(second).answer.parts
        self.assertEqual(
            [(q, p.way) for _d, q, p in parts], [(1, "stock"), (11, "buy")]
        )

    def test_goods_not_put_away_are_not_promised(self):
        self.warehouse.reception_steps = "three_steps"
        self._count(1, self.warehouse.wh_input_stock_loc_id)
        self._count(1, self.warehouse.wh_qc_stock_loc_id)
        self.product.seller_ids.unlink()
        for line in (self._quotation(2), self._sale(2)):
            look = self._look(line)
            self.assertEqual((look.answer.now, look.answer.likely), (0, None))
            promise = self._promise(line).with_context(lang="en_US")
            self.assertEqual(
                promise.reason_text,
                "2 in the warehouse, no transfer moves them to stock",
            )
        self.assertEqual(promise.holder_kind, "warehouse")

    def test_goods_not_put_away_wait_no_longer_than_for_new_ones(self):
        self._count(2, self.warehouse.wh_input_stock_loc_id)
        for line in (self._quotation(2), self._sale(2)):
            look = self._look(line)
            self.assertEqual(self._to_number(look.answer.likely), 7)
            self.assertEqual(look.source.code, "unplaced")

    def test_what_more_than_is_not_put_away_is_wanted_has_to_be_bought(self):
        self._count(2, self.warehouse.wh_input_stock_loc_id)
        for line in (self._quotation(5), self._sale(5)):
            look = self._look(line)
            self.assertEqual(look.source.code, "buy")
            ways = [(q, p.way) for _d, q, p in look.answer.parts]
            self.assertCountEqual(ways, [(2, "unplaced"), (3, "buy")])

    def test_goods_not_put_away_of_a_kit(self):
        kit, part = self._product("Kit"), self._product("Part")
        make_kit(kit, {part: 2})
        self._count(4, self.warehouse.wh_input_stock_loc_id, product=part)
        for line in (self._quotation(2, product=kit), self._sale(2, product=kit)):
            source = self._look(line).source
            self.assertEqual(
                (source.code, source.holder_kind), ("unplaced", "warehouse")
            )
            self.assertEqual(source.facts["quantity"], 4)

    def test_quotations_are_looked_at_together(self):
        """Twenty that lack goods cost as many queries as one does."""
        self._count(2, self.warehouse.wh_input_stock_loc_id)
        lines = self._quotation(5)
        for _number in range(19):
            lines |= self._quotation(5)
        counts = []
        for asked in (lines[:1], lines):
            for _warm in range(2):
                self.env.flush_all()
                self.env.invalidate_all()
                before = self.env.cr.sql_log_count
                looks = self.env["supply.outlook"]._look(asked)
            counts.append(self.env.cr.sql_log_count - before)
            for look in looks.values():
                ways = [(q, p.way) for _d, q, p in look.answer.parts]
                self.assertCountEqual(ways, [(2, "unplaced"), (3, "buy")])
        self.env.invalidate_all()
        with self.assertQueryCount(counts[0]):
            self.env["supply.outlook"]._look(lines)

    def test_more_than_a_transfer_moves_has_to_be_bought(self):
        """Nothing is reserved for it yet."""
        self._count(2, self.warehouse.wh_input_stock_loc_id)
        self._transfer(2, self.warehouse.wh_input_stock_loc_id, self.stock, day(2))
        for make in (self._quotation, self._sale):
            ways = [(q, p.way) for _d, q, p in self._look(make(5)).answer.parts]
            self.assertCountEqual(ways, [(2, "incoming"), (3, "buy")])

    def test_goods_that_a_transfer_moves_count_on_its_date(self):
        self._count(2, self.warehouse.wh_input_stock_loc_id)
        put_away = self._transfer(
            2, self.warehouse.wh_input_stock_loc_id, self.stock, day(2)
        )
        put_away._action_assign()
        look = self._look(self._sale(2))
        self.assertEqual(self._to_number(look.answer.likely), 2)
        self.assertEqual(look.source.code, "transfer")

    def test_parts_of_a_unit_leave_no_dust(self):
        """0.1 and 0.2 are 0.3, though not in the computer."""
        self._count(0.1)
        self._purchase(0.2, day(1))
        for make in (self._quotation, self._sale):
            line = make(0.3)
            look = self._look(line)
            self._assert_parts(line, [(0.1, 0), (0.2, 1)])
            self.assertEqual(look.quantity, 0.3)
        self._count(0.2)
        line.move_ids._action_assign()
        look = self._look(line)
        self.assertEqual((look.answer.now, look.quantity), (0.3, 0.3))

    def test_what_is_left_of_a_delivery_leaves_no_dust(self):
        self._count(0.3)
        line = self._sale(0.3)
        line.move_ids._action_assign()
        line.move_ids.quantity = 0.1
        line.move_ids.picked = True
        line.move_ids._action_done()
        look = self._look(line)
        self.assertEqual((look.answer.now, look.quantity), (0.2, 0.2))

    def test_a_date_that_the_buyer_entered_counts(self):
        """It is no further away because nobody has ordered yet."""
        self._make_to_order()
        line = self._sale(10)
        purchase_line = line.supply_link_ids.purchase_line_id
        purchase_line.date_planned = day(16)
        for number in (0, 3, 7):
            with freeze_time(day(number)):
                self.assertEqual(self._to_number(self._look(line).answer.likely), 16)
        # who orders today does not get it today
        with freeze_time(day(15)):
            self.assertEqual(self._to_number(self._look(line).answer.likely), 21)

    def test_a_nearer_date_that_the_buyer_entered_moves_on_until_it_is_ordered(self):
        self._make_to_order()
        line = self._sale(10)
        purchase_line = line.supply_link_ids.purchase_line_id
        purchase_line.date_planned = purchase_line.order_id.date_order.replace(hour=12)
        self.env.flush_all()
        purchase_line.order_id.date_order = day(0)
        purchase_line.date_planned = day(2)
        for number, expected in ((0, 2), (1, 3)):
            with freeze_time(day(number)):
                likely = self._look(line).answer.likely
                self.assertEqual(self._to_number(likely), expected)

    def test_a_quotation_does_not_compete_with_itself(self):
        self._count(10)
        line = self._quotation(4)
        self._quotation(9)
        line.product_uom_qty = 10
        self.assertEqual(self._look(line).answer.now, 10)

    def test_a_receipt_on_sunday_comes_on_monday(self):
        self.product.seller_ids.delay = 3
        with freeze_time(day(3, 9)):
            line = self._quotation(1)
            self._assert_parts(line, [(1, 7)])

    def test_hours_make_nobody_late(self):
        self._count(1)
        self.product.sale_delay = 1.5
        with freeze_time(TODAY.replace(hour=1)):
            line = self._quotation(1)
            self._assert_parts(line, [(1, 1)])

    def test_the_day_is_the_companys(self):
        """16:30 in UTC is 23:30 in Hanoi: the same day."""
        self.company.resource_calendar_id.tz = "Asia/Ho_Chi_Minh"
        self.company.partner_id.tz = "Asia/Ho_Chi_Minh"
        self._purchase(1, day(1, 16).replace(minute=30))
        line = self._sale(1)
        self.assertEqual(self._to_number(self._look(line).answer.likely), 1)

    def test_a_cancelled_rest_is_to_be_bought(self):
        purchase = self._purchase(10, day(-2))
        move = purchase.move_ids
        move.quantity = 6
        move.picked = True
        move.picking_id.with_context(cancel_backorder=True)._action_done()
        line = self._sale(10)
        parts = self._look(line).answer.parts
        self.assertEqual([(q, p.way) for _d, q, p in parts], [(6, "stock"), (4, "buy")])

    def test_an_overdue_receipt_comes_on_the_next_open_day(self):
        self._purchase(10, day(-6))
        look = self._look(self._quotation(10))
        self.assertEqual(self._to_number(look.answer.likely), 1)
        self.assertEqual(look.source.overdue, 6)

    def test_long_overdue_receipts_have_no_date(self):
        self._purchase(10, day(-20))
        self.product.seller_ids.unlink()
        self.assertIsNone(self._look(self._quotation(10)).answer.likely)

    def test_orders_after_the_fence_leave_the_stock(self):
        self._count(10)
        self._sale(10, due=day(20))
        line = self._quotation(10)
        self._assert_parts(line, [(10, 0)])

    def test_without_a_vendor_later_orders_keep_the_stock(self):
        self._count(10)
        self._sale(10, due=day(20))
        self.product.seller_ids.unlink()
        line = self._quotation(10)
        self.assertIsNone(self._look(line).answer.likely)

    def test_a_receipt_in_time_for_the_later_order_frees_the_stock(self):
        self._count(10)
        self._sale(10, due=day(20))
        self.product.seller_ids.unlink()
        self._purchase(10, day(15))
        line = self._quotation(10)
        self._assert_parts(line, [(10, 0)])

    def test_kits_are_as_many_as_the_scarcest_component_makes(self):
        kit, a, b = self._product("Kit"), self._product("A"), self._product("B")
        make_kit(kit, {a: 2, b: 2})
        self._count(8, product=a)
        self._count(4258, product=b)
        self._purchase(133, day(3), product=a)
        self._purchase(60, day(4), product=b)
        (a | b).seller_ids.unlink()
        self._sale(14, product=a)
        self._sale(168, product=b)
        line = self._quotation(63, product=kit)
        answer = self._look(line).answer
        self.assertEqual(answer.now, 0)
        self.assertEqual(self._to_number(answer.likely), 3)
        more = self._quotation(64, product=kit)
        self.assertIsNone(self._look(more).answer.likely)

    def test_a_bill_of_material_for_a_dozen_kits(self):
        kit, part = self._product("Kit"), self._product("Part")
        make_kit(kit, {part: 24}, product_qty=12)
        self._count(6, product=part)
        self.assertEqual(self._look(self._quotation(5, product=kit)).answer.now, 3)
