from odoo.exceptions import UserError
from odoo.tests import tagged

from .common import SpendBudgetCommon


@tagged("post_install", "-at_install")
class TestClosing(SpendBudgetCommon):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.this = cls._line(1000)
        cls.then = cls._budget(
            {"account_id": cls.clinic.id, "amount": 1000},
            name="Next",
            date_from="2027-01-01",
            date_to="2027-12-31",
        ).line_ids

    def _close(self, **values):
        action = self.this.budget_id.with_user(self.manager).action_close()
        wizard = self.env["spend.closing"].with_user(self.manager)
        wizard = wizard.with_context(**action["context"]).create(values)
        wizard.action_close()
        return wizard

    def test_budget_with_nothing_open_closes_at_once(self):
        self._bill(price=10)
        self.assertIs(self.this.budget_id.action_close(), True)
        self.assertEqual(self.this.budget_id.state, "closed")
        with self.assertRaises(UserError):
            self.this.amount = 5

    def test_closing_carries_what_is_open(self):
        order = self._confirmed(price=100, quantity=4)
        self._bill(order, quantity=1)
        self._submitted(price=50)
        wizard = self._close()
        self.assertEqual(wizard.next_budget_id, self.then.budget_id)
        self.assertBalance(self.this, actual=100)
        self.assertBalance(self.then, reserved=50, committed=300)
        reasons = self.env["spend.entry"].search([("line_id", "=", self.then.id)])
        self.assertEqual(set(reasons.mapped("reason")), {"carried"})

    def test_carried_order_lives_on_in_the_next_budget(self):
        order = self._confirmed(price=100, quantity=4)
        self._close()
        order.order_line.product_qty = 5
        self.assertBalance(self.then, committed=500)
        self._bill(order, quantity=2, invoice_date="2027-02-01", date="2027-02-01")
        self.assertBalance(self.then, committed=300, actual=200)

    def test_left_orders_stay_where_they_were(self):
        order = self._confirmed(price=100)
        self._close(choice="leave")
        self.assertBalance(self.this, committed=100)
        order.button_cancel()
        self.assertBalance(self.this, committed=100)
        self.assertBalance(self.then)

    def test_carrying_needs_a_matching_line(self):
        budget = self._budget({"account_id": self.ward.id, "amount": 9}, name="Ward")
        shares = {str(self.ward.id): 100}
        order = self._confirmed(
            lines=[{"price_unit": 5, "analytic_distribution": shares}]
        )
        wizard = self.env["spend.closing"].create({"budget_id": budget.id})
        with self.assertRaises(UserError) as refusal:
            wizard.action_close()
        self.assertIn(order.name, str(refusal.exception))
        self.assertEqual(budget.state, "open")
        wizard.write({"choice": "carry", "next_budget_id": budget.id})
        with self.assertRaises(UserError):
            wizard.action_close()

    def test_reopened_budget_does_not_take_carried_orders_twice(self):
        self._confirmed(price=100)
        self._close()
        self._confirmed(price=7)
        self.this.budget_id.action_open()
        self.assertBalance(self.this, committed=7)
        self.assertBalance(self.then, committed=100)
