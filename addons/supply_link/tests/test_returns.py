"""Goods that go back, when they come and are delivered in one, two and three steps.

A wants 5 and B wants 7 of what is bought for each of them. Only A's goods go back: what
is so of B stays so. What Odoo planned for A's goods stays open, though it brings
nothing any more.
"""

from odoo.tests import BaseCase, tagged

from ..chain import Before, brought
from .test_paths import PathsCommon

#: By what goes back: the links of A and B, how both are supplied, and of A what is
#: there and what is missing; nothing where all of it is delivered.
EXPECTED = {
    "to_vendor": ("B mto 7, 7 came", "none stock", (0, 5)),
    "some_to_vendor": ("A mto 3, 3 came; B mto 7, 7 came", "none stock", (3, 2)),
    "again_from_vendor": ("A mto 5, 5 came; B mto 7, 7 came", "stock stock", (5, 0)),
    "from_customer": ("A mto 5, 5 came; B mto 7, 7 came", "none delivered", (0, 5)),
    "some_from_customer": (
        "A mto 5, 5 came; B mto 7, 7 came",
        "none delivered",
        (0, 2),
    ),
    "again_to_customer": (
        "A mto 5, 5 came; B mto 7, 7 came",
        "delivered delivered",
        None,
    ),
}


class ReturnsCommon(PathsCommon):
    def _come(self, kind):
        """Order and receive what is bought to order; nothing is put away yet."""
        self._sell(getattr(self, f"_supply_{kind}")())
        self._buy().button_confirm()
        self._receive(self._buy())

    def _come_and_go(self, kind):
        """Receive and deliver all; return the transfer to A."""
        self._come(kind)
        self._carry_out()
        return self.first.order_line.move_ids.filtered(
            lambda move: move.location_dest_usage == "customer"
        ).picking_id

    def _receipt(self):
        """Return the transfer that A's goods came with."""
        return self._bought_for(self.first).move_ids.picking_id

    def _give_back(self, picking, quantity=5):
        """Send goods of a transfer back; nothing else may be reserved with them."""
        after = picking.move_ids.move_dest_ids
        after.filtered(lambda move: move.state != "done")._do_unreserve()
        return self._return(picking, quantity)

    # ------------------------------------------------------------
    # WHAT GOES BACK
    # ------------------------------------------------------------

    def _to_vendor(self, kind):
        self._come(kind)
        self._give_back(self._receipt())

    def _some_to_vendor(self, kind):
        self._come(kind)
        self._give_back(self._receipt(), 2)

    def _again_from_vendor(self, kind):
        """The vendor sends again what was sent back."""
        self._come(kind)
        self._give_back(self._give_back(self._receipt()))

    def _from_customer(self, kind):
        self._give_back(self._come_and_go(kind))

    def _some_from_customer(self, kind):
        self._give_back(self._come_and_go(kind), 2)

    def _again_to_customer(self, kind):
        """The customer gets again what was sent back."""
        self._give_back(self._give_back(self._come_and_go(kind)))

    def _check(self, kind, what):
        getattr(self, f"_{what}")(kind)
        self._check_rebuilt()
        lines = (self.first | self.second).order_line
        differing = self.env["supply.state"]._find_differences(lines)
        self.assertFalse([text for _line, text in differing])
        states = self.env["supply.state"].search(
            [("sale_line_id", "=", self.first.order_line.id)]
        )
        missing = [(state.quantity_now, state.quantity_short) for state in states]
        self.assertEqual(
            (self._found(), self._found_supply(), missing[0] if missing else None),
            EXPECTED[what],
        )


def _make_test(kind, what):
    def test(self):
        self._check(kind, what)

    return test


@tagged("post_install", "-at_install")
class TestReturns(ReturnsCommon):
    """One test for each number of steps, and what goes back."""

    for _kind in ("mto", "mto_2_steps", "mto_3_steps"):
        for _what in EXPECTED:
            locals()[f"test_{_kind}_{_what}"] = _make_test(_kind, _what)

    def test_put_away_of_what_went_back_is_promised_to_nobody(self):
        self.warehouse.reception_steps = "two_steps"
        purchase = self._purchase(12, self.chair)
        purchase.button_confirm()
        self._receive(purchase)
        self._give_back(purchase.picking_ids)
        sale = self._sale(9, self.chair)
        self._follow()
        state = self.env["supply.state"].search(
            [("sale_line_id", "=", sale.order_line.id)]
        )
        self.assertEqual((state.method, state.quantity_short), ("none", 2))

    def test_put_away_of_what_went_back_can_be_told_to_nobody(self):
        self.warehouse.reception_steps = "two_steps"
        purchase = self._purchase(12, self.chair)
        purchase.button_confirm()
        self._receive(purchase)
        self._give_back(purchase.picking_ids)
        pools = self.env["supply.pool"]
        (ledger,) = pools._get_ledgers(self.chair, self.warehouse).values()
        units = 10 ** pools._get_digits()
        self.assertIsNotNone(ledger.earliest(7 * units))
        self.assertIsNone(ledger.earliest(8 * units))


class TestChain(BaseCase):
    """What the moves before a move bring it."""

    def test_move_brings_what_it_is_brought(self):
        moves = [Before(1, 2, 5, waits=True), Before(2, 3, 3)]
        self.assertEqual(brought([1], moves), ({1: 3}, set()))

    def test_several_moves_bring_together(self):
        moves = [Before(1, 2, 5), Before(1, 3, 3)]
        self.assertEqual(brought([1], moves), ({1: 8}, set()))

    def test_move_that_does_not_wait_brings_all(self):
        moves = [Before(1, 2, 5), Before(2, 3, 3)]
        self.assertEqual(brought([1], moves), ({1: 5}, set()))

    def test_circle_ends(self):
        moves = [Before(1, 2, 5, waits=True), Before(2, 1, 4, waits=True)]
        self.assertEqual(brought([1], moves), ({1: 4}, set()))

    def test_goods_of_a_customer_are_known_some_steps_later(self):
        moves = [Before(1, 2, 5), Before(2, 3, 5, is_from_customer=True)]
        self.assertEqual(brought([1], moves), ({1: 5}, {1}))

    def test_move_without_any_before_is_not_told(self):
        self.assertEqual(brought([1], []), ({}, set()))
