"""Telephone numbers in one form, however and in whatever year they were written."""

import re

import phonenumbers
from phonenumbers import NumberParseException, PhoneNumberFormat

#: Mobile numbers of eleven figures became ones of ten on 15 September 2018: what they
#: began with (without the zero), and what they begin with now. Source: decision
#: 798/QĐ-BTTTT of the Vietnamese Ministry of Information and Communications.
MOBILE_SINCE_2018 = {
    "120": "70",
    "121": "79",
    "122": "77",
    "123": "83",
    "124": "84",
    "125": "85",
    "126": "76",
    "127": "81",
    "128": "78",
    "129": "82",
    "162": "32",
    "163": "33",
    "164": "34",
    "165": "35",
    "166": "36",
    "167": "37",
    "168": "38",
    "169": "39",
    "186": "56",
    "188": "58",
    "199": "59",
}
#: Area codes of Hà Nội and Hồ Chí Minh City changed in 2017 (decision 2036/QĐ-BTTTT of
#: the same ministry). Other old ones are mobile prefixes today: they cannot be told.
AREAS_SINCE_2017 = {"4": "24", "8": "28"}
COUNTRY = "VN"
CODE_OF_VIETNAM = 84

#: What stands between two numbers in one field. A dash does only between blanks, and
#: a blank never: both stand inside of numbers.
_BETWEEN = re.compile(r"[/;,|\n&]|\s-\s|\bhoặc\b|\bor\b", re.I)
#: A number begins with a figure, a plus or a bracket; words are no part of it.
_NUMBER = re.compile(r"[+(]?\d[\d().\s-]*")
#: A mobile number of today: nearly all numbers are, and need no library.
_MOBILE = re.compile(r"0[35789]\d{8}")
#: A shorter one is an internal line or a piece of a number.
FEWEST_DIGITS = 7


def find_phones(text, country=COUNTRY):
    """Return the numbers in a field, each once, in the order they stand.

    Numbers that are possible count, not only those that are given out: new ranges come
    sooner than the library learns of them. Extensions are left out.

    :param str text: one or several numbers, with what people write around them
    :param str country: two letters, of numbers that say none themselves
    :return: in international form, such as ``+84346545327``
    :rtype: tuple[str, ...]
    """
    found = {}
    for part in _BETWEEN.split(text or ""):
        for piece in _NUMBER.findall(part):
            if number := _parse(piece, country):
                found[number] = None
    return tuple(found)


def tidy_phones(text, country=COUNTRY):
    """Return a field with its numbers in international form, such as
    ``+84 346 545 327``; whatever else people wrote into it stays.

    :param str text: one or several numbers, with what people write around them
    :param str country: two letters, of numbers that say none themselves
    """
    # what is caught stands at each second place
    parts = re.split(f"({_BETWEEN.pattern})", text or "", flags=re.I)
    for place in range(0, len(parts), 2):
        parts[place] = _NUMBER.sub(
            lambda found: _tidy(found.group(), country), parts[place]
        )
    return "".join(parts)


def _tidy(text, country):
    number = text.rstrip("().-" + " \t\r\xa0")
    parsed = _parse(number, country)
    if not parsed:
        return text
    written = phonenumbers.format_number(
        phonenumbers.parse(parsed), PhoneNumberFormat.INTERNATIONAL
    )
    return written + text[len(number) :]


def _parse(text, country):
    digits = re.sub(r"\D", "", text)
    if len(digits) < FEWEST_DIGITS:
        return None
    if country == COUNTRY and text[0] != "+" and _MOBILE.fullmatch(digits):
        return f"+84{digits[1:]}"
    if country == COUNTRY and digits.startswith("84") and len(digits) > 10:
        # no Vietnamese number of that length begins so: the plus was left out
        text = f"+{digits}"
    try:
        number = phonenumbers.parse(text, country)
    except NumberParseException:
        return None
    if number.country_code == CODE_OF_VIETNAM:
        number = _renew(number)
    if not phonenumbers.is_possible_number(number):
        return None
    return phonenumbers.format_number(number, PhoneNumberFormat.E164)


def _renew(number):
    """Return today's number for one that was changed by a reform."""
    digits = str(number.national_number)
    if len(digits) == 10 and digits[:3] in MOBILE_SINCE_2018:
        digits = MOBILE_SINCE_2018[digits[:3]] + digits[3:]
    elif len(digits) == 9 and not phonenumbers.is_valid_number(number):
        digits = AREAS_SINCE_2017.get(digits[0], digits[0]) + digits[1:]
    return phonenumbers.PhoneNumber(
        country_code=CODE_OF_VIETNAM, national_number=int(digits)
    )
