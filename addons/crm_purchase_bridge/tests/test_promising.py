from dataclasses import replace
from datetime import date, datetime, timedelta
from fractions import Fraction

from odoo.tests import BaseCase, tagged

from odoo.addons.supply_link.lookahead import Fence, Ledger
from odoo.addons.supply_link.pegging import NEVER, NOW, Demand, Supply

from ..promising import (
    DAYS,
    HOURS,
    Advance,
    Answer,
    BuyPath,
    Delay,
    Estimate,
    Kept,
    Part,
    Span,
    Terms,
    Width,
    ask,
    calibrate,
    choose_width,
    cut,
    days_until,
    estimate,
    fill,
    find_last,
    find_widths,
    follow,
    kit_parts,
    later,
    on_open_day,
    promise,
    quantile,
    tell_unplaced,
    time_left,
    together,
    wait_for_money,
)
from .working_week import MONDAY, WorkingWeek

WEEK = WorkingWeek()


def day(number):
    return MONDAY + timedelta(days=number)


def at(number, hour=8.0, calendar=WEEK):
    """Return the moment at an hour of a day, where the company is."""
    return calendar.moment(day(number), hour)


def stock(quantity):
    return Part(quantity, NOW, NOW, "stock")


def incoming(quantity, number, key=None):
    return Part(quantity, at(number), at(number), "incoming", key)


def short(quantity):
    return Part(quantity, NEVER, NEVER, "none")


def quoted(number=0, hour=8.0, **values):
    now = at(number, hour)
    return Terms(now, now, **values)


@tagged("post_install", "-at_install")
class TestDays(BaseCase):
    """Moments and days, where the clock is changed or nobody works."""

    def test_a_day_later_is_the_same_time_of_day(self):
        self.assertEqual(later(at(0, 9), 2, WEEK), at(2, 9))
        self.assertEqual(later(at(0, 9), 1.5, WEEK), at(1, 21))

    def test_a_short_day_makes_nothing_a_day_late(self):
        """On 28 March clocks in Berlin go from 2 to 3: that day has 23 hours."""
        berlin = WorkingWeek(zone="Europe/Berlin", first=date(2027, 3, 1))
        evening = berlin.moment(date(2027, 3, 26), 23.5)
        found = later(evening, 2, berlin)
        self.assertEqual(berlin.day(found), date(2027, 3, 28))
        self.assertEqual(berlin.day(later(evening, 3, berlin)), date(2027, 3, 29))

    def test_a_long_day_makes_nothing_a_day_early(self):
        """On 1 November clocks in New York go back from 2 to 1: 25 hours."""
        york = WorkingWeek(zone="America/New_York", first=date(2026, 10, 1))
        night = york.moment(date(2026, 10, 31), 0.5)
        for days in range(4):
            found = york.day(later(night, days, york))
            self.assertEqual(found, date(2026, 10, 31) + timedelta(days=days))

    def test_a_day_without_midnight(self):
        """On 6 September 2026 clocks in Santiago go from 24:00 to 1:00."""
        santiago = WorkingWeek(zone="America/Santiago", first=date(2026, 9, 1))
        night = santiago.moment(date(2026, 9, 5), 0.25)
        found = later(night, 1, santiago)
        self.assertEqual(santiago.day(found), date(2026, 9, 6))

    def test_what_is_too_far_away_nobody_knows(self):
        for days in (1e5, 1e12, float("inf"), float("nan")):
            self.assertEqual(later(at(0), days, WEEK), NEVER)
            for unit in (DAYS, HOURS):
                delay = Delay(days * 24, days * 24, unit)
                self.assertEqual(delay.end(at(0), WEEK), NEVER)

    def test_less_than_nothing_takes_no_time(self):
        self.assertEqual(later(at(0), -3, WEEK), at(0))
        self.assertEqual(Delay(-3, -1).end(at(0), WEEK), at(0))
        self.assertEqual(Delay(-3, -1, HOURS).end(at(0), WEEK), at(0))

    def test_never_stays_never(self):
        self.assertEqual(later(NEVER, 1, WEEK), NEVER)
        self.assertEqual(Delay(1, 2, HOURS).end(NEVER, WEEK), NEVER)
        self.assertEqual(on_open_day(NEVER, WEEK), NEVER)
        self.assertEqual(on_open_day(NOW, WEEK), NOW)

    def test_closed_days_are_passed(self):
        holidays = WorkingWeek(holidays=[day(7), day(8)])
        self.assertEqual(on_open_day(at(4, 20), holidays), at(4, 20))
        self.assertEqual(on_open_day(at(5, 9), holidays), at(9, 0))

    def test_a_company_that_never_works_has_days_all_the_same(self):
        closed = WorkingWeek(week={})
        path = BuyPath(vendor=Delay(5, 7))
        self.assertEqual(path.date(at(0), closed), Span(at(5), at(7)))
        self.assertEqual(Terms(at(0), at(0)).day(at(5), closed), day(5))

    def test_hours_that_are_never_worked_never_end(self):
        path = BuyPath(approval=Delay(8, 8, HOURS))
        self.assertEqual(path.date(at(0), WorkingWeek(week={})), Span(NEVER, NEVER))


