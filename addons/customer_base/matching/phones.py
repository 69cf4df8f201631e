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
#: Area codes changed in 2017 (decision 2036/QĐ-BTTTT of the same ministry): old ones,
#: without the zero, and new ones. Some old ones are mobile prefixes today: these can be
#: told only where a bracket stands around them.
AREAS_SINCE_2017 = {
    "4": "24", "8": "28", "20": "214", "22": "212", "25": "205", "26": "206",
    "27": "207", "29": "216", "30": "229", "31": "225", "33": "203", "36": "227",
    "37": "237", "38": "238", "39": "239", "52": "232", "53": "233", "54": "234",
    "55": "255", "56": "256", "57": "257", "58": "258", "59": "269", "60": "260",
    "61": "251", "62": "252", "63": "263", "64": "254", "66": "276", "67": "277",
    "68": "259", "70": "270", "72": "272", "73": "273", "74": "294", "75": "275",
    "76": "296", "77": "297", "79": "299", "230": "215", "231": "213", "240": "204",
    "241": "222", "280": "208", "281": "209", "320": "220", "321": "221",
    "350": "228", "351": "226", "500": "262", "501": "261", "510": "235",
    "511": "236", "650": "274", "651": "271", "710": "292", "711": "293",
    "780": "290", "781": "291",
}  # fmt: skip
COUNTRY = "VN"
CODE_OF_VIETNAM = 84

#: What stands between two numbers in one field. Dashes and blanks stand inside of
#: numbers, too: at them is split what is no number as a whole.
_BETWEEN = re.compile(r"[/;,|\n&]|\s-\s|\bhoặc\b|\bor\b", re.I)
#: A number begins with a figure, a plus or a bracket; words are no part of it.
_NUMBER = re.compile(r"\(?\+?\d[\d().\s_-]*")
#: A number in which letters stand for figures, as scanners read them: *O912 55l 803*.
_MISREAD = re.compile(r"(?=(?:[^OolI]*[OolI]){1,3}[^OolI]*$)[\dOolI+() .-]{9,16}")
_AS_FIGURES = str.maketrans("OolI", "0011")
_INSIDE = re.compile(r"[().\s_-]+")
#: A mobile number of today: nearly all numbers are, and need no library.
_MOBILE = re.compile(r"0(?:3[2-9]|5[25689]|7[06-9]|[89]\d)\d{7}")
#: One of a house or an office, with its area.
_HOUSE = re.compile(r"\+84(2[48]|2\d\d)\d{7,8}")
#: An area of before, and three or four figures and as many behind it.
_OLD_AREA = re.compile(
    r"(?<![\d+.-])0(\d{1,3})[ .-]+([2-8]\d{2,3})[ .-]?(\d{2,4})[ .-]?(\d{0,3})"
    r"(?![ .-]?\d)"
)
#: The same as people mostly write it.
_PLAIN_MOBILE = re.compile(r"0(?:3[2-9]|5[25689]|7[06-9]|[89]\d)(?:[ .]?\d){7}")
#: An area in brackets, and a number of its network: no mobile number is written so.
_AREA = re.compile(r"\(0(\d{1,3})\)[\s.-]*([2-8](?:[\s.-]*\d){6,7})[\s.-]*")
#: Rows of figures that somebody types who has no number.
_NO_NUMBER = re.compile(r"\+\d*?(?:0{7,}|([1-9])\1{8})|\+84123456789\d?")
#: A shorter one is an internal line or a piece of a number.
FEWEST_DIGITS = 7
#: With the country's code and what is dialled before it.
MOST_DIGITS = 17
#: Of a mobile number without the zero.
MOBILE_DIGITS = 9


def find_phones(text, country=COUNTRY):
    """Return the numbers in a field, each once, in the order they stand.

    Numbers that are possible count, not only those that are given out: new ranges come
    sooner than the library learns of them. Extensions are left out.

    :param str text: one or several numbers, with what people write around them
    :param str country: two letters, of numbers that say none themselves
    :return: in international form, such as ``+84346545327``
    :rtype: tuple[str, ...]
    """
    if not text:
        return ()
    if country == COUNTRY and _PLAIN_MOBILE.fullmatch(text):
        return (f"+84{text.replace(' ', '').replace('.', '')[1:]}",)
    if _MISREAD.fullmatch(text):
        text = text.translate(_AS_FIGURES)
    found = {}
    for part in _BETWEEN.split(text):
        for piece in _NUMBER.findall(part):
            for _text, number in _read(piece, country):
                if number:
                    found[number] = None
    return tuple(found)


