"""What a customer is found by, and what somebody means who types a part of it."""

import re
from dataclasses import dataclass

from . import names
from .phones import find_phones

#: A number with fewer figures is part of too many.
FEWEST_DIGITS = 3
#: Figures, and what people write between those of one number.
_NUMBER = re.compile(r"[\d\s().+/-]+")
#: Nobody types more words to find somebody.
MOST_WORDS = 10


@dataclass(frozen=True)
class Query:
    """What was typed, in the form of ``get_text``.

    :param tuple words: parts of words, all of which a customer has
    :param str digits: part of a number, or empty
    """

    words: tuple = ()
    digits: str = ""

    def __bool__(self):
        return bool(self.words or self.digits)


def get_text(name, also=(), phone="", country="VN"):
    """Return what a customer is found by: words without marks with a blank before each,
    those of the name first, and telephone numbers as figures with their country's code.

    :param str name: whose beginning counts more than the rest
    :param also: other texts, such as the name with the company's, e-mail, tax code
    :param str phone: one or several numbers
    :param str country: two letters, of numbers that say none themselves
    """
    words = [names.fold(text) for text in (name, *also) if text]
    # as one number, too: whoever types it leaves the dash and the blanks out
    words += [
        squeezed
        for text in also
        if (squeezed := re.sub(r"\D", "", text or "")) and _NUMBER.fullmatch(text)
    ]
    words += [number.lstrip("+") for number in find_phones(phone, country)]
    return " " + " ".join(dict.fromkeys(words))


def read_query(text, country="VN"):
    """Return what somebody means: a number in any notation, or parts of words.

    Legal forms of companies are left out, since everybody writes them another way.

    :rtype: Query
    """
    # also with words before it, as somebody pastes it
    phones = find_phones(text, country)
    digits = phones[0].lstrip("+") if phones else ""
    if not phones and _NUMBER.fullmatch(text.strip()):
        # part of a number begins with a zero that is not saved, or with two
        digits = re.sub(r"\D", "", text).lstrip("0")
    folded = names.fold(text).split()
    words = folded
    if names.has_legal_form(text):
        words = names.get_words(text, is_company=True) or folded
    return Query(
        tuple(words[:MOST_WORDS]), digits if len(digits) >= FEWEST_DIGITS else ""
    )
