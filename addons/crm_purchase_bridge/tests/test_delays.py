from datetime import date, timedelta

from odoo.tests import BaseCase, tagged

from odoo.addons.supply_link.pegging import NEVER, NOW

from ..delays import (
    DAYS,
    HOURS,
    Advance,
    BuyPath,
    Delay,
    Estimate,
    Kept,
    Span,
    Width,
    calibrate,
    choose_width,
    days_until,
    estimate,
    find_widths,
    follow,
    later,
    on_open_day,
    quantile,
    time_left,
    wait_for_money,
)
from ..promising import Terms
from .working_week import MONDAY, WEEK, WorkingWeek, at, day


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
