from collections import defaultdict

from odoo.tests import tagged

from .common import PurchaseApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalQueries(PurchaseApprovalCommon):
    """Deciding on many orders costs little more than on one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        # e-mails are rendered one by one, and say what the card says
        (cls.manager | cls.director).notification_type = "inbox"
        cls._rule(cls.manager, cls.director)
        cls.orders = cls.env["purchase.order"].with_user(cls.buyer)
        for _number in range(12):
            cls.orders += cls._submitted()

    def _decide(self, orders, approver=None):
        self._run(lambda: orders.with_user(approver or self.manager).action_approve())

    def _run(self, call):
        """As a call of its own: nothing is known of records when it begins."""
        self.env.flush_all()
        self.env.invalidate_all()
        self.env.cr.cache.clear()
        call()
        self.env.flush_all()

    def _draft(self):
        return self._order().with_user(self.buyer)

    def test_submitting_an_order(self):
        self._run(self._draft().button_confirm)  # what is cached for the process
        order = self._draft()
        with self.assertQueryCount(29):
            self._run(order.button_confirm)

    def test_submitting_an_order_that_an_email_tells_of(self):
        """Of an order like those before it, which the e-mail names."""
        self.manager.notification_type = "email"
        self._run(self._draft().button_confirm)
        order = self._draft()
        with self.assertQueryCount(43):
            self._run(order.button_confirm)

    def test_a_step_of_one_order(self):
        self._decide(self.orders[0])
        with self.assertQueryCount(17):
            self._decide(self.orders[1])

    def test_the_last_step_of_one_order(self):
        """Odoo's confirmation takes most of it; who asks for kits is not counted."""
        if "mrp.bom" in self.env:
            boms = self.env["mrp.bom"]
            found = defaultdict(boms.browse)
            self.patch(self.registry["mrp.bom"], "_bom_find", lambda *_, **__: found)
        for order in self.orders[:2]:
            self._decide(order)
        self._decide(self.orders[0], self.director)
        with self.assertQueryCount(90):
            self._decide(self.orders[1], self.director)

    def test_a_step_of_ten_orders_at_once(self):
        self._decide(self.orders[0])
        with self.assertQueryCount(17):
            self._decide(self.orders[2:])
