import os
import random
from collections import Counter
from datetime import datetime, timedelta
from fractions import Fraction
from statistics import NormalDist

from odoo.tests import BaseCase, tagged

from odoo.addons.supply_link.lookahead import Fence, Ledger
from odoo.addons.supply_link.pegging import Demand, Supply

from ..delays import (
    DAYS,
    HOURS,
    Advance,
    BuyPath,
    Delay,
    Width,
    estimate,
    follow,
    quantile,
    time_left,
    wait_for_money,
)
from ..promising import (
    Part,
    Terms,
    ask,
    fill,
    kit_parts,
    parts_by_supply,
    promise,
    together,
)
from .oracle import (
    A_DAY,
    FOREVER,
    HERE,
    SLOT,
    Walk,
    put_together,
    serve,
    take,
    to_moment,
    to_seconds,
)
from .working_week import MONDAY_TO_FRIDAY, WorkingWeek

#: Which random cases are played; many with WIDE=1 in the environment.
SEEDS = range(10_000 if os.environ.get("WIDE") else 1_000)

WEEKS = [
    MONDAY_TO_FRIDAY,
    MONDAY_TO_FRIDAY,
    {weekday: ((7.5, 16.0),) for weekday in range(6)},
    {2: ((9.0, 12.5),)},
    {weekday: ((0.0, 6.0), (22.0, 24.0)) for weekday in range(7)},
    {},
]
ZONES = [
    "Asia/Ho_Chi_Minh",
    "Europe/Berlin",
    "America/New_York",
    "Asia/Kolkata",
    "America/Santiago",
]


class Scenario:
    """A company, its pools, and quotations, for the code and for the oracle."""

    def __init__(self, dice):
        self.dice = dice
        zone, week = dice.choice(ZONES), dice.choice(WEEKS)
        self.now = dice.randrange(5 * 96, 40 * 96) * SLOT
        first = to_moment(self.now).date()
        holidays = [
            first + timedelta(days=dice.randint(0, 30))
            for _holiday in range(dice.randint(0, 6))
        ]
        self.calendar = WorkingWeek(week, holidays, zone, first - timedelta(days=4))
        self.walk = Walk(week, holidays, zone)
        self.width = Width(dice.choice([0, 0, -0.5, 0.4]), dice.choice([0.5, 1, 1.7]))
        self.supplies, self.demands, self.bought = {}, {}, {}
        self.fences, self.paths, self.lateness = {}, {}, {}
        for pool in "ab":
            self._fill_pool(pool)
        self.ledgers = {
            pool: Ledger(
                [Supply(n, to_moment(at), at) for at, n in self.supplies[pool]],
                [Demand(i, n, to_moment(at)) for i, (at, n) in enumerate(each)],
                self.fences[pool],
            )
            for pool, each in self.demands.items()
        }

    def _later(self, most):
        return self.now + self.dice.randrange(1, most * 96) * SLOT

    def _fill_pool(self, pool):
        dice = self.dice
        moments = {self._later(20) for _receipt in range(dice.randint(0, 4))}
        self.supplies[pool] = [
            (HERE, dice.choice([0, 0, 2, 5, 9, -2])),
            *((moment, dice.randint(0, 5)) for moment in sorted(moments)),
            (FOREVER, dice.randint(0, 3)),
        ]
        self.demands[pool] = [
            (self._later(20), dice.randint(0, 4))
            for _order in range(dice.randint(0, 5))
        ]
        self.lateness[pool] = {
            moment: self._delay("days", 3) for moment in moments if dice.random() < 0.5
        }
        self.paths[pool] = None
        if dice.random() < 0.75:
            self.paths[pool] = [
                self._delay("hours", 8),
                self._delay("hours", 16),
                self._delay("days", 10),
                self._delay("days", 2),
                self._delay("days", 1),
            ]
        self.fences[pool] = None
        if dice.random() < 0.5:
            today = to_moment(self.now)
            self.fences[pool] = Fence(today, to_moment(self._later(15)))

    def _delay(self, unit, most):
        likely = self.dice.randrange(0, 4 * most) / 4
        return unit, likely, likely + self.dice.choice([0, 0, 0.25, 1, most / 2])

    def is_before(self, pool, due):
        """Tell whether an order counts: there is no time to buy for it."""
        fence = self.fences[pool]
        return not fence or due <= to_seconds(fence.date)

    def quotation(self):
        """Return lines: components (pool and halves of a unit for one) and quantity."""
        lines = []
        for _line in range(self.dice.randint(1, 4)):
            pools = self.dice.choice(["a", "a", "b", "ab"])
            halves = [self.dice.choice([2, 2, 4, 3]) for _pool in pools]
            if len(pools) == 1:
                halves = [2]
            lines.append(
                (list(zip(pools, halves, strict=True)), self.dice.randint(0, 6))
            )
        return lines

    def terms(self):
        dice = self.dice
        return {
            "ordered": self.now - dice.choice([0, 0, 3 * A_DAY]),
            "lead": dice.choice([0, 0, 1.5, 3, 9]),
            "outgoing": dice.choice([0, 0, 0.5, 1, 2.25]),
        }


