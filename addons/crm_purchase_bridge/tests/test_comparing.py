"""What quotations come to, against rules of another kind."""

import random
from fractions import Fraction

from odoo.tests import BaseCase, tagged

from ..comparing import Bid, compare, find_best, share

WIDE = 300


@tagged("post_install", "-at_install")
class TestComparing(BaseCase):
    def test_shares_add_up_and_are_off_by_less_than_one(self):
        chance = random.Random(16)
        for _ in range(WIDE):
            weights = [chance.randint(0, 99) for _ in range(chance.randint(1, 9))]
            total = chance.randint(-1000, 1000)
            shares = share(total, weights)
            whole = sum(weights)
            if not whole:
                self.assertFalse(any(shares))
                continue
            self.assertEqual(sum(shares), total)
            for weight, own in zip(weights, shares, strict=True):
                exact = Fraction(total * weight, whole)
                self.assertLess(abs(own - exact), 1)
                self.assertTrue(weight or not own)

    def test_freight_is_shared_by_what_goods_cost(self):
        bids = [Bid("P1", "bed", 3, 900), Bid("P1", "lamp", 1, 100)]
        standing = compare(bids, {"P1": 200})
        self.assertEqual(standing.amounts, {("P1", "bed"): 1080, ("P1", "lamp"): 120})
        self.assertEqual(standing.totals, {"P1": 1200})
        self.assertEqual(standing.price(bids[0]), 360)

    def test_what_is_taken_off_makes_goods_cheaper(self):
        bids = [Bid("P1", "bed", 2, 900)]
        self.assertEqual(compare(bids, {"P1": -100}).price(bids[0]), 400)

    def test_less_than_the_largest_quantity_lacks(self):
        bids = [
            Bid("P1", "bed", 3, 900),
            Bid("P2", "bed", 2, 100),
            Bid("P3", "bed", 3, 0),
            Bid("P4", "lamp", 1, 10),
        ]
        standing = compare(bids, {})
        self.assertEqual(standing.asked, {"bed": 3, "lamp": 1})
        self.assertEqual(
            standing.lacking,
            {
                "P1": ["lamp"],
                "P2": ["bed", "lamp"],
                "P3": ["bed", "lamp"],
                "P4": ["bed"],
            },
        )
        self.assertNotIn("P3", standing.totals)

    def test_totals_are_those_of_all_lines(self):
        chance = random.Random(17)
        for _ in range(WIDE):
            bids = [
                Bid(quotation, product, chance.randint(0, 3), chance.randint(0, 500))
                for quotation in range(3)
                for product in range(chance.randint(1, 4))
            ]
            extras = {quotation: chance.randint(-50, 50) for quotation in range(3)}
            standing = compare(bids, extras)
            for quotation, total in standing.totals.items():
                own = [bid for bid in bids if bid.quotation == quotation]
                self.assertEqual(
                    total, extras[quotation] + sum(bid.amount for bid in own)
                )
                self.assertEqual(
                    total, sum(standing.amounts[quotation, b.product] for b in own)
                )

    def test_the_best_are_those_with_the_best_value(self):
        self.assertEqual(find_best({"a": 3, "b": 1, "c": 1, "d": None}), {"b", "c"})
        self.assertEqual(find_best({"a": 3, "b": 1}, highest=True), {"a"})

    def test_where_all_are_the_same_nothing_is_best(self):
        for values in ({}, {"a": 1}, {"a": 1, "b": 1}, {"a": 1, "b": None}):
            self.assertFalse(find_best(values))
