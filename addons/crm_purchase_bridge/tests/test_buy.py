from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import tagged

from odoo.addons.supply_link.tests.kits import make_kit
from odoo.addons.supply_link.tests.pool_common import day

from .test_need import NeedCommon


class BuyCommon(NeedCommon):
    def _dialog(self, *lines, user=None):
        """Open the dialog as a buyer who has chosen these order lines."""
        action = self._needs(*lines, user=user).action_buy()
        return (
            self.env[action["res_model"]]
            .with_user(user or self.buyer)
            .browse(action["res_id"])
        )

    def _buy(self, *lines):
        return self._press(self._dialog(*lines))

    def _press(self, dialog):
        action = dialog.action_buy()
        orders = self.env["purchase.order"]
        if action.get("res_id"):
            return orders.browse(action["res_id"])
        return orders.search(action["domain"])


@tagged("post_install", "-at_install")
class TestBuy(BuyCommon):
    def test_a_quotation_is_made(self):
        order = self._buy(self._sale(5, due=day(10)))
        self.assertEqual(order.state, "draft")
        self.assertEqual(order.partner_id, self.vendor)
        self.assertEqual(order.user_id, self.buyer)
        self.assertEqual(order.order_line.product_qty, 5)
        self.assertEqual(order.picking_type_id, self.warehouse.in_type_id)

    def test_needs_of_a_product_are_combined(self):
        first, second = self._sale(5), self._sale(3)
        order = self._buy(first, second)
        self.assertEqual(order.order_line.product_qty, 8)
        self.assertIn(first.order_id.name, order.origin)
        self.assertIn(second.order_id.name, order.origin)

    def test_the_quotation_of_a_vendor_is_extended(self):
        other = self._product("Pool Other")
        first = self._buy(self._sale(5))
        second = self._buy(self._sale(3, product=other))
        self.assertEqual(first, second)
        self.assertEqual(len(first.order_line), 2)

    def test_two_vendors_get_two(self):
        another = self.env["res.partner"].create({"name": "Another"})
        other = self._product(
            "Pool Other", seller_ids=[Command.create({"partner_id": another.id})]
        )
        orders = self._buy(self._sale(5), self._sale(3, product=other))
        self.assertEqual(orders.partner_id, self.vendor | another)

    def test_what_somebody_was_asked_to_approve_is_not_extended(self):
        first = self._buy(self._sale(5))
        head = self._user("head", "purchase.group_purchase_manager")
        self.env["approval.rule"].create(
            {
                "name": "All",
                "model_id": self.env["ir.model"]._get("purchase.order").id,
                "company_id": self.company.id,
                "step_ids": [
                    Command.create(
                        {"name": "Head", "user_ids": [Command.set(head.ids)]}
                    )
                ],
            }
        )
        first.with_user(self.buyer).button_confirm()
        self.assertEqual(first.state, "to approve")
        first.with_user(head).action_reject("Too dear")
        self.assertEqual(first.state, "draft")
        second = self._buy(self._sale(3, product=self._product("Pool Other")))
        self.assertNotEqual(first, second)

    def test_alternatives_are_not_extended(self):
        first = self._buy(self._sale(5))
        self.env["purchase.order.group"].create({"order_ids": [Command.set(first.ids)]})
        second = self._buy(self._sale(3, product=self._product("Pool Other")))
        self.assertNotEqual(first, second)

    def test_the_vendors_unit_and_minimum_count(self):
        self.product.seller_ids.write({"min_qty": 2, "product_uom_id": self.dozen.id})
        order = self._buy(self._sale(5))
        line = order.order_line
        self.assertEqual((line.product_qty, line.product_uom_id), (2, self.dozen))

    def test_part_of_a_unit_is_rounded_up(self):
        self.product.seller_ids.product_uom_id = self.dozen
        self.assertEqual(self._buy(self._sale(13)).order_line.product_uom_qty, 24)

    def test_nothing_is_tied_that_anybody_may_have(self):
        line = self._sale(5)
        order = self._buy(line)
        self.assertFalse(order.order_line.move_dest_ids)
        self.assertFalse(line.supply_link_ids)

    def test_goods_of_the_common_stock_go_to_who_lacked_them(self):
        line = self._sale(5)
        self._buy(line).button_confirm()
        self.assertFalse(self._needs(line).filtered("quantity_short"))
        self.assertEqual(self._promise(line).method, "incoming")

    def test_what_is_made_to_order_is_linked_to_it(self):
        self._make_to_order()
        line = self._sale(5)
        line.supply_link_ids.purchase_line_id.unlink()
        move = line.move_ids
        if move.procure_method != "make_to_order":
            move.procure_method = "make_to_order"
        order = self._buy(line)
        self.assertEqual(order.order_line.move_dest_ids, move)
        link = line.supply_link_ids.filtered(lambda link: link.state == "open")
        self.assertEqual(link.purchase_id, order)
        self.assertEqual(link.quantity, 5)

    def test_more_than_was_made_to_order_is_tied_to_nobody(self):
        self._make_to_order()
        line = self._sale(4)
        line.supply_link_ids.purchase_line_id.unlink()
        line.move_ids.procure_method = "make_to_order"
        self.product.seller_ids.min_qty = 50
        order = self._buy(line)
        self.assertEqual(sum(order.order_line.mapped("product_qty")), 50)
        link = line.supply_link_ids.filtered(lambda link: link.state == "open")
        self.assertEqual(link.quantity, 4)

    def test_components_of_kits_are_bought(self):
        kit, part = self._product("Pool Kit"), self._product("Pool Part")
        make_kit(kit, {part: 2})
        order = self._buy(self._sale(3, product=kit))
        line = order.order_line
        self.assertEqual((line.product_id, line.product_qty), (part, 6))

    def test_no_day_is_planned_that_the_vendor_cannot_keep(self):
        order = self._buy(self._sale(5, due=day(1)))
        self.assertEqual(order.order_line.date_planned.date(), self._day(5))
        self.assertEqual(order.date_order.date(), self._day(0))

    def test_what_is_wanted_later_is_planned_for_then(self):
        order = self._buy(self._sale(5, due=day(30)))
        self.assertGreater(order.order_line.date_planned.date(), self._day(20))

    def test_an_urgent_order_makes_an_urgent_quotation(self):
        line = self._sale(5)
        level = self.env["urgency.level"].search([("is_urgent", "=", True)], limit=1)
        line.order_id.write(
            {"urgency_level_id": level.id, "urgency_reason": "Tomorrow"}
        )
        self.assertEqual(self._buy(line).urgency_level_id, level)


