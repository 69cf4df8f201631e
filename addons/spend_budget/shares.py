"""Who bears what: splitting money between budget lines, exactly.

Plain Python. Money is counted in *units*, the smallest amount of the company's currency
(one đồng, one cent), as whole numbers, so that nothing is lost by rounding.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from typing import NamedTuple

#: More parts than this are nonsense, or meant to keep the server busy.
MOST_SHARES = 10_000

#: A distribution of so many times the money is nonsense.
MOST_WEIGHT = 100

#: Amounts pass through floats, and Odoo rounds these after adding a 2 ** 50th of them:
#: below 2 ** 49 units that is less than half a unit, and nothing is lost. Beyond, a
#: balance and what was entered would differ: what was taken could not be given back.
MOST_UNITS = 5 * 10**14


class Share(NamedTuple):
    """A part of the money, and the analytic accounts that all of it belongs to."""

    accounts: frozenset[int]
    weight: Fraction


class Place(NamedTuple):
    """Where money is spent, beside the analytic accounts of its shares.

    ``department`` and ``category`` are paths of a hierarchy such as ``"3/7/"``.
    """

    department: str = ""
    category: str = ""
    ledger: int | None = None
    """The account of the general ledger."""
    is_named_only: bool = False
    """Whether only lines that name that account count it."""


class Criteria(NamedTuple):
    """What a budget line asks for; empty criteria ask for nothing.

    A line for a department or category also covers what is below it.
    """

    id: int
    sequence: int = 0
    account: int | None = None
    department: str = ""
    category: str = ""
    ledger: int | None = None
    start: date = date.min
    """The first day of the part of the budget's period that it is for."""
    end: date = date.max

    def fits(self, accounts, place: Place) -> bool:
        return (
            (not self.account or self.account in accounts)
            and place.department.startswith(self.department)
            and place.category.startswith(self.category)
            and self.ledger in (None, place.ledger)
            and not (place.is_named_only and self.ledger is None)
        )

    def is_within(self, other: Criteria) -> bool:
        """Tell whether the other line covers all of this one, and more."""
        return (
            self != other
            and self.account == other.account
            and self.ledger == other.ledger
            and bool(self.department) == bool(other.department)
            and bool(self.category) == bool(other.category)
            and self.department.startswith(other.department)
            and self.category.startswith(other.category)
            and (self.department, self.category) != (other.department, other.category)
        )

    @property
    def rank(self):
        """The smallest is preferred: most criteria, then sequence, then age."""
        asked = (self.account, self.department, self.category, self.ledger)
        return -sum(map(bool, asked)), self.sequence, self.id


def choose(lines: Sequence[Criteria], accounts, place: Place) -> Criteria | None:
    """Return the most specific of the lines that fit, or ``None``.

    A line gives way to one for a part of what it covers, a department below its own for
    instance; the rest is a matter of rank.
    """
    fitting = [line for line in lines if line.fits(accounts, place)]
    precise = [
        line for line in fitting if not any(other.is_within(line) for other in fitting)
    ]
    return min(precise, key=lambda line: line.rank, default=None)


def to_units(amount: float | Decimal, rounding: float) -> int:
    """Return an amount in units.

    :param amount: in currency; a ``Decimal`` where a float would not be exact
    :param rounding: the currency's smallest amount
    :raises ValueError: for what is not a number
    """
    if not math.isfinite(amount):
        raise ValueError("not an amount")
    exact = amount if isinstance(amount, Decimal) else Decimal(repr(amount))
    return int((exact / Decimal(repr(rounding))).to_integral_value(ROUND_HALF_UP))


def is_exact(amount: float, rounding: float) -> bool:
    """Tell whether budgets can count with an amount, see ``MOST_UNITS``."""
    return math.isfinite(amount) and abs(to_units(amount, rounding)) <= MOST_UNITS


def from_units(units: int, rounding: float) -> Decimal:
    return units * Decimal(repr(rounding))


