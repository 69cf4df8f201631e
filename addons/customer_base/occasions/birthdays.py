"""When a birthday comes next, by the solar or the lunar calendar."""

from dateutil.relativedelta import relativedelta

from .lunar import NoSuchDay, get_anniversary, to_lunar


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
    # a lunar year begins up to 51 days after the solar one
    first = max(today.year - 1, lunar.year + 1)
    try:
        days = (get_anniversary(lunar.day, lunar.month, first + n) for n in range(3))
        return next(day for day in days if day >= today)
    except NoSuchDay:
        return None
