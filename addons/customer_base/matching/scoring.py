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

from .addresses import CITY_OF_OTHERS, ROOMS, are_at_one_house, weigh_places
from .garbled import GAP, fill_gaps
from .keys import BIRTH, EMAIL, NAME, PHONE, TAX, Odd
from .likeness import (
    ALIKE,
    CLOSE,
    KIN,
    NEAR,
    OTHER,
    PART,
    SAME,
    SOUND,
    are_written_short,
    compare_names,
)
from .names import are_other_relatives
from .phones import get_area
from .tax_codes import CITIZEN, NO_BRANCH
from .tax_codes import OTHER as FOREIGN
from .telling import are_woman_and_man, do_other_things
from .typed import is_syllable
from .vocabulary.people import IN_USE, LETTERS, PARENTS, SURNAMES
from .vocabulary.trades import TRADES_IN_VIETNAMESE

#: Levels. *Related* are two customers who have to do with each other: a branch of the
#: same company, another person with the same telephone.
SURE, POSSIBLE, RELATED = "sure", "possible", "related"

#: From so many bits on. Chosen on generated customers, see ``bench/customers.py``.
BITS_SURE = 15
BITS_POSSIBLE = 9
#: A given name and a town are nobody.
BITS_GIVEN = 10

NAMES = {
    SAME: 8, NEAR: 7, PART: 4, SOUND: 4, CLOSE: 1, ALIKE: 0, KIN: -5, OTHER: -7,
}  # fmt: skip
#: With these a name does not contradict.
AGREEING = {SAME, NEAR, PART, ""}
#: What belongs to somebody, unlike a name.
NUMBERS = {TAX, EMAIL, PHONE}
#: A name that many have says that little.
LEAST_OF_NAME = 3
TAX_SAME, TAX_MISTYPED, TAX_DIFFERS = 20, 5, -12
EMAIL_SAME, EMAIL_MISTYPED, EMAIL_DIFFERS = 13, 6, -2
PHONE_SAME, PHONE_MISTYPED, PHONE_DIFFERS = 12, 6, -2
EMAIL_BITS = EMAIL_SAME, EMAIL_MISTYPED, EMAIL_DIFFERS
PHONE_BITS = PHONE_SAME, PHONE_MISTYPED, PHONE_DIFFERS
#: Whatever many share, and from how many on they are not counted.
CONTACT_LEAST = 3
MANY = 2**10
#: What companies do, and how many words that has at most.
ABROAD = frozenset(TRADES_IN_VIETNAMESE.values())
MOST_ABROAD = 3
#: What a district and the like begin with, behind the name of an office.
DISTRICT = frozenset("huyen quan tinh thanh thi".split())
#: What districts were, and what some offices of them are for now.
LEVELS = frozenset(("", "huyen", "quan", "thi xa", "thanh pho"))
AREA = ("khu", "vuc")
#: A bank, or a restaurant.
EATERY_OR_BANK = "nh"
#: Years.
GENERATION = 15
#: A box of fewer letters is called as many are.
LONG_BOX = 8
#: Of whom only the year is known, the first of January is written.
BIRTH_SAME, BIRTH_YEAR, BIRTH_MISTYPED, BIRTH_DIFFERS = 8, 4, 4, -6
#: A name alone is shown, unless more than one thing speaks against it.
NAME_STANDS = -3


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

    :param counts: how many others share what these two share, by kind of key. What is
        the same and not among them has too many to be counted; without any, nobody else
        has it.
    :type counts: dict[str, int]
    :rtype: Match
    """
    share = dict.fromkeys((TAX, EMAIL, PHONE, NAME), MANY if counts else 1)
    share.update(counts or ())
    same, bits = [], 0
    of_phone = _weigh_contacts(one.phones, other.phones, share[PHONE], PHONE_BITS)
    for kind, (weight, is_same) in (
        (TAX, _weigh_tax_codes(one.tax_code, other.tax_code, share[TAX])),
        (EMAIL, _weigh_contacts(one.emails, other.emails, share[EMAIL], EMAIL_BITS)),
        (PHONE, of_phone),
    ):
        bits += weight
        if is_same:
            same.append(kind)
    if one.odd or other.odd:
        bits += _weigh_tails(one, other)
    likeness = _compare_names(one, other)
    of_name = _weigh_names(likeness, share[NAME])
    bits += of_name
    if of_name > 0:
        same.append(NAME)
    birth = _weigh_birth_dates(one.birth_date, other.birth_date)
    if birth and one.birth_date == other.birth_date:
        same.append(BIRTH)
    bits += birth
    places = weigh_places(one, other)
    is_near = of_phone == (PHONE_MISTYPED, False) and same == [NAME]
    if places < 0 and is_near:
        # nearly the same number elsewhere is another one
        bits += PHONE_DIFFERS - PHONE_MISTYPED
    if places < 0 and of_phone[0] < 0 and NUMBERS.isdisjoint(same):
        if one.name.is_local and other.name.is_local:
            places = min(places, CITY_OF_OTHERS)
    bits += places
    stands = bits - of_name > NAME_STANDS
    level = _get_level(one, other, bits, likeness, same, share[TAX], stands)
    if level == SURE and birth == BIRTH_DIFFERS and TAX not in same:
        level = POSSIBLE  # a father and a son with one name, telephone and house
    if level == SURE and TAX not in same and _may_be_two(one.name, other.name):
        level = POSSIBLE
    return Match(level, bits, tuple(same))


def _may_be_two(one, other):
    """Whether two names are those of two firms of one owner, or of twins."""
    return do_other_things(one, other) or are_woman_and_man(one, other)


def _get_level(one, other, bits, likeness, same, companies, stands):
    if are_branches(one.tax_code, other.tax_code):
        return RELATED
    if PHONE in same and (_is_at(one, other) or _is_at(other, one)):
        return POSSIBLE
    is_firm = _is_their_firm(one, other) or _is_their_firm(other, one)
    if is_firm and not NUMBERS.isdisjoint(same):
        return RELATED
    has_tax_code = TAX in same and companies < MANY
    if has_tax_code:
        # one code is one company, whatever it is called by now
        codes = one.tax_code, other.tax_code
        is_checked = any(code.is_checked for code in codes)
        is_like = likeness in (SOUND, CLOSE, ALIKE)
        is_sure = likeness in AGREEING or (is_like and is_checked)
        is_wrong = all(code.is_wrong for code in codes)
        return SURE if is_sure and not is_wrong and bits >= BITS_POSSIBLE else POSSIBLE
    contact = EMAIL in same or PHONE in same
    # each of another place, but for who writes that it is one, or where
    has_branch = one.is_branch or other.is_branch
    is_elsewhere = has_branch and not (contact and are_at_one_house(one, other))
    is_only_one = is_elsewhere and one.is_branch != other.is_branch
    if is_only_one and likeness in (*AGREEING, SOUND, CLOSE):
        return RELATED
    if is_elsewhere and one.is_branch and likeness in (PART, CLOSE, ALIKE):
        return RELATED if contact else ""
    if likeness in (KIN, OTHER) and contact:
        is_alike = _are_called_alike(one.name, other.name) or _do_alike(one, other)
        is_alike = is_alike or _is_in_box(one, other) or _is_in_box(other, one)
        is_alike = is_alike or _is_shop_of(one, other) or _is_shop_of(other, one)
        return POSSIBLE if is_alike else RELATED
    if _are_siblings(one, other, likeness) or _are_generations(one, other, likeness):
        return RELATED if contact else ""
    if are_other_relatives(one.name, other.name):
        return RELATED if contact else ""
    if BIRTH not in same and are_woman_and_man(one.name, other.name):
        return RELATED if contact else ""
    has_more = EMAIL in same or BIRTH in same
    if likeness == CLOSE and not has_more and _have_one_house(one, other):
        return RELATED
    tells_apart = _are_codes_of_others(one.tax_code, other.tax_code)
    if tells_apart and likeness not in (SAME, NEAR):
        return RELATED if contact else ""
    # a name alone is undecidable, however rare it is
    is_called = one.words or other.words
    decides = (contact and is_called) or (BIRTH in same and likeness in (SAME, NEAR))
    if bits >= BITS_SURE and decides and not tells_apart and likeness in AGREEING:
        return SURE
    # half of all have one of a hundred given names: alone it is nobody's
    fewest = 3 if one.has_title and other.has_title else 2
    is_given = max(len(one.words), len(other.words)) < fewest and not (
        one.is_company or other.is_company
    )
    is_same = likeness == SAME or (likeness == NEAR and _are_spelled(one, other))
    is_same = is_same or _is_in_its_town(one, other) or _is_in_its_town(other, one)
    is_called_so = is_same and not (is_given or tells_apart)
    enough = BITS_POSSIBLE if contact or not is_given else BITS_GIVEN
    if bits >= enough or (is_called_so and stands):
        return POSSIBLE
    are_shops = one.is_company and other.is_company and likeness in AGREEING
    if are_shops and stands and not tells_apart and are_at_one_house(one, other):
        return POSSIBLE
    return RELATED if contact else ""


# ------------------------------------------------------------
# ONE PIECE OF EVIDENCE
# ------------------------------------------------------------


def _are_called_alike(one, other):
    """Whether two houses that are no companies by law end with the same two words, and
    do nothing else: *Mái ấm Thiên Ân*, *Cơ sở Bảo trợ Thiên Ân*."""
    if not (one.is_company and other.is_company) or one.is_firm or other.is_firm:
        return False
    if one.is_state or other.is_state or one.is_branch or other.is_branch:
        return False
    has_other = one.trades - other.trades and other.trades - one.trades
    return not has_other and len(one.words) > 2 and one.words[-2:] == other.words[-2:]


def _do_alike(one, other):
    """Whether two companies have one name, and a word of what they do: in English there
    is one for *hải sản* and *thủy sản*."""
    if one.is_branch or other.is_branch or not (one.is_company and other.is_company):
        return False
    mine, yours = one.name, other.name
    if len(mine.core) > 1 and mine.core == yours.core:
        return not mine.trades.isdisjoint(yours.trades)
    # *Đồ gỗ Tân Phát* is *Tan Phat Furniture*, though there are several words for that
    return any(
        each.trades and not each.marked and _ends_with(another.words, each.core)
        for each, another in ((mine, yours), (yours, mine))
    )


def _is_shop_of(one, other):
    """Whether a shop ends with what its owner is called, who has a mobile telephone in
    common with it: *Tạp hóa cô Lan*, *Nguyễn Thị Lan*."""
    shop, owner = one.name, other.name
    if not shop.is_company or shop.is_firm or shop.is_state or shop.is_branch:
        return False
    if shop.is_household or not shop.words:
        return False  # by law it is not its owner
    if owner.is_company or len(owner.words) < 3 or owner.words[0] not in SURNAMES:
        return False
    marks = {each.marked[-1] for each in (shop, owner) if each.marked}
    is_called_so = shop.words[-1] == owner.words[-1] and len(marks) < 2
    shared = {*one.phones} & {*other.phones}
    return is_called_so and not all(map(get_area, shared))


def _is_in_box(one, other):
    """Whether somebody's father or mother has a mailbox that is called as the other."""
    if one.name.relation not in PARENTS or len(other.words) < 3:
        return False
    boxes = (re.sub("[^a-z]", "", each.rsplit("@", 1)[0]) for each in one.emails)
    words = other.words
    called = {"".join(words), "".join((*words[-1:], *words[:-1]))}
    return not called.isdisjoint(boxes)


