"""Which of several values a merged customer keeps.

Verified before newest before fullest; who merges may choose otherwise.
"""

from dataclasses import dataclass
from datetime import datetime

EARLIEST = datetime.min


@dataclass(frozen=True)
class Candidate:
    """A value of one customer.

    :param holder: whose it is
    :param bool is_verified: whether something outside vouches for it, such as a check
        digit
    :param datetime since: when it was entered, as far as that is known
    :param int fullness: how much it says: letters, or parts of an address
    """

    holder: int
    value: object
    is_verified: bool = False
    since: datetime = EARLIEST
    fullness: int = 0


def choose(candidates):
    """Return which value stays; of equals the first.

    :param candidates: in the order of their holders
    :return: nothing when all are empty
    :rtype: Candidate
    """
    filled = [each for each in candidates if each.fullness]
    return max(
        filled,
        key=lambda each: (each.is_verified, each.since, each.fullness),
        default=None,
    )


def fill(values, with_empty=True):
    """Return one mapping out of several: what an earlier one does not say, a later one
    adds.

    :param values: mappings, or nothing
    :param bool with_empty: whether an empty value says something
    """
    merged = {}
    for value in values:
        for key, each in (value or {}).items():
            if key not in merged or not (with_empty or merged[key]):
                merged[key] = each
    return merged
