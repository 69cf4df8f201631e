from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.tours import Desk, Phone, TourCase

from .common import PurchaseApprovalCommon


class OrderTourCase(TourCase, PurchaseApprovalCommon):
    """An order under a rule with two steps, on its own form."""

    def setUp(self):
        super().setUp()
        self._rule(self.manager, self.director)

    def _look(self, order, name, user):
        self._tour(f"/odoo/purchase/{order.id}", name, user)

    def _hold(self):
        order = self._submitted()
        self._look(order, "held_on_order", self.manager)
        log = order.sudo().approval_process_id.log_ids
        self.assertEqual(log.mapped("event"), ["submitted"])

    def _approve(self):
        order = self._submitted()
        self._look(order, "approve_on_order", self.manager)
        self.assertEqual(order.approval_holder_ids, self.director)


@tagged("post_install", "-at_install")
class TestOrderTour(Desk, OrderTourCase):
    def test_decisions_are_held_back_on_the_order(self):
        self._hold()

    def test_approve_on_the_order(self):
        self._approve()


@tagged("post_install", "-at_install")
class TestOrderPhoneTour(Phone, OrderTourCase):
    def test_decisions_are_held_back_on_the_order_on_a_phone(self):
        self._hold()

    def test_approve_on_the_order_on_a_phone(self):
        self._approve()
