from dataclasses import replace
from datetime import datetime
from fractions import Fraction

from odoo.tests import BaseCase, tagged

from odoo.addons.supply_link.lookahead import Fence, Ledger
from odoo.addons.supply_link.pegging import NEVER, NOW, Demand, Supply

from ..delays import Estimate, Span
from ..promising import (
    Answer,
    Part,
    Terms,
    ask,
    cut,
    fill,
    find_last,
    kit_parts,
    promise,
    tell_unplaced,
    together,
)
from .working_week import WEEK, at, day


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
