from datetime import timedelta

from odoo import fields
from odoo.tests import HttpCase, tagged

from .test_customers import CustomersCommon


class SupplyTourCase(HttpCase, CustomersCommon):
    """Buyer, storekeeper and salesperson look at their screens."""

    def _tour(self, record, name, user):
        self._play(f"{record._name}/{record.id}", name, user)

    def _play(self, path, name, user):
        user.password = user.login
        self._follow()
        self.start_tour(f"/odoo/{path}", f"supply_link_{name}", login=user.login)
        self.env.invalidate_all()

    def _look_at_purchase(self):
        first = self._sale(4, commitment_date=self.due)
        second = self._sale(
            3, commitment_date=self.due, partner_id=self.other_customer.id
        )
        purchase = self._bought_for(first | second).order_id
        self._tour(purchase, "buyer_sees_who_waits", self._buyer())

    def _lend(self):
        now = fields.Datetime.now()
        self.env["stock.quant"]._update_available_quantity(
            self.chair, self.warehouse.lot_stock_id, 10
        )
        lender = self._sale(
            10,
            self.chair,
            commitment_date=now + timedelta(days=20),
            partner_id=self.other_customer.id,
        )
        lender.picking_ids.action_assign()
        coming = self._purchase(10, self.chair)
        coming.order_line.date_planned = now + timedelta(days=10)
        coming.button_confirm()
        borrower = self._sale(4, self.chair, commitment_date=now + timedelta(days=1))
        clerk = self._user("tour_clerk", "stock.group_stock_user")
        self._tour(borrower.picking_ids, "storekeeper_lends", clerk)
        self.assertEqual(sum(borrower.picking_ids.move_ids.mapped("quantity")), 4)

    def _look_at_sale(self):
        purchase = self._purchase(10, self.chair)
        purchase.order_line.date_planned = self.due
        purchase.button_confirm()
        seller = self._seller()
        sale = self._sale(4, self.chair, user_id=seller.id)
        self._tour(sale, "salesperson_sees_goods", seller)


@tagged("post_install", "-at_install")
class TestSupplyTours(SupplyTourCase):
    browser_size = "1366x768"

    def test_buyer_sees_who_waits(self):
        self._look_at_purchase()

    def test_storekeeper_lends_goods(self):
        self._lend()

    def test_salesperson_sees_where_goods_come_from(self):
        self._look_at_sale()

    def test_lists_say_while_they_are_being_built(self):
        user = self._buyer()
        job = self.env.ref("supply_link.ir_cron_fill")
        self._sale(4, self.chair)
        path = "action-supply_link.supply_state_action"
        job.active = True
        self._play(path, "list_is_being_built", user)
        job.active = False
        self._play(path, "list_is_complete", user)


@tagged("post_install", "-at_install")
class TestSupplyPhoneTours(SupplyTourCase):
    browser_size = "375x667"
    touch_enabled = True

    def test_buyer_sees_who_waits_on_a_phone(self):
        self._look_at_purchase()

    def test_storekeeper_lends_goods_on_a_phone(self):
        self._lend()

    def test_salesperson_sees_where_goods_come_from_on_a_phone(self):
        self._look_at_sale()
