from odoo.tests import tagged

from .common import PurchaseApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalQueries(PurchaseApprovalCommon):
    """Deciding on many orders costs little more than on one."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.director.notification_type = "inbox"  # e-mails are rendered one by one
        cls._rule(cls.manager, cls.director)
        cls.orders = cls.env["purchase.order"].with_user(cls.buyer)
        for _number in range(12):
            cls.orders += cls._submitted()

    def _decide(self, orders):
        self.env.flush_all()
        self.env.invalidate_all()
        orders.with_user(self.manager).action_approve()
        self.env.flush_all()

    def test_a_step_of_one_order(self):
        self._decide(self.orders[0])  # what is cached for the process
        with self.assertQueryCount(26):
            self._decide(self.orders[1])

    def test_a_step_of_ten_orders_at_once(self):
        self._decide(self.orders[0])
        with self.assertQueryCount(26):
            self._decide(self.orders[2:])