@tagged("post_install", "-at_install")
class TestBuying(BaseCase):
    """When goods that nobody has bought are in the stock."""

    def test_steps_follow_each_other(self):
        path = BuyPath(
            reaction=Delay(4, 4, HOURS),
            approval=Delay(8, 8, HOURS),
            vendor=Delay(3, 3),
            receipt=Delay(1, 1),
        )
        # Monday noon, Tuesday noon, Friday noon; Saturday is closed
        self.assertEqual(path.date(at(0), WEEK).likely, at(7, 0))

    def test_each_step_of_days_ends_on_a_day_that_is_worked(self):
        """Goods that the vendor brings on Monday are not unpacked on Sunday."""
        path = BuyPath(vendor=Delay(6, 6), receipt=Delay(1, 1))
        self.assertEqual(path.date(at(0), WEEK).likely, at(8, 0))

    def test_goods_come_on_days_that_are_worked(self):
        """Vendor 3 days: confirmed on Monday it is Thursday, on Thursday not Sunday."""
        path = BuyPath(vendor=Delay(3, 3))
        self.assertEqual(path.date(at(0), WEEK).likely, at(3))
        self.assertEqual(path.date(at(3), WEEK).likely, at(7, 0))

    def test_spreads_of_independent_delays_add_as_squares(self):
        span = follow(at(0), [Delay(1, 4), Delay(1, 5)], WEEK)
        # the roots of 3 and 4 squared: 5 days after Wednesday is Monday
        self.assertEqual(span, Span(at(2), at(7)))
        twice = follow(at(0), [Delay(1, 4), Delay(1, 5)], WEEK, scale=2.0)
        self.assertEqual(twice, Span(at(2), at(14, 0)))

    def test_a_step_that_is_never_late_widens_nothing(self):
        delays = [Delay(1, 3), Delay(1, 1), Delay(1, 0.5)]
        self.assertEqual(follow(at(0), delays, WEEK), Span(at(3), at(7, 0)))

    def test_the_width_moves_both_days(self):
        guess = estimate(at(0), [Delay(7, 9)], WEEK)
        self.assertEqual(guess, Estimate(at(7), 2.0, at(0)))
        width = Width(-1.5, 0.5)
        self.assertEqual(guess.span(WEEK, width), Span(at(4), at(8)))
        # nothing comes before it is asked for
        self.assertEqual(guess.span(WEEK, Width(-9, -8)), Span(at(0), at(0)))

    def test_nobody_is_sure_of_what_may_take_for_ever(self):
        guess = estimate(at(0), [Delay(1, 1e9), Delay(1, 2)], WEEK)
        self.assertEqual(guess.span(WEEK), Span(at(2), NEVER))
        self.assertEqual(guess.span(WEEK, Width(0.5, 1)), Span(NEVER, NEVER))

    def test_safe_is_never_before_likely(self):
        for scale in (-1.0, 0.0):
            span = follow(at(0), [Delay(1, 3)], WEEK, scale)
            self.assertEqual(span, Span(at(1), at(1)))

    def test_what_nobody_knows_leaves_no_day(self):
        self.assertEqual(BuyPath(vendor=Delay(1e9, 1e9)).date(at(0), WEEK)[0], NEVER)
        span = BuyPath(vendor=Delay(1, 1e9)).date(at(0), WEEK)
        self.assertEqual(span, Span(at(1), NEVER))
        span = follow(at(0), [Delay(1, 3)], WEEK, scale=1e12)
        self.assertEqual(span, Span(at(1), NEVER))

    def test_goods_in_the_stock_wait_for_no_step(self):
        delays = [Delay(1, 3)]
        self.assertEqual(follow(NOW, delays, WEEK), Span(NOW, NOW))
        self.assertEqual(follow(NEVER, delays, WEEK), Span(NEVER, NEVER))


