from fractions import Fraction

from odoo.tests import BaseCase, tagged

from ..shares import (
    Criteria,
    Place,
    allocate,
    assign,
    from_units,
    leave,
    remaining,
    split,
    to_units,
)
from ..shares import bear as bear_assigned

PLANS = {1: 10, 2: 10, 3: 10, 5: 50, 6: 50}


def bear(units, shares, budgets, *place):
    return bear_assigned(units, assign(shares, budgets, Place(*place)))


@tagged("post_install", "-at_install")
class TestShares(BaseCase):
    def test_units_are_whole_numbers_of_the_smallest_amount(self):
        self.assertEqual(to_units(0.29, 0.01), 29)
        self.assertEqual(to_units(1234.5, 1.0), 1235)
        self.assertEqual(to_units(-0.005, 0.01), -1)
        self.assertEqual(to_units(0.07, 0.05), 1)
        self.assertEqual(str(from_units(29, 0.01)), "0.29")

    def test_units_refuse_what_is_no_number(self):
        for nonsense in (float("nan"), float("inf")):
            with self.assertRaises(ValueError):
                to_units(nonsense, 0.01)

    def test_parts_add_up_to_the_whole(self):
        third = Fraction(1, 3)
        self.assertEqual(allocate(100, [third] * 3), [34, 33, 33])
        self.assertEqual(allocate(-100, [third] * 3), [-34, -33, -33])
        self.assertEqual(allocate(1, [Fraction(1, 2)] * 2), [1, 0])
        self.assertEqual(allocate(5, []), [])

    def test_no_distribution_is_one_share_of_no_account(self):
        for nothing in (None, {}, {"x": 100}, {"99": 100}, {"1": 0}, {"1": -50}):
            self.assertEqual(split(nothing, PLANS), [(frozenset(), 1)])

    def test_accounts_of_one_plan_share_the_money(self):
        shares = split({"1": 60, "2": 40}, PLANS)
        self.assertEqual(shares, [({1}, Fraction(3, 5)), ({2}, Fraction(2, 5))])

    def test_what_a_plan_leaves_over_has_no_account(self):
        self.assertEqual(
            split({"1": 60}, PLANS), [({1}, Fraction(3, 5)), (set(), Fraction(2, 5))]
        )

    def test_combined_keys_overlap_with_keys_of_the_same_plan(self):
        shares = split({"1,5": 60, "2": 40}, PLANS)
        self.assertEqual(shares, [({1, 5}, Fraction(3, 5)), ({2}, Fraction(2, 5))])

    def test_plans_apart_each_look_at_all_the_money(self):
        shares = split({"1": 60, "2": 40, "5": 100}, PLANS)
        self.assertEqual(shares, [({1, 5}, Fraction(3, 5)), ({2, 5}, Fraction(2, 5))])

    def test_absurd_distributions_are_refused(self):
        plans = {number: number % 3 for number in range(300)}
        many = {str(number): 1 for number in range(1, 300)}
        for absurd, plan_of in (({"1": 1e300}, PLANS), (many, plans)):
            with self.assertRaises(ValueError):
                split(absurd, plan_of)

    def test_the_most_specific_line_bears_a_share_once(self):
        lines = [
            Criteria(1, account=1),
            Criteria(2, account=1, department="4/"),
            Criteria(3, department="4/"),
            Criteria(4, department="4/7/"),
        ]
        shares = split({"1": 60}, PLANS)
        self.assertEqual(bear(100, shares, [lines], "4/7/"), {2: 60, 4: 40})
        self.assertEqual(bear(100, shares, [lines], "5/"), {1: 60})
        self.assertEqual(bear(100, shares, [lines], "47/"), {1: 60})

    def test_each_budget_counts_the_money_in_its_own_way(self):
        shares = split({"1": 100}, PLANS)
        budgets = [[Criteria(1, account=1)], [Criteria(2, category="3/")]]
        self.assertEqual(bear(7, shares, budgets, "", "3/9/"), {1: 7, 2: 7})

    def test_a_deeper_department_comes_before_any_sequence(self):
        lines = [Criteria(1, 1, department="4/"), Criteria(2, 9, department="4/7/")]
        self.assertEqual(bear(9, split({}, PLANS), [lines], "4/7/"), {2: 9})
        self.assertEqual(bear(9, split({}, PLANS), [lines], "4/"), {1: 9})

    def test_an_account_does_not_give_way_to_a_department(self):
        shares = split({"1": 100}, PLANS)
        lines = [Criteria(1, account=1), Criteria(2, department="4/7/")]
        self.assertEqual(bear(9, shares, [lines], "4/7/"), {1: 9})

    def test_sequence_then_age_decide_between_equals(self):
        shares = split({"1,5": 100}, PLANS)
        lines = [Criteria(1, 20, account=1), Criteria(2, 10, account=5)]
        self.assertEqual(bear(9, shares, [lines]), {2: 9})
        lines = [Criteria(8, account=1), Criteria(7, account=5)]
        self.assertEqual(bear(9, shares, [lines]), {7: 9})

    def test_what_no_line_bears_is_left(self):
        shares = split({"1": 60}, PLANS)
        assigned = assign(shares, [[Criteria(1, account=1)]], Place())
        self.assertEqual(leave(7, assigned), 3)
        self.assertEqual(leave(7, assign(shares, [], Place())), 7)

    def test_account_of_the_ledger(self):
        lines = [Criteria(1, ledger=642), Criteria(2, category="3/")]
        self.assertEqual(bear(9, split({}, PLANS), [lines], "", "3/", 642), {1: 9})
        self.assertEqual(bear(9, split({}, PLANS), [lines], "", "3/", 627), {2: 9})
        self.assertEqual(bear(9, split({}, PLANS), [lines], "", "3/", 627, True), {})

    def test_remaining_follows_the_quantity_still_to_be_billed(self):
        self.assertEqual(remaining(100, 10, 0), 100)
        self.assertEqual(remaining(100, 3, 1), 67)
        self.assertEqual(remaining(100, 10, 12), 0)
        self.assertEqual(remaining(100, 10, -2), 100)
        self.assertEqual(remaining(100, 0, 0), 0)
