"""How surely two entries are the same customer.

Each piece of evidence adds the logarithm of how much more often it is seen when both
are one than when they are not, as Fellegi and Sunter have it ("A Theory for Record
Linkage", 1969), in bits: 10 means a thousand times as often. What many customers share
says less, so that its bits are lowered by the logarithm of their number.
"""

import re
from dataclasses import dataclass
from math import log2

from rapidfuzz.distance import OSA

from .keys import BIRTH, EMAIL, NAME, PHONE, TAX

#: Levels. *Related* are two customers who have to do with each other: a branch of the
#: same company, another person with the same telephone.
SURE, POSSIBLE, RELATED = "sure", "possible", "related"

#: From so many bits on. Chosen on generated customers, see ``bench/customers.py``.
BITS_SURE = 15
BITS_POSSIBLE = 9

#: Names: the same words in any order; the same but for a letter; all words of the one
#: in the other; half the words; nothing in common.
SAME, NEAR, PART, ALIKE, OTHER = "same", "near", "part", "alike", "other"
NAMES = {SAME: 8, NEAR: 7, PART: 4, ALIKE: 0, OTHER: -7}
#: A name that many have says that little.
LEAST_OF_NAME = 3
TAX_SAME, TAX_MISTYPED, TAX_DIFFERS = 20, 5, -12
EMAIL_SAME, EMAIL_MISTYPED, EMAIL_DIFFERS = 13, 6, -2
PHONE_SAME, PHONE_MISTYPED, PHONE_DIFFERS = 12, 6, -2
EMAIL_BITS = EMAIL_SAME, EMAIL_MISTYPED, EMAIL_DIFFERS
PHONE_BITS = PHONE_SAME, PHONE_MISTYPED, PHONE_DIFFERS
#: Whatever many share.
CONTACT_LEAST = 3
BIRTH_SAME, BIRTH_MISTYPED, BIRTH_DIFFERS = 8, 4, -5
#: Kinds that may be nearly the same have more bits when they are.
NEARLY = {TAX: TAX_MISTYPED, BIRTH: BIRTH_MISTYPED}
STREET_SAME, STREET_ALIKE, STREET_DIFFERS = 5, 2, -2
CITY_SAME, CITY_DIFFERS = 1, -1

#: A word of fewer letters is another word with one of them changed.
SHORTEST_WORD = 3
#: A name of so many letters may have two wrong ones.
LONG_NAME = 10


@dataclass(frozen=True)
class Match:
    """How two entries agree.

    :param str level: *SURE*, *POSSIBLE*, *RELATED*, or empty: somebody else
    :param float bits: of all evidence
    :param tuple reasons: kinds of keys that are the same, strongest first
    """

    level: str
    bits: float
    reasons: tuple = ()

    def __bool__(self):
        return bool(self.level)


def compare(one, other, counts=None):
    """Return how surely two entries are the same customer; their order means nothing.

    :param counts: how many customers share what these two share, by kind of key
    :type counts: dict[str, int]
    :rtype: Match
    """
    counts = counts or {}
    evidence = {
        TAX: _weigh_tax_codes(one.tax_code, other.tax_code),
        EMAIL: _weigh_contacts(
            one.emails, other.emails, counts.get(EMAIL), EMAIL_BITS, _are_emails_near
        ),
        PHONE: _weigh_contacts(
            one.phones, other.phones, counts.get(PHONE), PHONE_BITS, _are_near
        ),
        BIRTH: _weigh_birth_dates(one.birth_date, other.birth_date),
        "street": _weigh_streets(one.street, other.street),
        "city": _weigh_cities(one.city, other.city),
    }
    likeness = compare_names(one.words, other.words)
    evidence[NAME] = _weigh_names(likeness, counts.get(NAME))
    bits = sum(evidence.values())
    reasons = tuple(
        kind
        for kind in (TAX, EMAIL, PHONE, NAME, BIRTH)
        # what is nearly the same is no reason that one could name
        if evidence[kind] > NEARLY.get(kind, 0)
    )
    return Match(_get_level(one, other, bits, evidence, likeness), bits, reasons)


