"""How alike two names are."""

import re
from functools import lru_cache

from rapidfuzz.distance import OSA

from .typed import is_syllable
from .vocabulary import FIGURES
from .vocabulary.people import IN_USE, MIDDLES, SAID_ALIKE, SURNAMES

#: The same words in any order; the same but for a letter; all words of the one in the
#: other; the same but for a letter or mark with which somebody else is called; what is
#: said alike; half the words; a name of a family or a group, with a word of one's own;
#: nothing in common.
SAME, NEAR, PART, CLOSE = "same", "near", "part", "close"
SOUND, ALIKE, KIN, OTHER = "sound", "alike", "kin", "other"

#: A shorter word is another one with a letter changed, unless one of them is a name.
SHORT_WORD = 3
#: *Ng* is Nguyễn.
LONG_INITIAL = 2
#: A name of so many letters may be written together or apart, and with a letter wrong.
LONG_NAME = 6
_FIGURES = re.compile(r"\d")
#: Beginnings of words that sound alike, longest first.
_SOUNDS = (
    ("ngh", "ng"), ("tr", "ch"), ("gi", "d"), ("gh", "g"),
    ("x", "s"), ("l", "n"), ("r", "d"), ("z", "d"), ("k", "c"),
)  # fmt: skip
MOST_SAID = 2
_SAID = {word: first for first, word in SAID_ALIKE}
#: Marks of letters, and among them those of tones; *ngã* is written as *hỏi*.
_MARKS = re.compile("[\u0300-\u036fđ]")
TONES = frozenset("\u0300\u0301\u0309\u0323")
#: No syllable that ends so is without a tone.
WANT_TONE = ("c", "ch", "p", "t")


def compare_names(one, other, marks=(), other_marks=()):
    """Return how alike the words of two names are; nothing if one has none.

    :param tuple one: words without marks, in the order they stand
    :param tuple other: as *one*
    :param tuple marks: the same words with their marks, if they have some
    :param tuple other_marks: as *marks*
    :rtype: str
    """
    if not one or not other:
        return ""
    if middle := _find_middle(one, other):
        one, marks = _leave_out(one, marks, middle)
        other, other_marks = _leave_out(other, other_marks, middle)
        likeness = compare_names(one, other, marks, other_marks)
        return NEAR if likeness == SAME else likeness
    if one == other:
        if marks == other_marks or not (marks and other_marks):
            return SAME
        return _compare_marks(one, marks, other, other_marks)
    if "".join(one) == "".join(other):
        return SAME
    rest, others_rest = _take_same(one, other)
    if not rest and not others_rest:
        if not _is_turned(one, other):
            return CLOSE  # Tuấn Anh is not Anh Tuấn
        if marks and other_marks:
            return _compare_marks(one, marks, other, other_marks)
        return SAME
    likeness = _compare_rests(one, other, rest, others_rest)
    if likeness not in (PART, CLOSE) or not (marks and other_marks):
        return likeness
    if not rest or not others_rest:
        # a mark and a word: Công Phượng is not Công Phương Anh
        if _have_same_marks(one, marks, other, other_marks, likeness == CLOSE):
            return likeness
        return CLOSE if likeness == PART else KIN
    word, each = rest[0], others_rest[0]
    if likeness == CLOSE and {word, each} <= IN_USE:
        mine, yours = marks[one.index(word)], other_marks[other.index(each)]
        if len(word) != len(each):
            # a letter more may have a mark of its own: Kim, Kiêm
            mine, yours = _get_tones(mine), _get_tones(yours)
            return CLOSE if mine == yours else KIN
        # a letter and a mark: nobody mistypes both
        return CLOSE if _get_marks(mine) == _get_marks(yours) else KIN
    return likeness


def _find_middle(one, other):
    """Return the word behind a surname that one of two people writes, another does not:
    *Nguyễn Thị Hồng Lan*, *Nguyễn Hồng Lan*."""
    fewer, more = (one, other) if len(one) < len(other) else (other, one)
    is_one_more = len(more) == len(fewer) + 1 > 3 and more[0] == fewer[0]
    is_left_out = is_one_more and more[1] in MIDDLES and more[1] not in fewer
    return more[1] if is_left_out and more[0] in SURNAMES else ""


def _leave_out(words, marks, word):
    if word not in words:
        return words, marks
    place = words.index(word)
    return words[:place] + words[place + 1 :], marks[:place] + marks[place + 1 :]


def are_written_short(one, other):
    """Whether two names differ in nothing but three letters or more that stand for as
    many words: *Viện VSDT Tây Nguyên*.

    :param tuple one: words without marks, in the order they stand
    :param tuple other: as *one*
    """
    rest, others_rest = _take_same(one, other)
    if not any(
        len(word) > LONG_INITIAL and word not in IN_USE
        for word in (*rest, *others_rest)
    ):
        return False
    if rest and others_rest:
        _take_short_forms(rest, others_rest)
        _take_short_forms(others_rest, rest)
    return not rest and not others_rest


