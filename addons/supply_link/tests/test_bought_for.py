"""Goods that were bought for an order line without being tied to its delivery.

They are in the common stock once they came: nobody is promised them before.
"""

from datetime import timedelta

from odoo import fields
from odoo.service.model import call_kw
from odoo.tests import tagged

from .test_paths import PathsCommon


@tagged("post_install", "-at_install")
class TestBoughtFor(PathsCommon):
    """A wants 5, B wants 7, and a purchase is made for each."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.first_purchase = cls.second_purchase = None

    def setUp(self):
        super().setUp()
        self._sell(self._supply_mts_else_mto())
        self.first_purchase = self._buy(self.first)
        self.second_purchase = self._buy(self.second)

    def _order(self):
        (self.first_purchase | self.second_purchase).button_confirm()

    def _check(self, links, supply):
        self._check_rebuilt()
        self._check_given_once()
        self.assertEqual((self._found(), self._found_supply()), (links, supply))

    def _state(self, sale):
        return self.env["supply.state"].search(
            [("sale_line_id", "in", sale.order_line.ids)]
        )

    def _comes(self, quantity, days):
        """Order goods for anybody that come so many days from now."""
        purchase = self._purchase(quantity)
        date = fields.Datetime.now() + timedelta(days=days)
        purchase.order_line.date_planned = date
        purchase.button_confirm()
        return purchase

    # ------------------------------------------------------------
    # A'S PURCHASE BRINGS NOTHING ANY MORE
    # ------------------------------------------------------------

    def test_cancelled_order(self):
        self._order()
        self.first_purchase.button_cancel()
        self._check("B bought_for 7, 0 came", "none bought")

    def test_cancelled_by_rpc(self):
        self._order()
        orders = self.first_purchase
        call_kw(orders.browse(), "button_cancel", [orders.ids], {})
        self._check("B bought_for 7, 0 came", "none bought")

    def test_cancelled_quotation(self):
        self.second_purchase.button_confirm()
        self.first_purchase.button_cancel()
        self._check("B bought_for 7, 0 came", "none bought")

    def test_deleted_line(self):
        self.second_purchase.button_confirm()
        self.first_purchase.order_line.unlink()
        self._check("B bought_for 7, 0 came", "none bought")

    def test_lowered_quantity(self):
        self.second_purchase.button_confirm()
        self.first_purchase.order_line.product_qty = 2
        self._check("A bought_for 2, 0 came; B bought_for 7, 0 came", "none bought")
        self.assertEqual(self._state(self.first).quantity_short, 3)

    def test_lowered_order(self):
        self._order()
        self.first_purchase.order_line.product_qty = 2
        self._check("A bought_for 2, 0 came; B bought_for 7, 0 came", "none bought")

    def test_merged_quotations(self):
        (self.first_purchase | self.second_purchase).action_merge()
        self._check("A bought_for 5, 0 came; B bought_for 7, 0 came", "bought bought")
        self._buy().button_confirm()
        self._check("A bought_for 5, 0 came; B bought_for 7, 0 came", "bought bought")
        self._buy().button_cancel()
        self._check("nobody", "none none")

    # ------------------------------------------------------------
    # THE POOL: what is bought for nobody
    # ------------------------------------------------------------

    def test_order_competes_again_when_its_purchase_is_cancelled(self):
        self._order()
        self._comes(5, 2)
        self._check("A bought_for 5, 0 came; B bought_for 7, 0 came", "bought bought")
        self.first_purchase.button_cancel()
        self._check("B bought_for 7, 0 came", "incoming bought")

    def test_who_is_served_first_gets_what_is_bought_for_nobody(self):
        self._order()
        self._comes(5, 2)
        soon = fields.Datetime.now() + timedelta(days=1)
        third = self._sale(5, self.bed, commitment_date=soon, confirm=False)
        self.mto_route.rule_ids.active = False
        third.action_confirm()
        self.first.order_line.move_ids.date = soon + timedelta(days=9)
        self.first_purchase.button_cancel()
        self._check("B bought_for 7, 0 came", "none bought")
        self.assertEqual(self._state(third).method, "incoming")

    def test_goods_for_an_order_are_not_told_to_others(self):
        self._order()
        pools = self.env["supply.pool"]
        (ledger,) = pools._get_ledgers(self.bed, self.warehouse).values()
        self.assertIsNone(ledger.earliest(1))

    def test_more_than_was_wanted_is_for_anybody(self):
        self._order()
        self.first_purchase.order_line.product_qty = 8
        third = self._sale(3, self.bed, confirm=False)
        self.mto_route.rule_ids.active = False
        third.action_confirm()
        self._follow()
        self.assertEqual(self._state(third).method, "incoming")
        self._check_given_once()

    def test_order_that_has_goods_reserved_leaves_what_was_bought_for_it(self):
        self._order()
        self.env["stock.quant"]._update_available_quantity(self.bed, self.stock, 7)
        self.second.picking_ids.action_assign()
        self.first_purchase.button_cancel()
        self._check("B bought_for 7, 0 came", "incoming stock")

    def test_goods_that_came_are_for_whose_turn_it_is(self):
        self._order()
        self._receive(self.second_purchase)
        self.second.picking_ids.do_unreserve()
        self.first.picking_ids.action_assign()
        self.first_purchase.button_cancel()
        self._check("B bought_for 7, 7 came", "stock none")