@tagged("post_install", "-at_install")
class TestAsking(BaseCase):
    """Which goods a quotation gets."""

    def _ask(self, supplies, wishes, demands=(), fence=None):
        ledgers = {"p": Ledger(supplies, demands, fence)}
        return ask(ledgers, [("p", wanted) for wanted in wishes])

    def test_lines_of_a_quotation_share_what_there_is(self):
        """13 in stock, two lines of a dozen: the second has one of them."""
        found = self._ask([Supply(13, key="stock")], [12, 12])
        self.assertEqual(found[0], [Part(12, NOW, NOW, "stock", "stock")])
        self.assertEqual(found[1], [Part(1, NOW, NOW, "stock", "stock"), short(11)])

    def test_each_part_names_what_brings_it(self):
        supplies = [
            Supply(3, None, "stock"),
            Supply(4, at(4), "r1"),
            Supply(4, at(4), "r2"),
            Supply(9, NEVER, "r3"),
        ]
        found = self._ask(supplies, [5, 5, 5])
        self.assertEqual(
            found,
            [
                [Part(3, NOW, NOW, "stock", "stock"), incoming(2, 4, "r1")],
                [incoming(2, 4, "r1"), incoming(3, 4, "r2")],
                [incoming(1, 4, "r2"), short(4)],
            ],
        )

    def test_pools_do_not_mix(self):
        ledgers = {name: Ledger([Supply(5)], []) for name in "ab"}
        found = ask(ledgers, [("a", 4), ("b", 4), ("a", 4), ("c", 1)])
        self.assertEqual(
            found,
            [[stock(4)], [stock(4)], [stock(1), short(3)], [short(1)]],
        )

    def test_quotations_do_not_compete(self):
        ledgers = {"p": Ledger([Supply(10)], [])}
        for _quotation in range(2):
            self.assertEqual(ask(ledgers, [("p", 10)]), [[stock(10)]])

    def test_nothing_asked_is_nothing_taken(self):
        found = self._ask([Supply(5)], [0, -3, 5])
        self.assertEqual(found, [[], [], [stock(5)]])

    def test_what_was_handed_out_too_much_is_nobodys(self):
        supplies = [Supply(-4), Supply(3), Supply(5, at(2), "r")]
        self.assertEqual(self._ask(supplies, [5]), [[incoming(4, 2, "r"), short(1)]])

    def test_goods_of_earlier_orders_stay_theirs(self):
        supplies, demands = [Supply(10)], [Demand("a", 10, at(20))]
        self.assertEqual(self._ask(supplies, [10], demands), [[short(10)]])

    def test_an_order_after_the_fence_can_be_bought_for(self):
        fence = Fence(at(0), at(5))
        supplies, demands = [Supply(10)], [Demand("a", 10, at(20))]
        found = self._ask(supplies, [10], demands, fence)
        self.assertEqual(found, [[stock(10)]])