def _are_siblings(one, other, likeness):
    """Whether two have a surname in common and other names: twins also have a birthday
    and a house, and may be called *Khánh Vy* and *Khánh My*."""
    if likeness == CLOSE and one.birth_date and one.birth_date == other.birth_date:
        return _begin_otherwise(one.words, other.words)
    return likeness == KIN and one.words[0] == other.words[0]


def _begin_otherwise(one, other):
    """Whether two full names differ in what somebody is called by, with another letter
    at its beginning: nobody mistypes that."""
    if len(one) < 3 or one[:-1] != other[:-1] or one[0] not in SURNAMES:
        return False
    called = one[-1], other[-1]
    return IN_USE.issuperset(called) and called[0][0] != called[1][0]


def _are_generations(one, other, likeness):
    """Whether somebody may be the father or the mother of who has the same name with
    one telephone for the house, or a word more: *Đỗ Văn Tiến Đạt*; or of the same
    house, with nearly the same name."""
    if not one.birth_date or not other.birth_date:
        return False
    if _weigh_birth_dates(one.birth_date, other.birth_date) != BIRTH_DIFFERS:
        return False
    if likeness in (CLOSE, ALIKE):
        return True  # *Phúc Lâm*, *Phúc Lam*: children of one house
    is_called = likeness != PART
    if is_called and not all(map(get_area, {*one.phones} & {*other.phones})):
        return False
    return abs(int(one.birth_date[:4]) - int(other.birth_date[:4])) >= GENERATION


