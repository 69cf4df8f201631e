from datetime import datetime

from odoo.tests import BaseCase, tagged

from ..dealing import Line, Move, Share, deal, spread

DAY = [datetime(2027, 1, day) for day in range(1, 10)]


def move(id_, quantity, *lines, day=0, sale_line=None, has=0.0):
    return Move(
        id_, sale_line or 100 + id_, quantity, (DAY[day], id_), frozenset(lines), has
    )


@tagged("post_install", "-at_install")
class TestDeal(BaseCase):
    """Who gets what of purchase lines that were made for several moves."""

    def test_earlier_move_first(self):
        shares = deal([Line(1, 8)], [move(1, 5, 1, day=3), move(2, 5, 1, day=1)])
        self.assertEqual(set(shares), {Share(1, 102, 5), Share(1, 101, 3)})

    def test_who_has_goods_keeps_them(self):
        moves = [move(1, 5, 1, day=3, has=4), move(2, 5, 1, day=1)]
        shares = deal([Line(1, 8)], moves)
        self.assertEqual(set(shares), {Share(1, 101, 4), Share(1, 102, 4)})

    def test_what_is_beyond_the_moves_is_nobodys(self):
        self.assertEqual(deal([Line(1, 50)], [move(1, 4, 1)]), [Share(1, 101, 4)])

    def test_two_lines_for_one_move(self):
        shares = deal([Line(1, 3), Line(2, 9)], [move(1, 5, 1, 2)])
        self.assertEqual(set(shares), {Share(1, 101, 3), Share(2, 101, 2)})

    def test_moves_of_one_order_line_are_one_share(self):
        moves = [move(1, 2, 1, sale_line=7), move(2, 3, 1, sale_line=7)]
        self.assertEqual(deal([Line(1, 9)], moves), [Share(1, 7, 5)])

    def test_first_of_competing_quotations_counts(self):
        lines = [Line(1, 5, True, 9), Line(2, 5, True, 9)]
        self.assertEqual(
            deal(lines, [move(1, 5, 1, 2)]), [Share(1, 101, 5), Share(2, 101, 5, True)]
        )

    def test_ordered_one_of_competing_quotations_counts(self):
        lines = [Line(1, 5, True, 9), Line(2, 5, False, 9)]
        self.assertEqual(
            deal(lines, [move(1, 5, 1, 2)]), [Share(2, 101, 5), Share(1, 101, 5, True)]
        )

    def test_lines_of_others_are_left_out(self):
        self.assertEqual(deal([Line(1, 5)], [move(1, 5, 1, 33)]), [Share(1, 101, 5)])

    def test_nothing_brought_is_no_share(self):
        self.assertEqual(deal([Line(1, 0), Line(2, -3)], [move(1, 5, 1, 2)]), [])


@tagged("post_install", "-at_install")
class TestSpread(BaseCase):
    def test_first_ones_first(self):
        self.assertEqual(spread(7, [("a", 5), ("b", 5)]), {"a": 5, "b": 2})

    def test_nothing_left(self):
        self.assertEqual(spread(-1, [("a", 5)]), {"a": 0})
