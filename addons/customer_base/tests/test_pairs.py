from collections import Counter

from odoo.tests import BaseCase, tagged

from ..matching.keys import get_keys
from ..matching.scoring import POSSIBLE, RELATED, SURE, compare
from ..models.customer_match import DECIDING
from .pairs import NOTHING, read_entries, read_pairs


@tagged("post_install", "-at_install")
class TestPairs(BaseCase):
    """Pairs made up by hand, see ``data/pairs.txt``."""

    def test_each_is_as_a_careful_person_says(self):
        for line, wanted, found in read_pairs():
            with self.subTest(line):
                self.assertEqual(found, wanted)

    def test_their_order_means_nothing(self):
        for line, _wanted, _found in read_pairs():
            one, other = read_entries(line)
            with self.subTest(line):
                self.assertEqual(compare(one, other), compare(other, one))

    def test_there_are_many_of_each_level(self):
        levels = Counter(wanted for _line, wanted, _found in read_pairs())
        self.assertGreater(min(levels[each] for each in (SURE, POSSIBLE, RELATED)), 30)
        self.assertGreater(levels[NOTHING], 30)

    def test_who_surely_is_the_same_shares_what_decides(self):
        """Saving looks at nobody else."""
        for line, _wanted, found in read_pairs():
            if found == SURE:
                one, other = map(get_keys, read_entries(line))
                kinds = {kind for kind, _value in one & other}
                self.assertFalse(DECIDING.isdisjoint(kinds), line)