def _is_at(one, other):
    """Whether behind the name of somebody stands what the other is called, and both
    have a mobile telephone in common: *Chị Kim - bao bì Kim Ngọc Thành*."""
    at = one.name.at
    if len(at) < 2 or not other.is_company or other.is_branch:
        return False
    is_called_so = at in (other.words, other.name.core)
    return is_called_so and not all(map(get_area, {*one.phones} & {*other.phones}))


def _have_one_house(one, other):
    """Whether two people have nothing but the telephone of a house in common, and full
    names that differ in a letter or mark: *Hùng*, *Hưng*."""
    shared = {*one.phones} & {*other.phones}
    is_full = not (one.is_company or other.is_company) and all(
        len(each.words) > 2 and each.words[0] in SURNAMES for each in (one, other)
    )
    return is_full and bool(shared) and all(map(get_area, shared))


def _is_their_firm(one, other):
    """Whether one of two entries is somebody, and the other a company by law."""
    is_person = one.name.is_person or (one.birth_date and not one.is_company)
    return is_person and other.name.is_firm


def _compare_odd(one, other):
    """Return how alike two names are of which not all is known; nothing if that says no
    more."""
    mine, yours = one.odd or Odd(), other.odd or Odd()
    if mine.has_signs != yours.has_signs and one.is_company == other.is_company:
        return ALIKE  # who reads one of two scripts knows no more
    if mine.mask or yours.mask:
        ends = [
            odd.mask or "".join(each.words[:1])[:1] + "".join(each.words[-1:])[-1:]
            for odd, each in ((mine, one), (yours, other))
        ]
        return SOUND if ends[0] == ends[1] else OTHER
    # *Th??ng* may be Thương or Thường
    is_vague = any("".join(each.words[-1:]).count(GAP) > 1 for each in (one, other))
    if is_vague and _fill_gaps(one, other).words == _fill_gaps(other, one).words:
        return SOUND
    return ""


