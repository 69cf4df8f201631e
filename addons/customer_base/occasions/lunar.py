"""Dates by the lunar calendar of Vietnam (UTC+7), as people write them.

``lunar_vn`` computes new moons and solar terms by the algorithm of Hồ Ngọc Đức. It
answers what cannot be with another day: the 30th of a month of 29 days, a leap month
that the year does not have. Here both are told apart.
"""

import re
import unicodedata
from datetime import date

from lunar_vn import LunarDate, lunar_to_solar, solar_to_lunar

#: Lunar years that are known as a whole.
FIRST_YEAR, LAST_YEAR = 1900, 2099
#: Between them the solar days that have a lunar date.
FIRST_DAY, LAST_DAY = date(1900, 1, 31), date(2100, 2, 8)

#: Months as they are said: the longer ones first.
_MONTHS = {
    "mười một": 11,
    "mười hai": 12,
    "giêng": 1,
    "hai": 2,
    "ba": 3,
    "tư": 4,
    "bốn": 4,
    "năm": 5,
    "sáu": 6,
    "bảy": 7,
    "bẩy": 7,
    "tám": 8,
    "chín": 9,
    "mười": 10,
    "chạp": 12,
}
_MONTH = re.compile(rf"\btháng\s+({'|'.join(_MONTHS)})\b|\b(giêng|chạp)\b")
#: The day of the full moon, without a number.
_FULL_MOON = re.compile(r"^(?:ngày\s+)?rằm\b(?!\s*\d)")
#: That the calendar is the lunar one.
_CALENDAR = re.compile(r"\(?\b(?:âm\s+lịch|âl)\b\)?")
#: The mark of a leap month behind its number.
_LEAP = r"(?P<leap>\(?\s*(?:nhuận|nhuan|leap|n)\b\s*\)?)"
_DATE = re.compile(
    rf"""
    (?:ngày|mồng|mùng|rằm)?\s*
    (?P<day>\d{{1,2}}) \s*(?:[/.-]|tháng)\s*
    (?P<month>\d{{1,2}}) \s*{_LEAP}? \s*(?:[/.-]|năm|,|\s)\s*
    (?P<year>\d{{4}}) \s*{_LEAP.replace("leap>", "late>")}?
    """,
    re.VERBOSE | re.IGNORECASE,
)
_DAY = re.compile(
    r"""
    (?:ngày|mồng|mùng|rằm)?\s*
    (?P<day>\d{1,2}) \s*(?:[/.-]|tháng)\s*
    (?P<month>\d{1,2})
    """,
    re.VERBOSE,
)


class NoSuchDay(ValueError):
    """There is no such day; ``month_length`` says how long the month is, if there is
    one: 29 or 30 days, or nothing."""

    def __init__(self, message, month_length=None):
        super().__init__(message)
        self.month_length = month_length


def read_lunar(text):
    """Return the lunar date that somebody wrote: *10/3/2019*, *10/4 nhuận/2020*,
    *ngày 10 tháng 3 năm 2019*, *rằm tháng bảy năm 1990*.

    :param str text: day, month and year, in this order
    :raises ValueError: when it is no date; whether there is such a day says `to_solar`
    :rtype: lunar_vn.LunarDate
    """
    match = _DATE.fullmatch(_write_numbers(text))
    if not match:
        raise ValueError(text)
    day, month, year = (int(match[part]) for part in ("day", "month", "year"))
    return LunarDate(day, month, year, leap=bool(match["leap"] or match["late"]))


def read_day(text):
    """Return the day and the month that somebody wrote, by whichever calendar:
    *10/3*, *mồng 10 tháng chạp*.

    :raises ValueError: when it is neither; whether there is such a day says
        `birthdays.get_next_day`
    :rtype: tuple[int, int]
    """
    match = _DAY.fullmatch(_write_numbers(text))
    if not match:
        raise ValueError(text)
    return int(match["day"]), int(match["month"])


def _write_numbers(text):
    written = unicodedata.normalize("NFC", text).lower()
    written = _CALENDAR.sub(" ", written).strip()
    written = _FULL_MOON.sub("15", written)
    return _MONTH.sub(_write_month, written)


def _write_month(match):
    """Return a month in figures: of one that is said, or said after its word."""
    said = match[1] or match[2]
    return f"tháng {_MONTHS[said]}" if match[1] else str(_MONTHS[said])


def write_lunar(lunar):
    """Return a lunar date as `read_lunar` reads it.

    :param lunar_vn.LunarDate lunar: the date
    :rtype: str
    """
    leap = " nhuận" if lunar.leap else ""
    return f"{lunar.day}/{lunar.month}{leap}/{lunar.year}"


def to_lunar(day):
    """Return the lunar date of a solar day, or nothing before 1900 and after 2099.

    :param datetime.date day: the solar day
    :rtype: lunar_vn.LunarDate | None
    """
    return solar_to_lunar(day) if FIRST_DAY <= day <= LAST_DAY else None


def to_solar(lunar):
    """Return the solar day of a lunar date.

    :param lunar_vn.LunarDate lunar: the date
    :raises NoSuchDay: for the 30th of a short month, a leap month that the year does
        not have, and years that are not known
    :rtype: datetime.date
    """
    if not FIRST_YEAR <= lunar.year <= LAST_YEAR:
        raise NoSuchDay(write_lunar(lunar))
    try:
        day = lunar_to_solar(lunar)
    except ValueError as error:
        raise NoSuchDay(write_lunar(lunar)) from error
    there = solar_to_lunar(day)
    if there == lunar:
        return day
    # the first of the next month instead: this one ends a day before
    ends_before = lunar.day == 30 and there.day == 1
    raise NoSuchDay(write_lunar(lunar), month_length=29 if ends_before else None)


def get_anniversary(day, month, year):
    """Return the solar day on which a lunar day is kept in a lunar year.

    Days of a leap month are kept in the ordinary one, and the 30th of a month that has
    29 days on its last.

    :param int day: 1 to 30
    :param int month: 1 to 12
    :param int year: the lunar year
    :raises NoSuchDay: when the year is not known
    :rtype: datetime.date
    """
    try:
        return to_solar(LunarDate(day, month, year))
    except NoSuchDay as error:
        if error.month_length != 29:
            raise
    return to_solar(LunarDate(29, month, year))
