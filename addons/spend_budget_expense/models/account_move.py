from odoo import api, models


class AccountMove(models.Model):
    _inherit = "account.move"

    @api.depends("expense_ids.department_id")
    def _compute_budget_department_id(self):
        """What an employee has spent is paid by the budgets of the employee's
        department, not by those of the accountant who posts it."""
        moves_of_expenses = self.filtered("expense_ids")
        covers = self.env["spend.control"]._covers
        for move in moves_of_expenses:
            departments = move.sudo().expense_ids.department_id
            if len(departments) == 1 and covers(move.company_id):
                move.budget_department_id = departments
            else:
                move.budget_department_id = move.budget_department_id
        return super(
            AccountMove, self - moves_of_expenses
        )._compute_budget_department_id()
