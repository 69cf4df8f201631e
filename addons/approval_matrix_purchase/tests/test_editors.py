from odoo import Command
from odoo.exceptions import AccessError, UserError
from odoo.tests import Form, tagged

from .common import PurchaseApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalEditors(PurchaseApprovalCommon):
    """Who touched the terms since the last approval does not approve them."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.second = cls._user("second", "purchase.group_purchase_manager")
        cls.rule = cls._rule(cls.manager | cls.second, cls.director)

    def _assert_kept_out(self, order, user=None):
        user = user or self.manager
        order.button_confirm()
        self.assertNotIn(user, order.approval_holder_ids)
        with self.assertRaises(AccessError):
            order.with_user(user).action_approve()

    def _resave(self, order):
        order.write({"date_order": order.date_order})

    def test_date_saved_again_hides_nobody(self):
        order = self._order(user=self.manager)
        order.order_line.price_unit = 12000
        self._resave(order.with_user(self.buyer))
        self._assert_kept_out(order.with_user(self.buyer))

    def test_real_edit_hides_nobody(self):
        order = self._order()
        order.with_user(self.manager).order_line.price_unit = 12000
        order.date_order = "2026-01-01 08:00:00"
        order.order_line.product_qty = 2
        self.assertEqual(order.approval_editor_ids, [self.manager.id, self.buyer.id])
        self._assert_kept_out(order)

    def test_line_through_the_order(self):
        order = self._order()
        edit = Command.update(order.order_line.id, {"price_unit": 12000})
        order.with_user(self.manager).write({"order_line": [edit]})
        order.write(
            {"order_line": [Command.update(order.order_line.id, {"name": "x"})]}
        )
        self._assert_kept_out(order)

    def test_two_lines(self):
        order = self._order()
        order.order_line.copy({"order_id": order.id})
        first, second = order.order_line
        first.with_user(self.manager).price_unit = 12000
        second.price_unit = 13000
        self._assert_kept_out(order)

    def test_line_moved_away(self):
        order, other = self._order(), self._order()
        order.order_line.copy({"order_id": order.id})
        order.order_line[0].with_user(self.manager).order_id = other
        self.assertIn(self.manager.id, order.approval_editor_ids)
        self.assertIn(self.manager.id, other.approval_editor_ids)

    def test_line_removed(self):
        order = self._order()
        order.order_line.copy({"order_id": order.id})
        order.order_line[0].with_user(self.manager).unlink()
        self._assert_kept_out(order)

    def test_import(self):
        order = self._order()
        order.with_user(self.manager).load(
            ["order_line/.id", ".id", "order_line/price_unit"],
            [[str(order.order_line.id), str(order.id), "12000"]],
        )
        self.assertEqual(order.order_line.price_unit, 12000)
        order.order_line.product_qty = 3
        self._assert_kept_out(order)

    def test_copy_is_edited_by_whoever_makes_it(self):
        order = self._order()
        order.with_user(self.manager).order_line.price_unit = 12000
        copy = order.copy()
        self.assertEqual(copy.approval_editor_ids, self.buyer.ids)
        copy.button_confirm()
        copy.with_user(self.manager).action_approve()

    def test_system_and_portal_make_no_room(self):
        order = self._order()
        order.with_user(self.manager).order_line.price_unit = 12000
        for user in ("base.user_root", "base.public_user"):
            as_user = order.with_user(self.env.ref(user)).sudo()
            as_user.order_line.product_qty += 1
        self._assert_kept_out(order)

    def test_approval_clears_who_edited(self):
        order = self._order()
        order.with_user(self.second).order_line.price_unit = 12000
        order.button_confirm()
        order.with_user(self.manager).action_approve()
        order.with_user(self.director).action_approve()
        self.assertFalse(order.approval_editor_ids)

    def test_refusal_clears_nobody(self):
        order = self._order()
        order.with_user(self.second).order_line.price_unit = 12000
        order.button_confirm()
        order.with_user(self.manager).action_reject("Too dear")
        order.order_line.price_unit = 11000
        self._assert_kept_out(order, self.second)

    def test_edit_before_the_first_rule(self):
        self.env["approval.rule"].search([]).unlink()
        order = self._order()
        order.with_user(self.manager).order_line.price_unit = 12000
        order.order_line.product_qty = 2
        self._rule(self.manager | self.second)
        self._assert_kept_out(order)

    def test_form_that_changes_nothing(self):
        order = self._order()
        with Form(order.with_user(self.manager)) as form:
            form.partner_ref = "V-1"
        self.assertEqual(order.approval_editor_ids, self.buyer.ids)

    def test_equal_values(self):
        account = self.env["account.analytic.account"].create(
            {
                "name": "Ward",
                "plan_id": self.env["account.analytic.plan"].create({"name": "P"}).id,
            }
        )
        self.product.seller_ids.price = 9000  # a quantity saved again looks it up
        order = self._order()
        line = order.order_line
        line.analytic_distribution = {str(account.id): 100}
        order.button_confirm()
        process = order.sudo().approval_process_id
        revision = order.approval_revision
        as_manager = line.with_user(self.manager)
        for values in (
            {"price_unit": line.price_unit},
            {"product_qty": 1.0000000001},
            {"date_planned": str(line.date_planned)},
            {"date_planned": line.date_planned},
            {"tax_ids": [Command.set(line.tax_ids.ids)]},
            {"tax_ids": [Command.clear(), *map(Command.link, line.tax_ids.ids)]},
            {"product_id": line.product_id.id, "name": line.name},
            {"analytic_distribution": {str(account.id): 100.0}},
            {"order_id": order.id},
        ):
            with self.subTest(values=values):
                as_manager.write(values)
                as_manager.order_id.write(
                    {"order_line": [Command.update(line.id, values)]}
                )
                self.assertEqual(order.approval_editor_ids, self.buyer.ids)
                self.assertEqual(order.approval_revision, revision)
        as_manager.order_id.write(
            {
                "partner_id": order.partner_id.id,
                "currency_id": order.currency_id.id,
                "date_order": str(order.date_order),
                "order_line": [Command.link(line.id)],
                "payment_term_id": False,
            }
        )
        self.assertEqual(order.approval_editor_ids, self.buyer.ids)
        self.assertEqual(order.sudo().approval_process_id, process)
        self.assertEqual(process.state, "open")

    def test_equal_value_from_which_odoo_computes_another_price(self):
        """A quantity saved again takes over the vendor's present price."""
        order = self._order(price=False)
        order.order_line.price_unit = order.order_line.technical_price_unit
        self.product.seller_ids.price = 555
        before = order.order_line.price_unit
        order.order_line.with_user(self.manager).write(
            {"product_qty": order.order_line.product_qty}
        )
        noted = self.manager.id in order.approval_editor_ids
        self.assertEqual(noted, order.order_line.price_unit != before)

    def test_equal_values_leave_an_approval_alone(self):
        order = self._order()
        order.button_confirm()
        order.with_user(self.manager).action_approve()
        order.with_user(self.director).action_approve()
        order.order_line.price_unit = 9000.0
        self._resave(order)
        self.assertEqual(order.state, "purchase")
        self.assertFalse(order.approval_editor_ids)

    def test_only_approver_who_edited_is_an_error_when_submitting(self):
        self.rule.step_ids[0].user_ids = self.manager
        order = self._order()
        order.with_user(self.manager).order_line.price_unit = 12000
        order.order_line.product_qty = 2
        with self.assertRaisesRegex(UserError, "0 of the 1"):
            order.button_confirm()