@tagged("post_install", "-at_install")
class TestBoughtOnce(BuyCommon):
    def test_a_second_click_buys_nothing(self):
        dialog = self._dialog(self._sale(5))
        order = self._press(dialog)
        with self.assertRaises(UserError):
            dialog.action_buy()
        self.assertEqual(order.order_line.product_qty, 5)

    def test_a_second_dialog_buys_nothing(self):
        line = self._sale(5)
        first, second = self._dialog(line), self._dialog(line)
        self._press(first)
        with self.assertRaises(UserError):
            second.action_buy()

    def test_what_is_in_quotations_is_not_offered(self):
        line = self._sale(5)
        self._purchase(5, day(6), confirm=False)
        with self.assertRaises(UserError):
            self._dialog(line)

    def test_quotations_leave_what_they_do_not_cover(self):
        line = self._sale(5)
        self._purchase(2, day(6), confirm=False)
        self.assertEqual(self._dialog(line).line_ids.needed, 3)

    def test_quotations_are_for_others_as_well(self):
        """Two lack five each, five are quoted: of either as much is to be bought."""
        first, second = self._sale(5), self._sale(5)
        self._purchase(5, day(6), confirm=False)
        for line in (first, second):
            self.assertEqual(self._dialog(line).line_ids.needed, 5)
        self.assertEqual(self._dialog(first, second).line_ids.needed, 5)

    def test_what_is_not_put_away_is_not_bought(self):
        line = self._sale(5)
        self._count(2, self.warehouse.wh_input_stock_loc_id)
        self.warehouse.reception_steps = "two_steps"
        dialogs = self.env["supply.buy"].with_user(self.buyer)
        action = dialogs._open(line)
        dialog = dialogs.browse(action["res_id"])
        self.assertEqual(dialog.line_ids.needed, 3)

    def test_what_came_meanwhile_is_not_bought(self):
        dialog = self._dialog(self._sale(5))
        self._count(5)
        with self.assertRaises(UserError):
            dialog.action_buy()

    def test_for_who_was_passed_over_is_bought_once(self):
        self._count(10)
        line = self._sale(10, due=day(20))
        self._quotation(10)
        dialog = self._dialog(line)
        order = self._press(dialog)
        self.assertEqual(order.order_line.product_qty, 10)
        with self.assertRaises(UserError):
            self._dialog(line)
        order.button_confirm()
        self.assertFalse(self._needs(line))

    def test_another_vendor_can_be_chosen(self):
        another = self.env["res.partner"].create({"name": "Another"})
        dialog = self._dialog(self._sale(5))
        dialog.line_ids.write({"vendor_id": another.id, "quantity": 6})
        order = self._press(dialog)
        self.assertEqual(order.partner_id, another)
        self.assertEqual(order.order_line.product_qty, 6)


