from odoo.tests import BaseCase, tagged

from ..plain_text import ACCENTED, PLAIN, get_needles, without_accents


@tagged("post_install", "-at_install")
class TestPlainText(BaseCase):
    def test_vietnamese_loses_its_accents(self):
        for name, plain in (
            ("Nguyễn Thị Đào", "nguyen thi dao"),
            ("ƯỚC MƠ", "uoc mo"),
            ("Phở Ỷ Ỵ Ữ", "pho y y u"),
            ("Crème Brûlée Łódź", "creme brulee lodz"),
            # accents as characters of their own, as some keyboards send them
            ("Nguye\u0302\u0303n", "nguyen"),
        ):
            with self.subTest(name):
                self.assertEqual(without_accents(name), plain)

    def test_each_letter_has_one_plain_letter(self):
        self.assertEqual(len(ACCENTED), len(PLAIN))
        self.assertEqual(len(set(ACCENTED)), len(ACCENTED))
        self.assertTrue(PLAIN.isascii() and PLAIN.isalpha() and PLAIN.islower())

    def test_number_is_the_same_from_inside_and_from_abroad(self):
        for text in (
            "0901234567",
            "090 123-45.67",
            "+84901234567",
            "+84 (901) 234 567",
            "0084 901 234 567",
        ):
            with self.subTest(text):
                self.assertEqual(get_needles(text, "84"), ["901234567"])

    def test_code_of_the_country_without_a_plus_may_be_part_of_the_number(self):
        self.assertEqual(get_needles("84901234567", "84"), ["84901234567", "901234567"])

    def test_number_from_another_country_keeps_its_code(self):
        self.assertEqual(get_needles("+33 6 12 34 56 78", "84"), ["33612345678"])

    def test_last_digits_are_enough(self):
        self.assertEqual(get_needles("4567", "84"), ["4567"])

    def test_names_and_orders_are_no_numbers(self):
        for text in ("S00042", "An 12", "12", "", "+", "--", "đ123", "٣٤٥"):
            with self.subTest(text):
                self.assertEqual(get_needles(text, "84"), [])

    def test_company_without_country_is_no_hindrance(self):
        self.assertEqual(get_needles("+84 901 234 567", ""), ["84901234567"])
