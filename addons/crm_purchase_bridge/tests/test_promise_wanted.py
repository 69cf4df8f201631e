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
