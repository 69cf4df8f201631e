import unicodedata
from datetime import date, timedelta

from lunar_vn import LunarDate

from odoo.tests import BaseCase, tagged

from ..occasions.birthdays import get_next_birthday, get_next_day
from ..occasions.lunar import (
    FIRST_DAY,
    FIRST_YEAR,
    LAST_DAY,
    LAST_YEAR,
    NoSuchDay,
    get_anniversary,
    read_day,
    read_lunar,
    to_lunar,
    to_solar,
    write_lunar,
)

#: First days of years, as calendars printed in Vietnam have them.
TET = """
1985-01-21 2000-02-05 2001-01-24 2002-02-12 2003-02-01 2004-01-22 2005-02-09 2006-01-29
2007-02-17 2008-02-07 2009-01-26 2010-02-14 2011-02-03 2012-01-23 2013-02-10 2014-01-31
2015-02-19 2016-02-08 2017-01-28 2018-02-16 2019-02-05 2020-01-25 2021-02-12 2022-02-01
2023-01-22 2024-02-10 2025-01-29 2026-02-17 2027-02-06 2028-01-26 2029-02-13 2030-02-02
2031-01-23 2032-02-11 2033-01-31 2034-02-19 2035-02-08 2036-01-28 2037-02-15 2038-02-04
2039-01-24 2040-02-12 2053-02-18
"""
#: Day number of the new moon of 6 January 2000 and the mean length of a month (Meeus,
#: Astronomical Algorithms, chapter 49); the true one is at most 14 hours off.
NEW_MOON, MONTH = 2451550.09766, 29.530588861