def _weigh_tails(one, other):
    """Return bits for what a marketplace shows of a telephone number."""
    for mine, yours in ((one, other), (other, one)):
        if mine.odd and mine.odd.tail and yours.phones:
            is_same = any(phone.endswith(mine.odd.tail) for phone in yours.phones)
            return PHONE_MISTYPED if is_same else PHONE_DIFFERS
    return 0


def _compare_names(one, other):
    if one.odd or other.odd:
        likeness = _compare_odd(one, other)
        if likeness:
            return likeness
    likeness = _compare_words(one, other)
    if likeness == CLOSE and (_is_abroad(one, other) or _is_abroad(other, one)):
        return SAME
    genders = one.name.gender, other.name.gender
    if all(genders) and genders[0] != genders[1]:
        # a wife is called as her husband is, but not by his full name
        is_full = likeness in (SAME, NEAR) and min(len(one.words), len(other.words)) > 2
        return likeness if is_full else KIN
    if likeness == SAME and one.is_company and other.is_company:
        # Nam Việt is not Việt Nam: surnames only are written behind
        cores = one.name.core, other.name.core
        is_turned = cores[0] != cores[1] and sorted(cores[0]) == sorted(cores[1])
        if is_turned and len(cores[0]) > 3:
            # a place and a name: *An Bàng Cát Trắng*
            is_turned = all(
                mine[2:] + mine[:2] != yours for mine, yours in (cores, cores[::-1])
            )
        if is_turned and not (_is_abroad(one, other) or _is_abroad(other, one)):
            likeness = CLOSE
    if likeness in (SAME, NEAR, ""):
        return likeness
    if _is_with_place(one, other) or _is_with_place(other, one):
        return SOUND
    called = _compare_others(one.name, other.name)
    return called if called and NAMES[called] > NAMES.get(likeness, 0) else likeness


