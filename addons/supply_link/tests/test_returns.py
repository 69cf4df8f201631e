"""Goods that go back, when they come and are delivered in one, two and three steps.

A wants 5 and B wants 7 of what is bought for each of them. Only A's goods go back: what
is so of B stays so. What Odoo planned for A's goods stays open, though it brings
nothing any more.
"""

from odoo.tests import BaseCase, tagged

from ..chain import Before, Taker, brought
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

    # One purchase line for both, of which some goes back

    def _share(self, kind, back, reserved=False):
        """Let goods for both come, and some go back; return what is there and what is
        missing of A and B, who is needed first."""
        self.vendor.group_rfq = "all"
        self._sell(getattr(self, f"_supply_{kind}")())
        line = self._buy().order_line
        line.order_id.button_confirm()
        self._receive(line.order_id)
        picking = line.move_ids.picking_id
        self._give_back(picking, back)
        if reserved:
            self.second.picking_ids.action_assign()
        self._check_rebuilt()
        lines = (self.first | self.second).order_line
        differing = self.env["supply.state"]._find_differences(lines)
        self.assertFalse([text for _line, text in differing])
        states = self.env["supply.state"].search([("sale_line_id", "in", lines.ids)])
        states = states.sorted(lambda state: state.sale_line_id.id)
        return [(state.quantity_now, state.quantity_short) for state in states]

    def test_of_goods_for_both_the_later_one_lacks_what_went_back(self):
        self.assertEqual(self._share("mto", 4), [(5, 0), (3, 4)])
        self.assertEqual(self._found(), "A mto 5, 5 came; B mto 3, 3 came")

    def test_of_goods_to_put_away_the_later_one_lacks_what_went_back(self):
        self.assertEqual(self._share("mto_3_steps", 4), [(5, 0), (3, 4)])

    def test_who_has_goods_reserved_lacks_none(self):
        self.assertEqual(self._share("mto", 4, reserved=True), [(1, 4), (7, 0)])

    def test_goods_for_both_that_went_back_are_nobodys_stock(self):
        """What is left is for A and B."""
        self._share("mto", 4)
        sale = self._sale(1, self.bed, confirm=False)
        pools = self.env["supply.pool"]
        (pool,) = pools._get_pools(sale.order_line.product_id, self.warehouse).values()
        self.assertEqual([supply.quantity for supply in pool.supplies], [])

    def test_what_was_delivered_of_goods_for_both_is_gone(self):
        self.vendor.group_rfq = "all"
        self._sell(self.bed)
        purchase = self._buy()
        purchase.button_confirm()
        self._receive(purchase)
        self._done(self.first.picking_ids)
        self._give_back(purchase.picking_ids, 4)
        self._check_rebuilt()
        state = self.env["supply.state"].search(
            [("sale_line_id", "=", self.second.order_line.id)]
        )
        self.assertEqual((state.quantity_now, state.quantity_short), (3, 4))

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

    def test_what_is_for_several_is_dealt_by_turn(self):
        moves = [Before(1, 3, 8), Before(2, 3, 8)]
        for has, found in (((0, 0), {1: 5, 2: 3}), ((1, 7), {1: 1, 2: 7})):
            takers = [Taker(3, 1, 5, has[0], (1,)), Taker(3, 2, 7, has[1], (2,))]
            self.assertEqual(brought([1, 2], moves, takers), (found, set()))
        # who is not asked for has its turn too
        takers = [Taker(3, 1, 5, 0, (1,)), Taker(3, 2, 7, 0, (2,))]
        self.assertEqual(brought([2], moves, takers), ({2: 3}, set()))

    def test_who_is_brought_goods_of_its_own_takes_less_of_others(self):
        moves = [Before(1, 3, 8), Before(2, 3, 8), Before(1, 4, 3)]
        takers = [Taker(3, 1, 8, 0, (1,)), Taker(3, 2, 7, 0, (2,))]
        self.assertEqual(brought([1, 2], moves, takers), ({1: 8, 2: 3}, set()))

    def test_put_away_for_several_is_dealt_too(self):
        moves = [
            Before(1, 3, 12, waits=True),
            Before(2, 3, 12, waits=True),
            Before(3, 4, 8),
        ]
        takers = [Taker(3, 1, 5, 0, (2,)), Taker(3, 2, 7, 0, (1,))]
        self.assertEqual(brought([1, 2], moves, takers), ({1: 1, 2: 7}, set()))

    def test_circle_ends(self):
        moves = [Before(1, 2, 5, waits=True), Before(2, 1, 4, waits=True)]
        self.assertEqual(brought([1], moves), ({1: 4}, set()))

    def test_goods_of_a_customer_are_known_some_steps_later(self):
        moves = [Before(1, 2, 5), Before(2, 3, 5, is_from_customer=True)]
        self.assertEqual(brought([1], moves), ({1: 5}, {1}))

    def test_move_without_any_before_is_not_told(self):
        self.assertEqual(brought([1], []), ({}, set()))
