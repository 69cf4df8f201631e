"""Staffing of steps against an oracle that tries every choice of people."""

from itertools import combinations

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.approval_matrix.two_persons import can_be_staffed

people = st.sets(st.integers(1, 5), max_size=5)
steps = st.lists(st.tuples(people, st.integers(0, 3)), max_size=4)


def try_all(steps, taken=frozenset()):
    if not steps:
        return True
    (people, needed), *rest = steps
    return any(
        try_all(rest, taken | set(chosen))
        for chosen in combinations(sorted(people - taken), needed)
    )


@tagged("post_install", "-at_install")
class TestTwoPersons(BaseCase):
    @settings(max_examples=200, deadline=None)
    @given(steps=steps)
    def test_finds_different_people_where_there_are_some(self, steps):
        self.assertEqual(can_be_staffed(steps), try_all(steps))

    def test_one_person_for_two_steps_is_too_few(self):
        self.assertFalse(can_be_staffed([({1}, 1), ({1}, 1)]))

    def test_who_is_needed_elsewhere_leaves_a_step_to_the_other(self):
        self.assertTrue(can_be_staffed([({1, 2}, 1), ({1}, 1)]))
