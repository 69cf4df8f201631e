from odoo.tests import BaseCase, tagged

from ..matching.keys import ADDRESS, get_keys, read_entry
from ..matching.names import fold
from ..matching.places import find_province, read_street


@tagged("post_install", "-at_install")
class TestPlaces(BaseCase):
    def _street(self, text):
        return read_street([fold(part) for part in text.split(",")])[0]

    def test_a_ward_and_a_district_are_no_street(self):
        for text in (
            "11 Tôn Thất Thiệp",
            "Số 11 Tôn Thất Thiệp, P. Bến Nghé, Q.1",
            "11 Tôn Thất Thiệp, Q1, TP.HCM",
            "11 Ton That Thiep Quan 1",
        ):
            self.assertEqual(self._street(text), ("11", "ton", "that", "thiep"), text)

    def test_what_is_written_in_short_is_the_same(self):
        for one, other in (
            ("Lô A12, KCN Tân Bình", "Lô A-12 Khu công nghiệp Tân Bình"),
            ("KCN Yên Phong II", "Khu công nghiệp Yên Phong 2"),
            ("215 Quốc lộ 1A Hòa Phước", "215 QL1A Hòa Phước"),
            ("77 Tỉnh lộ 8 Củ Chi", "77 TL8 Củ Chi"),
            ("tổ 7 KP2 Trảng Dài", "Tổ 7 khu phố 2 Trảng Dài"),
        ):
            self.assertEqual(self._street(one), self._street(other))

    def test_a_street_may_be_called_as_a_ward_is(self):
        self.assertEqual(self._street("12 Phương Mai"), ("12", "phuong", "mai"))
        self.assertEqual(self._street("5 Xã Đàn"), ("5", "xa", "dan"))

    def test_a_part_without_a_street_goes_on(self):
        street = self._street("Số 14, ngách 22/8 Tôn Thất Tùng, Đống Đa")
        self.assertIn("tung", street)
        self.assertNotIn("da", street)

    def test_a_province_of_before_2025_is_that_of_today(self):
        for one, other in (
            ("Hà Nam", "Ninh Bình"),
            ("Bình Dương", "TP.HCM"),
            ("Vũng Tàu", "Thành phố Hồ Chí Minh"),
            ("TT Huế", "Thừa Thiên Huế"),
            ("Bến Tre", "tỉnh Vĩnh Long"),
        ):
            self.assertEqual(find_province(fold(one)), find_province(fold(other)))
        self.assertNotEqual(find_province("ha nam"), find_province("ha noi"))
        self.assertEqual(find_province("springfield"), "")

    def test_an_address_in_one_line_finds_who_wrote_it_in_two(self):
        one = read_entry(street="25 Trần Hưng Đạo, P. Cầu Ông Lãnh, Q.1, TP.HCM")
        other = read_entry(street="25 Tran Hung Dao", city="Ho Chi Minh")
        kinds = {kind for kind, _value in get_keys(one) & get_keys(other)}
        self.assertEqual(kinds, {ADDRESS})
        self.assertEqual(one.province, other.province)

    def test_abroad_nothing_is_left_out(self):
        entry = read_entry(street="12 Phuong Street, Ward 5", country="AU")
        self.assertEqual(entry.street, ("12", "phuong", "street", "ward", "5"))
        self.assertEqual(entry.province, "")
