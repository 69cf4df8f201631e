from odoo import Command
from odoo.tests import tagged

from odoo.addons.approval_matrix_purchase.tests.test_precedent import PrecedentCase

TWICE = ["the same order twice?"]


@tagged("post_install", "-at_install")
class TestAgreedOrders(PrecedentCase):
    """What an agreement calls for again is not there by mistake."""

    def _called_off(self, kind, price=9000):
        agreement = self.env["purchase.requisition"].create(
            {
                "vendor_id": self.vendor.id,
                "requisition_type": kind,
                "line_ids": [
                    Command.create(
                        {
                            "product_id": self.product.id,
                            "product_qty": 50,
                            "price_unit": price,
                        }
                    )
                ],
            }
        )
        agreement.action_confirm()
        orders = [
            self._order(
                requisition_id=agreement.id,
                order_line=[self._line(price)],
            )
            for _n in range(2)
        ]
        for order in orders:
            order.button_confirm()
        return orders

    def test_calling_off_the_same_again_is_no_mistake(self):
        first, second = self._called_off("blanket_order")
        self.assertEqual(self._marks(second), [])
        first.with_user(self.manager).action_approve()
        self.assertEqual(self._marks(second), [])

    def test_the_price_of_the_agreement_is_told_once(self):
        self._confirmed(price=5000)
        first, second = self._called_off("blanket_order")
        self.assertEqual(self._marks(first), ["price 80 % above the last"])
        first.with_user(self.manager).action_approve()
        self.assertEqual(self._marks(second), [])

    def test_what_is_called_off_is_added_up(self):
        self._rule(self.manager, self.director, amount_min=10000, sequence=1)
        first, second = self._called_off("blanket_order")
        marks, (sentence,) = self._warnings(second)
        self.assertEqual(marks, ["split below a limit?"])
        self.assertIn(first.name, sentence)

    def test_the_same_of_a_template_may_be_one(self):
        _first, second = self._called_off("purchase_template")
        self.assertEqual(self._marks(second), TWICE)

    def test_of_alternatives_that_wait_one_is_ordered(self):
        first, second = self._order(), self._order()
        both = (first + second).sudo()
        self.env["purchase.order.group"].create({"order_ids": [Command.set(both.ids)]})
        for order in both:
            order.with_context(skip_alternative_check=True).button_confirm()
        self.assertEqual(both.mapped("state"), ["to approve"] * 2)
        self.assertEqual(self._marks(first), [])
        second.with_user(self.manager).action_approve()
        self.assertEqual(self._marks(first), TWICE)
