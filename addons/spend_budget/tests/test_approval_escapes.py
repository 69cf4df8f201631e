from datetime import date

from odoo import Command
from odoo.tests import tagged

from odoo.addons.approval_matrix_purchase.tests.common import PurchaseApprovalCommon


@tagged("post_install", "-at_install")
class TestBudgetEscapes(PurchaseApprovalCommon):
    """What buyers try to have an order over budget pass at the lower level."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        year = date.today().year
        Department = cls.env["hr.department"]
        cls.poor = Department.create({"name": "Poor", "company_id": cls.company.id})
        cls.rich = Department.create({"name": "Rich", "company_id": cls.company.id})
        cls.budget = cls.env["spend.budget"].create(
            {
                "name": "Wards",
                "company_id": cls.company.id,
                "date_from": f"{year}-01-01",
                "date_to": f"{year}-12-31",
                "line_ids": [
                    Command.create(
                        {
                            "department_id": department.id,
                            "amount": amount,
                            "control": "escalate",
                        }
                    )
                    for department, amount in ((cls.poor, 1000), (cls.rich, 99000))
                ],
            }
        )
        cls.budget.action_open()
        cls.over = cls._rule(
            cls.director,
            name="Over budget",
            sequence=1,
            domain="[('budget_state', '=', 'over')]",
        )
        cls.usual = cls._rule(cls.manager, name="Usual", sequence=2, tolerance=20)
        cls.next_century = "2098-01-01 08:00:00"

    def _rule_of(self, order):
        return order.sudo().approval_process_id.rule_id

    def _usual(self, **values):
        order = self._submitted(**values)
        self.assertEqual(self._rule_of(order), self.usual)
        order.with_user(self.manager).action_approve()
        self.assertEqual(order.state, "purchase")
        return order

    def test_a_date_beyond_all_budgets_does_not_help(self):
        order = self._submitted(
            price=9000, department_id=self.poor.id, date_order=self.next_century
        )
        self.assertEqual(self._rule_of(order), self.over)

    def test_another_department_while_waiting_is_submitted_again(self):
        order = self._submitted(price=9000, department_id=self.rich.id)
        self.assertEqual(self._rule_of(order), self.usual)
        order.department_id = self.poor
        self.assertEqual(self._rule_of(order), self.over)

    def test_another_department_after_approval_goes_back(self):
        order = self._usual(price=9000, department_id=self.rich.id)
        order.department_id = self.poor
        self.assertEqual(order.state, "to approve")
        self.assertEqual(self._rule_of(order), self.over)

    def test_a_department_within_budget_is_new_terms_too(self):
        order = self._usual(price=900, department_id=self.poor.id)
        order.department_id = self.rich
        self.assertEqual(order.state, "to approve")

    def test_another_buyer_after_approval_moves_no_budget_unseen(self):
        other = self._user("other", "purchase.group_purchase_user")
        self.env["hr.employee"].create(
            {"name": "Other", "user_id": other.id, "department_id": self.poor.id}
        )
        order = self._usual(price=9000, department_id=self.rich.id)
        order.user_id = other
        self.assertTrue(order.department_id == self.rich or order.state == "to approve")

    def test_tolerance_does_not_lead_over_budget(self):
        order = self._usual(price=950, department_id=self.poor.id)
        order.order_line.price_unit = 980
        self.assertEqual(order.state, "purchase")
        order.order_line.price_unit = 1100
        self.assertEqual(order.state, "to approve")
        self.assertEqual(self._rule_of(order), self.over)

    def test_the_order_date_after_approval(self):
        order = self._usual(price=950, department_id=self.poor.id)
        order.date_order = self.next_century
        self.assertEqual((order.state, order.budget_state), ("to approve", "within"))
        self.assertEqual(self.budget.line_ids[0].reserved, 950)

    def test_distribution_emptied_after_approval(self):
        plan = self.env["account.analytic.plan"].create({"name": "P"})
        account = self.env["account.analytic.account"].create(
            {"name": "A", "plan_id": plan.id}
        )
        order = self._order(price=900)
        order.order_line.analytic_distribution = {str(account.id): 100}
        order.button_confirm()
        order.with_user(self.manager).action_approve()
        self.assertEqual(order.state, "purchase")
        order.order_line.analytic_distribution = False
        self.assertEqual(order.state, "to approve")

    def test_a_discount_beyond_all_does_not_lower_the_amount(self):
        high = self._rule(self.director, name="High", sequence=0, amount_min=5000)
        order = self._order(price=9000)
        order.order_line.copy({"order_id": order.id, "discount": 190})
        order.button_confirm()
        self.assertEqual(self._rule_of(order), high)

    def test_a_line_called_a_down_payment_is_over_too(self):
        order = self._order(price=9000, department_id=self.poor.id)
        order.order_line.is_downpayment = True
        order.button_confirm()
        self.assertEqual(self._rule_of(order), self.over)