@tagged("post_install", "-at_install")
class TestKits(BaseCase):
    """Kits are whole."""

    def test_the_scarcest_component_decides(self):
        """2 of A and 2 of B make a kit. A: 8 in stock, 133 come, 14 go."""
        ledgers = {
            "a": Ledger([Supply(8), Supply(133, at(3), "a")], [Demand(1, 14, at(1))]),
            "b": Ledger([Supply(4258), Supply(60, at(2))], [Demand(1, 168, at(1))]),
        }
        parts = ask(ledgers, [("a", 400), ("b", 400)])
        has = [[part for part in each if part.way != "none"] for each in parts]
        kits = kit_parts([(2, has[0]), (2, has[1])])
        self.assertEqual(kits, [incoming(63, 3, "a")])
        # nothing of them is there now: A's order of 14 needs the 8
        self.assertEqual(promise(kits, quoted(), WEEK).now, 0)

    def test_a_kit_is_there_with_its_last_component(self):
        kits = kit_parts(
            [
                (1, [stock(1), incoming(2, 5, "x")]),
                (2, [stock(2), incoming(2, 8, "y"), incoming(2, 3, "z")]),
            ]
        )
        self.assertEqual(kits, [stock(1), incoming(1, 5, "x"), incoming(1, 8, "y")])

    def test_safe_is_the_latest_of_what_a_kit_uses(self):
        early = Part(1, at(1), at(20), "buy")
        kits = kit_parts([(1, [early]), (1, [incoming(1, 2, "x")])])
        self.assertEqual(kits, [Part(1, at(2), at(20), "incoming", "x")])

    def test_parts_of_a_unit(self):
        """One and a half metres each: three metres make two."""
        kits = kit_parts([(Fraction(3, 2), [stock(2), incoming(1, 4), stock(0)])])
        self.assertEqual(kits, [stock(1), incoming(1, 4)])

    def test_a_component_that_nobody_brings(self):
        kits = kit_parts([(1, [stock(3)]), (1, [stock(1), short(2)])])
        self.assertEqual(kits, [stock(1), short(2)])

    def test_without_components_there_is_no_kit(self):
        self.assertEqual(kit_parts([]), [])
        self.assertEqual(kit_parts([(1, [])]), [])

    def test_many_kits_take_few_steps(self):
        kits = kit_parts([(3, [stock(3_000_000_001), incoming(2, 1)])])
        self.assertEqual(kits, [stock(1_000_000_000), incoming(1, 1)])


