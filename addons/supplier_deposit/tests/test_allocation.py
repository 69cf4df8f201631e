import random

from odoo.tests import BaseCase, tagged

from odoo.addons.supplier_deposit.allocation import (
    OPEN,
    PROPORTION,
    billed_share,
    deductions,
    overpaid,
    plan_milestones,
    split_amount,
)


def cents(amount):
    return round(amount, 2) + 0.0


@tagged("post_install", "-at_install")
class TestAllocation(BaseCase):
    def test_share_is_of_money(self):
        self.assertEqual(billed_share([(1000, 10, 600, 5)]), 0.6)

    def test_everything_billed_is_all(self):
        self.assertEqual(billed_share([(1000, 10, 800, 10)]), 1.0)

    def test_share_stays_between_nothing_and_all(self):
        self.assertEqual(billed_share([(1000, 10, 1500, 5)]), 1.0)
        self.assertEqual(billed_share([(1000, 10, -50, -1)]), 0.0)
        self.assertEqual(billed_share([]), 0.0)

    def test_what_is_billed_of_an_order_of_nothing_is_all(self):
        self.assertEqual(billed_share([(0, 0, 1000, 10)]), 1.0)

    def test_milestones_never_come_to_more_than_the_order(self):
        lines = [("a", 30, 0), ("b", 0, 900), ("c", 10, 0)]
        self.assertEqual(plan_milestones(1000, lines, 100, cents), {"a": 300, "b": 600})

    def test_nothing_is_too_much_that_is_claimed_back(self):
        self.assertEqual(overpaid(150, 300, 100), 50)
        self.assertEqual(overpaid(150, 300, 200), 0)

    def test_parts_are_whole_to_the_last_cent(self):
        self.assertEqual(split_amount(100, [1, 1, 1], cents), [33.33, 33.34, 33.33])
        self.assertEqual(sum(split_amount(-0.05, [2, 7, 1], cents)), -0.05)

    def test_first_bill_takes_what_is_open(self):
        bills = [("x", 400, 0.4, {}), ("y", 600, 0.6, {})]
        found = deductions([("d", 500, 500, 0)], bills, OPEN, cents)
        self.assertEqual(found, [("d", "x", 400), ("d", "y", 100)])

    def test_each_bill_takes_its_own_part_in_proportion(self):
        bills = [("y", 600, 0.6, {}), ("x", 400, 0.4, {})]
        found = deductions([("d", 300, 300, 0)], bills, PROPORTION, cents)
        self.assertEqual(found, [("d", "y", 180), ("d", "x", 120)])

    def test_what_an_accountant_matched_counts_as_deducted(self):
        bills = [("y", 500, 0.5, {})]
        found = deductions([("d", 0, 500, 500)], bills, PROPORTION, cents, 1.0)
        self.assertEqual(found, [])

    def test_never_more_than_is_free_and_never_more_than_there_is_room_for(self):
        for seed in range(2000):
            chance = random.Random(seed)
            advances = []
            for number in range(chance.randint(1, 3)):
                paid = chance.randint(1, 90000)
                gone = chance.randint(0, paid)
                free = chance.randint(0, paid - gone)
                advances.append((number, free / 100, paid / 100, gone / 100))
            bills = [
                (name, chance.randint(0, 90000) / 100, chance.random(), {})
                for name in "abc"[: chance.randint(1, 3)]
            ]
            policy = chance.choice((OPEN, PROPORTION))
            found = deductions(advances, bills, policy, cents, chance.random())
            with self.subTest(seed=seed):
                for key, free, _paid, _gone in advances:
                    taken = sum(a for d, _bill, a in found if d == key)
                    self.assertLessEqual(cents(taken), free)
                for name, room, _part, _taken in bills:
                    taken = sum(a for _d, bill, a in found if bill == name)
                    self.assertLessEqual(cents(taken), room)
                self.assertTrue(all(amount > 0 for _d, _b, amount in found))
                if policy == OPEN:
                    # as much as either side allows: nothing is left on both
                    whole = sum(amount for _d, _b, amount in found)
                    free = sum(row[1] for row in advances)
                    room = sum(row[1] for row in bills)
                    self.assertAlmostEqual(whole, min(free, room), 2)
