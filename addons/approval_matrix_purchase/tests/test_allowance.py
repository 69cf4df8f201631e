"""The arithmetic of what may flow, against rules of its own."""

from itertools import permutations

from hypothesis import given, settings
from hypothesis import strategies as st

from odoo.tests import BaseCase, tagged

from odoo.addons.approval_matrix_purchase.allowance import (
    MOST,
    Allowance,
    Tolerance,
    leave_out_booked,
    pair_lines,
    read_rows,
)

numbers = st.floats(0, 1e6, allow_nan=False)
lines = st.lists(
    st.fixed_dictionaries(
        {
            "product": st.integers(1, 2),
            "uom": st.integers(1, 2),
            "text": st.sampled_from("ab"),
            "quantity": st.integers(1, 2),
            "date": st.integers(1, 2),
        }
    ),
    max_size=6,
)


def alike(line):
    """Return all of a line but its date, as something to count."""
    return tuple(sorted((key, line[key]) for key in line if key != "date"))


@tagged("post_install", "-at_install")
class TestTolerance(BaseCase):
    def test_without_limits_nothing_is_tolerated(self):
        self.assertEqual(Tolerance().margin(100), 0)

    def test_percent_of_what_is_approved(self):
        self.assertEqual(Tolerance(percent=5).margin(200), 10)

    def test_of_two_limits_the_smaller_counts(self):
        self.assertEqual(Tolerance(5, 3).margin(200), 3)
        self.assertEqual(Tolerance(5, 30).margin(200), 10)

    def test_discounts_have_a_margin_too(self):
        self.assertEqual(Tolerance(percent=5).margin(-200), 10)

    @settings(max_examples=60, deadline=None)
    @given(numbers, numbers, st.floats(-1e6, 1e6, allow_nan=False))
    def test_no_limit_is_ever_exceeded(self, percent, absolute, base):
        margin = Tolerance(percent, absolute).margin(base)
        self.assertGreaterEqual(margin, 0)
        if percent:
            self.assertLessEqual(margin, abs(base) * percent / 100)
        if absolute:
            self.assertLessEqual(margin, absolute)
        if not percent and not absolute:
            self.assertEqual(margin, 0)


@tagged("post_install", "-at_install")
class TestAllowance(BaseCase):
    def test_amount_of_a_quantity(self):
        self.assertEqual(Allowance(10, 8).amount_of(5), 40)

    def test_what_was_approved_beyond_the_price_counts_once(self):
        self.assertEqual(Allowance(10, 8, 20).amount_of(5), 60)
        self.assertEqual(Allowance(10, 8, 20).amount_of(10), 100)


@tagged("post_install", "-at_install")
class TestPairLines(BaseCase):
    def line(self, product=1, text="a", quantity=1, uom=1, date=1):
        return {
            "product": product,
            "uom": uom,
            "text": text,
            "quantity": quantity,
            "date": date,
        }

    def test_a_new_date_is_the_same_line(self):
        pairs = pair_lines([self.line(date=1)], [self.line(date=2)])
        self.assertEqual(pairs, [(0, 0)])

    def test_text_tells_lines_of_one_product_apart(self):
        then = [self.line(text="a"), self.line(text="b")]
        now = [self.line(text="b", quantity=5), self.line(text="a", quantity=6)]
        self.assertEqual(pair_lines(then, now), [(0, 1), (1, 0)])

    def test_another_unit_is_the_same_product(self):
        self.assertEqual(pair_lines([self.line()], [self.line(uom=2)]), [(0, 0)])

    def test_another_product_has_no_partner(self):
        pairs = pair_lines([self.line()], [self.line(product=2)])
        self.assertEqual(pairs, [(0, None), (None, 0)])

    @settings(max_examples=100, deadline=None)
    @given(lines, lines)
    def test_each_line_is_used_once(self, then, now):
        pairs = pair_lines(then, now)
        for side, count in ((0, len(then)), (1, len(now))):
            used = sorted(pair[side] for pair in pairs if pair[side] is not None)
            self.assertEqual(used, list(range(count)))

    @settings(max_examples=100, deadline=None)
    @given(lines, lines)
    def test_lines_that_are_alike_are_paired_first(self, then, now):
        left = [alike(line) for line in now]
        expected = 0
        for line in then:
            if alike(line) in left:
                left.remove(alike(line))
                expected += 1
        pairs = pair_lines(then, now)
        found = sum(
            was is not None and is_ is not None and alike(then[was]) == alike(now[is_])
            for was, is_ in pairs
        )
        self.assertEqual(found, expected)

    @settings(max_examples=100, deadline=None)
    @given(lines, lines)
    def test_as_many_as_possible_keep_their_product(self, then, now):
        pairs = pair_lines(then, now)
        for product in (1, 2):
            counts = [
                sum(line["product"] == product for line in side) for side in (then, now)
            ]
            found = sum(
                was is not None and is_ is not None and then[was]["product"] == product
                for was, is_ in pairs
            )
            self.assertEqual(found, min(counts))


@tagged("post_install", "-at_install")
class TestReadRows(BaseCase):
    def test_what_an_error_message_brings(self):
        self.assertEqual(read_rows([[3, 2.5, 10]]), {3: 2.5})

    def test_nonsense_is_left_out(self):
        for rows in (
            None,
            "nonsense",
            5,
            {},
            [[]],
            [3],
            [["3", 1, 0]],
            [[True, 1, 0]],
            [[-1, 1, 0]],
            [[2**31, 1, 0]],
            [[3, "much", 0]],
            [[3, float("nan"), 0]],
            [[3, float("inf"), 0]],
            [[3, -1, 0]],
            [[3, MOST * 2, 0]],
        ):
            with self.subTest(rows=rows):
                self.assertEqual(read_rows(rows), {})


dated = st.lists(st.tuples(st.integers(1, 4), st.sampled_from("ab")), max_size=5)


@tagged("post_install", "-at_install")
class TestLeaveOutBooked(BaseCase):
    def test_entry_of_the_amount_books_a_payment(self):
        self.assertEqual(leave_out_booked({"p": (3, 100)}, [(3, 100)]), [])

    def test_entry_of_another_amount_books_nothing(self):
        self.assertEqual(leave_out_booked({"p": (3, 100)}, [(3, 99)]), ["p"])

    def test_entry_of_an_earlier_day_books_nothing(self):
        self.assertEqual(leave_out_booked({"p": (3, 100)}, [(2, 100)]), ["p"])

    def test_entry_books_one_payment(self):
        left = leave_out_booked({"p": (1, 100), "q": (2, 100)}, [(5, 100)])
        self.assertEqual(left, ["p"])

    @settings(max_examples=60, deadline=None)
    @given(dated, dated)
    def test_as_many_are_booked_as_can_be(self, payments, entries):
        """However payments and entries are dealt to each other, no way books more."""
        left = leave_out_booked(dict(enumerate(payments)), entries)
        blanks = [(0, None)] * len(payments)
        most = max(
            sum(
                amount == paid and day >= when
                for (when, paid), (day, amount) in zip(payments, dealt, strict=False)
            )
            for dealt in permutations([*entries, *blanks][: max(len(payments), 6)])
        )
        self.assertEqual(len(payments) - len(left), most)
