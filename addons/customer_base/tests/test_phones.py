from unittest.mock import patch

import phonenumbers
from phonenumbers import PhoneNumberFormat

from odoo.tests import BaseCase, tagged

from ..matching import phones
from ..matching.phones import (
    find_areas,
    find_miscounted,
    find_phones,
    is_placeholder,
    tidy_phones,
)


@tagged("post_install", "-at_install")
class TestPhones(BaseCase):
    def test_one_number_in_all_its_notations(self):
        for text in (
            "034 654 53 27",
            "0346545327",
            "0346.545.327",
            "+84 346 545 327",
            "(+84) 346545327",
            "84346545327",
            "84 346 545 327",
            "0084346545327",
            "0346-545-327 (anh Ba)",
            "Zalo: 0346545327",
        ):
            self.assertEqual(find_phones(text), ("+84346545327",), text)

    def test_eleven_figures_of_before_2018(self):
        self.assertEqual(find_phones("01646545327"), find_phones("034 6545327"))
        self.assertEqual(find_phones("0121 234 5678"), ("+84792345678",))
        self.assertEqual(find_phones("+84 199 234 5678"), ("+84592345678",))

    def test_mobile_numbers_are_as_the_library_has_them(self):
        for prefix in ("32", "39", "52", "59", "70", "79", "81", "89", "90", "99"):
            for rest in ("0000000", "1234567", "9999999"):
                text = f"0{prefix}{rest}"
                number = phonenumbers.parse(text, "VN")
                right = phonenumbers.format_number(number, PhoneNumberFormat.E164)
                self.assertEqual(find_phones(text), (right,))

    def test_hanoi_of_before_2017(self):
        self.assertEqual(find_phones("04 3823 4567"), ("+842438234567",))

    def test_areas_of_before_2017(self):
        for text, number in (
            ("0511 3822 123", "+842363822123"),
            ("0650 3822 123", "+842743822123"),
            ("054 3822 123", "+842343822123"),
            ("(08) 3825 1234", "+842838251234"),
            ("(037) 3822 123", "+842373822123"),
            ("(028) 3825 1234", "+842838251234"),
            # no area, whatever stands in brackets
            ("(091) 234 5678", "+84912345678"),
        ):
            self.assertEqual(find_phones(text), (number,), text)

    def test_a_mobile_number_of_today_is_no_area_of_before(self):
        self.assertEqual(find_phones("083 823 4567"), ("+84838234567",))

    def test_an_old_area_apart_may_be_meant(self):
        for text, number in (
            ("038 3842 765", "+842383842765"),
            ("08 3712 1099", "+842837121099"),
            ("0383842765", None),
            ("038 384 27 65 89", None),
            ("+84 38 3842 765", None),
        ):
            self.assertEqual(find_areas(text), (number,) if number else (), text)

    def test_several_in_one_field(self):
        both = ("+84912345678", "+84987654321")
        for text in (
            "0912345678 / 0987654321",
            "0912345678/0987654321",
            "0912 345 678 - 0987 654 321",
            "0912.345.678; 0987.654.321",
            "0912345678, 0987654321, 0912345678",
            "0912345678 hoặc 0987654321",
            "0912345678 0987654321",
            "0912345678-0987654321",
            "84912345678 84987654321",
            "0912 345 678 0987 654 321",
            "0912345678 (Zalo) 0987654321",
            "(+84) 912 345 678 / (+84) 987 654 321",
            "0912_345_678 0987_654_321",
        ):
            self.assertEqual(find_phones(text), both, text)

    def test_an_extension_is_no_part_of_it(self):
        for text in (
            "028 3823 4567 máy lẻ 12",
            "028 3823 4567 ext. 12",
            "028.38234567-101",
            "028 3823 4567 (101)",
        ):
            self.assertEqual(find_phones(text), ("+842838234567",), text)

    def test_a_note_in_figures_is_no_part_of_a_mobile_number(self):
        for text in (
            "0912345678 (2)",
            "0912345678(2)",
            "0912345678 2",
            "0912 345 678 (8h-17h)",
            "0912345678-79",
            "+84 912 345 678 (2)",
            "84912345678 (2)",
        ):
            self.assertEqual(find_phones(text), ("+84912345678",), text)
            self.assertEqual(find_miscounted(text), (), text)
        self.assertEqual(find_phones("0164 654 5327 (2)"), ("+84346545327",))
        self.assertEqual(tidy_phones("0912345678 (2)"), "+84 912 345 678 (2)")
        self.assertEqual(tidy_phones("0912345678 (8h-17h)"), "+84 912 345 678 (8h-17h)")
        # a figure too many is no note
        for text in ("0912 345 6789", "0912 345 67 89"):
            self.assertEqual(find_miscounted(text), (text,))

    def test_a_number_from_abroad(self):
        self.assertEqual(find_phones("+1 650 253 0000"), ("+16502530000",))
        self.assertEqual(find_phones("650 253 0000", "US"), ("+16502530000",))

    def test_what_is_no_number(self):
        for text in ("", None, "113", "12/05/2026", "không có", "0" * 60, "()"):
            self.assertEqual(find_phones(text), (), text)

    def test_mobile_numbers_with_too_few_or_too_many_figures(self):
        for text in ("0912 345 67", "09123456789", "0123456789"):
            self.assertEqual(find_miscounted(f"Zalo: {text}"), (text,))
            # they are not written as if they were right
            self.assertEqual(tidy_phones(text), text)
        for text in ("0912 345 678", "01646545327", "028 3823 4567", "1900 1234", ""):
            self.assertEqual(find_miscounted(text), (), text)
        self.assertEqual(find_miscounted("0912 345 67", "DE"), ())

    def test_what_only_says_that_there_is_none(self):
        for text in ("0900000000", "0999999999", "0123456789"):
            self.assertTrue(all(map(is_placeholder, find_phones(text))), text)
        self.assertFalse(is_placeholder("+84912345678"))

    def test_an_endless_field_is_read_once(self):
        with patch.object(phones, "_parse", wraps=phones._parse) as parse:
            self.assertEqual(find_phones("1 " * 500), ())
        self.assertLess(parse.call_count, 500 * 20)

    def test_a_field_is_written_one_way(self):
        for text, written in (
            ("01646545327", "+84 346 545 327"),
            ("0912.345.678 / 028 3823 4567", "+84 912 345 678 / +84 28 3823 4567"),
            ("Zalo: 0912345678 (chị Lan)", "Zalo: +84 912 345 678 (chị Lan)"),
            ("(028) 3823 4567 ext 12", "+84 28 3823 4567 ext 12"),
            ("+49 341 123456", "+49 341 123456"),
            (
                "(+84) 912 345 678 / (+84) 987 654 321",
                "+84 912 345 678 / +84 987 654 321",
            ),
            ("(0912 345 678)", "(+84 912 345 678)"),
            ("0912345678 0987654321", "+84 912 345 678 +84 987 654 321"),
            ("(08) 3825 1234", "+84 28 3825 1234"),
            ("0912 345 678;0903 333 333", "+84 912 345 678;+84 903 333 333"),
            ("12 34", "12 34"),
            ("ask Bình", "ask Bình"),
            ("", ""),
        ):
            self.assertEqual(tidy_phones(text), written)
            # what is written one way stays so, and is the same number
            self.assertEqual(tidy_phones(written), written)
            self.assertEqual(find_phones(written), find_phones(text))
