"""Three years of a distributor, played: what was promised, and when goods came.

Vendors deliver late in their own way (log-normal), all of one vendor's goods in a month
share some of it, and a few orders go wrong altogether. Approvals take longer when
submitted on Monday or Friday. Nothing of that is known to the engine: like the company
it counts what came, each week anew, and promises by that.

In the first year the company only counts how long things take, in the second it begins
to promise, in the third its promises are tested.
"""

import random
from collections import defaultdict
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import exp, log

from ..promising import (
    DAYS,
    HOURS,
    BuyPath,
    Delay,
    Estimate,
    Part,
    Terms,
    Width,
    calibrate,
    days_until,
    estimate,
    later,
    promise,
    quantile,
)
from .working_week import WorkingWeek

START, YEAR = date(2024, 1, 1), 365
#: So far back deliveries, and promises, are looked at, in days.
PAST, PROMISES = 365, 180
#: From so many cases on the past says how long something takes.
ENOUGH = 8
#: Approvals submitted on a day of the week take so many times as long.
WEEKDAYS = {0: 1.6, 4: 1.9}


@dataclass(slots=True)
class Line:
    """A customer's line: somebody asks when, and one day the goods come.

    :param kind: *buy*: nobody has ordered the goods; *ordered*: somebody has
    :param planned: when the vendor said they come, at confirmation
    :param late: days by which they came later than that
    """

    vendor: int
    kind: str
    asked: datetime
    lead: int
    planned: datetime
    came: datetime
    reaction: float
    approval: float
    late: int
    estimate: Estimate | None = None
    ratio: tuple[float, float] = (0.0, 0.0)

    @property
    def terms(self):
        return Terms(self.asked, self.asked)


class Vendor:
    def __init__(self, dice, shock):
        self.lead = dice.choice([2, 3, 5, 5, 7, 7, 10, 14, 21])
        self.share = dice.uniform(0.5, 2)
        self.middle, self.spread = dice.uniform(-0.05, 0.2), dice.uniform(0.15, 0.5)
        self.outliers = dice.uniform(0.02, 0.05)
        self.months = [dice.gauss(0, shock) for _month in range(60)]

    def draw(self, dice, month):
        """Return how many times its lead time a delivery takes."""
        factor = exp(dice.gauss(self.middle, self.spread) + self.months[month])
        return factor * (dice.uniform(2, 5) if dice.random() < self.outliers else 1)


