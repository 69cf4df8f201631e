"""What tells two customers apart who have nearly one name and the same telephone."""

from .typed import is_syllable
from .vocabulary.people import IN_USE, MEN_ABROAD

#: Names that women and men have abroad, but for their last letter: *Maria*, *Mario*.
ENDS_OF_GENDERS = {"a", "o"}
#: A shorter name may be anything.
SHORTEST = 4
#: What a firm does is said in so many words at least; one may be a name of its own.
FEWEST_OF_TRADE = 2


def do_other_things(one, other):
    """Whether each of two companies of one name says a trade that the other does not,
    as those of one owner do: *Xây dựng Hoàng Long*, *Vận tải Hoàng Long*.

    :param names.Name one: of a company
    :param names.Name other: likewise
    :rtype: bool
    """
    if not (one.is_company and other.is_company):
        return False
    mine, yours = one.does | one.trades, other.does | other.trades
    if mine - yours and yours - mine:
        return True
    return _has_other_words(one, other) or _has_other_words(other, one)


def _has_other_words(one, other):
    """Whether a company has only a trade that most are not told apart by, the other one
    words before the same name of which one is nobody's: *Bất động sản Hưng Thịnh*."""
    length = len(other.words) - len(one.words)
    if not one.does or other.does or length < FEWEST_OF_TRADE:
        return False
    before = other.words[:length]
    return other.words[length:] == one.words and not IN_USE.issuperset(before)


def are_woman_and_man(one, other):
    """Whether two people from abroad are called by one name but for the letter at its
    end that says whether it is a woman's: *Maria Garcia*, *Daniela Brown*.

    :param names.Name one: of somebody
    :param names.Name other: likewise
    :rtype: bool
    """
    if one.is_company or other.is_company or len(one.words) != len(other.words):
        return False
    differ = [
        pair for pair in zip(one.words, other.words, strict=True) if pair[0] != pair[1]
    ]
    if len(differ) != 1 or any(map(is_syllable, differ[0])):
        return False
    short, long = sorted(differ[0], key=len)
    if len(short) == len(long):
        is_alike = len(short) >= SHORTEST and short[:-1] == long[:-1]
        return is_alike and {short[-1], long[-1]} == ENDS_OF_GENDERS
    return short in MEN_ABROAD and long == f"{short}a"