def _is_with_place(one, other):
    """Whether a name is another one with where that one lives: *Chị Hà Times City*."""
    where = {*other.street, *other.around}
    words = one.words[one.has_title :]
    # *Nguyễn Thị Hoa* lives in no street that is called as she is
    if len(where.intersection(words)) < 2 or IN_USE.issuperset(words):
        return False
    rest = {*words} - where - ROOMS
    return rest <= {*other.words} and other.words[-1] in rest


def _is_in_its_town(one, other):
    """Whether a company is called as another one, and by the town of that one."""
    words, town = one.words, "".join(other.city)
    return (
        bool(town)
        and one.is_company
        and other.is_company
        and words[: len(other.words)] == other.words
        and "".join(words[len(other.words) :]) == town
    )


def _is_abroad(one, other):
    """Whether a name was English, where what a company does stands behind its own, the
    other way round: *Thien An Maternity Hospital*."""
    if one.marked or not other.marked:
        return False
    words, before = one.words, ()
    while True:
        for length in range(MOST_ABROAD, 0, -1):
            if len(words) > length and " ".join(words[-length:]) in ABROAD:
                break
        else:
            return False
        words, before = words[:-length], before + words[-length:]
        if before + words == other.words:
            return True


def _compare_others(one, other):
    """Return how alike two names are by what else people are called, and without what
    says that a shop is one; nothing if that says no more."""
    if (one.also or other.also) and one.is_company and other.is_company:
        likeness = _compare_brackets(one, other)
    else:
        likeness = _compare_calls(one, other)
    if likeness:
        return likeness
    if (one.also or other.also) and one.is_company != other.is_company:
        return ""
    if (one.owner and one.owner == other.words) or (
        other.owner and other.owner == one.words
    ):
        return SAME
    return _compare_cores(one, other) if one.core or other.core else ""


def _compare_brackets(one, other):
    """Return how alike two companies are by what else they are called in brackets."""
    if one.also == other.words or other.also == one.words:
        return PART
    if _ends_with(one.words, other.also) or _ends_with(other.words, one.also):
        return PART
    mine, yours = (_leave_out(each.words, each.also) for each in (one, other))
    is_same = mine and yours and compare_names(mine, yours) in (SAME, NEAR)
    return PART if is_same else ""


def _compare_calls(one, other):
    """Return how alike two people are by what clerks call them by and know of them."""
    if one.is_company or other.is_company:
        return ""
    if one.described and one.described == other.described:
        return SAME
    for mine, yours in ((one, other), (other, one)):
        if _begins_so(mine, yours) or _is_given(mine, yours):
            return PART
        if (one.also or other.also) and (
            _has_note(mine, yours) or _are_called(mine, yours)
        ):
            return PART
    (mine, called), (yours, called_too) = (
        ("".join(each.words[each.has_title :]), "".join(each.also))
        for each in (one, other)
    )
    is_same = called in (yours, called_too) if called else False
    return PART if is_same or (called_too and called_too == mine) else ""


def _is_further(one, other):
    """Whether an office is another one, and says in which district that is."""
    rest = other.words[len(one.words) :]
    is_same = one.is_state and other.words[: len(one.words)] == one.words
    return is_same and bool(rest) and rest[0] in DISTRICT


def _is_of_area(one, other):
    """Whether an office is the one of a district, which is an area since July 2025."""
    if not (one.is_state and other.is_state) or "khu" not in one.words:
        return False
    place = one.words.index("khu")
    if one.words[place : place + 2] != AREA:
        return False
    head, tail = one.words[:place], one.words[place + 2 :]
    words = other.words
    level = " ".join(words[len(head) : len(words) - len(tail)])
    is_same = words[: len(head)] == head and words[len(words) - len(tail) :] == tail
    return bool(tail) and is_same and level in LEVELS


