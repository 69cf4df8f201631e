import itertools
import random

from odoo.tests import BaseCase, tagged

from ..matching.keys import read_entry
from ..matching.scoring import (
    NEAR,
    OTHER,
    PART,
    POSSIBLE,
    RELATED,
    SAME,
    SURE,
    compare,
    compare_names,
)

AN = {
    "name": "Công ty TNHH An Phát",
    "tax_code": "0100233488",
    "phone": "028 3823 4567",
    "email": "info@anphat.vn",
}
LAN = {"name": "Nguyễn Thị Lan", "phone": "0912345678", "email": "lan@example.com"}


@tagged("post_install", "-at_install")
class TestScoring(BaseCase):
    def _compare(self, one, other, **counts):
        return compare(read_entry(**one), read_entry(**other), counts)

    def _level(self, one, other, **counts):
        return self._compare(one, other, **counts).level

    def test_the_same_entry_is_sure(self):
        self.assertEqual(self._level(AN, AN), SURE)
        self.assertEqual(self._level(LAN, LAN), SURE)

    def test_a_tax_code_is_enough(self):
        renamed = {"name": "Công ty CP Hưng Thịnh", "tax_code": AN["tax_code"]}
        self.assertNotEqual(self._level(AN, renamed), "")
        bare = {"tax_code": AN["tax_code"]}
        self.assertEqual(self._level(AN, bare), SURE)

    def test_telephone_and_mistyped_name_are_sure(self):
        other = {"name": "Nguyễn Thị Lam", "phone": "+84 912 345 678"}
        self.assertEqual(self._level(LAN, other), SURE)

    def test_a_name_alone_is_never_sure(self):
        name = {"name": "Trịnh Hoài Vọng Nguyệt"}
        self.assertEqual(self._level(name, name), POSSIBLE)

    def test_the_same_name_with_another_tax_code_is_another(self):
        other = {"name": AN["name"], "tax_code": "0301452948"}
        self.assertNotEqual(self._level(AN, other), SURE)

    def test_a_branch_is_related(self):
        branch = {**AN, "tax_code": "0100233488-001"}
        self.assertEqual(self._level(AN, branch), RELATED)

    def test_two_branches_are_related(self):
        one = {**AN, "tax_code": "0100233488-001"}
        other = {**AN, "tax_code": "0100233488-002"}
        self.assertEqual(self._level(one, other), RELATED)

    def test_another_name_with_the_same_telephone_is_related(self):
        other = {"name": "Trần Văn Hùng", "phone": LAN["phone"]}
        self.assertEqual(self._level(LAN, other), RELATED)

    def test_who_has_nothing_in_common_is_nobody(self):
        self.assertFalse(self._compare(AN, LAN))
        self.assertFalse(self._compare({}, {}))

    def test_what_many_share_says_less(self):
        other = {"name": "Nguyễn Lan", "phone": LAN["phone"]}
        few = self._compare(LAN, other, phone=1).bits
        many = self._compare(LAN, other, phone=40).bits
        self.assertLess(many, few)

    def test_a_born_day_and_month_may_be_swapped(self):
        one = {**LAN, "birth_date": "1990-03-04"}
        swapped = {**LAN, "birth_date": "1990-04-03"}
        other = {**LAN, "birth_date": "1971-12-31"}
        bits = [self._compare(one, each).bits for each in (one, swapped, other)]
        self.assertEqual(bits, sorted(bits, reverse=True))

    def test_reasons_are_what_is_the_same(self):
        other = {"name": "Nguyễn Thị Lan", "phone": LAN["phone"], "email": "x@y.vn"}
        self.assertEqual(self._compare(LAN, other).reasons, ("phone", "name"))

    def test_order_means_nothing(self):
        chance = random.Random(7)
        values = {
            "name": ["Nguyễn Văn An", "An Nguyễn", "Cty TNHH An Phát", "Anphat", ""],
            "phone": ["0912345678", "0912345678/0987654321", "", "0987654321"],
            "email": ["a@b.vn", "c@d.vn", ""],
            "tax_code": ["0100233488", "0100233488-001", "0301452948", ""],
            "birth_date": ["1990-03-04", "1990-04-03", ""],
            "street": ["12 Lê Lợi", "12 Le Loi", "5 Hai Bà Trưng", ""],
        }
        entries = [
            read_entry(**{name: chance.choice(texts) for name, texts in values.items()})
            for _each in range(60)
        ]
        for one, other in itertools.combinations(entries, 2):
            self.assertEqual(compare(one, other), compare(other, one))


@tagged("post_install", "-at_install")
class TestNamesAlike(BaseCase):
    def test_two_names(self):
        for one, other, right in (
            ("an phat", "phat an", SAME),
            ("an phat", "anphat", SAME),
            ("nguyen van thang", "nguyen van thagn", NEAR),
            ("nguyen van thang", "nguyen thang", PART),
            ("n v thang", "nguyen van thang", NEAR),
            ("an", "em", OTHER),
            ("nguyen van an", "tran thi binh", OTHER),
            ("", "an", ""),
        ):
            found = compare_names(tuple(one.split()), tuple(other.split()))
            self.assertEqual(found, right, (one, other))
