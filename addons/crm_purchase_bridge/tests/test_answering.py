"""What vendors type is read as they mean it, or not at all."""

import random
from datetime import date, timedelta

from odoo.tests import BaseCase, tagged

from ..answering import FURTHEST, read_day, read_number, write_number


@tagged("post_install", "-at_install")
class TestAnswering(BaseCase):
    def test_numbers_are_read_as_they_are_typed(self):
        for text, number in (
            ("", None),
            ("  ", None),
            ("0", 0),
            ("12", 12),
            (" 95.5 ", 95.5),
            ("95,50", 95.5),
            ("0.125", 0.125),
            ("1.250.000", 1250000),
            ("1,250,000.75", 1250000.75),
            ("1.250.000,75", 1250000.75),
            ("935.0001", 935.0001),
        ):
            self.assertEqual(read_number(text), number, text)

    def test_thousands_are_thousands_where_money_has_no_smaller_coins(self):
        self.assertEqual(read_number("935.000", is_whole=True), 935000)
        self.assertEqual(read_number("935,000", is_whole=True), 935000)

    def test_what_may_mean_two_things_is_not_guessed(self):
        for text in ("935.000", "1,000", "12.345"):
            with self.assertRaises(ValueError):
                read_number(text)

    def test_nothing_else_is_a_number(self):
        for text in (
            "-1 nan inf 1e9 0x10 1.2.3 + , . 1.1234567 1,000,00 1,00,000 1..0 ² १२ <b>"
        ).split() + ["1 000", "9" * 13, "9" * 5000, "1.000.000.000.000", "1\n2"]:
            with self.assertRaises(ValueError, msg=text[:20]):
                read_number(text)

    def test_what_is_written_is_read_as_the_same(self):
        chance = random.Random(16)
        for _ in range(2000):
            number = round(chance.uniform(0, 10 ** chance.randint(0, 9)), 6)
            number = round(number, chance.randint(0, 6))
            for is_whole in (False, True):
                text = write_number(number)
                self.assertAlmostEqual(read_number(text, is_whole), number, 6, text)

    def test_days_are_from_today_on_and_not_for_ever(self):
        today = date(2026, 11, 27)
        self.assertIsNone(read_day(" ", today))
        self.assertEqual(read_day("2026-11-27", today), today)
        furthest = today + timedelta(days=FURTHEST)
        self.assertEqual(read_day(str(furthest), today), furthest)
        for text in (
            "2026-11-26",
            str(furthest + timedelta(days=1)),
            "2030-02-31",
            "20300101",
            "2030-W01-1",
            "9" * 5000,
            "never",
        ):
            with self.assertRaises(ValueError, msg=text[:20]):
                read_day(text, today)
