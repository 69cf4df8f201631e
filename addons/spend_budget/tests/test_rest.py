from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import SpendBudgetCommon


@tagged("post_install", "-at_install")
class TestRest(SpendBudgetCommon):
    """Ten beds at 10 are ordered, and not all of them come."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.line = cls._line(1000.0)
        cls.order = cls._confirmed(price=10.0, quantity=10.0)
        cls.ordered = cls.order.order_line

    def _receive(self, quantity, order=None):
        order = (order or self.order).sudo()
        picking = order.picking_ids.filtered(
            lambda each: each.state not in ("done", "cancel")
        )[:1]
        picking.move_ids.quantity = quantity
        picking.move_ids.picked = True
        picking._action_done()
        return picking

    def _close(self, lines=None, user=None, order=None, reason="Sold out"):
        env = self.env(user=user or self.buyer)
        action = (order or self.order).with_env(env).action_open_rest_closing()
        wizard = env["spend.rest.closing"].with_context(**action["context"])
        values = {"reason": reason}
        if lines is not None:
            values["line_ids"] = [Command.set(lines.ids)]
        wizard.create(values).action_close()

    def _open_moves(self, order=None):
        self.env.invalidate_all()
        moves = (order or self.order).sudo().order_line.move_ids
        return moves.filtered(lambda move: move.state not in ("done", "cancel"))

    def _rule(self, *approvers, **values):
        return (
            self.env["approval.rule"]
            .sudo()
            .create(
                {
                    "name": "Orders",
                    "model_id": self.env["ir.model"]._get_id("purchase.order"),
                    "company_id": self.company.id,
                    "step_ids": [
                        Command.create({"name": user.name, "user_ids": user.ids})
                        for user in approvers
                    ],
                    **values,
                }
            )
        )

    # ------------------------------------------------------------
    # CLOSE
    # ------------------------------------------------------------

    def test_what_will_not_come_is_free(self):
        self._receive(4)
        self._bill(self.order, quantity=4)
        self.assertBalance(self.line, committed=60, actual=40)
        self._close()
        self.assertBalance(self.line, actual=40)
        self.assertFalse(self._open_moves())
        self.assertEqual(self.order.state, "purchase")
        self.assertEqual(self.ordered.product_qty, 10)

    def test_what_came_and_is_not_billed_stays_committed(self):
        self._receive(4)
        self._close()
        self.assertBalance(self.line, committed=40)
        self._bill(self.order, quantity=4)
        self.assertBalance(self.line, actual=40)

    def test_what_is_billed_may_still_come(self):
        self._bill(self.order, quantity=4)
        self._close()
        self.assertBalance(self.line, actual=40)
        self.assertEqual(sum(self._open_moves().mapped("product_uom_qty")), 4)

    def test_it_is_logged_with_the_reason(self):
        self._close(reason="Sold out")
        self.assertIn("Sold out", self.order.message_ids[:1].body)
        entry = self.env["spend.entry"].search([("line_id", "=", self.line.id)])[:1]
        self.assertEqual((entry.reason, entry.amount), ("closed", -100))

    def test_lines_are_closed_one_by_one(self):
        order = self._confirmed(
            lines=[{"price_unit": 10, "product_qty": 10}, {"price_unit": 20}]
        )
        self._close(order.order_line[1], order=order)
        self.assertBalance(self.line, committed=200)
        self.assertTrue(order.rest_is_open)
        self.assertTrue(order.rest_is_closed)

    def test_wizard_offers_what_is_open(self):
        order = self._confirmed(
            lines=[{"price_unit": 10, "product_qty": 2}, {"price_unit": 20}]
        )
        self._bill(order, quantity=2)
        action = order.with_user(self.buyer).action_open_rest_closing()
        form = Form(
            self.env["spend.rest.closing"]
            .with_user(self.buyer)
            .with_context(**action["context"])
        )
        self.assertEqual(form.line_ids.ids, order.order_line[1].ids)

    def test_nothing_open_is_not_closed(self):
        self._close()
        with self.assertRaises(UserError):
            self._close()

    def test_reason_is_needed(self):
        with self.assertRaises(UserError):
            self._close(reason="  ")

    def test_quotations_have_no_rest(self):
        with self.assertRaises(UserError):
            self._close(order=self._order())

    def test_without_budgets_receipts_end_all_the_same(self):
        self.line.budget_id.action_close()["context"]
        self.env["spend.budget"].browse(self.line.budget_id.id)._close()
        self._close()
        self.assertFalse(self._open_moves())

    # ------------------------------------------------------------
    # GOODS AND BILLS AFTER ALL
    # ------------------------------------------------------------

    def test_goods_that_come_after_all_count_and_the_rest_stays_closed(self):
        self._close()
        self._receive_after_all(3)
        self.assertBalance(self.line, committed=30)
        self.assertEqual(self.ordered.rest_closed_qty, 7)
        self.assertFalse(self._open_moves())
        self._bill(self.order, quantity=3)
        self.assertBalance(self.line, actual=30)

    def _receive_after_all(self, quantity):
        order = self.order.sudo()
        picking = order.picking_ids.create(order._prepare_picking())
        vals = self.ordered.sudo()._prepare_stock_move_vals(
            picking, 10.0, quantity, self.ordered.product_uom_id
        )
        move = self.env["stock.move"].sudo().create(vals)
        move._action_confirm()
        move.quantity = quantity
        move.picked = True
        picking._action_done()

    def test_goods_are_not_refused_where_the_money_is_gone(self):
        self._close()
        self.line.amount = 10
        self.line.control = "block"
        self._receive_after_all(3)
        self.assertEqual(self.ordered.sudo().qty_received, 3)
        self.assertBalance(self.line)
        self.assertIn("does not have the money", self.order.message_ids[:1].body)
        with self.assertRaises(UserError), self.cr.savepoint():
            self._bill(self.order, quantity=3)
        self.line.amount = 100
        self._bill(self.order, quantity=3)
        self.assertBalance(self.line, actual=30)

    def test_bill_after_all_counts(self):
        self._close()
        bill = self._bill(self.order, quantity=3)
        self.assertBalance(self.line, actual=30)
        bill.button_draft()
        self.assertBalance(self.line)

    def test_bill_of_all_after_all_leaves_nothing_below_zero(self):
        self._receive(4)
        self._close()
        self._bill(self.order, quantity=10)
        self.assertBalance(self.line, actual=100)

    # ------------------------------------------------------------
    # OPEN AGAIN
    # ------------------------------------------------------------

    def test_rest_is_opened_again(self):
        self._receive(4)
        self._close()
        self.order.with_user(self.buyer).action_reopen_rest()
        self.assertBalance(self.line, committed=100)
        self.assertEqual(sum(self._open_moves().mapped("product_uom_qty")), 6)
        entry = self.env["spend.entry"].search([("line_id", "=", self.line.id)])[:1]
        self.assertEqual((entry.reason, entry.amount), ("reopened", 60))

    def test_rest_is_not_opened_where_the_money_is_gone(self):
        self._close()
        self.line.amount = 10
        self.line.control = "block"
        with self.assertRaisesRegex(UserError, "Not enough budget"):
            self.order.with_user(self.buyer).action_reopen_rest()

    def test_changed_line_is_open_again(self):
        for vals in ({"product_qty": 12}, {"price_unit": 11}, {"discount": 5}):
            order = self._confirmed(price=10.0, quantity=10.0)
            self._close(order=order)
            order.with_user(self.buyer).order_line.write(vals)
            self.assertFalse(order.order_line.rest_closed_qty, vals)
            self.assertEqual(
                sum(self._open_moves(order).mapped("product_uom_qty")),
                order.order_line.product_qty,
            )
        self.assertEqual(self.line.budget_id._find_differences(), [])

    def test_what_is_written_as_it_was_stays_closed(self):
        self._close()
        self.ordered.with_user(self.buyer).write({"product_qty": 10, "price_unit": 10})
        self.assertEqual(self.ordered.rest_closed_qty, 10)

    def test_order_that_begins_anew_is_open(self):
        self._close()
        self.order.button_cancel()
        self.order.button_draft()
        self.assertFalse(self.ordered.rest_closed_qty)
        self.order.button_confirm()
        self.assertBalance(self.line, committed=100)

    # ------------------------------------------------------------
    # APPROVAL
    # ------------------------------------------------------------

    def test_closing_asks_nobody_and_keeps_the_terms(self):
        director = self._user("director", "purchase.group_purchase_manager")
        self._rule(director)
        order = self._order(10.0, 10.0)
        order.button_confirm()
        order.with_user(director).action_approve()
        self.assertEqual(order.state, "purchase")
        self._close(order=order)
        self.assertEqual((order.state, order.approval_state), ("purchase", "approved"))
        order.with_user(self.buyer).action_reopen_rest()
        self.assertEqual((order.state, order.approval_state), ("purchase", "approved"))

    def test_what_is_approved_anew_does_not_bring_closed_lines_back(self):
        director = self._user("director", "purchase.group_purchase_manager")
        self._rule(director)
        order = self._order(
            lines=[{"price_unit": 10, "product_qty": 10}, {"price_unit": 20}]
        )
        order.button_confirm()
        order.with_user(director).action_approve()
        self._close(order.order_line[0], order=order)
        order.with_user(self.buyer).order_line[1].price_unit = 30
        self.assertEqual(order.state, "to approve")
        self.assertBalance(self.line, committed=100, reserved=30)
        order.with_user(director).action_approve()
        self.assertBalance(self.line, committed=130)
        self.assertFalse(
            order.order_line[0].move_ids.filtered(lambda m: m.state != "cancel")
        )

    # ------------------------------------------------------------
    # ATTACKS
    # ------------------------------------------------------------

    def test_callers_do_not_close(self):
        line = self.ordered.with_user(self.buyer)
        line.write({"rest_closed_qty": 10})
        line.sudo().write({"rest_closed_qty": 10})
        self.assertFalse(line.rest_closed_qty)
        order = self._order(lines=[{"price_unit": 5, "rest_closed_qty": 1}])
        forged = order.with_context(default_rest_closed_qty=1).copy()
        self.assertFalse((order | forged).order_line.filtered("rest_closed_qty"))
        self._close()
        self.assertFalse(self.order.copy().order_line.rest_closed_qty)

    def test_who_may_not_write_the_order_does_not_close(self):
        for user in (
            self.owner,
            self._user("accountant", "account.group_account_readonly"),
        ):
            with self.assertRaises(AccessError):
                self.order.with_user(user).action_open_rest_closing()
            with self.assertRaises(AccessError):
                self.order.with_user(user).action_reopen_rest()

    def test_lines_of_other_orders_are_not_closed(self):
        other = self._confirmed()
        with self.assertRaises(UserError):
            self._close(other.order_line)
