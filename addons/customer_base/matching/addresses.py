"""How surely two addresses are one, in bits as in ``scoring``."""

from rapidfuzz.distance import OSA

from .typed import is_syllable

#: Before the number of a room or a stall.
ROOMS = frozenset("can kiot ki ot phong sap".split())
STREET_SAME, STREET_ALIKE, STREET_DIFFERS = 5, 2, -2
CITY_SAME, CITY_DIFFERS = 1, -1
#: A school of that name is in every town.
CITY_OF_OTHERS = -6
#: So many letters of a street may be wrong.
MISTYPED = 2


def weigh_places(one, other):
    """Return bits for where two entries live.

    :param keys.Entry one: of a customer
    :param keys.Entry other: likewise
    :rtype: int
    """
    of_street, of_city = _weigh_streets(one, other), _weigh_cities(one, other)
    # a hamlet or a street of that name is in many provinces
    return of_city + (min(of_street, 0) if of_city < 0 else of_street)


def _weigh_streets(one, other):
    if not one.street or not other.street:
        return 0
    mine, yours = one.street, other.street
    rooms, others = _get_rooms(one), _get_rooms(other)
    if rooms and others and rooms.isdisjoint(others):
        return STREET_DIFFERS
    # another house of the same street is another house
    numbers, others = (set(filter(_has_figure, each)) for each in (mine, yours))
    if numbers != others and numbers and others:
        return STREET_DIFFERS
    if sorted(mine) == sorted(yours) or _is_mistyped("".join(mine), "".join(yours)):
        return STREET_SAME
    if _is_in_letters(mine, yours) or _is_in_letters(yours, mine):
        return STREET_SAME
    if not numbers and not others and _share(one, other):
        return STREET_ALIKE
    common = len((set(mine) & set(yours)) - numbers)
    if 2 * common >= min(len(mine), len(yours)):
        return STREET_ALIKE
    return STREET_DIFFERS


def _is_mistyped(one, other):
    return OSA.distance(one, other, score_cutoff=MISTYPED) <= MISTYPED


def _get_rooms(entry):
    """Return the numbers of rooms or stalls that an address says: *sạp 14*."""
    words = (*entry.street, *entry.around)
    if ROOMS.isdisjoint(words):
        return frozenset()
    return frozenset(
        number
        for word, number in zip(words, words[1:], strict=False)
        if word in ROOMS and number.isdigit()
    )


def are_at_one_house(one, other):
    """Whether two addresses have a number and a street in common.

    :param keys.Entry one: of a customer
    :param keys.Entry other: likewise
    :rtype: bool
    """
    if not any(map(_has_figure, one.street)):
        return False
    return _weigh_streets(one, other) == STREET_SAME and _weigh_cities(one, other) >= 0


def _share(one, other):
    """Whether two addresses without numbers have two words in common, as those of a
    village do."""
    words, others = {*one.street, *one.around}, {*other.street, *other.around}
    return len(words & others) > 1


def _is_in_letters(one, other):
    """Whether a street is another one in the letters that its words begin with: *540
    ĐBP*. Two that are written out may begin alike: Hùng Vương, Hàng Vải."""
    names, others = (
        [word for word in street if not _has_figure(word)] for street in (one, other)
    )
    return (
        len(names) == 1
        and not is_syllable(names[0])
        and names[0] == "".join(word[0] for word in others)
    )


def _has_figure(word):
    return word[0].isdigit() or word[-1].isdigit()


def _weigh_cities(one, other):
    if one.province and other.province:
        if one.province == other.province:
            return CITY_SAME
        is_local = one.name.is_local and other.name.is_local
        return CITY_OF_OTHERS if is_local else CITY_DIFFERS
    if not one.city or not other.city:
        return 0
    return CITY_SAME if set(one.city) & set(other.city) else CITY_DIFFERS
