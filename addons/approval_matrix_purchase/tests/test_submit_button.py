from odoo.tests import Form, tagged

from .common import PurchaseApprovalCommon


@tagged("post_install", "-at_install")
class TestSubmitButton(PurchaseApprovalCommon):
    """The button of a quotation says whether it submits or confirms."""

    def setUp(self):
        super().setUp()
        self.rule = self._rule(self.manager, amount_min=5000)

    def test_it_submits_where_a_rule_asks(self):
        self.assertEqual(self._order().approval_next_step, "submit")
        self.assertFalse(self._order(price=100).approval_next_step)

    def test_it_follows_what_is_typed(self):
        with Form(self._order(price=100)) as order:
            with order.order_line.edit(0) as line:
                line.price_unit = 9000
            self.assertEqual(order.approval_next_step, "submit")
            with order.order_line.edit(0) as line:
                line.price_unit = 100
            self.assertFalse(order.approval_next_step)

    def test_without_a_rule_it_confirms(self):
        self.rule.active = False
        order = self._order()
        self.assertFalse(order.approval_next_step)
        order.button_confirm()
        self.assertEqual(order.state, "purchase")

    def test_what_was_approved_confirms(self):
        order = self._submitted()
        order.with_user(self.manager).action_approve()
        self.assertFalse(order.approval_next_step)