def tidy_phones(text, country=COUNTRY):
    """Return a field with its numbers in international form, such as
    ``+84 346 545 327``; whatever else people wrote into it stays, as do numbers that
    have too many or too few figures.

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


def find_miscounted(text, country=COUNTRY):
    """Return what looks like mobile numbers of Vietnam and has too many or too few
    figures, as it was typed.

    :param str text: one or several numbers, with what people write around them
    :param str country: two letters, of numbers that say none themselves
    :rtype: tuple[str, ...]
    """
    return tuple(
        piece.strip()
        for part in _BETWEEN.split(text or "")
        for found in _NUMBER.findall(part)
        for piece, number in _read(found, country)
        if number and _is_miscounted(number)
    )


def is_placeholder(number):
    """Whether a number only says that there is none, such as ten zeros.

    :param str number: in international form
    """
    return bool(_NO_NUMBER.fullmatch(number))


def find_areas(text):
    """Return the numbers of today that somebody may mean who wrote an area of before
    2017 apart from the rest: *038 3842 765* was Nghệ An before it was a mobile number.

    :param str text: one or several numbers, with what people write around them
    :rtype: tuple[str, ...]
    """
    if not text:
        return ()
    found = {}
    for area, *parts in _OLD_AREA.findall(text):
        rest = "".join(parts)
        if area in AREAS_SINCE_2017 and len(rest) == (8 if area in "48" else 7):
            found[f"+84{AREAS_SINCE_2017[area]}{rest}"] = None
    return tuple(found)


def is_mobile(number):
    """Whether a number is one of Vietnam's mobile networks.

    :param str number: in international form
    """
    return bool(_MOBILE.fullmatch(number.replace("+84", "0", 1)))


def get_calling_code(country):
    """Return the figures that numbers of a country begin with, as *84*.

    :param str country: two letters
    """
    return str(phonenumbers.country_code_for_region(country) or "")


def get_area(number):
    """Return the area of a number in Vietnam that stands in a house, or nothing.

    :param str number: in international form
    """
    found = _HOUSE.fullmatch(number)
    return found[1] if found else ""


def _is_miscounted(number):
    digits = number.removeprefix("+84")
    if digits == number or digits[0] in "246" or digits.startswith(("18", "19")):
        return False
    return len(digits) != MOBILE_DIGITS or digits[0] == "1"


def _tidy(text, country):
    return "".join(_write(piece, number) for piece, number in _read(text, country))


def _write(text, number):
    if not number or _is_miscounted(number):
        return text
    written = phonenumbers.format_number(
        phonenumbers.parse(number), PhoneNumberFormat.INTERNATIONAL
    )
    body = text.rstrip("().-_ \t\r\n\xa0")
    # a bracket around all of it
    opens = "(" if body.count("(") > body.count(")") else ""
    return opens + written + text[len(body) :]


def _read(text, country):
    """Return the pieces of a text, each with the number that it is, or nothing."""
    if number := _parse(text, country):
        if _is_miscounted(number):
            pieces = _split(text, country)
            if pieces and is_mobile(pieces[0][1] or ""):
                return pieces  # a figure or two of a note behind it
        return [(text, number)]
    return _split(text, country) or [(text, None)]


def _split(text, country):
    """Return the pieces of a text that is no number as a whole, if it has some."""
    places = [0, *(found.end() for found in _INSIDE.finditer(text)), len(text)]
    places = sorted(set(places))
    pieces, start, is_found = [], 0, False
    while start < len(places) - 1:
        # longest first; between two places stands a figure at least
        last = min(len(places) - 1, start + MOST_DIGITS)
        for end in range(last, start, -1):
            piece = text[places[start] : places[end]]
            number = _parse(piece, country)
            if number and phonenumbers.is_valid_number(phonenumbers.parse(number)):
                pieces.append((piece, number))
                start, is_found = end, True
                break
        else:
            pieces.append((text[places[start] : places[start + 1]], None))
            start += 1
    return pieces if is_found else []


def _parse(text, country):
    digits = re.sub(r"\D", "", text)
    if not FEWEST_DIGITS <= len(digits) <= MOST_DIGITS:
        return None
    is_home = country == COUNTRY and "+" not in text
    if is_home and _MOBILE.fullmatch(digits) and "(" not in text:
        return f"+84{digits[1:]}"
    if (
        text.startswith("+84")
        and "(" not in text
        and _MOBILE.fullmatch(f"0{digits[2:]}")
    ):
        return f"+{digits}"
    if is_home and (area := _AREA.fullmatch(text)):
        code, rest = area[1], re.sub(r"\D", "", area[2])
        is_long = len(rest) == (8 if code in ("4", "8") else 7)
        if is_long and code in AREAS_SINCE_2017:
            return f"+84{AREAS_SINCE_2017[code]}{rest}"
    if is_home and digits.startswith("84") and len(digits) > 10:
        # no Vietnamese number of that length begins so: the plus was left out
        text = f"+{digits}"
    try:
        number = phonenumbers.parse(text.replace("_", " "), country)
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
    elif len(digits) in (9, 10) and not phonenumbers.is_valid_number(number):
        # longest first
        for length in (3, 2, 1):
            if area := AREAS_SINCE_2017.get(digits[:length]):
                renewed = area + digits[length:]
                if len(renewed) == 10:
                    digits = renewed
                    break
    return phonenumbers.PhoneNumber(
        country_code=CODE_OF_VIETNAM, national_number=int(digits)
    )
