import os
import random
from collections import Counter, defaultdict
from dataclasses import replace
from fractions import Fraction

from odoo.tests import BaseCase, tagged
from odoo.tools import groupby

from ..displacing import ready_dates
from ..kits import KitPart, kit_ready_on
from ..lookahead import Ledger
from ..pegging import (
    NEVER,
    NOW,
    Demand,
    Supply,
    deal,
    from_units,
    peg,
    ready_on,
    share_out,
    take,
    to_units,
)
from ..swapping import harmless_swaps
from .oracle import (
    LAST,
    best_days,
    day,
    loses,
    random_case,
    random_fence,
    to_day,
)

#: Which random cases are played; many with WIDE=1 in the environment.
SEEDS = range(20_000 if os.environ.get("WIDE") else 1_000)


@tagged("post_install", "-at_install")
class TestPeggingProperty(BaseCase):
    """Whatever the numbers: the engine says what units dealt one by one say."""

    def _days(self, demands, shares):
        """Return on which days each demand has its units, as the oracle does."""
        days = {demand.key: [] for demand in demands}
        due = {demand.key: to_day(demand.date) for demand in demands}
        for share in shares:
            if share.date != NEVER:
                there = max(to_day(share.date), due[share.demand])
                days[share.demand] += [there] * share.quantity
        return {key: sorted(each) for key, each in days.items()}

    def test_everybody_has_the_most_their_turn_allows(self):
        for seed in SEEDS:
            supplies, demands = random_case(random.Random(seed), debt=True)
            shares = peg(supplies, demands)
            if self._days(demands, shares) != best_days(supplies, demands):
                self.fail(f"seed {seed}: {supplies} {demands} {shares}")

    def test_shares_add_up(self):
        for seed in SEEDS:
            supplies, demands = random_case(random.Random(seed))
            shares = peg(supplies, demands)
            given, got = Counter(), Counter()
            for share in shares:
                self.assertGreater(share.quantity, 0)
                given[share.supply] += share.quantity
                got[share.demand] += share.quantity
            pairs = {(share.supply, share.demand) for share in shares}
            self.assertEqual(len(pairs), len(shares), seed)
            arrivals = {supply.key: supply.arrival for supply in supplies}
            for share in shares:
                self.assertEqual(share.date, arrivals[share.supply])
            for supply in supplies:
                self.assertLessEqual(given[supply.key], supply.quantity, seed)
            ready = ready_on(demands, shares)
            for demand in demands:
                short = ready[demand.key].short
                self.assertEqual(got[demand.key] + short, demand.quantity, seed)
            # goods stay over only when nobody is short
            over = sum(supply.quantity for supply in supplies) - sum(given.values())
            missing = sum(each.short for each in ready.values())
            self.assertFalse(over and missing, seed)

    def test_of_sums_everybody_gets_the_same(self):
        """Who asks for one order only need not look at each of the others."""
        for seed in SEEDS:
            supplies, demands = random_case(random.Random(seed), debt=True)
            supplies.sort(key=lambda supply: supply.arrival)
            heaps, members = [], defaultdict(list)
            for date, group in groupby(supplies, lambda each: each.arrival):
                for each in group:
                    if each.quantity < 0:
                        heaps.append(replace(each, key=("debt", each.key)))
                    else:
                        members[date].append((each.key, each.quantity))
                units = sum(quantity for _key, quantity in members[date])
                heaps.append(Supply(units, date, date))
            demands.sort(key=lambda demand: demand.turn)
            crowds = [
                crowd for _turn, crowd in groupby(demands, lambda each: each.turn[:2])
            ]
            sums = [
                Demand(
                    number,
                    sum(each.quantity for each in crowd),
                    crowd[0].date,
                    order=(number,),
                )
                for number, crowd in enumerate(crowds)
            ]
            pieces = deal(heaps, sums)
            found = []
            for number, crowd in enumerate(crowds):
                mine = [piece for piece in pieces if piece.demand == number]
                place = 0
                for each in crowd:
                    dealt = take(mine, place, each.quantity)
                    found += share_out(dealt, each.key, members)
                    place += each.quantity
            self.assertCountEqual(found, peg(supplies, demands), seed)

    def test_goods_come_as_early_as_they_can(self):
        """No two orders, and no goods left over, could change places so that somebody
        has them earlier and nobody is later than due."""
        for seed in SEEDS:
            supplies, demands = random_case(random.Random(seed))
            shares = peg(supplies, demands)
            given = Counter()
            for share in shares:
                given[share.supply] += share.quantity
            latest = max((share.date for share in shares), default=NOW)
            for supply in supplies:
                if given[supply.key] < supply.quantity:
                    self.assertGreaterEqual(supply.arrival, latest, seed)

    def test_by_due_date_it_is_first_come_first_served(self):
        """When whoever is due first has the first turn, all dates are Odoo's."""
        for seed in SEEDS:
            supplies, demands = random_case(random.Random(seed))
            demands = [replace(demand, priority=0) for demand in demands]
            ready = ready_on(demands, peg(supplies, demands))
            self.assertEqual(
                {key: each.date for key, each in ready.items()},
                ready_dates(supplies, demands),
                seed,
            )

    def test_what_can_be_taken_harms_nobody_and_no_day_earlier(self):
        """Each day is tried: others have less, or there is not enough, on all of them
        before the day that the ledger says."""
        for seed in SEEDS:
            dice = random.Random(seed)
            supplies, demands = random_case(dice, debt=True)
            fence, after = random_fence(dice), dice.choice([-1, -1, 3, LAST])
            quantity = dice.randint(1, 6)
            within = [d for d in demands if not (fence and d.date > fence.date)]
            usual = best_days(supplies, within)
            expected = None
            for there in range(after, LAST + 1):
                taken = best_days(supplies, within, [there] * quantity)
                if taken is not None and not loses(usual, taken):
                    expected = there
                    break
            ledger = Ledger(supplies, demands, fence)
            found = ledger.earliest(quantity, NOW if after == -1 else day(after))
            if (found and to_day(found)) != expected:
                self.fail(f"seed {seed}: {found} {expected} {supplies} {demands}")

    def test_parts_are_the_most_on_each_day(self):
        for seed in SEEDS:
            dice = random.Random(seed)
            supplies, demands = random_case(dice)
            ledger, quantity = Ledger(supplies, demands), dice.randint(1, 9)
            parts = ledger.parts(quantity)
            for there in range(-1, LAST + 1):
                date = NOW if there == -1 else day(there)
                got = sum(units for since, units in parts if since <= date)
                self.assertEqual(got, min(quantity, ledger.free(date)), seed)
            if sum(units for _since, units in parts) == quantity:
                self.assertEqual(ledger.earliest(quantity), parts[-1][0], seed)

    def test_whoever_is_passed_over_is_named(self):
        for seed in SEEDS:
            dice = random.Random(seed)
            supplies, demands = random_case(dice)
            fence = random_fence(dice)
            ledger, quantity = Ledger(supplies, demands, fence), dice.randint(1, 6)
            date = ledger.earliest(quantity)
            if date is None:
                continue
            found = {each.key: each for each in ledger.passed_over(quantity, date)}
            # those after the fence come after the others, in their own order
            last = [
                replace(d, order=(int(bool(fence and d.date > fence.date)), d.turn))
                for d in demands
            ]
            usual = best_days(supplies, last)
            taken = best_days(supplies, last, [to_day(date)] * quantity)
            for demand in demands:
                had, has = usual[demand.key], taken[demand.key]
                worst = max(
                    sum(d <= there for d in had) - sum(d <= there for d in has)
                    for there in range(LAST + 1)
                )
                if worst > 0:
                    self.assertGreater(demand.date, fence.date, seed)
                    self.assertEqual(found.pop(demand.key).short, worst, seed)
            self.assertFalse(found, seed)

    def test_kits_are_as_many_as_can_be_put_together(self):
        """Kits are taken one by one from what each component's pool deals."""
        for seed in SEEDS:
            dice = random.Random(seed)
            kits, parts, dealt = dice.randint(1, 4), [], []
            for number in range(dice.randint(1, 3)):
                needed = dice.choice([1, 2, 3, Fraction(3, 2)])
                had = dice.choice([0, 0, 1, 4])
                supplies, demands = random_case(dice)
                want = max(int(needed * kits) - had, 0)
                kit = replace(demands[0], key="kit", quantity=want)
                shares = peg(supplies, [kit, *demands[1:]])
                mine = tuple(share for share in shares if share.demand == "kit")
                parts.append(KitPart(needed, had, mine))
                units = [-1] * had
                for share in mine:
                    units += [to_day(share.date)] * share.quantity
                dealt.append((needed, sorted(units), number))
            done = []
            for kit in range(1, kits + 1):
                days = [
                    units[-(-needed * kit // 1) - 1]
                    if len(units) >= needed * kit
                    else None
                    for needed, units, _number in dealt
                ]
                if None in days:
                    break
                done.append(max(days))
            ready = kit_ready_on("kit", kits, parts)
            self.assertEqual(ready.now, sum(there == -1 for there in done), seed)
            self.assertEqual(ready.short, kits - len(done), seed)
            whole = len(done) == kits
            self.assertEqual(to_day(ready.date), done[-1] if whole else LAST + 1, seed)

    def test_swaps_harm_nobody_and_help(self):
        """They are carried out, and units dealt one by one anew."""
        for seed in SEEDS:
            dice = random.Random(seed)
            supplies, demands = random_case(dice, reserved=True)
            today = dice.choice([0, 0, 0, 2, 5])
            usual = self._with_reserved(demands, best_days(supplies, demands))
            for borrower in demands:
                swaps = harmless_swaps(supplies, demands, borrower.key, day(today))
                now, had = demands, usual
                for swap in swaps:
                    now = self._carry_out(now, swap)
                    has = self._with_reserved(now, best_days(supplies, now))
                    if loses(usual, has):
                        self.fail(f"seed {seed}: {swap} {supplies} {demands}")
                    # what is lent, and what is there, can be used today
                    mine, before = (
                        [max(there, today) for there in days[borrower.key]]
                        for days in (has, had)
                    )
                    gains = [old - new for old, new in zip(before, mine, strict=False)]
                    self.assertEqual(len(mine), len(before), seed)
                    self.assertEqual(swap.days, max(gains), seed)
                    self.assertGreater(swap.days, 0, seed)
                    self.assertGreaterEqual(min(gains), 0, seed)
                    usable = max(to_day(borrower.date), today)
                    in_time = mine.count(usable) - before.count(usable)
                    self.assertEqual(in_time, swap.quantity, seed)
                    had = has
                for demand in now:
                    self.assertGreaterEqual(demand.reserved, 0, seed)

    def test_no_harmless_swap_is_missed(self):
        """Where none is found, none of all possible ones is harmless and helps."""
        for seed in SEEDS:
            supplies, demands = random_case(random.Random(seed), 3, reserved=True)
            usual = self._with_reserved(demands, best_days(supplies, demands))
            for borrower in demands:
                if harmless_swaps(supplies, demands, borrower.key, day(0)):
                    continue
                for lender in demands:
                    if lender.key == borrower.key:
                        continue
                    most = min(lender.reserved, borrower.quantity)
                    for quantity in range(1, most + 1):
                        now = self._swapped(demands, lender.key, borrower.key, quantity)
                        has = self._with_reserved(now, best_days(supplies, now))
                        mine, had = has[borrower.key], usual[borrower.key]
                        due = to_day(borrower.date)
                        gains = mine.count(due) - had.count(due)
                        if gains == quantity and not loses(usual, has):
                            self.fail(
                                f"seed {seed}: {lender.key} {borrower.key} {quantity}"
                                f" {supplies} {demands}"
                            )

    def _with_reserved(self, demands, days):
        """Return days with those of the units that are reserved."""
        return {
            demand.key: sorted(
                [to_day(demand.date)] * demand.reserved + days[demand.key]
            )
            for demand in demands
        }

    def _carry_out(self, demands, swap):
        return self._swapped(demands, swap.lender, swap.borrower, swap.quantity)

    def _swapped(self, demands, lender, borrower, quantity):
        sign = {lender: 1, borrower: -1}
        return [
            replace(
                demand,
                quantity=demand.quantity + sign.get(demand.key, 0) * quantity,
                reserved=demand.reserved - sign.get(demand.key, 0) * quantity,
            )
            for demand in demands
        ]

    def test_units_there_and_back(self):
        for seed in SEEDS:
            dice = random.Random(seed)
            rounding = dice.choice([1.0, 0.1, 0.01, 0.001, 0.5, 0.25, 1e-5])
            units = dice.randint(-(10**9), 10**9)
            quantity = from_units(units, rounding)
            self.assertEqual(to_units(quantity, rounding), units)
            # the noise of sums of floats is less than half of a part
            self.assertEqual(to_units(quantity + rounding * 0.4, rounding), units)
