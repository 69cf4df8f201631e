from fractions import Fraction

from odoo.tests import BaseCase, tagged

from ..displacing import Displaced, displaced, ready_dates
from ..kits import (
    Component,
    KitPart,
    Kits,
    kit_available,
    kit_ready_on,
)
from ..lookahead import Fence, Ledger, PassedOver
from ..pegging import (
    NEVER,
    NOW,
    Demand,
    Ready,
    Share,
    Supply,
    from_units,
    peg,
    ready_on,
    to_units,
)
from ..swapping import Swap, harmless_swaps
from .oracle import START, day


@tagged("post_install", "-at_install")
class TestUnits(BaseCase):
    def test_sums_of_floats_become_exact(self):
        self.assertNotEqual(sum([0.1] * 3), 0.3)
        self.assertEqual(sum(to_units(0.1, 0.01) for _each in range(3)), 30)
        self.assertEqual(to_units(sum([0.1] * 3), 0.01), 30)

    def test_halves_go_away_from_zero(self):
        self.assertEqual(to_units(2.5, 1.0), 3)
        self.assertEqual(to_units(-2.5, 1.0), -3)
        # the float next to it is a bit less than half a part
        self.assertEqual(to_units(1.005, 0.01), 101)

    def test_and_back(self):
        self.assertEqual(from_units(3, 0.1), 0.3)
        self.assertEqual(from_units(7, 1.0), 7.0)


@tagged("post_install", "-at_install")
class TestPegging(BaseCase):
    """Dealing supply to demand in serving order."""

    def _ready(self, supplies, demands):
        ready = ready_on(demands, peg(supplies, demands))
        return {key: each.date for key, each in ready.items()}

    def test_each_share_says_what_serves_whom_and_when(self):
        supplies = [Supply(5, day(4), "receipt"), Supply(3, None, "stock")]
        demands = [Demand("a", 4, day(1)), Demand("b", 6, day(2))]
        shares = peg(supplies, demands)
        self.assertEqual(
            shares,
            [
                Share("stock", "a", 3, NOW),
                Share("receipt", "a", 1, day(4)),
                Share("receipt", "b", 4, day(4)),
            ],
        )
        self.assertEqual(
            ready_on(demands, shares),
            {"a": Ready("a", day(4), 3, 0), "b": Ready("b", NEVER, 0, 2)},
        )

    def test_an_urgent_order_of_later_leaves_what_is_needed_today(self):
        supplies = [Supply(10), Supply(10, day(15))]
        demands = [Demand("urgent", 10, day(20), priority=1), Demand("b", 10, day(0))]
        self.assertEqual(self._ready(supplies, demands), {"urgent": day(15), "b": NOW})
        # first come, first served would have made it wait for nothing
        self.assertEqual(ready_dates(supplies, demands)["b"], day(15))

    def test_it_does_not_when_nothing_else_will_do(self):
        supplies = [Supply(10), Supply(10, day(21))]
        demands = [Demand("urgent", 10, day(20), priority=1), Demand("b", 10, day(0))]
        self.assertEqual(self._ready(supplies, demands), {"urgent": NOW, "b": day(21)})

    def test_it_takes_what_is_there_when_nobody_needs_it(self):
        demands = [Demand("urgent", 10, day(20), priority=1)]
        supplies = [Supply(10), Supply(10, day(15))]
        self.assertEqual(self._ready(supplies, demands), {"urgent": NOW})

    def test_whoever_is_late_gets_the_next_goods(self):
        supplies = [Supply(10, day(9)), Supply(10, day(6))]
        demands = [Demand("a", 10, day(1)), Demand("b", 10, day(2))]
        self.assertEqual(self._ready(supplies, demands), {"a": day(6), "b": day(9)})

    def test_given_serving_order_wins(self):
        demands = [
            Demand("a", 1, day(1), priority=1, order=(2, day(1))),
            Demand("b", 1, day(1), order=(1, day(9))),
        ]
        self.assertEqual(self._ready([Supply(1)], demands), {"a": NEVER, "b": NOW})

    def test_goods_without_a_date_cover_but_promise_nothing(self):
        demands = [Demand("a", 10, day(1))]
        shares = peg([Supply(10, NEVER, "receipt", overdue=11)], demands)
        self.assertEqual(shares, [Share("receipt", "a", 10, NEVER)])
        self.assertEqual(ready_on(demands, shares)["a"], Ready("a", NEVER, 0, 0))

    def test_goods_handed_out_without_being_there_are_replaced_first(self):
        supplies = [Supply(-4), Supply(10, day(2), "receipt")]
        demands = [Demand("a", 10, day(1))]
        self.assertEqual(peg(supplies, demands), [Share("receipt", "a", 6, day(2))])
        self.assertEqual(Ledger(supplies, []).free(day(2)), 6)

    def test_nothing_wanted_is_ready(self):
        demands = [Demand("a", 0, day(1), reserved=4)]
        self.assertEqual(ready_on(demands, peg([], demands))["a"].date, NOW)


