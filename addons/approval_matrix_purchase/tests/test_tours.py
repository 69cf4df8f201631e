from odoo.tests import tagged

from odoo.addons.approval_matrix.tests.tours import Desk, Phone, TourCase

from .common import PurchaseApprovalCommon


class OrderTourCase(TourCase, PurchaseApprovalCommon):
    """An order under a rule with two steps, on its own form."""

    def setUp(self):
        super().setUp()
        self.rule = self._rule(self.manager, self.director)

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

    def _submit(self):
        order = self._order()
        self._look(order, "submit", self.buyer)
        self.assertEqual(order.approval_holder_ids, self.manager)

    def _answer(self):
        order = self._submitted()
        process = order.sudo().approval_process_id
        order.with_user(self.manager).action_ask_information("Why two?")
        self._tour(f"/approval/answer/{process.id}", "answer", self.buyer)
        self.assertEqual(process.log_ids[-1].comment, "One is a spare")
        self.assertNotIn(self.buyer, order.sudo().activity_ids.user_id)

    def _answer_on_order(self):
        order = self._submitted()
        order.with_user(self.manager).action_ask_information("Why two?")
        self._look(order, "answer_on_order", self.buyer)
        process = order.sudo().approval_process_id
        self.assertEqual(process.log_ids[-1].comment, "One is a spare")
        self.assertNotIn(self.buyer, order.sudo().activity_ids.user_id)

    def _look_at_parts(self):
        self.rule.amount_min = 10000
        self.manager.group_ids += self.env.ref("approval_matrix.group_approval_manager")
        for price in (6000, 5000):
            order = self._submitted(price=price)
            self.assertEqual(order.state, "purchase")
        self._tour("/odoo/split-orders", "split_orders", self.manager)

    def _twice_split_and_dear(self):
        """Return the task of an order that is there twice, is below a limit that both
        reach, and dearer than one before them."""
        self.rule.amount_max = 10000
        self._rule(self.manager, self.director, amount_min=10000)
        self._approved(price=5000, quantity=0.5)
        self._submitted(price=9000)
        order = self._submitted(price=9000)
        return order.sudo().approval_process_id.task_ids.filtered(
            lambda task: task.state == "active"
        )

    def _read(self):
        task = self._twice_split_and_dear()
        path = f"/odoo/my-approvals/{task.id}"
        self._tour(path, "read_sentences", self.manager)
        path = f"/odoo/purchase/{task.process_id.res_id}"
        self._tour(path, "read_on_order", self.manager)

    def _find_nobody(self):
        self.rule.step_ids.user_ids = self.buyer
        order = self._order()
        self._look(order, "nobody_to_ask", self.buyer)
        self.assertEqual(order.state, "draft")


@tagged("post_install", "-at_install")
class TestOrderTour(Desk, OrderTourCase):
    def test_decisions_are_held_back_on_the_order(self):
        self._hold()

    def test_approve_on_the_order(self):
        self._approve()

    def test_submit(self):
        self._submit()

    def test_answer_by_the_link_of_an_email(self):
        self._answer()

    def test_answer_on_the_order(self):
        self._answer_on_order()

    def test_split_orders(self):
        self._look_at_parts()

    def test_nobody_to_ask(self):
        self._find_nobody()

    def test_what_other_orders_tell(self):
        self._read()

    def test_what_other_orders_tell_in_the_list(self):
        self._twice_split_and_dear()
        self._tour("/odoo/my-approvals", "read_marks", self.manager)


@tagged("post_install", "-at_install")
class TestOrderPhoneTour(Phone, OrderTourCase):
    def test_decisions_are_held_back_on_the_order_on_a_phone(self):
        self._hold()

    def test_approve_on_the_order_on_a_phone(self):
        self._approve()

    def test_submit_on_a_phone(self):
        self._submit()

    def test_answer_by_the_link_of_an_email_on_a_phone(self):
        self._answer()

    def test_answer_on_the_order_on_a_phone(self):
        self._answer_on_order()

    def test_split_orders_on_a_phone(self):
        self._look_at_parts()

    def test_nobody_to_ask_on_a_phone(self):
        self._find_nobody()

    def test_what_other_orders_tell_on_a_phone(self):
        self._read()

    def test_what_other_orders_tell_on_the_cards_of_a_phone(self):
        self._twice_split_and_dear()
        self._tour("/odoo/my-approvals", "read_brief", self.manager)
