from odoo import Command
from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import PurchaseApprovalCommon


@tagged("post_install", "-at_install")
class TestApprovalCurrency(PurchaseApprovalCommon):
    """Orders in a foreign currency, with and without a rate."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.rule = cls._rule(cls.manager, cls.director)

    def _foreign(self, rate=150.0):
        return self.env["res.currency"].create(
            {
                "name": "XYZ",
                "symbol": "X",
                "rate_ids": [Command.create({"name": "2020-01-01", "rate": rate})],
            }
        )

    def test_foreign_currency_compares_in_company_currency(self):
        foreign = self.env["res.currency"].create(
            {
                "name": "XYZ",
                "symbol": "X",
                "rate_ids": [(0, 0, {"name": "2020-01-01", "rate": 150.0})],
            }
        )
        self.rule.amount_min = 1000
        cheap = self._submitted(price=2000, currency_id=foreign.id)
        self.assertEqual(cheap.state, "purchase")
        dear = self._submitted(price=200000, currency_id=foreign.id)
        self.assertEqual(dear.state, "to approve")

    def test_currency_without_rate_is_refused(self):
        foreign = self.env["res.currency"].create({"name": "XYZ", "symbol": "X"})
        with self.assertRaisesRegex(UserError, "XYZ"):
            self._submitted(currency_id=foreign.id)

    def test_rate_removed_while_the_order_waits(self):
        """It can be read and rejected; the last approval says what is missing."""
        foreign = self._foreign()
        order = self._submitted(currency_id=foreign.id)
        process = order.sudo().approval_process_id
        foreign.rate_ids.unlink()
        self.env.invalidate_all()
        self.assertEqual(
            order.with_user(self.manager).read(["approval_progress"])[0][
                "approval_progress"
            ]["state"],
            "open",
        )
        order.with_user(self.manager).action_approve()
        with self.assertRaisesRegex(UserError, "rate for XYZ"), self.cr.savepoint():
            order.with_user(self.director).action_approve()
        self.assertEqual((order.state, process.state), ("to approve", "open"))
        self.assertFalse(order.picking_ids)
        self.assertEqual(process.log_ids.mapped("event"), ["submitted", "approved"])
        foreign.rate_ids = [Command.create({"name": "2020-01-01", "rate": 150.0})]
        order.with_user(self.director).action_approve()
        self.assertEqual(order.state, "purchase")

    def test_order_without_a_rate_is_rejected_withdrawn_and_cancelled(self):
        foreign = self._foreign()
        orders = [self._submitted(currency_id=foreign.id) for _each in range(3)]
        foreign.rate_ids.unlink()
        self.env.invalidate_all()
        rejected, withdrawn, cancelled = orders
        rejected.with_user(self.manager).action_reject("Which rate?")
        withdrawn.action_withdraw()
        cancelled.button_cancel()
        self.assertEqual(
            [(order.state, order.approval_state) for order in orders],
            [("draft", "rejected"), ("draft", "withdrawn"), ("cancel", "cancelled")],
        )

    def test_other_rate_changes_new_requests_only(self):
        self.rule.amount_min = 1000
        foreign = self._foreign(rate=1.0)
        order = self._submitted(price=1500, currency_id=foreign.id)
        process = order.sudo().approval_process_id
        foreign.rate_ids.rate = 150
        self.env.invalidate_all()
        order.with_user(self.manager).action_approve()
        order.with_user(self.director).action_approve()
        self.assertEqual((order.state, process.amount), ("purchase", 1500))
        self.assertEqual(
            self._submitted(price=1500, currency_id=foreign.id).approval_state, False
        )
