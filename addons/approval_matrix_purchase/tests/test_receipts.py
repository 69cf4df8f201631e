"""What comes in beyond what is approved is asked for, on every path."""

from odoo import Command
from odoo.exceptions import AccessError, RedirectWarning, UserError
from odoo.tests import Form, tagged

from .common import FORGED, PurchaseApprovalCommon


@tagged("post_install", "-at_install")
class TestReceipts(PurchaseApprovalCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls._flow_people()
        cls.rule = cls._rule(cls.manager, cls.director, amount_min=100000)

    def _confirmed(self, quantity=10, price=100.0):
        """An order below every rule."""
        order = self._submitted(quantity=quantity, price=price)
        self.assertEqual(order.state, "purchase")
        return order

    def test_more_than_ordered_is_not_received_without_asking(self):
        order = self._confirmed()
        action = self._receive(order, 1000)
        self.assertEqual(action["res_model"], "purchase.excess.ask")
        self.assertEqual(order.order_line.qty_received, 0)

    def test_the_approved_part_is_received_at_once(self):
        order = self._confirmed()
        excess = self._receive_and_ask(order, 1000)
        self.assertEqual(order.order_line.qty_received, 10)
        self.assertEqual(excess.line_ids.quantity, 990)
        self.assertEqual(excess.state, "waiting")

    def test_the_larger_order_s_rule_decides(self):
        order = self._confirmed()
        excess = self._receive_and_ask(order, 1000)
        # 10 x 100 ordered, 990 x 100 more: 100,000 in all
        self.assertEqual(excess.approval_process_id.rule_id, self.rule)
        self.assertEqual(excess.approval_holder_ids, self.manager)

    def test_small_pieces_reach_the_rule_of_the_whole(self):
        order = self._confirmed(quantity=10, price=9000)
        first = self._receive_and_ask(order, 11)
        self.assertFalse(first.approval_process_id)
        first.with_user(self.manager).action_accept()
        second = self._receive_and_ask(order, 2)
        self.assertEqual(second.approval_process_id.rule_id, self.rule)

    def test_what_is_approved_can_be_received(self):
        order = self._confirmed()
        excess = self._receive_and_ask(order, 1000)
        excess.with_user(self.manager).action_approve()
        excess.with_user(self.director).action_approve()
        self.assertEqual(excess.state, "approved")
        self._receive(order, 990)
        self.assertEqual(order.order_line.qty_received, 1000)

    def test_no_more_than_was_approved_of_the_excess(self):
        order = self._confirmed()
        excess = self._receive_and_ask(order, 12)
        excess.with_user(self.buyer).action_accept()
        self.assertEqual(self._receive(order, 3)["res_model"], "purchase.excess.ask")

    def test_an_excess_is_not_accepted_while_approvers_are_asked(self):
        order = self._confirmed()
        excess = self._receive_and_ask(order, 1000)
        with self.assertRaises(UserError):
            excess.with_user(self.buyer).action_accept()

    def test_storekeepers_do_not_accept(self):
        order = self._confirmed()
        excess = self._receive_and_ask(order, 12)
        with self.assertRaises(AccessError):
            excess.with_user(self.keeper).action_accept()

    def test_nobody_writes_an_excess(self):
        order = self._confirmed()
        excess = self._receive_and_ask(order, 12)
        for user in (self.keeper, self.buyer, self.manager, self.accountant):
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                excess.with_user(user).write({"state": "approved"})
            with self.subTest(user=user.name), self.assertRaises(AccessError):
                excess.with_user(user).copy()

    def test_a_refused_excess_stays_out(self):
        order = self._confirmed()
        excess = self._receive_and_ask(order, 1000)
        excess.with_user(self.manager).action_reject("No")
        self.assertEqual(excess.state, "refused")
        move = order.sudo().picking_ids.move_ids.filtered(lambda m: m.state == "done")
        with self.assertRaises(RedirectWarning):
            move.with_user(self.keeper).quantity = 1000

    def test_asked_twice_is_one_excess(self):
        order = self._confirmed()
        action = self._receive(order, 1000)
        self._receive_and_ask(order, 1000)
        with self.assertRaises(UserError):
            self.env["purchase.excess.ask"].browse(action["res_id"]).action_ask()
        count = self.env["purchase.excess"].search_count([("order_id", "=", order.id)])
        self.assertEqual(count, 1)

    # other paths

    def test_quantity_raised_on_a_done_receipt(self):
        order = self._confirmed()
        self._receive(order, 10)
        move = order.sudo().picking_ids.move_ids.with_user(self.keeper)
        with self.assertRaises(RedirectWarning):
            move.quantity = 15
            self.env.flush_all()

    def test_line_added_to_a_done_receipt(self):
        order = self._confirmed()
        self._receive(order, 10)
        line = order.sudo().picking_ids.move_line_ids.with_user(self.keeper)
        with self.assertRaises(RedirectWarning):
            line.copy({"quantity": 5})

    def test_demand_raised_on_the_receipt(self):
        order = self._confirmed()
        move = order.sudo().picking_ids.move_ids.with_user(self.keeper)
        move.product_uom_qty = 300
        self.assertEqual(self._receive(order, 300)["res_model"], "purchase.excess.ask")

    def test_second_receipt_for_the_same_line(self):
        order = self._confirmed()
        self._receive(order, 10)
        first = order.sudo().picking_ids
        second = first.with_user(self.keeper).copy()
        second.action_confirm()
        second.move_ids.purchase_line_id = order.order_line
        second.move_ids.quantity = 10
        self.assertEqual(second.button_validate()["res_model"], "purchase.excess.ask")
        with self.assertRaises(RedirectWarning):
            second.move_ids.picked = True
            second._action_done()

    def test_product_added_to_the_receipt(self):
        order = self._confirmed()
        other = self._product("Unordered chair")
        both = self._user(
            "both", "stock.group_stock_user", "purchase.group_purchase_user"
        )
        picking = order.sudo().picking_ids.with_user(both)
        picking.move_ids.quantity = 10
        picking.move_ids = [
            Command.create(
                {
                    "product_id": other.id,
                    "product_uom_qty": 5,
                    "quantity": 5,
                    "location_id": picking.location_id.id,
                    "location_dest_id": picking.location_dest_id.id,
                }
            )
        ]
        with self.assertRaises(RedirectWarning):
            picking.button_validate()

    def test_move_linked_to_the_order_when_it_is_done(self):
        order = self._confirmed()
        self._receive(order, 10)
        picking = order.sudo().picking_ids.copy()
        picking.action_confirm()
        picking.move_ids.purchase_line_id = False
        picking.move_ids.write({"quantity": 7, "picked": True})
        picking._action_done()
        with self.assertRaises(RedirectWarning):
            picking.move_ids.with_user(
                self.buyer
            ).sudo().purchase_line_id = order.order_line

    def test_done_move_whose_order_line_comes_from_the_context(self):
        order = self._confirmed()
        self._receive(order, 10)
        done = order.sudo().picking_ids.move_ids
        values = done.copy_data()[0] | {
            "state": "done",
            "quantity": 5,
            "picked": True,
        }
        values.pop("purchase_line_id", None)
        line = order.order_line.id
        moves = self.env["stock.move"].with_context(default_purchase_line_id=line)
        with self.assertRaises(RedirectWarning):
            moves.create(values)

    def test_return_counts_whether_it_is_refunded_or_not(self):
        order = self._confirmed()
        self._receive(order, 10)
        picking = order.sudo().picking_ids
        form = Form(
            self.env["stock.return.picking"].with_context(
                active_id=picking.id, active_ids=picking.ids, active_model=picking._name
            )
        )
        wizard = form.save()
        wizard.product_return_moves.quantity = 4
        returned = wizard._create_return()
        returned.move_ids.to_refund = True
        returned.move_ids.quantity = 4
        returned.move_ids.picked = True
        returned._action_done()
        self.assertEqual(order.order_line.qty_received, 6)
        again = picking.copy()
        again.move_ids.purchase_line_id = order.order_line
        again.action_confirm()
        again.move_ids.write({"quantity": 4, "picked": True})
        again._action_done()
        self.assertEqual(order.order_line.qty_received, 10)
        returned.move_ids.with_user(self.keeper).to_refund = False
        again.move_ids.with_user(self.keeper).quantity = 4
        with self.assertRaises(RedirectWarning):
            again.move_ids.with_user(self.keeper).quantity = 5

    def test_received_by_hand_on_a_service(self):
        service = self.env["product.product"].create(
            {"name": "Cleaning", "type": "service", "purchase_method": "receive"}
        )
        order = self._order(quantity=5, price=100.0)
        order.order_line.product_id = service
        order.order_line.write({"product_qty": 5, "price_unit": 100.0})
        order.button_confirm()
        line = order.order_line
        line.qty_received = 5
        for name in ("qty_received", "qty_received_manual"):
            with self.subTest(field=name), self.assertRaises(RedirectWarning):
                line[name] = 100
                self.env.flush_all()

    def test_context_loosens_nothing(self):
        order = self._confirmed()
        picking = order.sudo().picking_ids.with_user(self.keeper)
        picking = picking.with_context(**FORGED, skip_backorder=True)
        picking.move_ids.quantity = 1000
        action = picking.button_validate()
        self.assertEqual(action["res_model"], "purchase.excess.ask")
        with self.assertRaises(RedirectWarning):
            picking.move_ids.picked = True
            picking._action_done()

    # tolerance

    def test_tolerated_quantity_passes(self):
        self.company.excess_quantity_percent = 10
        order = self._confirmed()
        self.assertIs(self._receive(order, 11), True)
        self.assertEqual(order.order_line.qty_received, 11)

    def test_of_two_tolerances_the_smaller_counts(self):
        self.company.write({"excess_quantity_percent": 50, "excess_quantity": 1})
        order = self._confirmed()
        self.assertEqual(self._receive(order, 12)["res_model"], "purchase.excess.ask")

    def test_policy_block_refuses(self):
        self.company.excess_policy = "block"
        order = self._confirmed()
        with self.assertRaises(UserError):
            self._receive(order, 11)

    def test_policy_warn_tells_the_buyer(self):
        self.company.excess_policy = "warn"
        order = self._confirmed()
        self._receive(order, 11)
        self.assertEqual(order.order_line.qty_received, 11)
        messages = order.sudo().message_ids.filtered(
            lambda message: "above the" in (message.body or "")
        )
        self.assertTrue(messages)

    def test_policy_of_the_rule_comes_before_the_company_s(self):
        self.rule.write({"excess_policy": "allow", "amount_min": 0})
        order = self._approved(quantity=10, price=100.0)
        self._receive(order, 12)
        self.assertEqual(order.order_line.qty_received, 12)

    def test_without_rules_for_orders_nothing_changes(self):
        self.rule.unlink()
        order = self._confirmed()
        self.assertIs(self._receive(order, 1000), True)
        self.assertEqual(order.order_line.qty_received, 1000)

    # what is approved now

    def test_while_a_change_waits_no_more_than_before_comes_in(self):
        self.rule.amount_min = 0
        order = self._approved(quantity=30, price=100.0)
        order.order_line.product_qty = 60
        self.assertEqual(order.state, "to approve")
        move = order.sudo().picking_ids.move_ids.with_user(self.keeper)
        move.product_uom_qty = 300
        self.assertEqual(self._receive(order, 300)["res_model"], "purchase.excess.ask")
        self._receive(order, 30)
        self.assertEqual(order.order_line.qty_received, 30)

    def test_refused_change_leaves_no_open_receipt(self):
        self.rule.amount_min = 0
        for end in ("action_reject", "action_withdraw"):
            with self.subTest(end=end):
                order = self._approved(quantity=30, price=100.0)
                order.order_line.product_qty = 60
                if end == "action_reject":
                    order.with_user(self.manager).action_reject("No")
                else:
                    order.action_withdraw()
                states = order.sudo().picking_ids.mapped("state")
                self.assertEqual(set(states), {"cancel"})

    def test_cancelled_order_leaves_no_open_receipt(self):
        order = self._confirmed()
        order.button_cancel()
        self.assertEqual(order.sudo().picking_ids.mapped("state"), ["cancel"])

    def test_merged_vendor_is_asked_again(self):
        self.rule.amount_min = 0
        order = self._approved(quantity=10, price=100.0)
        other = self.env["res.partner"].create({"name": "Somebody else"})
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE purchase_order SET partner_id = %s WHERE id = %s",
            (other.id, order.id),
        )
        self.env.invalidate_all()
        action = self._receive(order, 10)
        self.assertEqual(action["res_model"], "purchase.excess.ask")
        self.assertEqual(order.state, "to approve")
        self.assertEqual(order.order_line.qty_received, 0)

    def test_another_box_is_asked_again(self):
        self.rule.amount_min = 0
        order = self._approved(quantity=10, price=100.0)
        unit = self.env["uom.uom"].create(
            {
                "name": "Box",
                "relative_factor": 12,
                "relative_uom_id": order.order_line.product_uom_id.id,
            }
        )
        boxes = self._order(quantity=10, price=1200.0)
        boxes.order_line.product_uom_id = unit
        boxes.order_line.price_unit = 1200.0
        boxes.button_confirm()
        boxes.with_user(self.manager).action_approve()
        boxes.with_user(self.director).action_approve()
        self.env.flush_all()
        self.env.cr.execute(
            "UPDATE uom_uom SET factor = 100, relative_factor = 100 WHERE id = %s",
            [unit.id],
        )
        self.env.invalidate_all()
        action = self._receive(boxes, 1)
        self.assertEqual(boxes.state, "to approve")
        self.assertTrue(action)