@tagged("post_install", "-at_install")
class TestFilling(BaseCase):
    """What is bought."""

    PATH = Span(at(5), at(9))

    def _bought(self, quantity):
        return Part(quantity, at(5), at(9), "buy")

    def test_what_nobody_brings_is_bought(self):
        found = fill([stock(1), short(11)], self.PATH, replace_later=False)
        self.assertEqual(found, [stock(1), self._bought(11)])

    def test_without_a_vendor_it_stays_missing(self):
        found = fill([short(11), stock(1)], None, replace_later=True)
        self.assertEqual(found, [stock(1), short(11)])

    def test_a_quotation_need_not_wait_for_a_late_receipt(self):
        parts = [incoming(2, 3, "r1"), incoming(4, 6, "r2"), short(1)]
        found = fill(parts, self.PATH, replace_later=True)
        # what is bought is not brought by the receipt, and it is one part
        self.assertEqual(found, [incoming(2, 3, "r1"), self._bought(5)])

    def test_an_order_waits_for_it(self):
        parts = [incoming(4, 6, "r2"), short(1)]
        found = fill(parts, self.PATH, replace_later=False)
        self.assertEqual(found, [self._bought(1), incoming(4, 6, "r2")])

    def test_what_was_bought_for_the_line_stays(self):
        mine = Part(4, at(6), at(6), "bought", "po")
        self.assertEqual(fill([mine], self.PATH, replace_later=True), [mine])

    def test_what_is_bought_tells_how_it_was_estimated(self):
        guess = Estimate(at(5), 2.0)
        [found] = fill([short(1)], self.PATH, False, guess)
        self.assertEqual(found.estimate, guess)

    def test_parts_of_nothing_are_left_out(self):
        self.assertEqual(fill([stock(0), short(-1)], None, False), [])

    def test_what_is_not_put_away_is_told_apart(self):
        parts = [stock(1), short(3), short(4)]
        for units, expected in (
            (0, [(1, "stock"), (3, "none"), (4, "none")]),
            (2, [(1, "stock"), (2, "unplaced"), (1, "none"), (4, "none")]),
            (5, [(1, "stock"), (3, "unplaced"), (2, "unplaced"), (2, "none")]),
            (9, [(1, "stock"), (3, "unplaced"), (4, "unplaced")]),
        ):
            found = tell_unplaced(parts, units)
            self.assertEqual([(p.quantity, p.way) for p in found], expected)

    def test_what_is_not_put_away_is_no_later_than_new_goods(self):
        parts = tell_unplaced([short(5)], 2)
        found = fill(parts, self.PATH, False, about="beds")
        self.assertEqual(
            [(p.quantity, p.way) for p in found], [(2, "unplaced"), (3, "buy")]
        )
        self.assertEqual({(p.likely, p.about) for p in found}, {(at(5), "beds")})
        # without a vendor nobody knows when
        found = fill(tell_unplaced([short(2)], 2), None, False)
        self.assertEqual([(p.likely, p.way) for p in found], [(NEVER, "unplaced")])

    def test_parts_are_cut_to_what_is_wanted(self):
        parts = [stock(2), incoming(3, 1)]
        self.assertEqual(cut(parts, 4), [stock(2), incoming(2, 1)])
        self.assertEqual(cut(parts, 2), [stock(2)])
        self.assertEqual(cut(parts, 9), parts)


