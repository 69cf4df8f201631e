"""Places between orders, against a list in which somebody moves things by hand."""

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

    def test_whoever_is_moved_is_right_after_the_other_one(self):
        for seed in range(300):
            random = Random(seed)
            orders = self._orders(random.randint(2, 9))
            queue = sorted(orders, key=orders.get)
            for number in range(1, 13):
                mine = random.choice(queue)
                queue.remove(mine)
                index = random.randint(0, len(queue))
                queue.insert(index, mine)
                other = orders[queue[index - 1]] if index else None
                orders[mine] = (*right_after(other, number), mine)
                self.assertEqual(sorted(orders, key=orders.get), queue, seed)

    def test_a_place_is_kept_as_it_is(self):
        place = right_after(None, 1)
        for number in range(2, 6):
            self.assertEqual(from_json(to_json(place)), place)
            place = right_after((*place, 7), number)
        self.assertEqual(from_json(to_json(place)), place)

    def test_a_place_stays_when_the_other_one_leaves(self):
        orders = self._orders(4)
        orders[3] = (*right_after(orders[0], 1), 3)
        orders[0] = (*right_after(None, 2), 0)
        self.assertEqual(sorted(orders, key=orders.get), [0, 1, 3, 2])