@tagged("post_install", "-at_install")
class TestLedger(BaseCase):
    """From when on goods can be taken without harm."""

    def test_fence_lets_today_s_stock_go(self):
        """10 in stock, A needs 10 on day 20, B wants 10; buying again takes 5 days."""
        fence = Fence(day(0), day(5))
        ledger = Ledger([Supply(10)], [Demand("a", 10, day(20))], fence)
        self.assertEqual(ledger.earliest(10), NOW)
        self.assertEqual(
            ledger.passed_over(10, NOW), [PassedOver("a", 10, buy_by=day(15))]
        )

    def test_without_a_vendor_there_is_no_fence(self):
        ledger = Ledger([Supply(10)], [Demand("a", 10, day(20))])
        self.assertIsNone(ledger.earliest(10))
        self.assertFalse(ledger.passed_over(10, NOW))

    def test_a_receipt_in_time_serves_either_way(self):
        supplies = [Supply(10), Supply(10, day(15))]
        for fence in (None, Fence(day(0), day(5))):
            ledger = Ledger(supplies, [Demand("a", 10, day(20))], fence)
            self.assertEqual(ledger.earliest(10), NOW)
            self.assertFalse(ledger.passed_over(10, NOW))

    def test_due_on_the_day_of_the_fence_still_counts(self):
        demands = [Demand("a", 10, day(5))]
        ledger = Ledger([Supply(10)], demands, Fence(day(0), day(5)))
        self.assertIsNone(ledger.earliest(10))

    def test_a_receipt_after_the_due_date_does_not_help(self):
        supplies = [Supply(10), Supply(10, day(21))]
        ledger = Ledger(supplies, [Demand("a", 10, day(20))])
        self.assertEqual(ledger.earliest(10), day(21))

    def test_overdue_goods_count_from_the_date_given_for_them(self):
        """Bought for day -6: the next open day; ten days later there is no date."""
        demands = [Demand("b", 10, day(0))]
        receipt = Supply(10, day(1), "receipt", overdue=6)
        self.assertEqual(Ledger([receipt], []).earliest(10), day(1))
        self.assertEqual(ready_on(demands, peg([receipt], demands))["b"].date, day(1))
        lost = Supply(10, NEVER, "receipt", overdue=11)
        self.assertIsNone(Ledger([lost], []).earliest(10))

    def test_not_before_the_day_asked_for(self):
        ledger = Ledger([Supply(10, day(3))], [])
        self.assertEqual(ledger.earliest(10, day(1)), day(3))
        self.assertEqual(ledger.earliest(10, day(4)), day(4))
        self.assertIsNone(ledger.earliest(11, day(4)))

    def test_parts(self):
        supplies = [Supply(6), Supply(4, day(12)), Supply(9, day(20))]
        ledger = Ledger(supplies, [])
        self.assertEqual(ledger.parts(10), [(NOW, 6), (day(12), 4)])
        self.assertEqual(ledger.parts(5, day(1)), [(day(1), 5)])
        self.assertEqual(ledger.parts(30)[-1], (day(20), 9))

    def test_two_lines_are_never_promised_the_same_goods(self):
        """13 pieces are there, two lines want a dozen each."""
        stock, first = [Supply(13)], Demand("first", 12, day(0))
        self.assertEqual(Ledger(stock, []).parts(12), [(NOW, 12)])
        self.assertEqual(Ledger(stock, [first]).parts(12), [(NOW, 1)])
        self.assertIsNone(Ledger(stock, [first]).earliest(12))

    def test_the_last_in_serving_order_is_passed_over(self):
        demands = [Demand("a", 10, day(20)), Demand("b", 10, day(30))]
        ledger = Ledger([Supply(20)], demands, Fence(day(0), day(5)))
        self.assertEqual(ledger.passed_over(4, NOW), [PassedOver("b", 4, day(25))])

    def test_one_sum_for_each_day_will_do(self):
        supplies = [Supply(9), Supply(5, day(4))]
        each = Ledger(supplies, [Demand(n, 2, day(3)) for n in range(4)])
        summed = Ledger(supplies, [Demand(None, 8, day(3))])
        for quantity in range(1, 8):
            self.assertEqual(each.earliest(quantity), summed.earliest(quantity))


