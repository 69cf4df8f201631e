from datetime import datetime

from odoo.tests import BaseCase, tagged

from ..merging.clusters import find_clusters
from ..merging.survivorship import Candidate, choose, fill

OLD, NEW = datetime(2025, 1, 1), datetime(2026, 1, 1)


@tagged("post_install", "-at_install")
class TestSurvivorship(BaseCase):
    """Verified before newest before fullest."""

    def test_verified_before_newest(self):
        old = Candidate(1, "a", True, OLD, 1)
        self.assertEqual(choose([Candidate(2, "bb", False, NEW, 2), old]), old)

    def test_newest_before_fullest(self):
        new = Candidate(1, "a", False, NEW, 1)
        self.assertEqual(choose([Candidate(2, "bb", False, OLD, 2), new]), new)

    def test_fullest(self):
        full = Candidate(1, "aa", False, OLD, 2)
        self.assertEqual(choose([Candidate(2, "b", False, OLD, 1), full]), full)

    def test_of_equals_the_first(self):
        one, other = Candidate(1, "a", False, OLD, 1), Candidate(2, "b", False, OLD, 1)
        self.assertEqual(choose([one, other]), one)

    def test_empty_values_never_stay(self):
        self.assertIsNone(choose([Candidate(1, "", True, NEW, 0)]))

    def test_what_one_does_not_say_another_adds(self):
        values = [{"1": "a"}, None, {"1": "b", "2": "c"}]
        self.assertEqual(fill(values), {"1": "a", "2": "c"})

    def test_what_is_empty_says_nothing_where_that_is_no_value(self):
        values = [{"a": False, "b": 1}, {"a": 2, "b": 3, "c": False}, {"a": 4, "c": 5}]
        self.assertEqual(fill(values, with_empty=False), {"a": 2, "b": 1, "c": 5})
        self.assertEqual(fill(values), {"a": False, "b": 1, "c": False})
        empty = [{"a": False}, {"a": ""}, None]
        self.assertIn(fill(empty, with_empty=False), ({"a": False}, {"a": ""}))

    def test_pairs_that_hang_together(self):
        self.assertEqual(
            find_clusters([(3, 4), (1, 3), (8, 9)]), {1: 1, 3: 1, 4: 1, 8: 8, 9: 8}
        )
