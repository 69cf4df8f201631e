from odoo.tests import BaseCase, tagged

from ..matching.finding import get_text, read_query
from ..matching.variants import read_variants


@tagged("post_install", "-at_install")
class TestVariants(BaseCase):
    def _variants(self, text):
        return [each.written for each in read_variants(text, read_query(text))]

    def _has(self, name, typed, phone=""):
        """Return whether a customer of this name has all that one of the variants of
        what was typed asks for."""
        text = get_text(name, phone=phone)
        return any(
            {*each.whole} <= {*text.split()} and all(map(text.__contains__, each.parts))
            for each in read_variants(typed, read_query(typed))
        )

    def test_short_forms_and_what_they_stand_for(self):
        for short, full in (
            ("BV Bạch Mai", "Bệnh viện Bạch Mai"),
            ("KS Mường Thanh", "Khách sạn Mường Thanh"),
            ("NT Long Châu", "Nhà thuốc Long Châu"),
            ("ĐH Bách Khoa", "Đại học Bách Khoa"),
            ("tm an phat", "Thương mại An Phát"),
        ):
            self.assertTrue(self._has(full, short), short)
            self.assertTrue(self._has(short, full), full)
        self.assertTrue(self._has("Trường ĐH Bách Khoa", "đại học bách kh"))

    def test_letters_are_a_word_of_their_own(self):
        self.assertFalse(self._has("Abv Bạch Mai", "Bệnh viện Bạch Mai"))

    def test_a_title_is_no_part_of_the_name(self):
        for typed in ("chị Lan", "anh Lan", "Ms Lan", "cô Nguyễn Thị Lan"):
            self.assertTrue(self._has("Nguyễn Thị Lan", typed), typed)
        self.assertFalse(self._has("Nguyễn Thị Hoa", "chị Lan"))

    def test_what_is_behind_a_title_is_a_word_of_its_own(self):
        """It may be a name: *Anh Tú* is not who deals in *vật tư*, nor *Thư* trade."""
        for typed, other in (
            ("Anh Thư", "Công ty Thương mại Long Châu"),
            ("Anh Tú", "Cửa hàng Tuấn Kiệt"),
            ("Chi Mai", "Công ty Thương mạii"),
        ):
            self.assertFalse(self._has(other, typed), typed)
            self.assertTrue(self._has(f"Nguyễn {typed}", typed), typed)

    def test_figures_beside_a_name_are_those_of_a_telephone(self):
        for typed in ("lan 0912", "Lan 0912 345", "lan 345 678", "chị Lan 0912"):
            self.assertTrue(self._has("Nguyễn Thị Lan", typed, "0912 345 678"), typed)
        self.assertFalse(self._has("Nguyễn Thị Lan", "lan 0912", "0988 345 678"))

    def test_most_that_is_typed_has_none(self):
        for typed in (
            "nguyen thi lan",
            "An Phát",
            "CTY TNHH An Phát",
            "0912 345 678",
            "0912",
            "nhà hàng 1001",
            "bv",
            "",
        ):
            self.assertEqual(self._variants(typed), [], typed)
