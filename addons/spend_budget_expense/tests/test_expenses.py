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

    def test_tax_that_is_lost_is_part_of_what_was_spent(self):
        tax = self.env["account.tax"].create(
            {"name": "Lost", "amount": 10, "type_tax_use": "purchase"}
        )
        line = self._line()
        self._spend(110, tax_ids=tax.ids)
        self.assertBalance(line, actual=110)
        self._spend(110, "company_account", tax_ids=tax.ids)
        self.assertBalance(line, actual=220)

    def test_tax_that_comes_back_is_not(self):
        tax = self.env["account.tax"].create(
            {"name": "Back", "amount": 10, "type_tax_use": "purchase"}
        )
        tax.invoice_repartition_line_ids.filtered(
            lambda part: part.repartition_type == "tax"
        ).account_id = self.company_data["default_account_tax_purchase"]
        line = self._line()
        self._spend(110, tax_ids=tax.ids)
        self._spend(110, "company_account", tax_ids=tax.ids)
        self.assertBalance(line, actual=200)

    def test_expense_taken_back_frees_it(self):
        line = self._line()
        expense = self._spend(120)
        expense.account_move_id.button_draft()
        self.assertBalance(line)

    def _reverse(self, expense):
        days = {"date": "2026-07-01", "invoice_date": "2026-07-01"}
        return expense.account_move_id._reverse_moves([days], cancel=True)

    def test_reversed_expense_is_taken_off_the_department(self):
        line = self._line(account_id=False, department_id=self.workshop.id)
        for payment_mode in ("own_account", "company_account"):
            expense = self._spend(80, payment_mode, analytic_distribution=False)
            self.assertBalance(line, actual=80)
            self._reverse(expense)
            self.assertBalance(line)

    def test_reversed_expense_is_taken_off_the_department_that_was_given(self):
        other = self._department("Office")
        line = self._line(account_id=False, department_id=other.id)
        expense = self._spend(80, analytic_distribution=False)
        expense.account_move_id.budget_department_id = other
        self.assertBalance(line, actual=80)
        self._reverse(expense)
        self.assertBalance(line)

    def test_cancelled_entry_that_is_posted_again_stays_with_the_department(self):
        line = self._line(account_id=False, department_id=self.workshop.id)
        move = self._spend(80, analytic_distribution=False).account_move_id
        move.button_draft()
        move.button_cancel()
        self.assertBalance(line)
        move.button_draft()
        move.action_post()
        self.assertBalance(line, actual=80)
