from unittest.mock import patch

from odoo.tests import tagged

from .common import SupplyCommon


@tagged("post_install", "-at_install")
class TestServingOrder(SupplyCommon):
    """Links and states name the same orders first."""

    def setUp(self):
        super().setUp()
        self.first = self._sale(5, commitment_date="2027-02-01")
        self.second = self._sale(7, commitment_date="2027-03-01")
        self.purchase = self._bought_for(self.first).order_id
        self.purchase.button_confirm()

    def _let_second_be_first(self):
        """Give the later order a level that goes first, as urgency does."""
        moves = self.second.order_line.move_ids
        Serving = type(self.env["supply.serving"])
        self.startPatcher(
            patch.object(
                Serving, "_get_serving_levels", lambda *_: dict.fromkeys(moves.ids, -1)
            )
        )

    def _assert_supplied(self, links, states):
        """Compare what came of which quantity, what is there and what is missing, of
        the first order and of the second."""
        self._check_rebuilt()
        orders = self.first, self.second
        standing = {
            link.sale_id: (link.quantity_received, link.quantity)
            for link in self._bought_for(self.first | self.second).supply_link_ids
        }
        self.assertEqual([standing.get(order) for order in orders], links)
        lines = (self.first | self.second).order_line
        rows = self.env["supply.state"].search([("sale_line_id", "in", lines.ids)])
        found = {
            row.order_id: (row.method, row.quantity_now, row.quantity_short)
            for row in rows
        }
        self.assertEqual([found.get(order) for order in orders], states)

    def test_who_is_served_first_has_what_is_left_of_a_purchase(self):
        self._let_second_be_first()
        self.purchase.order_line.product_qty = 7
        self._assert_supplied([None, (0, 7)], [("none", 0, 5), ("bought", 0, 0)])

    def test_by_date_as_long_as_nobody_goes_first(self):
        self.purchase.order_line.product_qty = 7
        self._assert_supplied([(0, 5), (0, 2)], [("bought", 0, 0), ("none", 0, 5)])

    def test_who_is_served_first_has_what_came_and_is_not_reserved(self):
        self._let_second_be_first()
        self._receive(self.purchase, 7)
        (self.first | self.second).picking_ids.do_unreserve()
        self._assert_supplied([(0, 5), (7, 7)], [("bought", 0, 0), ("stock", 7, 0)])

    def test_what_is_reserved_is_theirs_whoever_is_served_first(self):
        self._let_second_be_first()
        self._receive(self.purchase, 7)
        self._assert_supplied([(5, 5), (2, 7)], [("stock", 5, 0), ("bought", 2, 0)])

    def test_links_follow_what_is_reserved(self):
        self._receive(self.purchase, 7)
        (self.first | self.second).picking_ids.do_unreserve()
        self.second.picking_ids.action_assign()
        self._assert_supplied([(0, 5), (7, 7)], [("bought", 0, 0), ("stock", 7, 0)])

    def test_what_is_delivered_was_theirs(self):
        self._receive(self.purchase, 7)
        self._done(self.first.picking_ids)
        self._let_second_be_first()
        self._assert_supplied([(5, 5), (2, 7)], [None, ("bought", 2, 0)])
