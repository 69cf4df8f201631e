from odoo import api, fields, models

#: Bills count as spent, refunds take it back.
SIGNS = {"in_invoice": 1, "in_receipt": 1, "in_refund": -1}

TRIGGERS = frozenset({"state", "date", "invoice_user_id", "budget_department_id"})


class AccountMove(models.Model):
    """Posted bills and refunds are what was spent."""

    _inherit = "account.move"

    budget_department_id = fields.Many2one(
        "hr.department",
        string="Department",
        compute="_compute_budget_department_id",
        store=True,
        readonly=False,
        check_company=True,
        index="btree_not_null",
        groups="base.group_user",
        help="Whose budgets pay a bill without an order.",
    )

    @api.depends("invoice_user_id", "company_id", "move_type")
    def _compute_budget_department_id(self):
        """Suggest a department where budgets are in use: elsewhere it costs nothing."""
        covers = self.env["spend.control"]._covers
        for move in self:
            if move._budget_is_bill() and covers(move.company_id):
                user = move.invoice_user_id._origin or move.invoice_user_id
                move.budget_department_id = user._budget_department(move.company_id)
            else:
                move.budget_department_id = move.budget_department_id

    def write(self, vals):
        Control = self.env["spend.control"]
        if TRIGGERS.isdisjoint(vals) or not Control._in_use():
            return super().write(vals)
        with Control._watching() as watch:
            watch.see_moves(self)
            result = super().write(vals)
            watch.see_moves(self)
        return result

    def unlink(self):
        Control = self.env["spend.control"]
        if not Control._in_use():
            return super().unlink()
        with Control._watching() as watch:
            watch.see_moves(self)
            return super().unlink()

    def _post(self, soft=True):
        """Judge all bills together that are posted together."""
        if not self.env["spend.control"]._in_use():
            return super()._post(soft=soft)
        with self.env["spend.control"]._watching():
            return super()._post(soft=soft)

    def _budget_is_bill(self):
        return self.move_type in SIGNS
