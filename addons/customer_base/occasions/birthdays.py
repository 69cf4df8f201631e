"""When a birthday comes next, by the solar or the lunar calendar."""

from datetime import date

from dateutil.relativedelta import relativedelta

from .lunar import NoSuchDay, get_anniversary, to_lunar

#: Every day of a year is in it.
LEAP_YEAR = 2000


def get_next_birthday(born, today, is_lunar=False):
    """Return the first birthday from a day on; birth itself is none.

    Who was born on 29 February has it on the 28th of ordinary years. By the lunar
    calendar see `lunar.get_anniversary`.

    :param datetime.date born: the solar day of birth
    :param datetime.date today: a birthday on this day counts
    :param bool is_lunar: whether the day is kept by the lunar calendar
    :return: nothing where the lunar calendar is not known: before 1900, after 2099
    :rtype: datetime.date | None
    """
    if not is_lunar:
        years = max(today.year - born.year, 1)
        day = born + relativedelta(years=years)
        return day if day >= today else born + relativedelta(years=years + 1)
    lunar = to_lunar(born)
    if not lunar:
        return None
    return _get_next_lunar(lunar.day, lunar.month, today, lunar.year + 1)


def get_next_day(day, month, today, is_lunar=False):
    """Return when a day and a month come next: a birthday whose year is not known.

    :param int day: 1 to 31, of a lunar month 1 to 30
    :param int month: 1 to 12
    :param datetime.date today: counts
    :param bool is_lunar: whether both are of the lunar calendar
    :raises ValueError: when there is no such day in any year
    :return: nothing where the lunar calendar is not known
    :rtype: datetime.date | None
    """
    if is_lunar:
        if not (1 <= month <= 12 and 1 <= day <= 30):
            raise ValueError(f"{day}/{month}")
        return _get_next_lunar(day, month, today, today.year - 1)
    # 29 February is the 28th of ordinary years
    at = date(LEAP_YEAR, month, day)
    this_year = at + relativedelta(year=today.year)
    if this_year >= today:
        return this_year
    return at + relativedelta(year=today.year + 1)


def _get_next_lunar(day, month, today, first_year):
    # a lunar year begins up to 51 days after the solar one
    first = max(today.year - 1, first_year)
    try:
        days = (get_anniversary(day, month, first + n) for n in range(3))
        return next(day for day in days if day >= today)
    except NoSuchDay:
        return None