def _compare_cores(one, other):
    """Return how alike two shops are by what they are called besides a shop."""
    if _is_of_area(one, other) or _is_of_area(other, one):
        return PART
    if _is_further(one, other) or _is_further(other, one):
        return PART
    mine, yours = one.core or one.words, other.core or other.words
    if (mine, yours) == (one.words, other.words) or min(len(mine), len(yours)) < 2:
        return ""
    if one.trades - other.trades and other.trades - one.trades:
        return ""  # a pharmacy is no restaurant
    likeness = compare_names(mine, yours)
    is_more = one.trades <= other.trades or other.trades <= one.trades
    is_same = one.trades == other.trades or (is_more and one.trades and other.trades)
    if likeness == SAME and is_same and (one.is_local or other.is_local):
        return SAME  # one clerk writes that it is a shop, another does not
    if likeness in (SAME, NEAR):
        return PART
    are_shops = not (one.is_person or other.is_person or one.is_firm or other.is_firm)
    return CLOSE if likeness in (PART, CLOSE) and are_shops else ""


def _are_called(one, other):
    """Whether somebody is called in brackets by a given name that the other has behind
    the same surname."""
    if len(one.also) != 1 or one.also[0] not in other.words:
        return False
    rest = _leave_out(other.words, one.also)
    is_behind = len(other.words) > 2 and one.also[0] == other.words[-1]
    # *Sarah Nguyen* is *Nguyễn Thị Thảo (Sarah)*, *Sarah Nguyen (Johnson)* was Johnson
    is_abroad = one.also[0] == other.words[0] or other.words[0] not in IN_USE
    is_before = len(rest) == 1 and is_abroad
    return rest[:1] == one.words[:1] and (is_behind or is_before)


def _begins_so(one, other):
    """Whether a name begins with what somebody of three words or more is called by, and
    goes on with what is nobody's name: *Lan Hương spa T7*."""
    called, words = one.words[-2:], other.words
    return (
        one.is_person
        and len(one.words) > 2
        and not (one.is_company or other.is_company)
        and words[:2] == called
        and len(words) > 2
        and not all(map(is_syllable, words[2:]))
    )


def _is_given(one, other):
    """Whether a name is a title and what somebody is given as a name, with what a clerk
    knows of them: *A Bửu kiệt 131 PĐP*, *Dì Tư Gạo*."""
    if one.is_company or other.is_company or _is_full(other):
        return False
    words = other.words[other.words[0] in LETTERS :]
    if len(words) < 2 or words[0] != one.words[-1]:
        return False
    if one.has_title:
        return {*words[1:]} <= {*one.also}
    is_spoken_to = other.is_person or words != other.words
    return _is_full(one) and is_spoken_to and len(words) > 2 and not other.has_title


def _is_full(name):
    return name.is_person and len(name.words) > 2 and name.words[0] in SURNAMES


def _has_note(one, other):
    """Whether a name is another one with what stands there in brackets, or is that
    itself."""
    called = {*other.words}
    if len(called) > 1 and called < {*one.also} and other.words[0] in one.words:
        return True
    words = set(other.words[other.has_title :])
    own = set(one.words[one.has_title :])
    return own < words and words - own <= set(one.also)


def _leave_out(words, called):
    return tuple(word for word in words if word not in called)


def _ends_with(words, called):
    return len(called) > 1 and words[-len(called) :] == called


def _write_out(one, other):
    """Return the words of a name, with *NH* as the other writes it."""
    words = one.words
    if words[:1] != (EATERY_OR_BANK,) or other.words[1:2] != ("hang",):
        return one
    words = (*other.words[:2], *words[1:])
    return one._replace(words=words, marked=())


def _fill_gaps(one, other):
    """Return an entry with letters that were lost as the other has them."""
    if not (one.odd and one.odd.has_gaps):
        return one
    return one._replace(words=fill_gaps(one.words, other.words), marked=())


def _compare_words(one, other):
    one, other = _write_out(one, other), _write_out(other, one)
    if one.odd or other.odd:
        one, other = _fill_gaps(one, other), _fill_gaps(other, one)
    likeness = compare_names(one.words, other.words, one.marked, other.marked)
    if not likeness or not (one.has_title or other.has_title):
        return likeness
    if likeness == SAME:
        # *Anh Tuấn* is not *Tuấn Anh*
        return SAME if one.words == other.words else CLOSE
    # *Anh Tuấn* is either called so, or Tuấn
    mine, yours = (
        (each.words[1:], each.marked[1:])
        if each.has_title
        else (each.words, each.marked)
        for each in (one, other)
    )
    (words, marks), (others, other_marks) = mine, yours
    called = compare_names(words, others, marks, other_marks)
    return min(likeness, called, key=lambda each: -NAMES[each])


