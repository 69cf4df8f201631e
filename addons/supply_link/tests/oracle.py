"""Pegging by other rules than the code's: units one by one, days one by one.

Each unit of a demand is a job with a day until when it must have a unit of supply. A
set of jobs can be done if all of them can be matched to units of supply (augmenting
paths). Days are whole numbers; supply that is there now has day ``-1``.
"""

from datetime import datetime, timedelta

from ..lookahead import Fence
from ..pegging import NEVER, NOW, Demand, Supply

START = datetime(2026, 11, 23, 8)
DAY = timedelta(days=1)
LAST = 13


def day(number):
    return START + number * DAY


def to_day(date):
    """Return the number of a day; what is there now is there before any due date."""
    if date in (NOW, NEVER):
        return -1 if date == NOW else LAST + 1
    return (date - START) // DAY


class Matching:
    """Units of supply, and jobs that have one each."""

    def __init__(self, supplies):
        units = sorted(
            to_day(supply.arrival)
            for supply in supplies
            for _unit in range(supply.quantity)
        )
        # what was handed out without being there is replaced first
        owed = -sum(min(supply.quantity, 0) for supply in supplies)
        self.days = units[owed:]
        self.jobs = []
        self.job_of = {}

    def add(self, until):
        """Try to give a unit to one more job, those there keep one."""
        self.jobs.append(until)
        if self._augment(len(self.jobs) - 1, set()):
            return True
        self.jobs.pop()
        return False

    def _augment(self, job, seen):
        for unit, there in enumerate(self.days):
            if there > self.jobs[job] or unit in seen:
                continue
            seen.add(unit)
            if unit not in self.job_of or self._augment(self.job_of[unit], seen):
                self.job_of[unit] = job
                return True
        return False


def best_days(supplies, demands, taken=()):
    """Return on which days each demand has its units at best, in serving order.

    :param taken: days from which units are gone to somebody else, first of all
    :return: a sorted list of days by key, each at least the due day, without the units
        that never come; or nothing when there is not enough to take
    """
    matching = Matching(supplies)
    if not all(matching.add(until) for until in taken):
        return None
    found = {}
    for demand in sorted(demands, key=lambda demand: demand.turn):
        due = max(to_day(demand.date), -1)
        found[demand.key] = days = []
        for _unit in range(demand.quantity):
            start = days[-1] if days else due
            for until in range(start, LAST + 1):
                if matching.add(until):
                    days.append(until)
                    break
            else:
                break
    return found


def loses(before, after):
    """Tell whether somebody has less on a day."""
    return any(
        len(after[key]) < len(days)
        or any(new > old for new, old in zip(after[key], days, strict=False))
        for key, days in before.items()
    )


def random_case(dice, most=4, reserved=False, debt=False):
    """Return supplies and demands, with priorities and goods late or without a date."""
    supplies = [
        Supply(
            dice.randint(0, most),
            dice.choice([None, None, *map(day, range(LAST + 1)), NEVER]),
            key=f"s{number}",
        )
        for number in range(dice.randint(0, 5))
    ]
    if debt and dice.random() < 0.2:
        supplies.append(Supply(-dice.randint(1, most), key="debt"))
    demands = [
        Demand(
            f"d{number}",
            dice.randint(0, most),
            day(dice.randint(0, LAST)),
            priority=dice.choice([0, 0, 1, 2]),
            rank=number,
            reserved=dice.randint(0, most) if reserved and dice.random() < 0.5 else 0,
        )
        for number in range(dice.randint(1, 5))
    ]
    return supplies, demands


def random_fence(dice):
    today = day(0)
    return dice.choice([None, Fence(today, day(dice.randint(0, LAST)))])
