from odoo import api, models


class AccountMove(models.Model):
    _inherit = "account.move"

    @api.depends("expense_ids.department_id")
    def _compute_budget_department_id(self):
        """What an employee has spent is paid by the budgets of the employee's
        department, not by those of the accountant who posts it.

        Core forgets whose expenses they were when it reverses or cancels their entry;
        the lines still know. What is posted stays where it was counted.
        """
        Control = self.env["spend.control"]
        if not Control._in_use():
            return super()._compute_budget_department_id()
        moves_of_expenses = self.filtered(lambda move: move._budget_get_expenses())
        for move in moves_of_expenses:
            departments = move._budget_get_expenses().department_id
            is_open = move.state != "posted" and Control._covers(move.company_id)
            if is_open and len(departments) == 1:
                move.budget_department_id = departments
            else:  # a compute that assigns nothing would leave it empty
                move.budget_department_id = move.budget_department_id
        return super(
            AccountMove, self - moves_of_expenses
        )._compute_budget_department_id()

    def _budget_get_expenses(self):
        move = self.sudo()
        return move.expense_ids or move.line_ids.expense_id
