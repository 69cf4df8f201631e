"""Other ways to write what somebody typed: names that clerks write short, titles before
them, and a piece of a telephone number behind them."""

import re
from dataclasses import dataclass

from . import names
from .finding import FEWEST_DIGITS
from .phones import get_calling_code
from .typed import is_syllable
from .vocabulary.companies import SHORT_BEGINNINGS, SHORT_FORMS

#: What many companies do, in letters, wherever it stands.
SHORT_GENERIC = {
    "dv": "dich vu",
    "sx": "san xuat",
    "tm": "thuong mai",
    "xd": "xay dung",
    "xnk": "xuat nhap khau",
}
#: Anywhere, and at the beginning of a name.
SHORT = SHORT_FORMS | SHORT_GENERIC


def _get_letters(forms):
    """Return for what is written out the letters that stand for it: the fewest."""
    found = {}
    for short, full in sorted(forms.items(), key=lambda each: -len(each[0])):
        if " " not in short and not is_syllable(short):
            found[full] = short
    return found


_LETTERS = _get_letters(SHORT_BEGINNINGS)
_GENERIC_LETTERS = _get_letters(SHORT_GENERIC)


def _as_pattern(phrases, beginning=""):
    longest_first = sorted(phrases, key=len, reverse=True)
    return re.compile(rf"{beginning}\b(?:{'|'.join(map(re.escape, longest_first))})\b")


#: A short form at the beginning with something behind it: alone it may be anything.
_SHORT_BEGINNING = _as_pattern(SHORT_BEGINNINGS, "^(?=.* )")
_SHORT = _as_pattern(SHORT)
_FULL_BEGINNING = _as_pattern(_LETTERS, "^")
_FULL = _as_pattern(_GENERIC_LETTERS)
_DIGIT = re.compile(r"\d")
#: Figures that stand beside words, a number's first or last ones.
_FIGURES = re.compile(r"\b\d+(?: \d+)*\b")


@dataclass(frozen=True)
class Variant:
    """Another way to write what was typed, in the form of ``get_text``.

    :param tuple whole: words that a customer has as they are: letters that stand for
        others are part of many
    :param tuple parts: parts of words, all of which a customer has
    """

    whole: tuple = ()
    parts: tuple = ()

    @property
    def written(self):
        return (*self.whole, *self.parts)


def read_variants(text, query, country="VN"):
    """Return other ways to write what was typed, most queries having none.

    *BV Bạch Mai* is *Bệnh viện Bạch Mai*, and the other way round; *chị Lan* is *Lan*;
    *lan 0912* is who is called Lan, with a number that begins so.

    :param str text: as somebody typed it
    :param query: the same text, as from ``read_query``
    :param str country: two letters, of numbers that say none themselves
    :rtype: tuple[Variant, ...]
    """
    if not query.words:
        return ()
    typed = " ".join(query.words)
    found = {}
    for whole, rest in (_write_out(typed), _write_short(typed)):
        if whole and sorted(f"{whole} {rest}".split()) != sorted(query.words):
            found[Variant(tuple(whole.split()), tuple(rest.split()))] = None
    words = _without_title(text, query.words)
    is_titled = words != query.words
    if not query.digits:
        words = _read_figures(words, country)
    if words != query.words:
        # who is called so: what is left of "Anh Thư" is part of many other words
        called = tuple(word for word in words if is_titled and not word.isdigit())
        rest = tuple(word for word in words if word not in called)
        found[Variant(called, rest)] = None
    return tuple(found)


def _write_out(typed):
    """Return what short forms stand for, and the rest."""
    return _exchange(typed, _SHORT_BEGINNING, SHORT_BEGINNINGS, _SHORT, SHORT)


def _write_short(typed):
    """Return the letters that stand for words, and the rest, wherever some of it was
    written short already."""
    full, rest = _write_out(typed)
    typed = f"{full} {rest}" if full else typed
    return _exchange(typed, _FULL_BEGINNING, _LETTERS, _FULL, _GENERIC_LETTERS)


def _exchange(typed, beginning, at_beginning, anywhere, everywhere):
    written = []

    def take(found, forms):
        written.append(forms[found[0]])
        return " "

    rest = beginning.sub(lambda found: take(found, at_beginning), typed)
    rest = anywhere.sub(lambda found: take(found, everywhere), rest)
    return " ".join(written), " ".join(rest.split())


def _without_title(text, words):
    """Return words without how one speaks to somebody before them."""
    head = _DIGIT.split(text, maxsplit=1)[0]
    called = names.read_name(head)
    rest = called.words[called.has_title :]
    before = tuple(names.fold(head).split())
    place = len(before) - len(rest)
    is_behind = not called.is_company and rest and place > 0
    return words[place:] if is_behind and before[place:] == rest else words


def _read_figures(words, country):
    """Return words with figures beside them as a telephone number has them."""
    typed = " ".join(words)
    found = _FIGURES.search(typed)
    if not found or found[0] == typed:
        return words
    digits = found[0].replace(" ", "")
    if digits.startswith("0"):
        digits = f"{get_calling_code(country)}{digits[1:]}"
    if len(digits) < FEWEST_DIGITS:
        return words
    return tuple(f"{typed[: found.start()]}{digits}{typed[found.end() :]}".split())
