from odoo import Command
from odoo.exceptions import AccessError, UserError, ValidationError
from odoo.tests import tagged

from .common import UrgencyCommon


@tagged("post_install", "-at_install")
class TestUrgency(UrgencyCommon):
    # marking

    def test_orders_are_normal_unless_said_otherwise(self):
        self.assertEqual(self._sale().urgency_level_id, self.normal)
        self.assertEqual(self._order().urgency_level_id, self.normal)
        self.assertEqual(self._order().priority, "0")

    def test_priority_given_by_hand_stays(self):
        self.assertEqual(self._order(priority="1").priority, "1")

    def test_urgency_sets_odoo_priority_both_ways(self):
        order = self._order()
        order.write({"urgency_level_id": self.urgent.id, "urgency_reason": "x"})
        self.assertEqual(order.priority, "1")
        order.urgency_level_id = self.normal
        self.assertEqual(order.priority, "0")

    def test_urgent_needs_a_reason(self):
        for reason in (False, "", "  "):
            with self.assertRaises(ValidationError), self.cr.savepoint():
                self._sale(urgency_level_id=self.urgent.id, urgency_reason=reason)

    def test_who_and_when_cannot_be_forged(self):
        sale = self._urgent_sale(urgency_user_id=self.manager.id)
        self.assertEqual(sale.urgency_user_id, self.care)
        self.assertTrue(sale.urgency_date)
        sale.write({"urgency_user_id": self.manager.id})
        self.assertEqual(sale.urgency_user_id, self.care)

    def test_stamps_cannot_be_forged_through_the_context(self):
        sale = self.env(
            user=self.care,
            context={
                "default_urgency_user_id": self.manager.id,
                "default_urgency_level_id": self.urgent.id,
                "default_urgency_reason": "x",
            },
        )["sale.order"].create({"partner_id": self.customer.id})
        self.assertEqual(sale.urgency_level_id, self.urgent)
        self.assertEqual(sale.urgency_user_id, self.care)
        self.assertTrue(sale.urgency_date)

    def test_delivery_of_a_colleague_can_be_validated(self):
        self.product.route_ids = [Command.clear()]
        self.env["stock.quant"]._update_available_quantity(
            self.product, self.env.ref("stock.stock_location_stock"), 10
        )
        clerk = self._user(
            "clerk", "sales_team.group_sale_salesman", "stock.group_stock_user"
        )
        sale = self._urgent_sale()
        sale.action_confirm()
        sale.picking_ids.with_user(clerk).button_validate()
        self.assertEqual(sale.delivery_status, "full")

    def test_urgency_with_two_companies_ticked(self):
        other = self.env["res.company"].create({"name": "Other"})
        self.care.company_ids += other
        sale = self._sale().with_context(allowed_company_ids=(self.company | other).ids)
        sale.write({"urgency_level_id": self.urgent.id, "urgency_reason": "x"})
        self.assertTrue(self._activities(sale, self.seller))

    def test_source_cannot_be_forged(self):
        order = self._order(urgency_source_id=self._sale().id)
        self.assertFalse(order.urgency_source_id)

    def test_level_that_does_not_exist_is_refused(self):
        order = self._order()
        with self.assertRaises(UserError), self.cr.savepoint():
            order.write({"urgency_level_id": 10**9})

    def test_plain_users_do_not_change_levels(self):
        for user in (self.care, self.buyer):
            with self.assertRaises(AccessError):
                self.urgent.with_user(user).reason_required = False

    # inheritance

    def test_purchase_inherits_from_the_sale(self):
        sale = self._urgent_sale()
        sale.with_user(self.seller).action_confirm()
        purchase = self._purchase(sale)
        self.assertEqual(purchase.urgency_level_id, self.urgent)
        self.assertEqual(purchase.needed_by, self.deadline)
        self.assertEqual(purchase.urgency_reason, "Ward opens on Monday")
        self.assertEqual(purchase.urgency_source_id, sale)
        self.assertEqual(purchase.urgency_user_id, self.care)
        self.assertEqual(purchase.priority, "1")

    def test_purchase_follows_a_sale_marked_later(self):
        sale = self._sale()
        sale.action_confirm()
        purchase = self._purchase(sale)
        self.assertFalse(purchase.is_urgent)
        sale.write({"urgency_level_id": self.critical.id, "urgency_reason": "Accident"})
        self.assertEqual(purchase.urgency_level_id, self.critical)
        sale.urgency_level_id = self.normal
        self.assertEqual(purchase.urgency_level_id, self.normal)
        self.assertEqual(purchase.priority, "0")
        self.assertFalse(purchase.urgency_source_id)

    def test_strongest_of_several_sales_wins(self):
        self.vendor.group_rfq = "all"
        relaxed, urgent, critical = (
            self._sale(),
            self._urgent_sale(),
            self._urgent_sale(self.critical),
        )
        for sale in (urgent, critical, relaxed):
            sale.action_confirm()
        purchase = self._purchase(urgent) | self._purchase(critical)
        self.assertEqual(len(purchase), 1)
        self.assertEqual(purchase.urgency_level_id, self.critical)
        self.assertEqual(purchase.urgency_source_id, critical)

    def test_urgency_set_by_the_buyer_is_kept_when_stronger(self):
        sale = self._sale()
        sale.action_confirm()
        purchase = self._purchase(sale)
        purchase.with_user(self.buyer).write(
            {"urgency_level_id": self.critical.id, "urgency_reason": "Vendor closes"}
        )
        sale.write({"urgency_level_id": self.urgent.id, "urgency_reason": "Asked"})
        self.assertEqual(purchase.urgency_level_id, self.critical)
        self.assertEqual(purchase.urgency_reason, "Vendor closes")

    def test_urgency_does_not_loosen_approval(self):
        self._rule(self.manager, self.director)
        order = self._approved()
        order.write(
            {"urgency_level_id": self.critical.id, "urgency_reason": "Accident"}
        )
        self.assertEqual(order.state, "purchase")
        order = self._order(
            urgency_level_id=self.critical.id, urgency_reason="Accident"
        )
        order.button_confirm()
        self.assertEqual(order.approval_holder_ids, self.manager)

    # notices

    def test_managers_and_buyer_get_an_activity(self):
        self.vendor.buyer_id = self.buyer
        sale = self._urgent_sale()
        self.assertTrue(self._activities(sale, self.seller))
        self.assertFalse(self._activities(sale, self.buyer))
        sale.action_confirm()
        purchase = self._purchase(sale)
        self.assertTrue(self._activities(purchase, self.buyer))
        self.assertTrue(self._activities(purchase, self.manager))

    def test_to_do_moves_from_the_sale_to_the_purchase(self):
        self.vendor.buyer_id = self.buyer
        self.buyer.group_ids += self.env.ref("stock.group_stock_user")
        sale = self._urgent_sale()
        self.assertTrue(self._activities(sale, self.buyer))
        sale.action_confirm()
        self.assertFalse(self._activities(sale, self.buyer))
        purchase = self._purchase(sale)
        self.assertTrue(self._activities(purchase, self.buyer))
        purchase.with_user(self.buyer).button_confirm()
        self.assertFalse(self._activities(purchase, self.buyer))

    def test_to_do_ends_with_the_delivery_or_the_order(self):
        self.product.route_ids = [Command.clear()]
        self.env["stock.quant"]._update_available_quantity(
            self.product, self.env.ref("stock.stock_location_stock"), 10
        )
        sale = self._urgent_sale()
        sale.action_confirm()
        self.assertTrue(self._activities(sale, self.seller))
        sale.picking_ids.sudo().button_validate()
        self.assertEqual(sale.delivery_status, "full")
        self.assertFalse(self._activities(sale, self.seller))

        sale = self._urgent_sale()
        sale._action_cancel()
        self.assertFalse(self._activities(sale, self.seller))

    def test_activities_go_when_urgency_does(self):
        sale = self._urgent_sale()
        sale.urgency_level_id = self.normal
        self.assertFalse(self._activities(sale, self.seller))

    def test_purchasing_hears_at_once_without_prices(self):
        self.env["bus.bus"].sudo().search([]).unlink()
        sale = self._urgent_sale()
        self.env.cr.precommit.run()
        notices = (
            self.env["bus.bus"]
            .sudo()
            .search([])
            .filtered(lambda notice: "urgent_orders/marked" in notice.message)
        )
        channels = " ".join(notices.mapped("channel"))
        for user in (self.buyer, self.manager, self.seller):
            self.assertIn(f'"res.partner",{user.partner_id.id}]', channels)
        self.assertNotIn(f'"res.partner",{self.care.partner_id.id}]', channels)
        for notice in notices:
            self.assertIn(sale.name, notice.message)
            self.assertNotIn("amount", notice.message)
            self.assertNotIn("price", notice.message)

    def test_other_companies_are_not_told(self):
        other = self.env["res.company"].create({"name": "Other"})
        stranger = self._user("stranger", "purchase.group_purchase_manager")
        stranger.write(
            {"company_ids": [Command.set(other.ids)], "company_id": other.id}
        )
        sale = self._urgent_sale()
        self.assertNotIn(stranger, sale.sudo()._get_urgency_audience())
