"""Names of people and companies, without what differs from clerk to clerk."""

import re
import unicodedata
from dataclasses import dataclass, replace
from functools import lru_cache

from .vocabulary import (
    BEGINNINGS,
    BRANCHES,
    ENDS,
    GENERIC,
    GLUED,
    IN_VIETNAMESE,
    LEGAL_BEGINNINGS,
    LEGAL_ENDS,
    LEGAL_FORMS,
    LETTERS,
    LONG_TITLES,
    POSTS,
    SURNAMES,
    TITLES,
    WITH_MARKS,
)

#: Letters whose stroke is no accent, so that Unicode takes nothing away from them.
STROKES = str.maketrans({"đ": "d", "Đ": "D", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L"})

_BRACKETS = re.compile(r"\([^()]*\)?|\[[^\[\]]*\]?")
#: What stands behind a name: *Nguyễn Thị Lan - Kế toán*.
_BEHIND = re.compile(r"\s[-–—|]\s.*|,.*", re.S)
_DASH = re.compile(r"\s[-–—|]\s")
_CO = re.compile(r"\w\s+co\.$", re.I)
_COMBINING = re.compile("[\u0300-\u036f]")
_WORDS = re.compile(r"[^\W_]+")


@dataclass(frozen=True, slots=True)
class Name:
    """A name in one form.

    :param tuple words: that tell somebody apart, without marks, in the order they stand
    :param tuple marked: the same words with their marks; empty if the name has none
    :param bool has_title: whether the first of two words may be a title
    :param bool is_company: whether legal forms stood around it
    :param bool is_branch: whether it is a branch of a company
    """

    words: tuple = ()
    marked: tuple = ()
    has_title: bool = False
    is_company: bool = False
    is_branch: bool = False


def _as_alternatives(phrases):
    longest_first = sorted(phrases, key=len, reverse=True)
    return "|".join(map(re.escape, longest_first))


def _as_pattern(phrases):
    return re.compile(rf"\b(?:{_as_alternatives(phrases)})\b")


_LEGAL_FORM = re.compile(
    rf"\b(?:{_as_alternatives(LEGAL_FORMS)})\b"
    rf"|(?<=\w )(?:{_as_alternatives(LEGAL_ENDS)})$"
    rf"|\bco(?= ltd\b| limited\b)"
)
_GENERIC = re.compile(rf"\b(?:{_as_alternatives(GENERIC)}|{GLUED})\b")
_LEGAL_BEGINNING = _as_pattern(LEGAL_BEGINNINGS)
_BEGINNING = _as_pattern(BEGINNINGS)
_END = re.compile(rf" (?:{_as_alternatives(ENDS)})$")
_POST = re.compile(rf"(?<=\w) (?:{_as_alternatives(POSTS)})\b")
_BRANCH = _as_pattern(BRANCHES)


def fold(text):
    """Return a text as small letters and figures with single spaces, without marks.

    :param str text: in any script; composed and decomposed accents are the same
    :rtype: str
    """
    text = text or ""
    if text.isascii():
        return " ".join(_WORDS.findall(text.lower()))
    plain = unicodedata.normalize("NFKD", text.translate(STROKES))
    kept = "".join(
        character if character.isalnum() else " "
        for character in plain
        if not unicodedata.combining(character)
    )
    return " ".join(kept.casefold().split())


def read_name(name, *, is_company=False):
    """Return a name in one form.

    Something is always left of a name that has letters: a company that is called by
    nothing but what it does keeps that.

    :param str name: as somebody typed it
    :param bool is_company: whether legal forms, not titles, stand around it; names that
        begin or end with one are those of companies anyway
    :rtype: Name
    """
    called = _read_name(name or "", is_company)
    if IN_VIETNAMESE.keys().isdisjoint(called.words) or not called.is_company:
        return called
    words = " ".join(IN_VIETNAMESE.get(word, word) for word in called.words).split()
    return replace(called, words=tuple(words), marked=())


def _read_name(name, is_company):
    outside = _without_notes(name)
    words, marked, strict = _read_words(outside)
    is_company = is_company or _looks_like_company(strict) or _ends_with_co(outside)
    if not is_company:
        head = _BEHIND.sub("", outside)
        # *Smith, John* is one person
        if len(head) < len(outside) and fold(head).split()[1 - _has_dash(outside) :]:
            return _read_name(head, is_company)
        if post := _POST.search(strict):
            # *chị Lan kế toán*
            number = strict[: post.start()].count(" ") + 1
            words, marked = words[:number], marked[:number]
        first = _count_titles(words, marked)
        has_title = len(words) - first == 2 and _is_title(words, marked, first)
        return Name(words[first:], marked[first:], has_title)
    if outside is not name:
        # which shop of a chain, or what else it is called
        words, marked, strict = _read_words(name)
    kept = _keep_apart(strict)
    if outside is not name:
        kept = tuple(dict.fromkeys(kept))
    if marked:
        marked = _pick(words, marked, kept)
    return Name(kept, marked, False, True, bool(_BRANCH.search(strict)))


def get_words(name, *, is_company):
    """Return the words of a name that tell somebody apart, in the order they stand.

    :param str name: as somebody typed it
    :param bool is_company: whether legal forms, not titles, stand around it
    :rtype: tuple[str, ...]
    """
    return _read_name(name or "", is_company).words


def looks_like_company(name):
    """Whether a name begins or ends as those of companies do: forms do not always ask
    what it is."""
    name = name or ""
    return _looks_like_company(_read_words(name)[2]) or _ends_with_co(name)


def has_legal_form(name):
    """Whether a name begins or ends with what a company is by law."""
    name = name or ""
    strict = _read_words(name)[2]
    has_end = _END.search(strict) or _ends_with_co(name)
    return bool(_LEGAL_BEGINNING.match(strict) or has_end)


def _ends_with_co(name):
    return name.endswith("o.") and bool(_CO.search(name))


def _has_dash(name):
    return bool(_DASH.search(name))


def _looks_like_company(strict):
    return bool(_BEGINNING.match(strict) or _END.search(strict))


# ------------------------------------------------------------
# MARKS
# ------------------------------------------------------------


def _read_words(name):
    """Return the words of a name without marks; with their marks, or nothing if it has
    none; and in one text in which words have a sign behind them whose marks are not
    those of ``WITH_MARKS``."""
    if name.isascii():
        words = tuple(_WORDS.findall(name.lower()))
        return words, (), " ".join(words)
    name = unicodedata.normalize("NFC", name)
    read = [each for word in _WORDS.findall(name) for each in _read_word(word)]
    if not read:
        return (), (), ""
    words, marked, strict = zip(*read, strict=True)
    return words, marked if marked != words else (), " ".join(strict)


@lru_cache(maxsize=2**14)
def _read_word(word):
    """Return what a word is without marks, with its marks in one form, and in texts in
    which legal forms are looked for. A sign may be several words."""
    folded = fold(word).split()
    if len(folded) != 1 or word.isascii():
        return tuple((each, each, each) for each in folded)
    plain, marked = folded[0], _read_marks(word)
    expected = _EXPECTED.get(plain, marked)
    strict = plain if marked in (plain, expected) else f"{plain}_"
    return ((plain, marked, strict),)


def _read_marks(word):
    """Return a word with its marks at its end, wherever the tone was written."""
    # ngã is written as hỏi by many
    text = unicodedata.normalize("NFKD", word.casefold()).replace("\u0303", "\u0309")
    return _COMBINING.sub("", text) + "".join(sorted(_COMBINING.findall(text)))


_EXPECTED = {word: _read_marks(each) for word, each in WITH_MARKS.items()}
_TITLE_MARKS = {word: _read_marks(each) for word, each in TITLES.items() if each}


def _pick(words, marked, kept):
    """Return with their marks the words that were kept, which stand in one order."""
    found, place = [], 0
    for word in kept:
        place = words.index(word, place)
        found.append(marked[place])
        place += 1
    return tuple(found)


# ------------------------------------------------------------
# WHAT IS LEFT OUT
# ------------------------------------------------------------


def _without_notes(name):
    """Return a name without what stands in brackets."""
    if "(" in name or "[" in name:
        outside = _BRACKETS.sub(" ", name)
        return outside if _WORDS.search(outside) else name
    return name


def _keep_apart(strict):
    words = _LEGAL_FORM.sub(" ", strict).split()
    told_apart = _GENERIC.sub(" ", " ".join(words)).split()
    kept = told_apart or words or strict.split()
    return tuple(word.rstrip("_") for word in kept)


def _count_titles(words, marked):
    """Return how many words of titles stand before a name of at least two words."""
    first = 0
    while len(words) - first > 2:
        if " ".join(words[first : first + 2]) in LONG_TITLES and len(words) - first > 3:
            first += 2
        elif _is_title(words, marked, first):
            first += 1
        else:
            break
    return first


def _is_title(words, marked, place):
    word, rest = words[place], words[place + 1 :]
    if word in LETTERS:
        return len(rest) == 1 or rest[0] in SURNAMES
    if word not in TITLES:
        return False
    expected = _TITLE_MARKS.get(word)
    if expected is None:
        return True
    return marked[place] == expected if marked else rest[0] in SURNAMES
