import random
from datetime import datetime, timedelta

from odoo.tests import BaseCase, tagged

from ..displacing import Displaced, displaced, ready_dates
from ..pegging import NEVER, Demand, Supply

DAY = timedelta(days=1)
START = datetime(2026, 11, 23, 8)


def day(number):
    return START + number * DAY


@tagged("post_install", "-at_install")
class TestDisplacement(BaseCase):
    """First in, first out, without Odoo."""

    def test_goods_on_hand_are_ready_now(self):
        ready = ready_dates([Supply(5)], [Demand("a", 5, day(3))])
        self.assertEqual(ready, {"a": datetime.min})

    def test_the_last_part_decides(self):
        supplies = [Supply(5, day(9)), Supply(2), Supply(3, day(4))]
        ready = ready_dates(supplies, [Demand("a", 6, day(1))])
        self.assertEqual(ready, {"a": day(9)})

    def test_supply_ends(self):
        ready = ready_dates([Supply(5)], [Demand("a", 6, day(1))])
        self.assertEqual(ready, {"a": NEVER})
        self.assertEqual(ready_dates([], [Demand("a", 1, day(1))]), {"a": NEVER})

    def test_priority_then_date_then_rank(self):
        demands = [
            Demand("late", 1, day(5)),
            Demand("second", 1, day(1), rank=2),
            Demand("first", 1, day(1), rank=1),
            Demand("urgent", 1, day(9), priority=1),
        ]
        supplies = [Supply(1, day(n)) for n in range(4)]
        self.assertEqual(
            ready_dates(supplies, demands),
            {"urgent": day(0), "first": day(1), "second": day(2), "late": day(3)},
        )

    def test_whoever_loses_supply_is_displaced(self):
        supplies = [Supply(10), Supply(10, day(7))]
        demands = [Demand("early", 10, day(1)), Demand("urgent", 10, day(3))]
        self.assertEqual(
            displaced(supplies, demands, {"urgent"}), [Displaced("early", 6, 6)]
        )

    def test_whoever_was_late_anyway_is_later(self):
        supplies = [Supply(10, day(4)), Supply(10, day(9))]
        demands = [Demand("early", 10, day(1)), Demand("urgent", 10, day(3))]
        self.assertEqual(
            displaced(supplies, demands, {"urgent"}), [Displaced("early", 5, 8)]
        )

    def test_whoever_still_gets_it_in_time_is_not(self):
        supplies = [Supply(10), Supply(10, day(2))]
        demands = [Demand("early", 10, day(2)), Demand("urgent", 10, day(3))]
        self.assertFalse(displaced(supplies, demands, {"urgent"}))

    def test_no_date_when_supply_ends(self):
        demands = [Demand("early", 10, day(1)), Demand("urgent", 10, day(3))]
        self.assertEqual(
            displaced([Supply(10)], demands, {"urgent"}),
            [Displaced("early", None, None)],
        )

    def test_enough_for_all_displaces_nobody(self):
        demands = [Demand("early", 10, day(1)), Demand("urgent", 10, day(3))]
        self.assertFalse(displaced([Supply(20)], demands, {"urgent"}))

    def test_other_urgent_orders_keep_their_turn(self):
        supplies = [Supply(10), Supply(10, day(7))]
        demands = [
            Demand("urgent too", 10, day(1), priority=1),
            Demand("urgent", 10, day(3)),
        ]
        self.assertFalse(displaced(supplies, demands, {"urgent"}))

    def test_hours_count_as_a_day(self):
        supplies = [Supply(1), Supply(1, day(1) + timedelta(hours=2))]
        demands = [Demand("early", 1, day(1)), Demand("urgent", 1, day(3))]
        self.assertEqual(displaced(supplies, demands, {"urgent"})[0].days, 1)

    # whatever the numbers

    def _random_case(self, dice):
        supplies = [
            Supply(
                dice.randint(0, 9),
                None if dice.random() < 0.2 else day(dice.randint(0, 20)),
            )
            for _supply in range(dice.randint(0, 6))
        ]
        demands = [
            Demand(
                number,
                dice.randint(1, 9),
                day(dice.randint(0, 20)),
                priority=int(dice.random() < 0.2),
                rank=number,
            )
            for number in range(dice.randint(1, 8))
        ]
        return supplies, demands

    def test_random_cases_against_unit_by_unit_allocation(self):
        """The slow and obvious way: hand out one unit after the other."""
        for seed in range(500):
            supplies, demands = self._random_case(random.Random(seed))
            units = sorted(
                supply.date or datetime.min
                for supply in supplies
                for _unit in range(supply.quantity)
            )
            expected = {}
            turn = sorted(demands, key=lambda d: (-d.priority, d.date, d.rank))
            for demand in turn:
                mine, units = units[: demand.quantity], units[demand.quantity :]
                whole = len(mine) == demand.quantity
                expected[demand.key] = mine[-1] if whole else NEVER
            with self.subTest(seed=seed):
                self.assertEqual(ready_dates(supplies, demands), expected)

    def test_random_cases_what_always_holds(self):
        for seed in range(500):
            dice = random.Random(seed)
            supplies, demands = self._random_case(dice)
            raised = {dice.choice(demands).key}
            low = [
                Demand(d.key, d.quantity, d.date, 0, d.rank) if d.key in raised else d
                for d in demands
            ]
            found = displaced(supplies, low, raised)
            with self.subTest(seed=seed):
                keys = [each.key for each in found]
                self.assertFalse(raised & set(keys))
                self.assertEqual(len(keys), len(set(keys)))
                for each in found:
                    if each.days is None:
                        self.assertIsNone(each.late)
                    else:
                        self.assertGreater(each.days, 0)
                        self.assertGreaterEqual(each.late, each.days)
                # endless supply displaces nobody
                rich = [*supplies, Supply(1000)]
                self.assertFalse(displaced(rich, low, raised))
