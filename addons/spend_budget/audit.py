"""What documents come to for each budget line, by other rules than the ledger's.

Plain Python. The ledger keeps what each document holds, in whole units, and enters
differences. Here nothing is kept, compared or rounded: documents are added up from
nothing, in exact fractions. Whatever both say alike, they did not copy from each other;
so nothing of ``shares`` and ``measure`` is used here.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from itertools import product

#: How many units the ledger may round at one document on one line: what it costs, its
#: share, and what is left of that.
ROUNDINGS = 2


@dataclass(frozen=True)
class BudgetLine:
    """One line of an open budget."""

    id: int
    budget: int
    company: int
    start: date
    end: date
    unit: Fraction
    """The smallest amount of the company's currency."""
    sequence: int = 0
    account: int | None = None
    department: int | None = None
    category: int | None = None
    ledger: int | None = None
    part_start: date | None = None
    """The part of the budget's period that it is for, if not all."""
    part_end: date | None = None


@dataclass(frozen=True)
class Item:
    """What a line of a document comes to."""

    kind: str
    day: date
    amount: Fraction
    """All of it, in company currency."""
    companies: tuple[int, ...]
    """Its company and those above it, the topmost first; likewise what follows."""
    departments: tuple[int, ...] = ()
    categories: tuple[int, ...] = ()
    distribution: Mapping[str, float] | None = None
    left: frozenset[int] = frozenset()
    """Budgets that it was carried out of."""
    entered: frozenset[int] = frozenset()
    """Budgets that it was carried into."""
    part: Fraction = Fraction(1)
    """How much of it counts: of an order what is to be billed yet."""
    ledger: int | None = None
    """Its account in the general ledger."""
    is_expense: bool = True
    """Otherwise it is counted only where that account is asked for."""
    is_rough: bool = False
    """Whether the ledger rounds it in any case, as with taxes."""


@dataclass
class Sums:
    """What budget lines should hold, and how much of it rounding may be."""

    units: dict[tuple[int, str], Fraction] = field(
        default_factory=lambda: defaultdict(Fraction)
    )
    slack: dict[tuple[int, str], int] = field(default_factory=lambda: defaultdict(int))

    def add(self, item: Item, lines: Iterable[BudgetLine], plans: Mapping[int, int]):
        """Add what an item comes to, wherever budgets count it."""
        if not item.amount or not item.part:
            return
        by_budget = defaultdict(list)
        for line in lines:
            if _counts(line, item):
                by_budget[line.budget].append(line)
        parts = list(_parts(item.distribution, plans)) if by_budget else ()
        for rivals in by_budget.values():
            for accounts, share in parts:
                line = _payer(rivals, accounts, item)
                if line:
                    whole = item.amount * share / line.unit
                    units = whole * item.part
                    key = (line.id, item.kind)
                    self.units[key] += units
                    if item.is_rough or {whole.denominator, units.denominator} != {1}:
                        self.slack[key] += ROUNDINGS

    def differs(self, key: tuple[int, str], units: Fraction | int) -> bool:
        """Tell whether a balance is not what the documents come to."""
        return abs(self.units.get(key, 0) - units) > self.slack.get(key, 0)


def open_part(
    ordered: Fraction, billed: Fraction, closed: Fraction = Fraction(0)
) -> Fraction:
    """Return which part of an order is to be billed yet.

    :param closed: what is ordered, and expected no more
    """
    if ordered <= 0:
        return Fraction(0)
    expected = ordered - closed
    return min(max((expected - billed) / ordered, Fraction(0)), Fraction(1))


def _counts(line: BudgetLine, item: Item) -> bool:
    if line.company not in item.companies or line.budget in item.left:
        return False
    if line.budget not in item.entered and not line.start <= item.day <= line.end:
        return False
    # what was carried in from before or after counts where the budget begins or ends
    day = sorted((line.start, item.day, line.end))[1]
    return (line.part_start or day) <= day <= (line.part_end or day)


def _parts(
    distribution: Mapping[str, float] | None, plans: Mapping[int, int]
) -> Iterator[tuple[frozenset[int], Fraction]]:
    """Yield the accounts of each part of the money, and how much of it that is.

    Plans that occur in one key look at the same money; others look at all of it each.
    """
    keys = []
    for key, percent in (distribution or {}).items():
        accounts = frozenset(
            int(text) for text in key.split(",") if text.strip().isdigit()
        )
        accounts = frozenset(account for account in accounts if account in plans)
        if accounts and percent and percent > 0:
            keys.append((accounts, Fraction(str(percent)) / 100))
    # give plans that meet in a key the same name: that of the smallest
    name = {plan: plan for accounts, _part in keys for plan in _plans(accounts, plans)}
    for _round in name:
        for accounts, _part in keys:
            met = _plans(accounts, plans)
            smallest = min(name[plan] for plan in met)
            name.update(dict.fromkeys(met, smallest))
    views = defaultdict(list)
    for accounts, part in keys:
        views[name[min(_plans(accounts, plans))]].append((accounts, part))
    for view in views.values():
        rest = 1 - sum(part for _accounts, part in view)
        if rest > 0:
            view.append((frozenset(), rest))
    for choice in product(*views.values()):
        accounts = frozenset().union(*(accounts for accounts, _part in choice))
        yield (
            accounts,
            math.prod((part for _accounts, part in choice), start=Fraction(1)),
        )


def _plans(accounts, plans):
    return {plans[account] for account in accounts}


def _payer(rivals: list[BudgetLine], accounts, item: Item) -> BudgetLine | None:
    """Return who of the lines of one budget pays for a part.

    Among lines that ask for the same kinds of things the one further down pays; then
    who asks for most, comes first, is oldest.
    """

    def depth(path, wanted):
        return path.index(wanted) + 1 if wanted else 0

    best: dict = {}
    for line in rivals:
        if (
            (line.account and line.account not in accounts)
            or (line.department and line.department not in item.departments)
            or (line.category and line.category not in item.categories)
            or (line.ledger and line.ledger != item.ledger)
            or not (item.is_expense or line.ledger)
        ):
            continue
        kinds = (line.account, line.ledger, bool(line.department), bool(line.category))
        deep = (
            depth(item.departments, line.department),
            depth(item.categories, line.category),
        )
        best.setdefault(kinds, []).append((deep, line))
    undefeated = [
        line
        for same in best.values()
        for deep, line in same
        if not any(
            other != deep and all(o >= d for o, d in zip(other, deep, strict=True))
            for other, _rival in same
        )
    ]
    return min(
        undefeated,
        key=lambda line: (
            -sum(
                map(bool, (line.account, line.department, line.category, line.ledger))
            ),
            line.sequence,
            line.id,
        ),
        default=None,
    )
