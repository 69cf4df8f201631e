"""Promises by other rules than the code's.

Time is walked quarter of an hour by quarter of an hour, units are dealt one by one, and
whether a unit can be taken is tried: what is taken is gone, and everybody who was
before is served moment by moment. Moments are whole seconds since ``START``; ``-1`` is
what is there now, ``FOREVER`` what never comes.
"""

from datetime import UTC, date, datetime, timedelta
from functools import cache
from math import hypot
from zoneinfo import ZoneInfo

from odoo.addons.supply_link.pegging import NEVER, NOW

#: In the weeks after it clocks are changed in most zones, forth or back.
START = datetime(2027, 2, 25)
SLOT, SLOTS = 900, 200 * 96
HERE, FOREVER = -1, 10**12
A_DAY = 86_400


def to_seconds(moment):
    if moment in (NOW, NEVER):
        return HERE if moment == NOW else FOREVER
    return (moment - START) / timedelta(seconds=1)


def to_moment(seconds):
    if seconds in (HERE, FOREVER):
        return NOW if seconds == HERE else NEVER
    return START + timedelta(seconds=seconds)


@cache
def _slots(zone):
    """Return day and quarter of the day of each slot, on the clock of a zone."""
    found, there = [], ZoneInfo(zone)
    for slot in range(SLOTS):
        moment = START + timedelta(seconds=SLOT * slot)
        local = moment.replace(tzinfo=UTC).astimezone(there)
        quarter = local.hour * 4 + local.minute // 15
        found.append((local.toordinal(), local.weekday(), quarter))
    return found


class Walk:
    """A company's time, walked slot by slot."""

    def __init__(self, week, holidays, zone):
        self.slots = _slots(zone)
        self.week = {
            (weekday, quarter)
            for weekday, hours in week.items()
            for since, until in hours
            for quarter in range(int(since * 4), int(until * 4))
        }
        self.holidays = {day.toordinal() for day in holidays}

    def is_worked(self, slot):
        ordinal, weekday, quarter = self.slots[slot]
        return ordinal not in self.holidays and (weekday, quarter) in self.week

    def is_open(self, ordinal):
        weekday = date.fromordinal(ordinal).weekday()
        worked = any(weekday == each for each, _quarter in self.week)
        return worked and ordinal not in self.holidays

    def ordinal(self, seconds):
        return self.slots[int(seconds // SLOT)][0]

    def hours(self, seconds, hours):
        """Return when so many working hours are over."""
        if not hours:
            return seconds
        if not self.week:
            return FOREVER
        slot, left = int(seconds // SLOT), hours * 3600
        while True:
            since = max(seconds, slot * SLOT)
            until = (slot + 1) * SLOT
            if self.is_worked(slot):
                if left <= until - since:
                    return since + left
                left -= until - since
            slot += 1

    def begin(self, ordinal, near):
        """Return when a day begins that is not before the one of a moment."""
        slot = int(near // SLOT)
        while slot and self.slots[slot - 1][0] == self.slots[slot][0]:
            slot -= 1
        while self.slots[slot][0] < ordinal:
            slot += 1
        return slot * SLOT

    def days(self, seconds, days):
        """Return the moment so many days later, as long after midnight."""
        whole, today = int(days // 1), self.ordinal(seconds)
        since = seconds - self.begin(today, seconds)
        start = self.begin(today + whole, seconds)
        end = self.begin(today + whole + 1, start)
        return min(start + since, end - 1) + (days - whole) * A_DAY

    def open_day(self, ordinal):
        if not self.week:
            return ordinal
        while not self.is_open(ordinal):
            ordinal += 1
        return ordinal

    def open(self, seconds):
        """Return the moment, or when the next day begins that is worked."""
        if seconds in (HERE, FOREVER):
            return seconds
        today = self.ordinal(seconds)
        opening = self.open_day(today)
        return seconds if opening == today else self.begin(opening, seconds)

    def path(self, seconds, steps, width):
        """Return when steps are likely and safely over.

        :param steps: unit, likely and safe length
        """
        start, spreads = seconds, []
        for unit, likely, safe in steps:
            if unit == "hours":
                end, late = self.hours(seconds, likely), self.hours(seconds, safe)
            else:
                end, late = self.days(seconds, likely), self.days(seconds, safe)
            if end == FOREVER:
                return FOREVER, FOREVER
            spreads.append(max(late - end, 0.0))
            seconds = self.open(end) if unit == "days" else end
        spread = hypot(*spreads)
        likely, safe = (
            self.open(max(round(seconds + each * spread, 6), start)) for each in width
        )
        return likely, max(likely, safe)

    def customer(self, ready, now, ordered, lead, outgoing):
        """Return the customer's day."""
        if ready == FOREVER:
            return None
        leaves = self.days(max(ready, now), outgoing)
        there = max(leaves, self.days(ordered, lead))
        return date.fromordinal(self.open_day(self.ordinal(there)))


def serve(supplies, demands, taken):
    """Serve demands as they are due, moment by moment, while units are taken.

    :param supplies: moments and units
    :param demands: the same, until when they are wanted
    :param taken: moments
    :return: how much was served until each moment; nothing where a unit was taken that
        was not there
    """
    moments = sorted({HERE, *(m for m, _ in supplies), *(m for m, _ in demands)})
    stock, owed, served, found = 0, 0, 0, {}
    for moment in moments:
        if moment == FOREVER:
            continue
        stock += sum(units for there, units in supplies if there == moment)
        gone = taken.count(moment)
        if gone > max(stock, 0):
            return None
        stock -= gone
        owed += sum(units for due, units in demands if due == moment)
        given = max(min(stock, owed), 0)
        stock, owed, served = stock - given, owed - given, served + given
        found[moment] = served
    return found


def take(supplies, demands, taken):
    """Return when one more unit can be taken, and nobody has less at any moment."""
    usual = serve(supplies, demands, [])
    for moment in usual:
        tried = serve(supplies, demands, [*taken, moment])
        if tried == usual:
            return moment
    return FOREVER


def put_together(components, wanted):
    """Return kits one by one, made of pieces of half a unit.

    :param components: how many halves a kit takes, and the units: tuples that start
        with likely and safe
    """
    piles = []
    for halves, units in components:
        pieces = [unit for unit in sorted(units) for _half in range(2)]
        piles.append((halves, pieces))
    kits = []
    while len(kits) < wanted:
        used = []
        for halves, pieces in piles:
            if len(pieces) < halves:
                return kits
            used += [pieces.pop(0) for _piece in range(halves)]
        kits.append((max(each[0] for each in used), max(each[1] for each in used)))
    return kits