@tagged("post_install", "-at_install")
class TestLunar(BaseCase):
    def test_10_3_2019_is_the_14th_of_april(self):
        self.assertEqual(to_solar(read_lunar("10/3/2019")), date(2019, 4, 14))

    def test_new_years_are_those_of_vietnam(self):
        for text in TET.split():
            day = date.fromisoformat(text)
            self.assertEqual(to_lunar(day), LunarDate(1, 1, day.year), text)
            self.assertEqual(get_anniversary(1, 1, day.year), day, text)

    def test_the_30th_of_a_short_month_is_kept_on_its_29th(self):
        self.assertEqual(get_anniversary(30, 12, 2025), date(2026, 2, 16))

    def test_the_30th_of_a_short_month_is_no_day(self):
        with self.assertRaises(NoSuchDay) as caught:
            to_solar(LunarDate(30, 12, 2025))
        self.assertEqual(caught.exception.month_length, 29)

    def test_a_leap_month_is_told_from_the_ordinary_one(self):
        self.assertEqual(to_solar(read_lunar("1/4/2020")), date(2020, 4, 23))
        self.assertEqual(to_solar(read_lunar("1/4 nhuận/2020")), date(2020, 5, 23))

    def test_a_leap_month_that_the_year_does_not_have_is_none(self):
        for text in ("1/5 nhuận/2020", "1/4 nhuận/2019"):
            with self.assertRaises(NoSuchDay):
                to_solar(read_lunar(text))

    def test_every_day_comes_back(self):
        day = FIRST_DAY
        while day <= LAST_DAY:
            self.assertEqual(to_solar(to_lunar(day)), day)
            day += timedelta(days=1)

    def test_days_are_counted_without_a_gap(self):
        day, before = FIRST_DAY + timedelta(days=1), to_lunar(FIRST_DAY)
        while day <= LAST_DAY:
            lunar = to_lunar(day)
            if lunar.day == 1:
                self.assertIn(before.day, (29, 30), day)
                self._check_next_month(before, lunar)
            else:
                same = (before.day + 1, before.month, before.year, before.leap)
                now = (lunar.day, lunar.month, lunar.year, lunar.leap)
                self.assertEqual(now, same, day)
            day, before = day + timedelta(days=1), lunar

    def _check_next_month(self, before, lunar):
        is_december = before.month == 12
        follows = (before.month % 12 + 1, before.year + is_december, False)
        leaps = (before.month, before.year, True)
        allowed = [follows] if before.leap else [follows, leaps]
        self.assertIn((lunar.month, lunar.year, lunar.leap), allowed)

    def test_months_begin_with_a_new_moon(self):
        day = FIRST_DAY
        while day <= LAST_DAY:
            if to_lunar(day).day == 1:
                noon = day.toordinal() + 1721424.5 + 0.5 - 7 / 24
                away = (noon - NEW_MOON + MONTH / 2) % MONTH - MONTH / 2
                self.assertLess(abs(away), 0.5 + 14 / 24 + 0.1, day)
            day += timedelta(days=1)

    def test_seven_of_nineteen_years_have_a_leap_month(self):
        for first in range(FIRST_YEAR, LAST_YEAR - 18):
            begins, ends = (get_anniversary(1, 1, y) for y in (first, first + 19))
            months = round((ends - begins).days / MONTH)
            self.assertEqual(months, 19 * 12 + 7, first)

    def test_months_and_the_full_moon_are_read_as_they_are_said(self):
        for text, (day, month, year) in {
            "rằm tháng 7 năm 1990": (15, 7, 1990),
            "Rằm tháng Giêng năm 1990": (15, 1, 1990),
            "ngày rằm tháng bảy 1990": (15, 7, 1990),
            "rằm 15 tháng 7 năm 1990": (15, 7, 1990),
            "2 tháng tư năm 1990": (2, 4, 1990),
            "2 tháng năm năm 1990": (2, 5, 1990),
            "2 tháng mười một năm 1990": (2, 11, 1990),
            "2 tháng mười năm 1990": (2, 10, 1990),
            "2 tháng chạp năm 1990": (2, 12, 1990),
            "2/chạp/1990": (2, 12, 1990),
            unicodedata.normalize("NFD", "rằm tháng bảy năm 1990"): (15, 7, 1990),
        }.items():
            self.assertEqual(read_lunar(text), LunarDate(day, month, year), text)

    def test_dates_are_read_as_people_write_them(self):
        for text in (
            "10/3/2019",
            "10-03-2019",
            " 10.3.2019 ",
            "10 tháng 3 năm 2019",
            "Ngày 10 tháng 3 năm 2019",
            "10/3/2019 âm lịch",
            "10/3/2019 (ÂL)",
            "10 tháng ba năm 2019",
            "mùng 10/3/2019",
        ):
            self.assertEqual(read_lunar(text), LunarDate(10, 3, 2019), text)
        self.assertEqual(read_lunar("2 tháng giêng năm 2020"), LunarDate(2, 1, 2020))
        self.assertEqual(read_lunar("2 tháng Chạp năm 2020"), LunarDate(2, 12, 2020))

    def test_leap_months_are_read_as_people_write_them(self):
        leap = LunarDate(10, 4, 2020, leap=True)
        for text in (
            "10/4 nhuận/2020",
            "10/4n/2020",
            "10/4N/2020",
            "10/4/2020 nhuận",
            "10/4/2020 (nhuận)",
            "10 tháng 4 nhuận năm 2020",
            "10/4 leap/2020",
        ):
            self.assertEqual(read_lunar(text), leap, text)

    def test_what_is_written_is_read_again(self):
        for lunar in (LunarDate(10, 3, 2019), LunarDate(10, 4, 2020, leap=True)):
            self.assertEqual(read_lunar(write_lunar(lunar)), lunar)

    def test_nonsense_is_no_date(self):
        for text in ("", "x", "10/3", "10/3/19", "0/1/2020", "31/1/2020", "1/13/2020"):
            with self.assertRaises(ValueError, msg=text):
                read_lunar(text)

    def test_years_that_are_not_known_have_no_days(self):
        self.assertFalse(to_lunar(FIRST_DAY - timedelta(days=1)))
        self.assertFalse(to_lunar(LAST_DAY + timedelta(days=1)))
        for year in (FIRST_YEAR - 1, LAST_YEAR + 1):
            with self.assertRaises(NoSuchDay):
                to_solar(LunarDate(1, 1, year))