def _are_spelled(one, other):
    """Whether two names differ in nothing but *y* and *i*, both of which are right, or
    in letters that stand for words."""
    are_companies = one.is_company and other.is_company
    if are_companies and are_written_short(one.words, other.words):
        return True
    letters, others = ("".join(each.words).replace("y", "i") for each in (one, other))
    return letters == others


def _are_near(one, other, allowed):
    return OSA.distance(one, other, score_cutoff=allowed) <= allowed


def _weigh_names(likeness, count):
    bits = NAMES.get(likeness, 0)
    return max(bits - log2(count) / 2, min(bits, LEAST_OF_NAME)) if bits > 0 else bits


def are_branches(one, other):
    """Whether two tax codes are of one company, and not of the same part of it."""
    if not one or not other or one.root != other.root:
        return False
    return (one.branch or NO_BRANCH) != (other.branch or NO_BRANCH)


def _weigh_tax_codes(one, other, count):
    """Return bits, and whether the codes are of one company."""
    if not one or not other:
        return 0, False
    if one.root == other.root:
        return max(TAX_SAME - log2(count), CONTACT_LEAST), True
    if _are_near(one.root, other.root, 1) and _may_be_mistyped(one, other):
        return TAX_MISTYPED, False
    return TAX_DIFFERS if _are_codes_of_others(one, other) else 0, False


def _may_be_mistyped(one, other):
    """Whether one of two codes that differ by a figure may be wrong: those of citizens
    and of abroad do not tell."""
    return one.is_wrong or other.is_wrong or FOREIGN in (one.kind, other.kind)


def _are_codes_of_others(one, other):
    """Whether two codes tell their customers apart: a household's of ten figures and
    its owner's of twelve do not; nor do those of two citizens of which one may be
    mistyped."""
    if not one or not other or one.root == other.root:
        return False
    kinds = {one.kind, other.kind}
    if len(kinds) > 1 and (CITIZEN in kinds or FOREIGN in kinds):
        return False
    return not _are_near(one.root, other.root, 1) or not (
        CITIZEN in kinds or _may_be_mistyped(one, other)
    )


def _weigh_contacts(one, other, count, bits):
    """Return bits, and whether one of the numbers or addresses is the same."""
    if not one or not other:
        return 0, False
    same, mistyped, differs = bits
    if one == other or not set(one).isdisjoint(other):
        return max(same - log2(count), CONTACT_LEAST), True
    are_near = _are_emails_near if "@" in one[0] else _are_phones_near
    if any(are_near(mine, yours, 1) for mine in one for yours in other):
        return mistyped, False
    if "@" in one[0] and any(
        _have_same_box(mine, yours) for mine in one for yours in other
    ):
        return 0, False
    return differs, False


def _are_phones_near(one, other, allowed):
    """Whether one of two numbers is the other with a figure mistyped, or with two that
    changed places. The same number of another area is another house's."""
    is_near = _are_near(one, other, allowed) or _have_exchanged(one, other)
    return is_near and get_area(one) == get_area(other)


def _have_exchanged(one, other):
    """Whether two figures of a number stand in each other's place."""
    if len(one) != len(other):
        return False
    differ = [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
    return len(differ) == 2 and differ[0] == differ[1][::-1]


def _have_same_box(one, other):
    """Whether two mailboxes are called the same, with a name of their own."""
    box, others = (each.rsplit("@", 1)[0].replace(".", "") for each in (one, other))
    return box == others and len(box) >= LONG_BOX


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
        return BIRTH_YEAR if one.endswith("-01-01") else BIRTH_SAME
    (year, month, day), swapped = one.split("-"), other.split("-")
    if [year, day, month] == swapped or _are_near(one, other, 1):
        return BIRTH_MISTYPED
    return BIRTH_DIFFERS
