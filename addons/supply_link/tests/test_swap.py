from datetime import timedelta

from odoo import fields
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from .common import SupplyCommon


@tagged("post_install", "-at_install")
class TestSwap(SupplyCommon):
    """A has ten for day 20, B wants four now, and ten come on day 10: A lends four."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.now = fields.Datetime.now()
        cls.env["stock.quant"]._update_available_quantity(
            cls.chair, cls.warehouse.lot_stock_id, 10
        )
        cls.lender = cls._sale(
            10, cls.chair, commitment_date=cls.now + timedelta(days=20)
        )
        cls.lender.picking_ids.action_assign()
        cls.receipt = cls._purchase(10, cls.chair)
        cls.receipt.order_line.date_planned = cls.now + timedelta(days=10)
        cls.receipt.button_confirm()
        cls.borrower = cls._sale(
            4, cls.chair, commitment_date=cls.now + timedelta(days=1)
        )
        cls.borrower.picking_ids.action_assign()
        cls.clerk = cls._clerk("swap_clerk")

    @classmethod
    def _clerk(cls, login):
        return cls.env["res.users"].create(
            {
                "name": login,
                "login": login,
                "group_ids": [(4, cls.env.ref("stock.group_stock_user").id)],
            }
        )

    def _offers(self, user=None):
        picking = self.borrower.picking_ids.with_user(user or self.clerk)
        action = picking.action_view_supply_swaps()
        return (
            self.env["supply.swap"].with_user(picking.env.user).search(action["domain"])
        )

    def _reserved(self, sale):
        return sum(sale.picking_ids.move_ids.mapped("quantity"))

    def test_lent_in_one_click(self):
        self.assertEqual(self._reserved(self.lender), 10)
        self.assertEqual(self._reserved(self.borrower), 0)
        offer = self._offers()
        self.assertEqual((offer.quantity, offer.lender_name), (4, self._name()))
        self.assertGreaterEqual(offer.days, 8)
        offer.action_lend()
        self.assertEqual(self._reserved(self.lender), 6)
        self.assertEqual(self._reserved(self.borrower), 4)
        self.assertEqual(self.borrower.picking_ids.state, "assigned")

    def _name(self):
        return self.lender.picking_ids.name

    def test_both_deliveries_say_so(self):
        self._offers().action_lend()
        for sale in (self.lender, self.borrower):
            message = sale.picking_ids.message_ids[0]
            self.assertIn(self._name(), message.body)
            self.assertEqual(message.author_id, self.clerk.partner_id)

    def test_nothing_to_lend_without_goods_to_come(self):
        self.receipt.button_cancel()
        self.assertFalse(self._offers())

    def test_offer_that_does_not_hold_any_more(self):
        offer = self._offers()
        self.receipt.button_cancel()
        with self.assertRaises(UserError):
            offer.action_lend()
        self.assertEqual(self._reserved(self.lender), 10)

    def test_offer_is_taken_once(self):
        offer = self._offers()
        offer.action_lend()
        with self.assertRaises(UserError):
            offer.action_lend()

    def test_offers_are_of_whom_asked(self):
        offer = self._offers()
        with self.assertRaises(AccessError):
            offer.with_user(self._clerk("swap_other")).action_lend()

    def test_storekeepers_only(self):
        user = self.env["res.users"].create(
            {
                "name": "Sales",
                "login": "swap_sales",
                "group_ids": [(4, self.env.ref("sales_team.group_sale_salesman").id)],
            }
        )
        with self.assertRaises(AccessError):
            self._offers(user)
