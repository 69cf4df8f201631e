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

from ..delays import (
    DAYS,
    ENOUGH,
    ENOUGH_OF_ONE,
    HOURS,
    BuyPath,
    Delay,
    Estimate,
    Kept,
    Width,
    calibrate,
    choose_width,
    days_until,
    estimate,
    find_widths,
    later,
    quantile,
)
from ..promising import Part, Terms, promise
from .working_week import WorkingWeek

START, YEAR = date(2024, 1, 1), 365
#: So far back deliveries, and promises, are looked at, in days.
PAST, PROMISES = 365, 180
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
    kept: Kept | None = None

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
                line.kept = Kept(line.kind, line.vendor, days, line.estimate.spread)

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
        """Return the lines of the last year with the promises that each week knows
        what became of.
        """
        for now, lines in self._weeks(2):
            before = self.before(now, PROMISES)
            yield lines, [line.kept for line in before if line.kept]

    def keep(self, line, width):
        """Tell whether the goods of a line came by the likely and the safe day."""
        span = line.estimate.span(self.calendar, width)
        answer = promise([Part(1, *span, line.kind)], line.terms, self.calendar)
        real = self.calendar.day(line.came)
        return real <= answer.likely, real <= answer.safe

    def shares(self, get_width):
        """Return which share of the last year's lines came by the likely and the safe
        day: together, by kind, and by vendor.

        :param get_width: function that gets a line, and widths as
            :func:`find_widths` returns them
        """
        kept = defaultdict(list)
        for lines, past in self.tested():
            widths = find_widths(past)
            for line in lines:
                both = self.keep(line, get_width(line, widths))
                for which in ("all", line.kind, line.vendor):
                    kept[which].append(both)
        return self._count(kept)

    def curve(self, shares):
        """Return which share of the last year's lines came by days that were to be kept
        with given shares."""
        kept = [[] for _share in shares]
        for lines, past in self.tested():
            groups = defaultdict(list)
            for each in past:
                for key in {(each.kind, each.whom), (each.kind, None)}:
                    groups[key].append((each.late, each.spread))
            known = {}
            for line in lines:
                key = line.kind, line.vendor
                if len(groups[key]) < ENOUGH_OF_ONE:
                    key = line.kind, None
                if key not in known:
                    known[key] = [calibrate(groups[key], share) for share in shares]
                for found, spreads in zip(kept, known[key], strict=True):
                    found.append(self.keep(line, Width(spreads, spreads))[1])
        return [sum(found) / len(found) for found in kept]

    def _count(self, kept):
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


def by_formula(line, widths):
    """Believe the formula."""
    return Width()


def by_one(line, widths):
    """Take one width for all promises."""
    return choose_width(widths, None)


def by_kind(line, widths):
    """Take the width of promises of the same kind."""
    return choose_width(widths, line.kind)


def by_vendor(line, widths):
    """Take the vendor's own width where there is one, as the company does."""
    return choose_width(widths, line.kind, line.vendor)
