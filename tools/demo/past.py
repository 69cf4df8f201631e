"""A year of a company's work, planned: plain Python, without Odoo.

Who plays it chooses how: the demo lets people do each step, a benchmark writes events.
The same seed gives the same year. Three patterns are in it, for reports to find:

- the finance director decides large orders after days, the manager within hours;
- one vendor delivers late, and the buyer moves the date when it is too late;
- purchases from abroad go back and forth between manager and buyer.

Beside the way of the goods, at times of its own: some orders begin as opportunities, of
which others are lost; purchasing is asked, and answers within hours or after days;
large orders need a deposit; vendors send bills, which are paid; and customers pay, some
of them soon.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import NamedTuple

#: How often each kind of order comes.
KINDS = {"stock": 14, "late": 10, "manager": 8, "director": 6, "asked": 5}
WEEK = 5
OPENS, CLOSES = 9, 16


class Step(NamedTuple):
    """Something that somebody does.

    :param at: moment, in the company's time zone
    """

    name: str
    at: datetime


class Group(NamedTuple):
    """Orders that go the same way at the same time.

    :param customers: a number for each order
    :param told: the day that customers are told
    """

    kind: str
    customers: tuple[int, ...]
    steps: tuple[Step, ...]
    told: date


class Customer(NamedTuple):
    """When somebody buys, as shares of the year."""

    begins: float
    ends: float


def plan(
    seed: int, groups: int, size: int, customers: list[Customer], end: date
) -> Iterator[Group]:
    """Yield a year of groups of orders, by the day on which they begin.

    :param groups: how many
    :param size: orders of each
    :param end: the last day on which anything happens
    """
    chance = random.Random(seed)
    first = end - timedelta(days=365)
    for number in range(groups):
        share = number / groups
        there = [
            place
            for place, each in enumerate(customers)
            if each.begins <= share < each.ends
        ]
        kind = chance.choices(list(KINDS), KINDS.values())[0]
        who = tuple(chance.choice(there) for _order in range(size))
        day = first + timedelta(days=share * 360)
        steps, told = _walk(kind, _Clock(chance, day), chance)
        while steps[-1].at.date() > end:  # short ones, so that all is over by then
            kind, day = "stock", day - timedelta(days=1)
            steps, told = _walk(kind, _Clock(chance, day), chance)
        beside = _beside(kind, steps, random.Random(f"{seed} {number}"), end)
        steps = sorted([*steps, *beside], key=lambda step: step.at)
        yield Group(kind, who, tuple(steps), told)


class _Clock:
    """Working days and hours, one after the other."""

    def __init__(self, chance: random.Random, day: date) -> None:
        self.chance, self.day, self.hour = chance, day, OPENS
        self._to_work()

    def _to_work(self) -> None:
        while self.day.weekday() >= WEEK:
            self.day += timedelta(days=1)

    def pass_hours(self, hours: int) -> None:
        for _hour in range(hours):
            self.hour += 1
            if self.hour > CLOSES:
                self.pass_days(1)

    def pass_days(self, days: int) -> None:
        for _day in range(days):
            self.day += timedelta(days=1)
            self._to_work()
            self.hour = OPENS

    def step(self, name: str) -> Step:
        minute = self.chance.randrange(60)
        return Step(name, datetime.combine(self.day, time(self.hour, minute)))


def _walk(kind: str, clock: _Clock, chance: random.Random):
    """Return the steps of orders of a kind, and the day that customers are told."""
    steps = [clock.step("quote")]

    def go(name, days=0, hours=0):
        clock.pass_days(days)
        clock.pass_hours(hours)
        steps.append(clock.step(name))

    if kind == "stock":
        go("refill", hours=1)
        go("restock", days=chance.randint(2, 3))
        go("confirm", hours=2)
        told = clock.day + timedelta(days=4)
        go("tell", hours=1)
    else:
        go("confirm", days=chance.randint(1, 2))
        told = clock.day + timedelta(days=_LEAD[kind])
        go("tell", hours=1)
        go("submit", hours=1)
    if kind == "asked":
        for _time in range(2):
            go("ask", hours=chance.randint(2, 4))
            go("answer", days=chance.randint(1, 2))
    if kind in ("manager", "asked", "director"):
        go("manager", hours=chance.randint(1, 5))
    if kind == "director":
        go("director", days=chance.randint(3, 5))
    if kind == "late":
        go("redate", days=6)
        go("receive", days=chance.randint(2, 5))
    elif kind != "stock":
        go("receive", days=chance.randint(2, 3))
    go("deliver", days=kind == "stock", hours=4)
    go("invoice", hours=1)
    return tuple(steps), told


def _beside(kind: str, steps: tuple, chance: random.Random, end: date) -> list:
    """Return what else is done for orders of a kind.

    :param chance: one of its own, so that the way of the goods stays as it is
    """
    done = {step.name: step.at for step in reversed(steps)}  # the first of each
    found = []

    def go(name, after, days=0, hours=1):
        clock = _Clock(chance, after.date())
        clock.hour = after.hour
        clock.pass_days(days)
        clock.pass_hours(hours)
        found.append(clock.step(name))
        return found[-1].at

    if chance.random() < 0.5:
        go("inquire", done["quote"] - timedelta(days=chance.randint(5, 12)))
        go("win", done["confirm"])
        go("lose", done["quote"], days=chance.randint(2, 6))
    if kind != "stock" and chance.random() < 0.6:
        asked = go("question", done["tell"])
        if chance.random() < 0.3:
            go("reply", asked, days=chance.randint(2, 3))
        else:
            go("reply", asked, hours=chance.randint(1, 2))
    if kind == "director":
        go("deposit", done["director"], hours=chance.randint(2, 6))
    bought = done.get("receive") or done["restock"]
    billed = go("bill", bought, days=1)
    if go("pay", billed, days=chance.randint(5, 15)).date() > end:
        found = found[:-2]  # what is not paid by then is not billed
    left = (end - done["invoice"].date()).days * WEEK // 7
    for name, (soonest, latest) in _PAYMENT.items():
        days = chance.randint(soonest, latest)
        # towards the end all of them hurry
        go(name, done["invoice"], days=min(days, chance.randint(0, left)))
    return [step for step in found if step.at.date() <= end]


#: Working days after which customers pay: some soon, the others when it is due.
_PAYMENT = {"collect": (1, 9), "collect_rest": (12, 24)}
#: Days until the goods should be there, when all goes well.
_LEAD = {"late": 9, "manager": 8, "director": 12, "asked": 16}
