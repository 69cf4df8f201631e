"""Names as one types them in a hurry, and telephone numbers as digits.

Plain Python, no Odoo. PostgreSQL does the same with the expressions of the indexes that
searches use (``res_partner.py``): both must give the same text.
"""

import re
import unicodedata

#: Letters whose stroke is no accent, so that Unicode takes nothing away from them.
STROKES = {"đ": "d", "Đ": "d", "ø": "o", "Ø": "o", "ł": "l", "Ł": "l", "ı": "i"}
#: Where letters with accents are: Latin-1, Latin Extended-A, the horns of ơ and ư, and
#: the Vietnamese block. Each is one character; longer lists make indexes slow.
RANGES = ((0xC0, 0x180), (0x1A0, 0x1A2), (0x1AF, 0x1B1), (0x1EA0, 0x1EFA))
#: What people write before a number, without accents.
BEFORE_NUMBER = re.compile(
    r"^(?:tel|phone|mobile|zalo|call|goi|so|sdt|dt|so dien thoai|dien thoai)[\W_]+"
)
#: A number has at least so many digits: with fewer everybody is found.
FEWEST_DIGITS = 3


def _find_letters():
    """Return letters with accents, and the plain small letter of each."""
    plain = dict(STROKES)
    for first, end in RANGES:
        for code in range(first, end):
            letter = unicodedata.normalize("NFD", chr(code))[0]
            if letter.isascii() and letter.isalpha():
                plain[chr(code)] = letter.lower()
    return "".join(plain), "".join(plain.values())


ACCENTED, PLAIN = _find_letters()
_TABLE = str.maketrans(ACCENTED, PLAIN)


def without_accents(text):
    """Return a text in small letters without accents: *Nguyễn Đức* is *nguyen duc*."""
    return unicodedata.normalize("NFC", text).translate(_TABLE).lower()


def get_needles(text, country_code):
    """Return the digits to look for in telephone numbers, however they are written.

    Who calls from abroad is shown with the code of the country, who calls from inside
    with a zero in its place; both may be stored. What comes after is the same.

    :param str text: what somebody types, perhaps only the last digits
    :param str country_code: of the company, such as ``84``; may be empty
    :return: any of these must be in the number; empty if this is no number
    :rtype: list[str]
    """
    text = BEFORE_NUMBER.sub("", without_accents(text).strip(), count=1)
    if re.search(r"[^\W\d_]", text):  # a letter
        return []
    digits = "".join(character for character in text if "0" <= character <= "9")
    if len(digits) < FEWEST_DIGITS:
        return []
    needles = [digits]
    if digits.startswith("00"):
        needles = [digits[2:]]
    elif digits.startswith("0"):
        needles = [digits[1:]]
    national = needles[0]
    if country_code and national.startswith(country_code) and not _is_inland(digits):
        rest = national[len(country_code) :].lstrip("0")
        if len(rest) >= FEWEST_DIGITS:
            needles.append(rest)
            if "+" in text or digits.startswith("00"):
                needles = [rest]
    return [needle for needle in needles if len(needle) >= 2]


def _is_inland(digits):
    return digits.startswith("0") and not digits.startswith("00")