def _get_level(one, other, bits, evidence, likeness):
    if are_branches(one.tax_code, other.tax_code):
        return RELATED
    tells_apart = evidence[TAX] == TAX_DIFFERS
    contact = max(evidence[EMAIL], evidence[PHONE]) > 0
    if likeness == OTHER and contact and evidence[TAX] != TAX_SAME:
        return RELATED
    # a name alone is undecidable, however rare it is
    decides = contact or evidence[TAX] > 0 or evidence[BIRTH] > 0
    if bits >= BITS_SURE and decides and not tells_apart:
        return SURE
    if bits >= BITS_POSSIBLE or (likeness == SAME and not tells_apart and bits > 0):
        return POSSIBLE
    return RELATED if contact else ""


# ------------------------------------------------------------
# ONE PIECE OF EVIDENCE
# ------------------------------------------------------------


def compare_names(one, other):
    """Return how alike the words of two names are; nothing if one has none.

    :rtype: str
    """
    if not one or not other:
        return ""
    letters, others = "".join(one), "".join(other)
    if sorted(one) == sorted(other) or letters == others:
        return SAME
    longest = max(len(letters), len(others))
    allowed = 2 if longest >= LONG_NAME else 1
    if longest > SHORTEST_WORD and _are_near(letters, others, allowed):
        return NEAR
    fewer, more = sorted((one, other), key=len)
    rest = list(more)
    agreed = 0
    for word in fewer:
        found = next((each for each in rest if _are_same_word(word, each)), None)
        if found:
            rest.remove(found)
            agreed += 1
    if agreed == len(one) == len(other):
        return NEAR
    if agreed == len(fewer) > 1:
        return PART
    return ALIKE if 2 * agreed >= len(fewer) else OTHER


def _are_same_word(one, other):
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]  # an initial
    if one == other:
        return True
    return min(len(one), len(other)) > SHORTEST_WORD and _are_near(one, other, 1)


def _are_near(one, other, allowed):
    return OSA.distance(one, other, score_cutoff=allowed) <= allowed


def _weigh_names(likeness, count):
    bits = NAMES.get(likeness, 0)
    return max(bits - log2(count or 1) / 2, LEAST_OF_NAME) if bits > 0 else bits


def are_branches(one, other):
    """Whether two tax codes are of one company, and not of the same part of it."""
    return bool(one and other and one.root == other.root and one.branch != other.branch)


def _weigh_tax_codes(one, other):
    if not one or not other:
        return 0
    if one.root == other.root:
        return TAX_SAME
    if _are_near(one.root, other.root, 1) and (
        one.is_wrong or other.is_wrong or one.kind == other.kind
    ):
        return TAX_MISTYPED
    return TAX_DIFFERS


def _weigh_contacts(one, other, count, bits, are_near):
    same, mistyped, differs = bits
    if not one or not other:
        return 0
    if set(one) & set(other):
        return max(same - log2(count or 1), CONTACT_LEAST)
    if any(are_near(mine, yours, 1) for mine in one for yours in other):
        return mistyped
    return differs


def _are_emails_near(one, other, allowed):
    """Another host, or another figure, is another mailbox: there are many of them."""
    (box, host), (others, other_host) = one.rsplit("@", 1), other.rsplit("@", 1)
    figures = [re.sub(r"\D", "", each) for each in (box, others)]
    return (
        host == other_host
        and figures[0] == figures[1]
        and _are_near(box, others, allowed)
    )


def _weigh_birth_dates(one, other):
    if not one or not other:
        return 0
    if one == other:
        return BIRTH_SAME
    (year, month, day), swapped = one.split("-"), other.split("-")
    if [year, day, month] == swapped or _are_near(one, other, 1):
        return BIRTH_MISTYPED
    return BIRTH_DIFFERS


def _weigh_streets(one, other):
    if not one or not other:
        return 0
    # another house of the same street is another house
    numbers, others = (
        {word for word in each if word.isdigit()} for each in (one, other)
    )
    if numbers != others and numbers and others:
        return STREET_DIFFERS
    if sorted(one) == sorted(other) or _are_near("".join(one), "".join(other), 2):
        return STREET_SAME
    common = len((set(one) & set(other)) - numbers)
    return STREET_ALIKE if 2 * common >= min(len(one), len(other)) else STREET_DIFFERS


def _weigh_cities(one, other):
    if not one or not other:
        return 0
    return CITY_SAME if set(one) & set(other) else CITY_DIFFERS
