"""Who is short, and by when it must be bought."""

from freezegun import freeze_time

from odoo.tests import tagged

from odoo.addons.supply_link.tests.kits import make_kit
from odoo.addons.supply_link.tests.pool_common import day

from .promise_common import PromiseCommon


@tagged("post_install", "-at_install")
class TestPromiseShortage(PromiseCommon):
    def _assert_short(self, line, quantity, buy_by):
        promise = self._promise(line)
        self.assertEqual(promise.quantity_short, quantity)
        self.assertEqual(self._to_number(promise.buy_by) or 0, buy_by or 0)
        self.assertEqual(bool(promise.buy_by), buy_by is not None)
        return promise

    def test_an_order_that_a_quotation_was_promised_must_be_bought_for(self):
        self._count(10)
        order = self._sale(10, due=day(20))
        self._assert_short(order, 0, None)
        quotation = self._quotation(10)
        self._assert_parts(quotation, [(10, 0)])
        promise = self._assert_short(order, 10, 15)
        self.assertEqual(promise.method, "stock")
        short = self.promises.search(
            [("buy_by", "<=", self._day(15)), ("is_ordered", "=", True)]
        )
        self.assertIn(promise, short)

    def test_it_is_not_short_any_more_when_the_quotation_is_cancelled(self):
        self._count(10)
        order = self._sale(10, due=day(20))
        quotation = self._quotation(10)
        self._assert_short(order, 10, 15)
        quotation.order_id._action_cancel()
        self._assert_short(order, 0, None)

    def test_it_is_not_short_any_more_when_the_offer_is_over(self):
        self._count(10)
        order = self._sale(10, due=day(20))
        self._quotation(10).order_id.validity_date = self._day(2)
        self._assert_short(order, 10, 15)
        with freeze_time(day(3, 9)):
            self.promises._cron_day()
            self._assert_short(order, 0, None)

    def test_when_it_is_ordered_the_other_one_lacks_it(self):
        self._count(10)
        order = self._sale(10, due=day(20))
        quotation = self._quotation(10)
        quotation.order_id.action_confirm()
        quotation.order_id.picking_ids.do_unreserve()
        self._assert_short(order, 10, 15)

    def test_a_receipt_in_time_passes_nobody_over(self):
        self._count(10)
        order = self._sale(10, due=day(20))
        self._purchase(10, day(15))
        self._quotation(10)
        self._assert_short(order, 0, None)

    def test_without_a_vendor_nobody_is_passed_over(self):
        self._count(10)
        order = self._sale(10, due=day(20))
        self.product.seller_ids.unlink()
        self._quotation(10)
        self._assert_short(order, 0, None)

    def test_quotations_do_not_pass_over_together(self):
        self._count(10)
        order = self._sale(10, due=day(20))
        self._quotation(4)
        self._quotation(3, 3)
        self._assert_short(order, 6, 15)

    def test_who_is_last_is_passed_over_first(self):
        self._count(10)
        first, last = self._sale(5, due=day(20)), self._sale(5, due=day(22))
        self._quotation(7)
        self._assert_short(first, 2, 15)
        self._assert_short(last, 5, 17)

    def test_looking_at_it_alone_says_the_same(self):
        self._count(10)
        order = self._sale(10, due=day(20))
        self._quotation(10)
        promise = self._assert_short(order, 10, 15)
        self.promises._follow(order)
        self.assertEqual(self._to_number(promise.buy_by), 15)
        self.assertEqual(self.promises._find_differences(order), [])

    def test_what_nobody_buys_is_bought_in_time_for_the_told_day(self):
        order = self._sale(10, due=day(20))
        self._assert_short(order, 10, 15)
        self.promises._tell(order, {order.id: self._day(25)}, "phone")
        self._assert_short(order, 10, 20)

    def test_steps_of_delivery_are_before_the_due_day(self):
        self.company.security_lead = 1
        self.warehouse.delivery_steps = "pick_ship"
        self.warehouse.delivery_route_id.rule_ids[:1].delay = 2
        order = self._sale(10)
        order.wanted_on = self._day(20)
        self._assert_short(order, 10, 12)

    def test_without_a_vendor_nobody_knows_when_to_buy(self):
        self.product.seller_ids.unlink()
        self._assert_short(self._sale(10, due=day(20)), 10, None)

    def test_nobody_has_to_buy_for_a_quotation(self):
        line = self._quotation(10)
        line.wanted_on = self._day(20)
        self._assert_short(line, 10, None)

    def test_a_delivered_line_lacks_nothing(self):
        order = self._sale(10, due=day(20))
        self._assert_short(order, 10, 15)
        self._count(10)
        order.move_ids.quantity = 10
        order.move_ids.picked = True
        order.move_ids._action_done()
        self._assert_short(order, 0, None)

    def test_a_new_day_of_the_vendor_counts_from_tomorrow(self):
        order = self._sale(10, due=day(20))
        self._assert_short(order, 10, 15)
        self.product.seller_ids.delay = 9
        with freeze_time(day(1, 9)):
            self.promises._cron_day()
            self._assert_short(order, 10, 11)

    def test_a_passed_over_order_follows_a_new_day_too(self):
        self._count(10)
        order = self._sale(10, due=day(20))
        self._quotation(10)
        self._assert_short(order, 10, 15)
        self.product.seller_ids.delay = 9
        with freeze_time(day(1, 9)):
            self.promises._cron_day()
            self._assert_short(order, 10, 11)

    def test_a_kit_lacks_what_its_component_does(self):
        kit, part = self._product("Kit"), self._product("Part")
        make_kit(kit, {part: 2})
        self._count(4, product=part)
        order = self._sale(2, due=day(20), product=kit)
        self._assert_short(order, 0, None)
        self._quotation(3, product=part)
        self._assert_short(order, 2, 15)