@tagged("post_install", "-at_install")
class TestKits(BaseCase):
    """Whole kits only, when the last component is there."""

    def test_scarcest_component_decides(self):
        """8 A and 4258 B on hand, 14 and 168 to go out, 133 and 60 to come in; two of
        each make a kit."""
        now = [Component(8 - 14, 2), Component(4258 - 168, 2)]
        self.assertEqual(kit_available(now), Kits(0, NOW))
        later = [
            Component(8 - 14 + 133, 2, day(3)),
            Component(4258 - 168 + 60, 2, day(9)),
        ]
        self.assertEqual(kit_available(later), Kits(63, day(9)))

    def test_parts_of_units(self):
        self.assertEqual(kit_available([Component(10, Fraction(3, 2))]).quantity, 6)

    def test_kit_is_ready_with_its_last_component(self):
        a = (Share("s", "k", 4, NOW), Share("t", "k", 4, day(3)))
        b = (Share("u", "k", 1, NOW), Share("v", "k", 3, day(8)))
        parts = [KitPart(2, 0, a), KitPart(1, 0, b)]
        self.assertEqual(kit_ready_on("k", 4, parts), Ready("k", day(8), 1, 0))

    def test_what_one_component_lacks_no_other_makes_up_for(self):
        a = (Share("s", "k", 8, NOW),)
        b = (Share("u", "k", 1, NOW), Share("v", "k", 1, day(8)))
        parts = [KitPart(2, 0, a), KitPart(1, 0, b)]
        self.assertEqual(kit_ready_on("k", 4, parts), Ready("k", NEVER, 1, 2))

    def test_what_it_has_counts(self):
        parts = [KitPart(2, 4), KitPart(1, 1, (Share("v", "k", 1, day(8)),))]
        self.assertEqual(kit_ready_on("k", 2, parts), Ready("k", day(8), 1, 0))


@tagged("post_install", "-at_install")
class TestDisplacedByOrder(BaseCase):
    """Where demands say their serving order, both orders are told."""

    def test_level_before_and_after(self):
        supplies = [Supply(10), Supply(10, day(7))]
        demands = [
            Demand("early", 10, day(1), order=(0, day(1), 1)),
            Demand("raised", 10, day(3), order=(0, day(3), 2)),
        ]
        orders = {"raised": ((0, day(3), 2), (-2, day(3), 2))}
        self.assertEqual(
            displaced(supplies, demands, orders), [Displaced("early", 6, 6)]
        )


@tagged("post_install", "-at_install")
class TestHarmlessSwaps(BaseCase):
    """Reserved goods are lent when the lender loses nothing."""

    def _swaps(self, supplies, demands):
        return harmless_swaps(supplies, demands, "b", START)

    def test_lend_what_comes_back_in_time(self):
        swaps = self._swaps(
            [Supply(4, day(8), "receipt")],
            [Demand("a", 0, day(20), reserved=4), Demand("b", 4, day(0))],
        )
        proof = (Share("receipt", "a", 4, day(8)),)
        self.assertEqual(swaps, [Swap("a", "b", 4, days=8, proof=proof)])

    def test_not_what_comes_back_too_late(self):
        for due in (7, 0):
            demands = [Demand("a", 0, day(due), reserved=4), Demand("b", 4, day(0))]
            self.assertFalse(self._swaps([Supply(4, day(8))], demands))

    def test_not_what_never_comes_back(self):
        demands = [Demand("a", 0, day(20), reserved=4), Demand("b", 4, day(0))]
        self.assertFalse(self._swaps([], demands))

    def test_not_when_a_third_one_would_wait(self):
        """A would take the receipt that C is waiting for."""
        demands = [
            Demand("a", 0, day(20), reserved=4),
            Demand("b", 4, day(0), rank=2),
            Demand("c", 4, day(0), rank=1),
        ]
        supplies = [Supply(4, day(8)), Supply(4, day(30))]
        self.assertFalse(self._swaps(supplies, demands))

    def test_whoever_is_due_last_lends_first(self):
        demands = [
            Demand("soon", 0, day(10), reserved=3),
            Demand("late", 0, day(20), reserved=3),
            Demand("b", 4, day(0)),
        ]
        swaps = self._swaps([Supply(4, day(8))], demands)
        self.assertEqual(
            [(s.lender, s.quantity) for s in swaps], [("late", 3), ("soon", 1)]
        )

    def test_whoever_is_in_time_needs_nothing(self):
        demands = [Demand("a", 0, day(20), reserved=4), Demand("b", 4, day(9))]
        self.assertFalse(self._swaps([Supply(4, day(8))], demands))

    def test_only_days_late_count(self):
        """Due on day 5, served on day 8: three days are gained."""
        demands = [Demand("a", 0, day(20), reserved=4), Demand("b", 4, day(5))]
        self.assertEqual(self._swaps([Supply(4, day(8))], demands)[0].days, 3)