def _compare_rests(one, other, rest, others_rest):
    """Return how alike two names are, of which not all words are the same.

    :param list rest: words of *one* that are not in *other*; what is the same but for
        a letter, or written in short, is taken out
    :param list others_rest: likewise of *other*
    """
    letters, others = "".join(one), "".join(other)
    have_figures = _FIGURES.search(letters + others)
    if have_figures:
        _take_figures(rest, others_rest)
    for fewest in (LONG_INITIAL + 1, LONG_INITIAL):
        if rest and others_rest:
            _take_short_forms(rest, others_rest, fewest)
            _take_short_forms(others_rest, rest, fewest)
        if fewest > LONG_INITIAL:
            mistyped = _take_mistyped(rest, others_rest)
    # short forms take the place of several words
    agreed = max(len(one) - len(rest), len(other) - len(others_rest))
    if have_figures and _have_figures(rest, others_rest):
        # number 12 of a chain is not number 13
        is_kin = 2 * agreed >= min(len(one), len(other)) - 1
        return KIN if is_kin and agreed else OTHER
    if not rest and not others_rest:
        is_long = max(len(letters), len(others)) > 2 * LONG_NAME
        return NEAR if mistyped < 2 or is_long else ALIKE
    if not rest or not others_rest:
        return _compare_shortened(one, other, agreed, mistyped)
    if _is_mistyped_letters(letters, others, one, other):
        return NEAR
    if _is_glued(one, other) or _is_glued(other, one):
        return PART
    if _sound_alike(rest, others_rest):
        return SOUND
    if 2 * agreed < min(len(one), len(other)):
        return OTHER
    return _compare_rest(rest, others_rest)


# ------------------------------------------------------------
# WORD BY WORD
# ------------------------------------------------------------


def _take_same(one, other):
    """Return what is left of both without the words that they share."""
    rest, others = [], list(other)
    for word in one:
        if word in others:
            others.remove(word)
        else:
            rest.append(word)
    return rest, others


def _is_turned(one, other):
    """Whether one of two names begins with another word of the other, or is read from
    its end: that is how surnames get behind given names."""
    twice = other + other
    return one == other[::-1] or any(
        one == twice[start : start + len(one)] for start in range(1, len(one))
    )


def _take_mistyped(rest, others):
    """Take words out that are the same but for a letter, and initials; return how many
    were mistyped."""
    mistyped = 0
    for word in list(rest):
        for each in others:
            is_initial = _is_initial(word, each)
            if is_initial or _is_mistyped(word, each):
                mistyped += not is_initial
                rest.remove(word)
                others.remove(each)
                break
    return mistyped


def _take_figures(rest, others):
    """Take words out that are written out in the other name: *2 Con Gà*."""
    for word in list(rest):
        for each in others:
            if word in (each, FIGURES.get(each)) or FIGURES.get(word) == each:
                rest.remove(word)
                others.remove(each)
                break


def _is_initial(one, other):
    """Whether one of two words is the beginning of the other, as in *Ng. V. An*."""
    if one[0] != other[0]:
        return False
    short, word = (one, other) if len(one) < len(other) else (other, one)
    return (
        len(short) <= LONG_INITIAL
        and word.startswith(short)
        and not short.isdigit()
        and (len(short) == 1 or short not in IN_USE)
    )


def _is_mistyped(one, other):
    """Whether one of two words is the other with a letter wrong."""
    longest, shortest = len(one), len(other)
    if longest < shortest:
        longest, shortest = shortest, longest
    if longest - shortest > 1:
        return False
    if longest == shortest and one.replace("y", "i") == other.replace("y", "i"):
        return True  # both ways are right
    names = (one in IN_USE) + (other in IN_USE)
    if names > 1 or longest < SHORT_WORD or (not names and longest == SHORT_WORD):
        return False
    return OSA.distance(one, other, score_cutoff=1) < 2 and not _FIGURES.search(
        one + other
    )


def _take_short_forms(rest, others, fewest=LONG_INITIAL):
    """Take words out that are the first letters of others: *HN* for *Hà Nội*, *TNMT*
    for *Tài nguyên và Môi trường*."""
    if "va" in others and any(len(word) > LONG_INITIAL for word in rest):
        others.remove("va")
    for word in list(rest):
        length = len(word)
        if length < fewest or word in IN_USE:
            continue
        for start in range(len(others) - length + 1):
            if word == "".join(each[0] for each in others[start : start + length]):
                rest.remove(word)
                del others[start : start + length]
                break


def _have_figures(rest, others):
    return any(map(_FIGURES.search, (*rest, *others)))


def _is_glued(one, other):
    """Whether a name is the end of another one, written together: *thanhdat*."""
    return len(one) == 1 and any(
        "".join(other[start:]) == one[0] for start in range(1, len(other) - 1)
    )


