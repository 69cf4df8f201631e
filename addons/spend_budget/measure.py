"""What a document's line is worth to budgets. Plain Python, no Odoo."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from typing import NamedTuple

from .shares import (
    MOST_UNITS,
    Criteria,
    Place,
    assign,
    bear,
    leave,
    remaining,
    split,
    to_units,
)

#: What becomes of money: asked for, ordered, spent.
KINDS = ("reserve", "commit", "actual")


class Budget(NamedTuple):
    """An open budget, as far as it matters to what it counts."""

    company: int
    start: date
    end: date
    id: int


@dataclass(frozen=True)
class Measure:
    """What a line is worth to budgets, as it is now."""

    companies: frozenset[int]
    """Its company and those above it, whose budgets count it too."""
    rounding: float
    """The smallest amount of the company's currency."""
    date: date
    amount: float
    """All of it, in company currency."""
    distribution: Mapping[str, float] | None
    """Analytic, in percent, as Odoo stores it."""
    department: str
    category: str
    """Paths of hierarchies such as ``"3/7/"``."""
    kind: str
    """Where its money belongs: reserve, commit or actual."""
    left: tuple[float, float] | None = None
    """Quantity ordered and quantity billed, for orders."""
    carried: Mapping[str, Sequence[int]] = field(default_factory=dict)
    """Ids of the budgets it was carried *from* and *to*."""
    ledger: int | None = None
    """Its account in the general ledger, where budgets ask for that."""
    is_named_only: bool = False
    """Whether only budget lines that name that account count it."""

    def is_counted_by(self, budget: Budget) -> bool:
        return (
            budget.company in self.companies
            and budget.id not in self.carried.get("from", ())
            and (
                budget.start <= self.date <= budget.end
                or budget.id in self.carried.get("to", ())
            )
        )

    def bear(
        self,
        budgets: Mapping[Budget, Sequence[Criteria]],
        plan_of: Mapping[int, int],
    ) -> dict[int, int]:
        """Return which budget lines bear the whole of it.

        :param budgets: the lines of each open budget
        :param plan_of: plan by analytic account
        :return: units by id of the budget line
        :raises ValueError: for an amount or a distribution that makes no sense
        """
        if not any(map(self.is_counted_by, budgets)):
            return {}  # nobody stumbles over an amount that nobody counts
        units = to_units(self.amount, self.rounding)
        return bear(units, self.assign(budgets, plan_of))

    def leave(
        self,
        budgets: Mapping[Budget, Sequence[Criteria]],
        plan_of: Mapping[int, int],
    ) -> int:
        """Return the units of the whole of it that no line bears, see ``bear``."""
        units = to_units(self.amount, self.rounding)
        return leave(units, self.assign(budgets, plan_of))

    def assign(
        self,
        budgets: Mapping[Budget, Sequence[Criteria]],
        plan_of: Mapping[int, int],
    ) -> list[tuple[Fraction, list[int]]]:
        """Return who bears each share of it, whatever it comes to."""
        place = Place(self.department, self.category, self.ledger, self.is_named_only)
        lines = [
            self._get_current(budget, criteria)
            for budget, criteria in budgets.items()
            if self.is_counted_by(budget)
        ]
        return assign(split(self.distribution, plan_of), lines, place)

    def _get_current(self, budget, criteria):
        """Return those of a budget's lines that are for its day; for the nearest, where
        it was carried to the budget from another period."""
        day = min(max(self.date, budget.start), budget.end)
        return [line for line in criteria if line.start <= day <= line.end]

    def take(self, units: int) -> int:
        """Return how much of its share the line takes: what is not billed yet."""
        return remaining(units, *self.left) if self.left else units


def difference(held: Mapping[str, int], wanted: Mapping[str, int]) -> dict[str, int]:
    """Return what must be added to what is held, by kind, to get what is wanted."""
    moved = {kind: wanted.get(kind, 0) - held.get(kind, 0) for kind in KINDS}
    return {kind: units for kind, units in moved.items() if units}


def reachable(held: Mapping[str, int], wanted: Mapping[str, int]) -> dict[str, int]:
    """Return what may be held, by kind, of what is wanted.

    That is all of it, as long as it can be counted exactly. What was entered before
    there was a limit may stay, change its kind and get less, but not more: so it can be
    left in every way. It was not exact, so a difference of that size is let be.

    :raises OverflowError: for more than can be counted exactly
    """
    asked = sum(wanted.values())
    if abs(asked) <= MOST_UNITS:
        return dict(wanted)
    has = sum(held.values())
    if abs(asked) > abs(has) + (abs(has) >> 40) or asked * has < 0:
        raise OverflowError
    if abs(asked) <= abs(has):
        return dict(wanted)
    (kind,) = (kind for kind, units in wanted.items() if units)
    return {kind: has}