@tagged("post_install", "-at_install")
class TestPromising(BaseCase):
    """What a customer is told."""

    def _day(self, ready, **values):
        return quoted(**values).day(ready, WEEK)

    def test_goods_in_the_stock_are_there_today(self):
        self.assertEqual(self._day(NOW), day(0))
        self.assertEqual(self._day(NEVER), None)

    def test_the_later_of_lead_time_and_goods(self):
        self.assertEqual(self._day(at(1), lead=3), day(3))
        self.assertEqual(self._day(at(4), lead=3), day(4))

    def test_the_lead_time_of_an_order_began_when_it_was_made(self):
        terms = Terms(at(2), at(0), lead=3)
        self.assertEqual(terms.day(NOW, WEEK), day(3))

    def test_steps_out_and_security_come_after_the_goods(self):
        self.assertEqual(self._day(at(1), outgoing=1, security=1), day(3))

    def test_less_than_nothing_makes_nothing_earlier(self):
        found = self._day(at(1), outgoing=-5, security=-5, lead=-5)
        self.assertEqual(found, day(1))

    def test_customers_have_goods_on_days_that_are_worked(self):
        self.assertEqual(self._day(at(4), outgoing=1), day(7))

    def test_hours_make_nobody_late(self):
        """01:00, a day and a half: that is tomorrow."""
        self.assertEqual(self._day(NOW, hour=1.0, lead=1.5), day(1))
        # 23:30 in Ho Chi Minh City is the same day, whatever it is in London
        self.assertEqual(self._day(at(0, 23.5)), day(0))
        self.assertEqual(at(0, 23.5), datetime(2026, 11, 23, 16, 30))

    def test_a_lead_time_nobody_lives_to_see_has_no_day(self):
        self.assertIsNone(self._day(NOW, lead=1e9))
        self.assertIsNone(self._day(at(1), outgoing=float("inf")))

    def test_the_last_part_decides(self):
        parts = [incoming(4, 2, "r"), stock(6)]
        answer = promise(parts, quoted(), WEEK)
        self.assertEqual(
            answer,
            Answer(
                day(2),
                day(2),
                6,
                ((day(0), 6, stock(6)), (day(2), 4, incoming(4, 2, "r"))),
                incoming(4, 2, "r"),
            ),
        )

    def test_one_part_that_nobody_knows_leaves_no_day(self):
        answer = promise([stock(1), short(11)], quoted(), WEEK)
        self.assertEqual((answer.likely, answer.safe, answer.now), (None, None, 1))
        self.assertEqual(answer.parts[-1], (None, 11, short(11)))
        self.assertEqual(answer.binding, short(11))

    def test_likely_can_be_known_without_safe(self):
        part = Part(1, at(1), NEVER, "buy")
        answer = promise([part], quoted(), WEEK)
        self.assertEqual((answer.likely, answer.safe), (day(1), None))

    def test_the_safe_day_may_be_another_parts(self):
        wide = Part(1, at(1), at(9), "buy")
        answer = promise([wide, incoming(1, 2)], quoted(), WEEK)
        self.assertEqual((answer.likely, answer.safe), (day(2), day(9)))

    def test_safe_is_never_told_before_likely(self):
        answer = promise([Part(1, at(4), at(2), "buy")], quoted(), WEEK)
        self.assertEqual((answer.likely, answer.safe), (day(4), day(4)))

    def test_the_estimate_is_of_the_last_part_at_the_customers(self):
        parts = [
            Part(1, at(2), at(3), "buy", estimate=Estimate(at(2), 1.5)),
            Part(1, at(1), at(9), "incoming", "r", Estimate(at(1), 4.0)),
        ]
        answer = promise(parts, quoted(outgoing=2), WEEK)
        self.assertEqual(answer.estimate, Estimate(at(4), 1.5))
        self.assertIsNone(promise([stock(1)], quoted(), WEEK).estimate)
        # an order that goes out at once is late with its last line
        other = promise([stock(1)], quoted(), WEEK)
        self.assertEqual(together([answer, other])[1].estimate, answer.estimate)

    def test_a_day_that_the_lead_time_decides_tells_nothing_about_the_goods(self):
        part = Part(1, at(2), at(3), "buy", estimate=Estimate(at(2), 1.5))
        for lead, expected in ((1, Estimate(at(2), 1.5)), (9, None)):
            answer = promise([part], quoted(lead=lead), WEEK)
            self.assertEqual(answer.estimate, expected)

    def test_answers_are_in_the_products_unit_without_dust(self):
        parts = [stock(1), stock(2), incoming(3, 1)]
        answer = promise(parts, quoted(), WEEK, per=10)
        self.assertEqual(answer.now, 0.3)
        self.assertEqual([units for _d, units, _p in answer.parts], [0.1, 0.2, 0.3])

    def test_parts_of_nothing_do_not_count(self):
        answer = promise([stock(2), short(0)], quoted(), WEEK)
        self.assertEqual((answer.likely, answer.binding), (day(0), stock(2)))
        self.assertEqual(promise([], quoted(), WEEK), Answer(None, None, 0, (), None))

    def test_an_order_that_goes_out_at_once_waits_for_its_last_line(self):
        lines = [[stock(1)], [incoming(1, 3, "r")], []]
        answers = [promise(parts, quoted(), WEEK) for parts in lines]
        found = together(answers)
        self.assertEqual([each.likely for each in found], [day(3), day(3), None])
        self.assertEqual([each.safe for each in found], [day(3), day(3), None])
        # nothing goes out now, and all wait for the receipt
        self.assertEqual([each.now for each in found], [0, 0, 0])
        self.assertEqual(found[0].binding, incoming(1, 3, "r"))
        self.assertEqual(found[0].parts, ((day(3), 1, replace(stock(1), key="r")),))
        self.assertEqual(found[2], answers[2])

    def test_an_order_that_is_there_goes_out_at_once(self):
        answers = [
            promise([stock(1)], quoted(), WEEK),
            promise([stock(2)], quoted(lead=3), WEEK),
        ]
        found = together(answers)
        self.assertEqual([each.likely for each in found], [day(3), day(3)])
        self.assertEqual([each.now for each in found], [1, 2])

    def test_of_lines_with_one_day_the_one_that_is_not_there_is_last(self):
        answers = [
            promise([incoming(1, 3, "r")], quoted(), WEEK),
            promise([stock(2)], quoted(lead=3), WEEK),
        ]
        for order in (answers, answers[::-1]):
            self.assertEqual(order[find_last(order)], answers[0])
        self.assertIsNone(find_last([promise([], quoted(), WEEK)]))

    def test_a_lead_time_does_not_hide_whose_goods_are_missing(self):
        part = Part(1, at(2), at(3), "buy", estimate=Estimate(at(2), 1.5))
        answers = [
            promise([part], quoted(), WEEK),
            promise([stock(2)], quoted(lead=9), WEEK),
        ]
        found = together(answers)
        self.assertEqual({(each.likely, each.now) for each in found}, {(day(9), 0)})
        self.assertEqual({each.binding for each in found}, {part})
        self.assertEqual({each.estimate for each in found}, {None})

    def test_one_line_that_nobody_knows_leaves_the_order_without_day(self):
        answers = [promise([part], quoted(), WEEK) for part in (stock(1), short(1))]
        self.assertEqual([each.likely for each in together(answers)], [None, None])
        self.assertEqual(together([]), [])