@tagged("post_install", "-at_install")
class TestBuyAttacks(BuyCommon):
    def test_nonsense_is_bought_by_nobody(self):
        dialog = self._dialog(self._sale(5))
        for quantity in (-1, float("nan"), float("inf"), 1e12):
            with self.assertRaises(UserError):
                dialog.line_ids.write({"quantity": quantity})
        with self.assertRaises(UserError):
            dialog.write(
                {"line_ids": [Command.update(dialog.line_ids.id, {"quantity": -1})]}
            )

    def test_nothing_is_bought_without_a_vendor(self):
        dialog = self._dialog(self._sale(5))
        dialog.line_ids.vendor_id = False
        with self.assertRaises(UserError):
            dialog.action_buy()

    def test_all_left_out_buys_nothing(self):
        dialog = self._dialog(self._sale(5))
        dialog.line_ids.quantity = 0
        with self.assertRaises(UserError):
            dialog.action_buy()

    def test_what_is_missing_is_not_the_buyers_to_write(self):
        dialog = self._dialog(self._sale(5))
        for values in (
            {"needed": 0},
            {"sale_line_ids": [Command.clear()]},
            {"product_id": self._product("Pool Other").id},
        ):
            with self.assertRaises(UserError):
                dialog.line_ids.write(values)

    def test_no_dialog_is_made_up(self):
        for model in ("supply.buy", "supply.buy.line"):
            with self.assertRaises(AccessError):
                self.env[model].with_user(self.buyer).create({})

    def test_nobody_buys_in_the_dialog_of_another(self):
        dialog = self._dialog(self._sale(5))
        other = self._user("other", "purchase.group_purchase_user")
        with self.assertRaises(AccessError):
            dialog.with_user(other).action_buy()

    def test_who_does_not_buy_gets_nothing(self):
        line = self._sale(5)
        need, dialog = self._needs(line), self._dialog(line)
        for call in (
            need.with_user(self.care).action_buy,
            need.with_user(self.care).action_open_purchase,
            dialog.with_user(self.care).action_buy,
        ):
            with self.assertRaises(AccessError):
                call()

    def test_the_context_decides_nothing(self):
        line = self._sale(5)
        self._buy(line)
        needs = self._needs(line).with_context(
            hot_list_buyer=1, active_ids=[1], default_needed=99
        )
        with self.assertRaises(UserError):
            needs.action_buy()
