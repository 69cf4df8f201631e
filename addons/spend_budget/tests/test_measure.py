from datetime import date, timedelta

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from ..measure import Budget, Measure, difference
from ..shares import Criteria

DAY = date(2026, 6, 1)


def measure(**values):
    return Measure(
        **{
            "companies": frozenset({1}),
            "rounding": 1.0,
            "date": DAY,
            "amount": 100.0,
            "distribution": None,
            "department": "3/",
            "category": "7/",
            "kind": "commit",
            **values,
        }
    )


@tagged("post_install", "-at_install")
class TestMeasure(BaseCase):
    june = Budget(1, DAY, DAY + timedelta(days=29), 5)
    lines = {june: [Criteria(9, category="7/")]}

    def test_budget_of_the_company_and_day_bears_it(self):
        self.assertEqual(measure().bear(self.lines, {}), {9: 100})

    def test_other_companies_and_days_do_not(self):
        for values in ({"companies": frozenset({2})}, {"date": DAY - timedelta(1)}):
            with self.subTest(values):
                self.assertEqual(measure(**values).bear(self.lines, {}), {})

    def test_budget_it_was_carried_to_bears_it_on_any_day(self):
        late = measure(date=DAY + timedelta(90), carried={"to": [5]})
        self.assertEqual(late.bear(self.lines, {}), {9: 100})

    def test_budget_it_was_carried_from_does_not(self):
        self.assertEqual(measure(carried={"from": [5]}).bear(self.lines, {}), {})

    def test_amount_is_not_looked_at_where_nothing_bears_it(self):
        nothing = measure(amount=float("nan"), companies=frozenset({2}))
        self.assertEqual(nothing.bear(self.lines, {}), {})
        with self.assertRaises(ValueError):
            measure(amount=float("nan")).bear(self.lines, {})

    def test_what_is_billed_is_not_taken_any_more(self):
        self.assertEqual(measure(left=(4.0, 1.0)).take(100), 75)
        self.assertEqual(measure(left=(4.0, 5.0)).take(100), 0)
        self.assertEqual(measure().take(100), 100)

    @settings(max_examples=100, deadline=None)
    @given(
        held=st.dictionaries(st.sampled_from(["reserve", "commit"]), st.integers()),
        wanted=st.dictionaries(st.sampled_from(["commit", "actual"]), st.integers()),
    )
    def test_difference_brings_what_is_held_to_what_is_wanted(self, held, wanted):
        moved = difference(held, wanted)
        self.assertNotIn(0, moved.values())
        for kind in ("reserve", "commit", "actual"):
            after = held.get(kind, 0) + moved.get(kind, 0)
            self.assertEqual(after, wanted.get(kind, 0))