@tagged("post_install", "-at_install")
class TestWaitingForMoney(BaseCase):
    """Goods ordered for day 10, of a vendor who wants money first."""

    def _days(self, *advances, expected=10, agreed=10, is_restated=False):
        likely, safe = wait_for_money(day(expected), day(agreed), is_restated, advances)
        return (likely - MONDAY).days, (safe - MONDAY).days

    def _advance(self, due, likely, safe=None, **values):
        safe = likely if safe is None else safe
        return Advance(day(due), day(likely), day(safe), **values)

    def test_paid_in_time_moves_nothing(self):
        self.assertEqual(self._days(), (10, 10))
        self.assertEqual(self._days(self._advance(3, 3)), (10, 10))
        self.assertEqual(self._days(self._advance(3, 1, is_paid=True)), (10, 10))

    def test_so_many_days_late_is_so_many_days_later(self):
        self.assertEqual(self._days(self._advance(-4, 0)), (14, 14))
        self.assertEqual(self._days(self._advance(-4, 0, 2)), (14, 16))
        self.assertEqual(self._days(self._advance(0, 0, 2)), (10, 12))

    def test_days_before_the_arrival_are_kept(self):
        advance = self._advance(2, 5, days_before=9)
        self.assertEqual(self._days(advance), (14, 14))

    def test_whoever_counted_it_in_is_right(self):
        self.assertEqual(self._days(self._advance(-4, 0), expected=20), (20, 20))

    def test_after_the_payment_the_buyers_word_counts(self):
        paid = self._advance(-4, 0, is_paid=True)
        self.assertEqual(self._days(paid), (14, 14))
        self.assertEqual(self._days(paid, expected=12, is_restated=True), (12, 12))
        owed = self._advance(-4, 0)
        self.assertEqual(self._days(owed, expected=8, is_restated=True), (14, 14))

    def test_the_latest_of_several_counts(self):
        advances = [self._advance(-1, 0, 9), self._advance(-4, 0)]
        self.assertEqual(self._days(*advances), (14, 20))