class Years:
    """What the company sees, and what it promises.

    :param lines: in each of the years
    :param shock: how much a vendor's goods of one month have in common
    """

    def __init__(self, seed, lines, shock=0.15):
        self.dice = random.Random(seed)
        holidays = [
            START + timedelta(days=self.dice.randrange(4 * YEAR)) for _each in range(30)
        ]
        for year in range(2024, 2028):
            holidays += [date(year, 2, 9) + timedelta(days=day) for day in range(7)]
        self.calendar = WorkingWeek(holidays=holidays, first=START)
        self.vendors = [Vendor(self.dice, shock) for _vendor in range(10)]
        made = [self._make_line() for _line in range(3 * lines)]
        # what has come is in the stock: there is nothing to estimate
        self.lines = [line for line in made if line.asked < line.came]
        self.lines.sort(key=lambda line: line.asked)
        self._estimate()

    def _make_line(self):
        dice, calendar = self.dice, self.calendar
        [vendor] = dice.choices(
            range(len(self.vendors)), [each.share for each in self.vendors]
        )
        lead = self.vendors[vendor].lead
        day = calendar.open_day(START + timedelta(days=dice.randrange(3 * YEAR)))
        asked = self._at_work(day)
        reaction = dice.lognormvariate(log(3), 0.9)
        approval = dice.lognormvariate(log(5), 0.8) * WEEKDAYS.get(day.weekday(), 1)
        if dice.random() < 0.03:
            approval *= 5
        confirmed = calendar.plan(approval, calendar.plan(reaction, asked))
        planned = later(confirmed, lead, calendar)
        month = (calendar.day(confirmed) - START).days // 30
        days = lead * self.vendors[vendor].draw(dice, month)
        there = calendar.open_day(calendar.day(confirmed + timedelta(days=days)))
        kind = dice.choice(["buy", "ordered"])
        if kind == "ordered":
            asked = confirmed + dice.random() * (planned - confirmed)
        late = (there - calendar.day(planned)).days
        came = self._at_work(there)
        return Line(vendor, kind, asked, lead, planned, came, reaction, approval, late)

    def _at_work(self, day):
        return self.calendar.moment(
            day, self.dice.choice([8, 13]) + 4 * self.dice.random()
        )

    # Promising

    def _estimate(self):
        """Estimate each line of the second and third year as its day knows it."""
        for now, lines in self._weeks(1):
            paces = _Paces(self.before(now, PAST))
            for line in lines:
                if line.kind == "buy":
                    line.estimate = BuyPath(
                        paces.reaction, paces.approval, paces.vendor(line, line.lead)
                    ).estimate(line.asked, self.calendar)
                else:
                    start = max(line.asked, line.planned)
                    steps = [paces.vendor(line)]
                    line.estimate = estimate(start, steps, self.calendar)
                real = self.calendar.day(line.came)
                days = days_until(line.estimate.moment, real, self.calendar)
                line.ratio = days, line.estimate.spread

    def before(self, now, days):
        """Return the lines whose goods came before, and not too long ago."""
        since = now - timedelta(days=days)
        return [line for line in self.lines if since <= line.came < now]

    def _weeks(self, first):
        """Return the lines of each week from a year on, and when the week begins."""
        weeks, start = defaultdict(list), START + timedelta(days=first * YEAR)
        for line in self.lines:
            week = (self.calendar.day(line.asked) - start).days // 7
            if week >= 0:
                weeks[week].append(line)
        for week, lines in sorted(weeks.items()):
            yield self.calendar.moment(start + timedelta(days=7 * week)), lines

    def tested(self):
        """Return the lines of the last year with the past promises each week knows.

        :return: pairs of lines and, by kind, what :func:`calibrate` takes
        """
        for now, lines in self._weeks(2):
            pasts = defaultdict(list)
            for line in self.before(now, PROMISES):
                if line.estimate:
                    pasts[line.kind].append(line.ratio)
            yield lines, pasts

    def keep(self, line, width):
        """Tell whether the goods of a line came by the likely and the safe day."""
        span = line.estimate.span(self.calendar, width)
        answer = promise([Part(1, *span, line.kind)], line.terms, self.calendar)
        real = self.calendar.day(line.came)
        return real <= answer.likely, real <= answer.safe

    def shares(self, get_width):
        """Return which share of the last year's lines came by the likely and the safe
        day, together and by kind.

        :param get_width: function that gets a kind and the past promises by kind
        """
        kept = defaultdict(list)
        for lines, pasts in self.tested():
            widths = {kind: get_width(kind, pasts) for kind in ("buy", "ordered")}
            for line in lines:
                both = self.keep(line, widths[line.kind])
                kept["all"].append(both)
                kept[line.kind].append(both)
                kept[line.vendor].append(both)
        return {
            which: tuple(sum(each) / len(each) for each in zip(*pairs, strict=True))
            for which, pairs in kept.items()
        }


class _Paces:
    """How long things took, as the company counts it."""

    def __init__(self, lines):
        self.reaction = self._delay([line.reaction for line in lines], HOURS)
        self.approval = self._delay([line.approval for line in lines], HOURS)
        late = defaultdict(list)
        for line in lines:
            late[line.vendor].append(line.late)
            late[None].append(line.late)
        self._late = {
            vendor: self._delay(days, DAYS)
            for vendor, days in late.items()
            if len(days) >= ENOUGH
        }

    def _delay(self, values, unit):
        likely = max(quantile(values, 0.5), 0.0)
        return Delay(likely, max(quantile(values, 0.8), likely), unit, len(values))

    def vendor(self, line, lead=0):
        late = self._late.get(line.vendor) or self._late[None]
        return Delay(lead + late.likely, lead + late.safe, DAYS, late.sample)


def by_formula(kind, pasts):
    """Believe the formula."""
    return Width()


def by_one(kind, pasts):
    """Take one width for promises of all kinds."""
    return Width.from_past([each for past in pasts.values() for each in past])


def by_kind(kind, pasts):
    """Take the width of promises of the same kind, as the company does."""
    return Width.from_past(pasts[kind])


def by_share(share):
    """Take the width of one share of promises of the same kind."""

    def get_width(kind, pasts):
        spreads = calibrate(pasts[kind], share)
        return Width(spreads, spreads)

    return get_width
