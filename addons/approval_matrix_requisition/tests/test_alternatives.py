from odoo import Command
from odoo.exceptions import AccessError
from odoo.tests import tagged

from odoo.addons.approval_matrix_purchase.tests.common import PurchaseApprovalCommon


@tagged("post_install", "-at_install")
class TestAlternatives(PurchaseApprovalCommon):
    """Two vendors offer the same; the buyer takes one and cancels the other."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule(cls.manager, amount_min=1000.0)
        cls.order, cls.other = cls._offers(9000, 9500)

    @classmethod
    def _offers(cls, *prices):
        """Return quotations that are alternatives of each other."""
        offers = cls.env["purchase.order"].with_user(cls.buyer)
        for price in prices:
            offers += cls._order(price=price)
        cls.env["purchase.order.group"].create({"order_ids": [Command.set(offers.ids)]})
        return offers

    def _confirm(self, orders, keep=False):
        """Confirm, and say what shall become of the alternatives."""
        action = orders.button_confirm()
        wizard = (
            self.env(user=self.buyer)[action["res_model"]]
            .with_context(**action["context"])
            .create({})
        )
        if keep:
            return wizard.action_keep_alternatives()
        return wizard.action_cancel_alternatives()

    def _history(self, order):
        return " ".join(order.sudo().message_ids.mapped("body"))

    def test_submitted_the_alternative_stays(self):
        self._confirm(self.order)
        self.assertEqual(self.order.state, "to approve")
        self.assertEqual(self.other.state, "draft")
        self.assertIn(self.other.name, self._history(self.order))

    def test_refused_the_alternative_stays_for_good(self):
        self._confirm(self.order)
        self.order.with_user(self.manager).action_reject("Too dear")
        self.assertEqual(self.other.state, "draft")
        self._confirm(self.order, keep=True)
        self.order.with_user(self.manager).action_approve()
        self.assertEqual(self.order.state, "purchase")
        self.assertEqual(self.other.state, "draft")

    def test_approved_the_alternative_is_cancelled(self):
        self._confirm(self.order)
        self.order.with_user(self.manager).action_approve()
        self.assertEqual(self.order.state, "purchase")
        self.assertEqual(self.other.state, "cancel")
        self.assertIn(self.other.name, self._history(self.order))

    def test_withdrawn_or_cancelled_the_alternative_stays(self):
        for end in ("action_withdraw", "button_cancel"):
            order, other = self._offers(9000, 9500)
            self._confirm(order)
            getattr(order, end)()
            self.assertEqual(other.state, "draft")
            self.assertFalse(order.sudo().approval_alternatives)

    def test_without_approval_it_is_cancelled_at_once(self):
        order, other = self._offers(500, 9500)
        self._confirm(order)
        self.assertEqual(order.state, "purchase")
        self.assertEqual(other.state, "cancel")

    def test_without_rules_as_in_odoo(self):
        self.env["approval.rule"].search([]).unlink()
        self._confirm(self.order)
        self.assertEqual(self.order.state, "purchase")
        self.assertEqual(self.other.state, "cancel")

    def test_kept_alternatives_stay(self):
        self._confirm(self.order, keep=True)
        self.order.with_user(self.manager).action_approve()
        self.assertEqual(self.other.state, "draft")

    def test_confirmed_together_each_with_its_own(self):
        small, other_small = self._offers(500, 600)
        self._confirm(self.order | small)
        self.assertEqual(small.state, "purchase")
        self.assertEqual(other_small.state, "cancel")
        self.assertEqual(self.order.state, "to approve")
        self.assertEqual(self.other.state, "draft")
        self.order.with_user(self.manager).action_approve()
        self.assertEqual(self.other.state, "cancel")

    def test_alternative_confirmed_meanwhile_stays(self):
        self.rule.amount_min = 9200.0
        order, other = self._offers(9300, 500)
        self._confirm(order)
        other.with_context(skip_alternative_check=True).button_confirm()
        self.assertEqual(other.state, "purchase")
        order.with_user(self.manager).action_approve()
        self.assertEqual(order.state, "purchase")
        self.assertEqual(other.state, "purchase")
        self.assertIn("Not cancelled", self._history(order))

    def test_alternative_changed_meanwhile_stays(self):
        self._confirm(self.order)
        self.other.order_line.product_qty = 5
        self.order.with_user(self.manager).action_approve()
        self.assertEqual(self.other.state, "draft")
        self.assertIn("Not cancelled", self._history(self.order))

    def test_news_of_the_alternative_do_not_save_it(self):
        self._confirm(self.order)
        self.other.order_line.date_planned = "2040-01-01"
        self.order.with_user(self.manager).action_approve()
        self.assertEqual(self.other.state, "cancel")

    def test_taken_out_of_the_comparison_it_stays(self):
        third = self._order(price=700)
        self.other.purchase_group_id.order_ids += third
        self._confirm(self.order)
        self.other.purchase_group_id = False
        group = self.env["purchase.order.group"]
        group.create({"order_ids": [Command.set((self.other | self._order()).ids)]})
        self.order.with_user(self.manager).action_approve()
        self.assertEqual(self.other.state, "draft")
        self.assertEqual(third.state, "cancel")

    def test_the_only_alternative_taken_out_stays(self):
        self._confirm(self.order)
        self.order.alternative_po_ids = [Command.unlink(self.other.id)]
        self.assertFalse(self.other.purchase_group_id)
        self.order.with_user(self.manager).action_approve()
        self.assertEqual(self.order.state, "purchase")
        self.assertEqual(self.other.state, "draft")

    def test_what_is_no_alternative_is_not_cancelled(self):
        stranger = self._order()
        wizard = self.env(user=self.buyer)["purchase.requisition.alternative.warning"]
        wizard.create(
            {
                "po_ids": [Command.set(self.order.ids)],
                "alternative_po_ids": [Command.set((self.other | stranger).ids)],
            }
        ).action_cancel_alternatives()
        self.order.with_user(self.manager).action_approve()
        self.assertEqual(self.other.state, "cancel")
        self.assertEqual(stranger.state, "draft")

    def test_each_waits_and_would_cancel_the_other(self):
        self._confirm(self.order)
        self._confirm(self.other)
        self.assertEqual(self.other.state, "to approve")
        self.other.with_user(self.manager).action_approve()
        self.assertEqual(self.other.state, "purchase")
        self.assertEqual(self.order.state, "cancel")
        self.assertEqual(self.order.approval_state, "cancelled")

    def test_both_approved_in_one_call(self):
        self._confirm(self.order)
        self._confirm(self.other)
        both = self.order | self.other
        both.with_user(self.manager).action_approve()
        self.assertEqual(set(both.mapped("state")), {"purchase"})

    def test_alternative_that_cannot_be_cancelled_does_not_hold_up_the_approval(self):
        self._confirm(self.order)
        self.other.sudo().locked = True
        self.order.with_user(self.manager).action_approve()
        self.assertEqual(self.order.state, "purchase")
        self.assertEqual(self.other.state, "draft")

    def test_deleted_alternative(self):
        self._confirm(self.order)
        self.other.button_cancel()
        self.other.sudo().unlink()
        self.order.with_user(self.manager).action_approve()
        self.assertEqual(self.order.state, "purchase")

    def test_terms_changed_while_it_waits(self):
        self._confirm(self.order)
        self.order.order_line.price_unit = 8000
        self.order.with_user(self.manager).action_approve()
        self.assertEqual(self.other.state, "cancel")

    def test_approvers_read_what_falls(self):
        self._confirm(self.order)
        process = self.order.sudo().approval_process_id
        self.assertIn(self.other.name, str(process._get_summary()))

    def test_approver_without_rights_to_purchases(self):
        clerk = self._user("clerk")
        self.rule.step_ids.user_ids = clerk
        self._confirm(self.order)
        self.order.with_user(clerk).action_approve()
        self.assertEqual(self.other.state, "cancel")

    def test_nobody_names_what_falls(self):
        forged = {str(self.other.id): self.other.sudo()._approval_terms()}
        order = self.env(user=self.buyer)["purchase.order"]
        order = order.with_context(default_approval_alternatives=forged).create(
            {"partner_id": self.vendor.id, "approval_alternatives": forged}
        )
        self.assertFalse(order.sudo().approval_alternatives)
        order.write({"approval_alternatives": forged})
        order.sudo().write({"approval_alternatives": forged})
        self.assertFalse(order.sudo().approval_alternatives)
        with self.assertRaises(AccessError):
            order.read(["approval_alternatives"])

    def test_who_may_not_cancel_it_does_not_have_it_cancelled(self):
        self.env["ir.rule"].create(
            {
                "name": "Own orders",
                "model_id": self.env["ir.model"]._get("purchase.order").id,
                "domain_force": "[('user_id', '=', user.id)]",
                "perm_read": False,
            }
        )
        foreign = self._order(user=self.director)
        wizard = self.env(user=self.buyer)["purchase.requisition.alternative.warning"]
        wizard = wizard.create(
            {
                "po_ids": [Command.set(self.order.ids)],
                "alternative_po_ids": [Command.set(foreign.ids)],
            }
        )
        with self.assertRaises(AccessError):
            wizard.action_cancel_alternatives()