@tagged("post_install", "-at_install")
class TestThePast(BaseCase):
    def test_what_is_left_is_told_by_those_that_took_longer(self):
        past = [*range(1, 11), *range(101, 111)]
        self.assertEqual(time_left(past, 0, 0.5), 55.5)
        # whoever has waited 20 hours waits for the second half of them
        self.assertEqual(time_left(past, 20, 0.5), 85.5)
        self.assertEqual(time_left(past, 20, 0.8), 88.2)

    def test_the_longest_tell_it_where_few_took_longer(self):
        past = range(1, 21)
        # of 13 to 20 the middle is 16.5
        self.assertEqual(time_left(past, 14, 0.5), 2.5)
        self.assertEqual(time_left(past, 19, 0.5), 0)

    def test_quantiles_are_in_proportion_between_two_values(self):
        self.assertEqual(quantile([3, 1, 2], 0.5), 2)
        self.assertEqual(quantile([1, 2], 0.8), 1.8)
        self.assertEqual(quantile([7], 0.8), 7)
        self.assertEqual(quantile([1, 2, 3], 0), 1)
        self.assertEqual(quantile([1, 2, 3], 1), 3)
        with self.assertRaises(IndexError):
            quantile([], 0.5)

    def test_the_scale_covers_its_share_as_if_one_more_were_to_come(self):
        past = [(late, 1.0) for late in range(1, 10)]
        # eight of the nine, and one more to come: eight of ten
        self.assertEqual(calibrate(past), 8)
        self.assertEqual(calibrate(past, 0.5), 5)
        self.assertEqual(calibrate(past[:8]), 8)

    def test_too_few_cases_take_the_worst(self):
        self.assertEqual(calibrate([(1, 1), (3, 1)]), 3)

    def test_lines_without_spread_tell_nothing(self):
        self.assertIsNone(calibrate([(5, 0)]))
        self.assertIsNone(calibrate([]))
        self.assertEqual(calibrate([(5, 0), (4, 2)]), 2)

    def test_the_width_says_where_half_and_four_of_five_came(self):
        past = [(2.0 * late, 2.0) for late in range(-4, 5)]
        self.assertEqual(Width.from_past(past), Width(0, 3))
        self.assertIsNone(Width.from_past([(5, 0)]))

    def test_the_nearest_width_is_taken(self):
        past = [Kept("buy", "a", late, 1.0) for late in range(20)]
        past += [Kept("buy", "b", 50, 1.0)] * 19
        past += [Kept("incoming", "b", 50, 1.0)] * 7
        widths = find_widths(past)
        self.assertEqual(set(widths), {("buy", "a"), ("buy", None), (None, None)})
        self.assertEqual(choose_width(widths, "buy", "a"), Width(10, 16))
        self.assertEqual(choose_width(widths, "buy", "b"), Width(19, 50))
        self.assertEqual(choose_width(widths, "buy"), Width(19, 50))
        self.assertEqual(choose_width(widths, "incoming", "b"), Width(50, 50))

    def test_without_a_past_the_formula_is_believed(self):
        self.assertEqual(find_widths([Kept("buy", "a", 1, 0.0)] * 99), {})
        self.assertEqual(choose_width({}, "buy", "a"), Width(0, 1))

    def test_days_count_until_the_first_moment_that_names_the_day(self):
        # promised for Thursday from its midnight on
        self.assertEqual(days_until(at(1, 12), day(3), WEEK), 1.5)
        self.assertEqual(days_until(at(3, 12), day(3), WEEK), -0.5)
        # promised for Monday from Saturday's midnight on
        self.assertEqual(days_until(at(4, 12), day(7), WEEK), 0.5)
        # somebody delivers on a Sunday
        self.assertEqual(days_until(at(4, 12), day(6), WEEK), 0.5)
        # where nobody works every day is its own
        closed = WorkingWeek(week={})
        self.assertEqual(days_until(at(4, 12), day(7), closed), 2.5)
