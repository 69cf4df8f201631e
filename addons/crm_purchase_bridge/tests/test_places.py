"""Places between orders, against a list in which somebody moves things by hand."""

import json
from datetime import datetime, timedelta
from random import Random

from odoo.tests import BaseCase, tagged

from ..places import from_json, right_after, to_json

MONDAY = datetime(2026, 11, 23, 23, 59, 59)


@tagged("post_install", "-at_install")
class TestPlaces(BaseCase):
    def _orders(self, number):
        """Return that many orders of two levels, two to a day, as serving order has
        them."""
        return {
            id_: (-(id_ % 2), day, day, id_)
            for id_ in range(number)
            for day in [MONDAY + timedelta(days=id_ // 4)]
        }

    def _move(self, orders, queue, mine, index):
        """Move one to a place of the queue, and give it the order of that."""
        queue.remove(mine)
        before = orders[queue[index - 1]] if index else None
        after = orders[queue[index]] if index < len(queue) else None
        queue.insert(index, mine)
        orders[mine] = (*right_after(before, after), mine)

    def test_whoever_is_moved_is_right_after_the_other_one(self):
        for seed in range(300):
            random = Random(seed)
            orders = self._orders(random.randint(2, 9))
            queue = sorted(orders, key=orders.get)
            for _number in range(random.choice((12, 60))):
                mine = random.choice(queue)
                self._move(orders, queue, mine, random.randrange(len(queue)))
                self.assertEqual(sorted(orders, key=orders.get), queue, seed)

    def test_a_later_order_does_not_come_between(self):
        """Who stands between two plain ones for their day is after the moved ones."""
        orders = self._orders(8)
        queue = sorted(orders, key=orders.get)
        for mine in queue[:0:-1]:
            self._move(orders, queue, mine, queue.index(0) + 1)
        plain = self._orders(9)
        for order in (plain[8], (0, MONDAY, MONDAY, 0.5)):
            self.assertEqual(sorted([*orders.values(), order])[-1], order)

    def test_a_place_is_kept_as_it_is(self):
        place = right_after(None, None)
        for number in range(70):
            self.assertEqual(from_json(json.loads(json.dumps(to_json(place)))), place)
            place = right_after((*place, 7), None if number % 3 else (*place, 8))
        self.assertEqual(from_json(json.loads(json.dumps(to_json(place)))), place)

    def test_a_place_stays_when_the_other_one_leaves(self):
        orders = self._orders(4)
        orders[3] = (*right_after(orders[0], orders[2]), 3)
        orders[0] = (*right_after(None, orders[1]), 0)
        self.assertEqual(sorted(orders, key=orders.get), [0, 1, 3, 2])

    def test_places_stay_short_however_often_orders_are_moved(self):
        """Sorted by hand one after the other, to and fro, and always in between."""
        for name in ("sort", "turns", "between"):
            with self.subTest(name):
                orders = self._orders(60)
                queue = sorted(orders, key=orders.get)
                for number in range(1, 1200):
                    if name == "sort":
                        index = number % 60
                        mine = queue[index if number < 60 else -1]
                    elif name == "turns":
                        index, mine = 1, queue[0]
                    else:
                        index, mine = 1 + number % 2, queue[-1]
                    self._move(orders, queue, mine, index)
                self.assertEqual(sorted(orders, key=orders.get), queue)
                self.assertLess(max(map(len, orders.values())), 60)
