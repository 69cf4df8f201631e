"""What vendors type into a page, without Odoo."""

from __future__ import annotations

import re
from datetime import date, timedelta

#: No day of arrival is further off than this, in days.
FURTHEST = 3 * 365
#: Digits, and at most six of them after the point or comma: no sign, no exponent, no
#: word such as *nan*.
PLAIN = re.compile(r"([0-9]{1,12})(?:[.,]([0-9]{1,6}))?")
#: Thousands in groups, with the other sign before what is less than one.
GROUPED = re.compile(
    r"[0-9]{1,3}(?:(?:\.[0-9]{3}){1,3}(?:,[0-9]{1,6})?|(?:,[0-9]{3}){1,3}(?:\.[0-9]{1,6})?)"
)


def read_number(text: str, is_whole: bool = False) -> float | None:
    """Return a number that is not below zero; nothing where nothing was typed.

    Some write 935.000 for 935 thousand, others for 935. Where both make sense nothing
    is guessed.

    :param is_whole: no parts of one, as of money without smaller coins: then what could
        be thousands is
    :raises ValueError: it is no such number, or may mean two things
    """
    text = text.strip()
    if not text:
        return None
    plain, grouped = PLAIN.fullmatch(text), GROUPED.fullmatch(text)
    if plain and grouped and plain[1] != "0":
        plain = None
        if not is_whole:
            raise ValueError(text)
    if plain:
        return float(f"{plain[1]}.{plain[2] or 0}")
    if not grouped:
        raise ValueError(text[:20])
    decimal = max(text.rfind("."), text.rfind(","))
    whole, part = text, "0"
    if len(set(text) & set(".,")) == 2:
        whole, part = text[:decimal], text[decimal + 1 :]
    return float(f"{whole.replace('.', '').replace(',', '')}.{part}")


def write_number(number: float) -> str:
    """Return a number as :func:`read_number` reads it, without groups."""
    text = f"{number:.6f}".rstrip("0").rstrip(".")
    _whole, _point, part = text.partition(".")
    return f"{text}0" if len(part) == 3 else text


def read_day(text: str, today: date) -> date | None:
    """Return a day from today on; nothing where nothing was typed.

    :raises ValueError: for anything else, and for days too far off
    """
    text = text.strip()
    if not text:
        return None
    day = date.fromisoformat(text[:10] if len(text) == 10 else "")
    if not today <= day <= today + timedelta(days=FURTHEST):
        raise ValueError(text)
    return day