def _sound_alike(rest, others):
    """Whether words that are left are said alike in a part of the country."""
    if len(rest) != len(others) or len(rest) > MOST_SAID:
        return False
    said = sorted(map(_hear, others))
    return sorted(map(_hear, rest)) == said


@lru_cache(maxsize=2**12)
def _hear(word):
    """Return a word as somebody writes it who hears it: *tr* or *ch*, *s* or *x*, *n*
    or *l*, *d*, *gi* or *r*."""
    for sound, written in _SOUNDS:
        if word.startswith(sound):
            word = written + word[len(sound) :]
            break
    return _SAID.get(word, word).replace("y", "i")


# ------------------------------------------------------------
# WHAT IS LEFT
# ------------------------------------------------------------


def _compare_shortened(one, other, agreed, mistyped):
    """Return how alike two names are of which one has more words."""
    fewer, more = (one, other) if len(one) <= len(other) else (other, one)
    if agreed < len(fewer):
        return ALIKE if 2 * agreed >= len(fewer) else OTHER
    if mistyped > 1:
        return ALIKE
    # the word that somebody is called by stands at the end, or first abroad: whoever
    # has one more there is somebody's sister
    first, last = more[0], more[-1]
    if _is_same(fewer[-1], last):
        return PART
    if len(fewer) > 1:
        is_called_so = _is_same(fewer[-1], first) and _is_same(fewer[0], last)
    else:
        is_first = last in SURNAMES or first not in IN_USE
        is_called_so = _is_same(fewer[0], first) and is_first and first not in SURNAMES
    return PART if is_called_so else CLOSE


def _is_same(one, other):
    return one == other or _is_mistyped(one, other)


def _is_mistyped_letters(letters, others, one, other):
    """Whether two names are the same but for a letter, and for where blanks stand."""
    return (
        len(one) != len(other)
        and min(len(letters), len(others)) >= LONG_NAME
        and OSA.distance(letters, others, score_cutoff=1) <= 1
    )


def _compare_rest(rest, others):
    """Return how alike two names are that have words of their own beside others."""
    if len(rest) == len(others) == 1 and OSA.distance(rest[0], others[0]) <= 1:
        # A is not B
        return CLOSE if len(rest[0] + others[0]) > LONG_INITIAL else KIN
    has_own = _has_another(rest, others) and _has_another(others, rest)
    return KIN if has_own else ALIKE


def _has_another(rest, others):
    return any(all(_is_another(word, each) for each in others) for word in rest)


def _is_another(word, other):
    """Whether nobody who means one of two words types the other."""
    distance = OSA.distance(word, other)
    if distance > 1 and is_syllable(word) and is_syllable(other):
        return True
    if word in IN_USE and other in IN_USE:
        return distance > 1
    return 2 * distance > max(len(word), len(other))


# ------------------------------------------------------------
# MARKS
# ------------------------------------------------------------


def _compare_marks(one, marks, other, other_marks):
    """Return how alike two names are whose words are the same without marks."""
    if one != other:
        # in another order: only the words tell whose mark is whose
        marks = sorted(zip(one, marks, strict=True))
        other_marks = sorted(zip(other, other_marks, strict=True))
        one, marks = zip(*marks, strict=True)
        _words, other_marks = zip(*other_marks, strict=True)
    for word, mine, yours in zip(one, marks, other_marks, strict=True):
        if mine == yours or not mine or not yours:
            continue
        if word in (mine, yours):
            # whoever writes marks leaves none out that a word may be without: Anh is
            # no Ánh, but Phat is Phát
            is_same = word.endswith(WANT_TONE)
        else:
            is_same = _is_unfinished(word, mine, yours)
        if not is_same:
            return CLOSE
    return SAME


def _have_same_marks(one, marks, other, other_marks, is_close):
    """Whether the words that two names share have the same marks in both.

    :param bool is_close: whether none may be left out
    """
    words = tuple(word for word in one if word in other)
    mine = tuple(marks[one.index(word)] for word in words)
    yours = tuple(other_marks[other.index(word)] for word in words)
    # a word that was written out has none
    are_same = all(
        mark == other for mark, other in zip(mine, yours, strict=True) if mark and other
    )
    return are_same or (
        not is_close and _compare_marks(words, mine, words, yours) == SAME
    )


def _get_marks(word):
    return sorted(_MARKS.findall(word))


def _get_tones(word):
    return TONES.intersection(word)


def _is_unfinished(word, mine, yours):
    """Whether one of two words lacks a mark that it must have: *Phưong*, *Triêt*."""
    mine, yours = set(_get_marks(mine)), set(_get_marks(yours))
    tones, others = mine & TONES, yours & TONES
    has_no_tone = word.endswith(WANT_TONE) and not (tones and others)
    return (tones == others or has_no_tone) and (
        mine - TONES <= yours - TONES or mine - TONES >= yours - TONES
    )