@tagged("post_install", "-at_install")
class TestPromisingProperty(BaseCase):
    """Whatever the numbers: the engine says what is found unit by unit."""

    def test_promises_are_what_units_and_quarters_of_an_hour_say(self):
        for seed in SEEDS:
            scenario = Scenario(random.Random(seed))
            # quotations take nothing from each other
            for _quotation in range(2):
                lines, terms = scenario.quotation(), scenario.terms()
                found = self._by_engine(scenario, lines, terms)
                expected = self._by_oracle(scenario, lines, terms)
                if found != expected:
                    self.fail(f"seed {seed}: {found} {expected} {lines} {terms}")

    # The engine

    def _by_engine(self, scenario, lines, terms):
        now = to_moment(scenario.now)
        calendar, width = scenario.calendar, scenario.width
        wishes = [
            (pool, -(-halves * quantity // 2))
            for components, quantity in lines
            for pool, halves in components
        ]
        dealt = iter(zip(wishes, ask(scenario.ledgers, wishes), strict=True))
        ordered = to_moment(terms["ordered"])
        # half of the days out are security
        half = terms["outgoing"] / 2
        rules = Terms(now, ordered, terms["lead"], half, half)
        answers = []
        for components, _quantity in lines:
            filled = []
            for _pool, halves in components:
                (pool, _wanted), parts = next(dealt)
                parts = [self._arriving(scenario, pool, part) for part in parts]
                steps = scenario.paths[pool]
                path = steps and self._path(steps).date(now, calendar, width)
                filled.append((Fraction(halves, 2), fill(parts, path, True)))
            parts = filled[0][1] if len(components) == 1 else kit_parts(filled)
            answer = promise(parts, rules, calendar)
            days = Counter()
            for day, units, _part in answer.parts:
                days[day] += units
            answers.append((answer.likely, answer.safe, answer.now, days))
        return answers

    def _arriving(self, scenario, pool, part):
        late = scenario.lateness[pool].get(part.key)
        if part.way != "incoming" or not late:
            return part
        guess = estimate(part.likely, [self._delay(late)], scenario.calendar)
        span = guess.span(scenario.calendar, scenario.width)
        return Part(part.quantity, *span, part.way, part.key, guess)

    def _delay(self, step):
        unit, likely, safe = step
        return Delay(likely, safe, HOURS if unit == "hours" else DAYS)

    def _path(self, steps):
        return BuyPath(*map(self._delay, steps))

    # The oracle

    def _by_oracle(self, scenario, lines, terms):
        taken, answers = {"a": [], "b": []}, []
        for components, quantity in lines:
            piles = [
                (halves, self._units(scenario, pool, -(-halves * quantity // 2), taken))
                for pool, halves in components
            ]
            if len(piles) == 1:
                units = [unit[:2] for unit in piles[0][1]]
            else:
                units = put_together(piles, quantity)
            answers.append(self._answer(scenario, units, terms))
        return answers

    def _units(self, scenario, pool, wanted, taken):
        """Return when each unit is likely and safely there."""
        supplies = scenario.supplies[pool]
        demands = [
            order
            for order in scenario.demands[pool]
            if scenario.is_before(pool, order[0])
        ]
        bought = self._walk_path(scenario, pool)
        units = []
        for _unit in range(wanted):
            moment = take(supplies, demands, taken[pool])
            if moment != FOREVER:
                taken[pool].append(moment)
            unit = moment, moment
            if late := scenario.lateness[pool].get(moment):
                unit = scenario.walk.path(moment, [late], scenario.width)
            units.append(bought if bought[0] < unit[0] else unit)
        return units

    def _walk_path(self, scenario, pool):
        if pool not in scenario.bought:
            steps, bought = scenario.paths[pool], (FOREVER, FOREVER)
            if steps:
                bought = scenario.walk.path(scenario.now, steps, scenario.width)
            scenario.bought[pool] = bought
        return scenario.bought[pool]

    def _answer(self, scenario, units, terms):
        likely, safe = (
            [
                scenario.walk.customer(unit[which], scenario.now, **terms)
                for unit in units
            ]
            for which in (0, 1)
        )
        return (
            max(likely) if likely and None not in likely else None,
            max(safe) if safe and None not in safe else None,
            sum(unit[0] == HERE for unit in units),
            Counter(likely),
        )

    # What must always hold

    def test_no_promise_counts_what_an_earlier_order_needs(self):
        """What was promised is taken: order by order, nobody before has less on any
        moment from the own due date on, whoever of them is served first."""
        for seed in SEEDS:
            dice = random.Random(seed)
            scenario = Scenario(dice)
            for pool in "ab":
                [parts] = ask(scenario.ledgers, [(pool, dice.randint(1, 12))])
                gone = Counter()
                for part in parts:
                    if part.way != "none":
                        gone[to_seconds(part.likely)] += part.quantity
                orders = [
                    (due, units)
                    for due, units in scenario.demands[pool]
                    if scenario.is_before(pool, due)
                ]
                turns = dice.sample(range(len(orders)), len(orders))
                usual = self._play(scenario.supplies[pool], orders, turns, Counter())
                taken = self._play(scenario.supplies[pool], orders, turns, gone)
                self.assertEqual(taken, usual, (seed, pool, parts))

    def _play(self, supplies, orders, turns, gone):
        """Return what each order has had at each moment."""
        moments = sorted({HERE} | {at for at, _ in supplies} | {at for at, _ in orders})
        stock, had, history = 0, [0] * len(orders), []
        for moment in moments:
            if moment == FOREVER:
                break
            stock += sum(units for there, units in supplies if there == moment)
            self.assertTrue(not gone[moment] or gone[moment] <= stock)
            stock -= gone[moment]
            for turn in turns:
                due, units = orders[turn]
                if due <= moment:
                    given = max(min(stock, units - had[turn]), 0)
                    had[turn] += given
                    stock -= given
            history.append(tuple(had))
        return history

    def test_parts_name_goods_that_come_then_and_only_as_many(self):
        for seed in SEEDS:
            dice = random.Random(seed)
            scenario = Scenario(dice)
            for pool, ledger in scenario.ledgers.items():
                wanted = dice.randint(0, 12)
                found = parts_by_supply(ledger, wanted)
                together = Counter()
                for moment, units, key in found:
                    together[moment] += units
                    self.assertEqual(to_seconds(moment), key, seed)
                    self.assertGreater(units, 0)
                self.assertEqual(list(together.items()), ledger.parts(wanted), seed)
                there = dict(scenario.supplies[pool])
                for _moment, units, key in found:
                    self.assertLessEqual(units, there[key], seed)

    def test_more_lines_take_what_one_line_of_all_would_take(self):
        for seed in SEEDS:
            dice = random.Random(seed)
            ledgers = Scenario(dice).ledgers
            wanted = [dice.randint(0, 5) for _line in range(dice.randint(1, 5))]
            [whole] = ask(ledgers, [("a", sum(wanted))])
            lines = ask(ledgers, [("a", units) for units in wanted])
            split, once = Counter(), Counter()
            for part in (part for line in lines for part in line):
                split[part.likely, part.key] += part.quantity
            for part in whole:
                once[part.likely, part.key] += part.quantity
            self.assertEqual(split, once, seed)
            for line, units in zip(lines, wanted, strict=True):
                self.assertEqual(sum(part.quantity for part in line), units, seed)

    def test_safe_is_never_before_likely_and_no_step_goes_back(self):
        for seed in SEEDS:
            dice = random.Random(seed)
            scenario = Scenario(dice)
            now = to_moment(scenario.now)
            for steps in filter(None, scenario.paths.values()):
                delays = [self._delay(step) for step in steps]
                ends = [
                    follow(now, delays[:count], scenario.calendar)
                    for count in range(len(delays) + 1)
                ]
                for before, after in zip(ends, ends[1:], strict=False):
                    self.assertLessEqual(before.likely, after.likely, seed)
                for span in ends:
                    self.assertLessEqual(span.likely, span.safe, seed)

    def test_sums_of_normal_delays_are_safe_four_times_of_five(self):
        """Delays are drawn, and as many of their sums are in time as was promised."""
        always = WorkingWeek({weekday: ((0.0, 24.0),) for weekday in range(7)})
        start = datetime(2026, 12, 1, 1)
        dice = random.Random(1)
        for _path in range(20):
            steps = [
                NormalDist(dice.uniform(8, 20), dice.uniform(0.2, 2)) for _step in "abc"
            ]
            delays = [Delay(step.inv_cdf(0.5), step.inv_cdf(0.8)) for step in steps]
            span = follow(start, delays, always)
            for moment, share in ((span.likely, 0.5), (span.safe, 0.8)):
                in_time = sum(
                    start
                    + timedelta(days=sum(dice.gauss(s.mean, s.stdev) for s in steps))
                    <= moment
                    for _sample in range(2_000)
                )
                self.assertAlmostEqual(in_time / 2_000, share, delta=0.04)

    def test_what_is_left_counts_the_cases_that_took_longer(self):
        """Case by case: those still open at that time, or the longest eight."""
        for seed in SEEDS:
            dice = random.Random(seed)
            past = [dice.choice([4, 8, 30]) * dice.random() for _case in range(60)]
            past = past[: dice.randint(8, 60)]
            share, ends = dice.choice([0.5, 0.8]), []
            for over in sorted(dice.uniform(0, 35) for _time in range(4)):
                left = time_left(past, over, share)
                longer = [each for each in past if each > over]
                while len(longer) < 8:
                    longer.append(max(each for each in past if each not in longer))
                expected = quantile([each - over for each in longer], share)
                self.assertAlmostEqual(left, max(expected, 0), 9, seed)
                # never less than the usual time, less what is over
                usual = quantile(past, share) - over
                self.assertGreaterEqual(left + 1e-9, max(usual, 0), seed)
                ends.append(round(over + left, 9))
            # who waits longer is never told an earlier end
            self.assertEqual(ends, sorted(ends), seed)

    def test_memory_is_kept_where_delays_have_none(self):
        """Of exponential delays as much is left at any time."""
        dice = random.Random(1)
        past = [dice.expovariate(1 / 8) for _case in range(20_000)]
        for over in (0, 4, 16):
            self.assertAlmostEqual(time_left(past, over, 0.5), 5.545, delta=0.3)

    def test_an_order_that_goes_out_at_once_is_the_order_of_its_last_line(self):
        for seed in SEEDS:
            dice = random.Random(seed)
            scenario = Scenario(dice)
            now = to_moment(scenario.now)
            terms = Terms(now, now, dice.choice([0, 0, 5]))
            answers = []
            for pool in dice.choices("ab", k=dice.randint(1, 4)):
                [parts] = ask(scenario.ledgers, [(pool, dice.randint(0, 5))])
                answers.append(promise(parts, terms, scenario.calendar))
            found = together(answers)
            waiting = [each for each in answers if each.parts]
            days = [each.likely for each in waiting]
            last = max(days) if days and all(days) else None
            is_there = all(
                part.way == "stock" for each in waiting for _d, _q, part in each.parts
            )
            for before, after in zip(answers, found, strict=True):
                if not before.parts:
                    self.assertEqual(before, after, seed)
                    continue
                self.assertEqual(after.likely, last, seed)
                self.assertEqual({each[0] for each in after.parts}, {last}, seed)
                self.assertEqual(after.now, before.now if is_there else 0, seed)
                quantities = [each[1] for each in after.parts]
                self.assertEqual(quantities, [each[1] for each in before.parts], seed)

    def test_no_vendor_who_waits_for_money_is_earlier_than_without(self):
        """Day by day: the vendor works on so many days from the payment on."""
        for seed in SEEDS:
            dice = random.Random(seed)
            start = to_moment(0).date()
            agreed = start + timedelta(days=dice.randint(20, 30))
            expected = agreed + timedelta(days=dice.choice([-2, 0, 0, 4]))
            advances, latest = [], expected
            for _deposit in range(dice.randint(0, 3)):
                due = start + timedelta(days=dice.randint(0, 10))
                paid = due + timedelta(days=dice.randint(-3, 9))
                is_paid = dice.random() < 0.5
                advances.append(Advance(due, paid, paid, is_paid))
                if paid > due and not (is_paid and expected != agreed):
                    work = sum(
                        due + timedelta(days=number) < agreed for number in range(60)
                    )
                    latest = max(latest, paid + timedelta(days=work))
            found = wait_for_money(expected, agreed, expected != agreed, advances)
            self.assertEqual(found, (latest, latest), seed)

    def test_taking_nothing_serves_everybody_as_ever(self):
        """The oracle itself: what is left over can be taken, and nothing else."""
        supplies, demands = [(HERE, 3), (100, 2)], [(50, 2), (120, 2)]
        self.assertEqual(take(supplies, demands, []), HERE)
        self.assertEqual(take(supplies, demands, [HERE]), FOREVER)
        self.assertIsNone(serve(supplies, demands, [HERE] * 4))
