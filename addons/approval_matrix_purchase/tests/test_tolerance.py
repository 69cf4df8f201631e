from odoo import Command
from odoo.tests import BaseCase, tagged

from ..tolerance import lines_within
from .common import PurchaseApprovalCommon


def line(quantity, price, product=1, discount=0, **values):
    return {
        "product": product,
        "text": "Bed",
        "quantity": f"{quantity:.6f}",
        "uom": 1,
        "price": f"{price:.6f}",
        "discount": f"{discount:.6f}",
        "taxes": [],
        "analytic": {},
        "date": "2026-01-01",
        **values,
    }


class TestLinesWithin(BaseCase):
    """A tolerance holds for each line."""

    def _assert_kept(self, then, now, percent=1):
        self.assertTrue(lines_within(then, now, percent))

    def _assert_asked(self, then, now, percent=1):
        self.assertFalse(lines_within(then, now, percent))

    def test_one_product_dear_and_the_other_nearly_nothing(self):
        self._assert_asked(
            [line(100, 0.3), line(1, 0.001, 2)],
            [line(1, 30), line(1, 0.001, 2)],
        )
        self._assert_asked(
            [line(100, 0.3), line(1, 0.001, 2)],
            [line(1, 0.000001), line(30000, 0.001, 2)],
        )

    def test_two_lines_that_change_places(self):
        self._assert_asked([line(10, 5), line(1, 50, 2)], [line(1, 50), line(10, 5, 2)])

    def test_quantity_falls(self):
        self._assert_kept([line(100, 3), line(1, 9, 2)], [line(1, 3), line(1, 9, 2)])

    def test_quantity_rises_within_the_tolerance(self):
        self._assert_kept([line(100, 3)], [line(101, 3)])
        self._assert_asked([line(100, 3)], [line(101.000001, 3)])

    def test_price_within_the_tolerance_both_ways(self):
        for price in (297, 303):
            self._assert_kept([line(1, 300)], [line(1, price)])
        for price in (296.999999, 303.000001):
            self._assert_asked([line(1, 300)], [line(1, price)])

    def test_discount_is_part_of_the_price(self):
        self._assert_asked([line(1, 300, discount=50)], [line(1, 300)])
        self._assert_kept([line(1, 300, discount=50)], [line(1, 150)])
        self._assert_asked([line(1, 300)], [line(1, 300, discount=-2)])

    def test_what_was_free_stays_free(self):
        self._assert_asked([line(1, 0)], [line(1, 0.000001)])

    def test_line_of_nothing_stays_nothing(self):
        self._assert_asked([line(0, 5)], [line(1, 5)])

    def test_negative_line_does_not_shrink_with_the_goods(self):
        self._assert_asked(
            [line(100, 1), line(1, -50, 2)], [line(50, 1), line(0, -50, 2)]
        )
        self._assert_asked([line(-1, 50)], [line(0, 50)])

    def test_quantity_does_not_turn_round(self):
        self._assert_asked([line(1, 5)], [line(-1, 5)], percent=99)

    def test_other_product_or_unit(self):
        self._assert_asked([line(1, 5)], [line(1, 5, 2)])
        self._assert_asked([line(1, 5)], [line(1, 5, uom=2)])

    def test_line_more_or_less(self):
        self._assert_asked([line(1, 5)], [line(1, 5), line(1, 0)])
        self._assert_asked([line(1, 5), line(1, 0)], [line(1, 5)])

    def test_lines_of_one_product_are_told_apart_by_their_price(self):
        self._assert_kept([line(10, 5), line(3, 100)], [line(3, 100.5), line(10, 5.01)])


@tagged("post_install", "-at_install")
class TestTolerance(PurchaseApprovalCommon):
    """A change within the tolerance keeps the approval."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env["decimal.precision"].search([]).digits = 6
        cls.other = cls._product("Screw")
        cls._rule(cls.manager, cls.director, tolerance=1)

    def _approved_lines(self, *lines):
        order = self._order(
            order_line=[
                Command.create(
                    {"product_id": product.id, "product_qty": qty, "price_unit": price}
                )
                for product, qty, price in lines
            ]
        )
        order.button_confirm()
        order.with_user(self.manager).action_approve()
        order.with_user(self.director).action_approve()
        self.assertEqual(order.state, "purchase")
        return order

    def _change(self, order, *values):
        commands = [
            Command.update(line.id, {"product_qty": quantity, "price_unit": price})
            for line, (quantity, price) in zip(order.order_line, values, strict=True)
        ]
        order.write({"order_line": commands})
        return order.state

    def test_price_and_quantity_of_a_line_exchanged(self):
        order = self._approved_lines((self.product, 100, 0.3), (self.other, 1, 0.001))
        self.assertEqual(self._change(order, (1, 30), (1, 0.001)), "to approve")

    def test_money_moved_to_another_line(self):
        order = self._approved_lines((self.product, 100, 0.3), (self.other, 1, 0.001))
        changed = self._change(order, (1, 0.000001), (30000, 0.001))
        self.assertEqual(changed, "to approve")

    def test_small_steps_of_a_line_do_not_add_up(self):
        order = self._approved_lines((self.product, 1, 100), (self.other, 1, 10000))
        self.assertEqual(self._change(order, (1, 101), (1, 10000)), "purchase")
        self.assertEqual(self._change(order, (1, 102), (1, 10000)), "to approve")

    def test_small_steps_with_a_new_date_between(self):
        order = self._approved_lines((self.product, 1, 100), (self.other, 1, 10000))
        self._change(order, (1, 101), (1, 10000))
        order.order_line.date_planned = "2040-01-01 08:00:00"
        self.assertEqual(order.state, "purchase")
        self.assertEqual(self._change(order, (1, 101.5), (1, 10000)), "to approve")

    def test_one_unit_less_of_many(self):
        order = self._approved_lines((self.product, 1000, 1), (self.other, 5, 0.1))
        self.assertEqual(self._change(order, (1000, 1), (1, 0.1)), "purchase")