@tagged("post_install", "-at_install")
class TestBirthdays(BaseCase):
    def _next(self, born, today, is_lunar=False):
        return get_next_birthday(
            date.fromisoformat(born), date.fromisoformat(today), is_lunar
        )

    def test_a_birthday_today_is_the_next_one(self):
        self.assertEqual(self._next("1990-05-02", "2026-05-02"), date(2026, 5, 2))
        self.assertEqual(self._next("1990-05-02", "2026-05-03"), date(2027, 5, 2))

    def test_birth_is_no_birthday(self):
        self.assertEqual(self._next("2026-05-02", "2026-05-02"), date(2027, 5, 2))
        self.assertEqual(
            self._next("2026-05-02", "2026-05-02", True), date(2027, 4, 22)
        )

    def test_29_february_is_kept_on_the_28th(self):
        self.assertEqual(self._next("2000-02-29", "2026-01-01"), date(2026, 2, 28))
        self.assertEqual(self._next("2000-02-29", "2027-03-01"), date(2028, 2, 29))

    def test_the_lunar_birthday_moves_by_the_solar_calendar(self):
        born = to_solar(LunarDate(10, 3, 1990)).isoformat()
        for year in (2019, 2020, 2026):
            wanted = get_anniversary(10, 3, year)
            self.assertEqual(self._next(born, f"{year}-02-25", True), wanted)

    def test_born_in_a_leap_month_it_comes_in_the_ordinary_one(self):
        self.assertEqual(
            self._next(
                to_solar(read_lunar("10/4n/2020")).isoformat(), "2026-01-01", True
            ),
            get_anniversary(10, 4, 2026),
        )

    def test_the_end_of_the_lunar_year_lies_in_the_next_solar_one(self):
        born = to_solar(LunarDate(29, 12, 1989)).isoformat()
        self.assertEqual(self._next(born, "2026-01-05", True), date(2026, 2, 16))

    def test_every_next_birthday_is_the_first_one_there_is(self):
        born = to_solar(LunarDate(30, 12, 1990))
        kept = [get_anniversary(30, 12, year) for year in range(1991, 2060)]
        day = date(1992, 1, 1)
        while day < date(2055, 1, 1):
            wanted = min(other for other in kept if other >= day)
            self.assertEqual(get_next_birthday(born, day, is_lunar=True), wanted)
            day += timedelta(days=11)

    def test_where_the_calendar_ends_there_is_none(self):
        self.assertIsNone(self._next("1900-01-01", "2026-01-01", True))
        self.assertIsNone(self._next("1990-01-01", "2100-06-01", True))

    # ------------------------------------------------------------
    # WITHOUT THE YEAR
    # ------------------------------------------------------------

    def test_a_day_without_year_comes_as_a_birthday_does(self):
        """Each day of a leap year, asked for on many days."""
        for number in range(366):
            born = date(2000, 1, 1) + timedelta(days=number)
            lunar = to_lunar(born)
            for step in range(0, 1500, 97):
                today = date(2024, 2, 10) + timedelta(days=step)
                self.assertEqual(
                    get_next_day(born.day, born.month, today),
                    get_next_birthday(born, today),
                )
                self.assertEqual(
                    get_next_day(lunar.day, lunar.month, today, is_lunar=True),
                    get_next_birthday(born, today, is_lunar=True),
                )

    def test_29_february_without_year(self):
        self.assertEqual(get_next_day(29, 2, date(2026, 3, 1)), date(2027, 2, 28))
        self.assertEqual(get_next_day(29, 2, date(2027, 3, 1)), date(2028, 2, 29))

    def test_days_that_are_none(self):
        for day, month, is_lunar in (
            (31, 4, False),
            (30, 2, False),
            (0, 1, False),
            (1, 13, False),
            (31, 1, True),
            (1, 13, True),
            (0, 1, True),
        ):
            with self.assertRaises(ValueError):
                get_next_day(day, month, date(2026, 1, 1), is_lunar)

    def test_a_day_as_people_write_it(self):
        for text in ("10/3", "10-03", "ngày 10 tháng 3", "Mồng 10 tháng 3"):
            self.assertEqual(read_day(text), (10, 3), text)
        self.assertEqual(read_day("5 tháng giêng"), (5, 1))
        for text in ("", "10", "10/3/1990", "March"):
            with self.assertRaises(ValueError):
                read_day(text)
