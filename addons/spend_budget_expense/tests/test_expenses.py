from odoo.tests import tagged

from odoo.addons.spend_budget.tests.common import SpendBudgetCommon


@tagged("post_install", "-at_install")
class TestExpenses(SpendBudgetCommon):
    """What employees spend counts once, in the budgets of their department."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        cls.env.user.group_ids += cls.env.ref("hr_expense.group_hr_expense_manager")
        cls.workshop = cls._department("Workshop")
        cls.employee = cls.env["hr.employee"].create(
            {
                "name": "Fitter",
                "company_id": cls.company.id,
                "department_id": cls.workshop.id,
                "work_contact_id": cls.env["res.partner"].create({"name": "Fitter"}).id,
            }
        )
        cls.travel = cls.env["product.product"].create(
            {
                "name": "Travel",
                "type": "service",
                "can_be_expensed": True,
                "standard_price": 0,
                "supplier_taxes_id": False,
                "property_account_expense_id": cls.company_data[
                    "default_account_expense"
                ].id,
            }
        )

    def _spend(self, amount, payment_mode="own_account", **values):
        expense = self.env["hr.expense"].create(
            {
                "name": "To the customer",
                "employee_id": self.employee.id,
                "product_id": self.travel.id,
                "total_amount_currency": amount,
                "payment_mode": payment_mode,
                "date": "2026-07-01",
                "tax_ids": False,
                "analytic_distribution": {str(self.clinic.id): 100},
                **values,
            }
        )
        expense.action_submit()
        expense._do_approve(False)
        if payment_mode == "own_account":
            wizard = self.env["hr.expense.post.wizard"].with_context(
                active_ids=expense.ids, company_paid_move_ids=[]
            )
            wizard.create({"accounting_date": "2026-07-01"}).action_post_entry()
        else:
            expense.action_post()
        return expense

    def test_paid_by_the_employee(self):
        line = self._line()
        self._spend(120)
        self.assertBalance(line, actual=120)

    def test_paid_by_the_company(self):
        line = self._line()
        self._spend(120, "company_account")
        self.assertBalance(line, actual=120)

    def test_department_of_the_employee_pays(self):
        line = self._line(account_id=False, department_id=self.workshop.id)
        self._spend(80, analytic_distribution=False)
        self.assertBalance(line, actual=80)
        self._spend(30, "company_account", analytic_distribution=False)
        self.assertBalance(line, actual=110)

    def test_expense_taken_back_frees_it(self):
        line = self._line()
        expense = self._spend(120)
        expense.account_move_id.button_draft()
        self.assertBalance(line)
