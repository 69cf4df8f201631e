from odoo import Command
from odoo.tests import tagged

from odoo.addons.supply_link.tests.pool_common import day

from .promise_common import PromiseCommon


@tagged("post_install", "-at_install")
class TestWanted(PromiseCommon):
    """What the customer wanted before anything was told."""

    def _order(self, due=None):
        """Return an order of two lines."""
        order = self._quotation(10, 5).order_id
        order.commitment_date = due
        order.action_confirm()
        return order, *order.order_line

    def _tell(self, line, number):
        self.promises._tell(line, {line.id: self._day(number)}, "phone")
        self.promises._set_delivery_dates(line.order_id)
        self._run_job()

    def _wanted(self, line):
        return self._to_number(self._promise(line).wanted_on)

    def test_our_day_is_no_wish_of_lines_that_were_not_told(self):
        order, first, second = self._order(due=day(10))
        self._run_job()
        self._tell(first, 12)
        self.assertEqual(order.commitment_date.date(), self._day(12))
        self.assertEqual(self._wanted(first), 10)
        self.assertEqual(self._wanted(second), 10)

    def test_who_wanted_no_day_wants_none_after_telling(self):
        _order, first, second = self._order()
        self._tell(first, 12)
        self.assertFalse(self._wanted(first))
        self.assertFalse(self._wanted(second))
        self.assertEqual(self._promise(second).risk, "open")

    def test_a_line_added_later_wants_what_the_order_wanted(self):
        order, first, _second = self._order(due=day(10))
        self._tell(first, 12)
        order.order_line = [
            Command.create({"product_id": self.product.id, "product_uom_qty": 1})
        ]
        self.assertEqual(self._wanted(order.order_line[-1]), 10)

    def test_telling_again_keeps_the_first_wish(self):
        _order, first, second = self._order(due=day(10))
        self._tell(first, 12)
        self._tell(first, 15)
        self.assertEqual(self._wanted(second), 10)

    def test_a_delivery_date_that_somebody_enters_afterwards_is_a_wish(self):
        order, first, second = self._order(due=day(10))
        self._tell(first, 12)
        order.commitment_date = day(20)
        self.assertEqual(self._wanted(second), 20)
        # the first one was told: it is kept
        self.assertEqual(self._wanted(first), 10)

    def test_urgency_says_what_is_wanted_after_telling_too(self):
        order, first, second = self._order(due=day(10))
        self._tell(first, 12)
        order.needed_by = day(6)
        self.assertEqual(self._wanted(first), 6)
        self.assertEqual(self._wanted(second), 6)

    def test_questions_say_what_the_customer_wants(self):
        order, first, _second = self._order(due=day(10))
        self._tell(first, 12)
        for record in (order, first):
            self.assertEqual(record._get_question_subject()["needed_by"], day(10))

    def test_a_copy_wants_nothing(self):
        order, first, _second = self._order(due=day(10))
        self._tell(first, 12)
        copy = order.copy()
        self.assertFalse(self._wanted(copy.order_line[0]))

    # What is bought for it is needed when the customer wanted it

    def _needed(self, line):
        """Return the day on which links say that the goods are needed, the same as if
        they were made anew."""
        self._run_job()
        links = self.env["supply.link"]
        found = links._find_differences(line.supply_link_ids.purchase_line_id.ids)
        self.assertFalse([text for _link, text in found])
        return self._to_number(line.supply_link_ids.needed_on.date())

    def test_goods_are_not_needed_later_because_of_what_we_told(self):
        self._make_to_order()
        order, first, second = self._order(due=day(10))
        self.assertEqual(self._needed(first), 10)
        self._tell(first, 12)
        self.assertEqual(order.commitment_date.date(), self._day(12))
        self.assertEqual(self._needed(first), 10)
        self.assertEqual(self._needed(second), 10)
        order.commitment_date = day(20)
        self.assertEqual(self._needed(first), 10)
        self.assertEqual(self._needed(second), 20)

    def test_goods_of_who_wanted_no_day_are_needed_as_before(self):
        self._make_to_order()
        self.product.sale_delay = 3
        _order, first, second = self._order()
        self.assertEqual(self._needed(first), 3)
        self._tell(first, 12)
        self.assertEqual(self._needed(first), 3)
        self.assertEqual(self._needed(second), 3)

    def test_goods_are_needed_when_line_or_urgency_say(self):
        self._make_to_order()
        order, first, second = self._order(due=day(10))
        order.needed_by = day(6)
        self.assertEqual(self._needed(first), 6)
        first.wanted_on = self._day(4)
        self.assertEqual(self._needed(first), 4)
        self.assertEqual(self._needed(second), 6)
        self._tell(first, 12)
        self.assertEqual(self._needed(first), 4)
        order.needed_by = False
        self.assertEqual(self._needed(first), 4)
        self.assertEqual(self._needed(second), 10)

    def test_a_day_is_one_of_the_company(self):
        self._make_to_order()
        _order, first, _second = self._order(due=day(10))
        self.company.resource_calendar_id.tz = "Pacific/Auckland"
        first.wanted_on = self._day(4)
        self._run_job()
        # noon there
        self.assertEqual(first.supply_link_ids.needed_on, day(3, hour=23))

    # Whose turn it is

    def _told_before_ordered(self, wanted, told):
        """Return the line of an order that was told a day as it was a quotation."""
        line = self._quotation(5)
        line.order_id.commitment_date = wanted
        self._tell(line, told)
        line.order_id.action_confirm()
        line.order_id.picking_ids.do_unreserve()
        self.assertEqual(self._to_number(line.move_ids.date.date()), told)
        return line

    def _served(self, *lines):
        """Return how many of each line come, as screens say too."""
        self._run_job()
        states = self.env["supply.state"]
        found = states._find_differences(lines[0].union(*lines))
        self.assertFalse([text for _line, text in found])
        rows = states.search([("sale_line_id", "in", [line.id for line in lines])])
        missing = {row.sale_line_id: row.quantity_short for row in rows}
        return [line.product_uom_qty - missing[line] for line in lines]

    def test_nobody_is_served_later_because_of_what_we_told(self):
        first = self._told_before_ordered(day(3), 12)
        second = self._sale(5, day(6))
        self._purchase(7, day(2))
        self.assertEqual(self._served(first, second), [5, 2])
        # a day that the customer asked for is another thing
        first.order_id.commitment_date = day(13)
        self.assertEqual(self._served(first, second), [2, 5])

    def test_who_wanted_no_day_is_served_as_soon_as_before(self):
        first = self._told_before_ordered(False, 12)
        second = self._sale(5, day(6))
        self._purchase(7, day(2))
        self.assertEqual(self._served(first, second), [5, 2])

    def test_who_was_told_an_earlier_day_is_served_for_that_one(self):
        first = self._told_before_ordered(day(9), 4)
        second = self._sale(5, day(6))
        self._purchase(7, day(2))
        self.assertEqual(self._served(first, second), [5, 2])