def split(
    distribution: Mapping[str, float] | None, plan_of: Mapping[int, int]
) -> list[Share]:
    """Return the disjoint parts of the money that an analytic distribution makes.

    Accounts of one plan share the money between them. Plans that never occur together
    each look at all of it: their shares are combined. What a plan leaves over belongs
    to no account of it, so the weights add up to 1 unless a plan has more than 100 %.

    :param distribution: as Odoo stores it: ``{"1": 60, "2,5": 40}``, in percent
    :param plan_of: plan by account; accounts missing there do not exist any more
    :raises ValueError: when the distribution is absurd
    """
    shares = [Share(frozenset(), Fraction(1))]
    for group in _groups(distribution or {}, plan_of):
        total = sum(share.weight for share in group)
        if total > MOST_WEIGHT:
            raise ValueError("more than can be")
        rest = 1 - total
        options = [*group, Share(frozenset(), rest)] if rest > 0 else group
        if len(shares) * len(options) > MOST_SHARES:
            raise ValueError("too many shares")
        shares = [
            Share(one.accounts | other.accounts, one.weight * other.weight)
            for one in shares
            for other in options
        ]
    return shares


def _groups(distribution, plan_of) -> list[list[Share]]:
    """Put together the shares whose plans overlap."""
    groups: list[tuple[set[int], list[Share]]] = []
    for key, percent in distribution.items():
        ids = (int(part) for part in str(key).split(",") if part.strip().isdigit())
        accounts = frozenset(number for number in ids if number in plan_of)
        weight = Fraction(repr(float(percent or 0))) / 100
        if not accounts or weight <= 0:
            continue
        plans = {plan_of[account] for account in accounts}
        shares = [Share(accounts, weight)]
        apart = []
        for other_plans, other_shares in groups:
            if plans & other_plans:
                plans, shares = plans | other_plans, other_shares + shares
            else:
                apart.append((other_plans, other_shares))
        groups = [*apart, (plans, shares)]
    return [shares for _plans, shares in groups]


def allocate(units: int, weights: Sequence[Fraction]) -> list[int]:
    """Divide units by weights; the parts add up to the rounded whole.

    Who was rounded down furthest gets the next unit.
    """
    if len(weights) == 1 and weights[0] == 1:
        return [units]  # a million journal items are mostly like this
    sign = -1 if units < 0 else 1
    exact = [abs(units) * weight for weight in weights]
    parts = [math.floor(part) for part in exact]
    left = _round(sum(exact, Fraction(0))) - sum(parts)
    by_loss = sorted(
        range(len(parts)), key=lambda index: (parts[index] - exact[index], index)
    )
    for index in by_loss[:left]:
        parts[index] += 1
    return [sign * part for part in parts]


def assign(
    shares: Sequence[Share], budgets: Iterable[Sequence[Criteria]], place: Place
) -> list[tuple[Fraction, list[int]]]:
    """Return who bears each share: its weight, and the ids of the lines.

    Within one budget each share is counted once, on the most specific line that fits;
    several budgets count the same money each in their own way.

    :param budgets: the lines of each budget that applies
    """
    budgets = list(budgets)
    assigned = []
    for share in shares:
        chosen = (choose(lines, share.accounts, place) for lines in budgets)
        assigned.append((share.weight, [line.id for line in chosen if line]))
    return assigned


def bear(
    units: int, assigned: Sequence[tuple[Fraction, Sequence[int]]]
) -> dict[int, int]:
    """Return the units each budget line bears.

    :param assigned: see ``assign``
    """
    borne: dict[int, int] = {}
    parts = allocate(units, [weight for weight, _ids in assigned])
    for part, (_weight, ids) in zip(parts, assigned, strict=True):
        for line_id in ids:
            borne[line_id] = borne.get(line_id, 0) + part
    return borne


def leave(units: int, assigned: Sequence[tuple[Fraction, Sequence[int]]]) -> int:
    """Return the units that no line of any budget bears, see ``bear``."""
    parts = allocate(units, [weight for weight, _ids in assigned])
    shared = zip(parts, assigned, strict=True)
    return sum(part for part, (_weight, ids) in shared if not ids)


def remaining(units: int, ordered: float, billed: float) -> int:
    """Return what is still to be billed of a cost.

    :param ordered: quantity
    :param billed: quantity in the same unit, refunds taken off
    """
    if ordered <= 0:
        return 0
    share = 1 - Fraction(repr(billed)) / Fraction(repr(ordered))
    return _round(units * min(max(share, Fraction(0)), Fraction(1)))


def _round(exact: Fraction) -> int:
    return math.floor(exact + Fraction(1, 2))
