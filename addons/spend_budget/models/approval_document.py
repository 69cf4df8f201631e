from odoo import api, models


class ApprovalDocument(models.AbstractModel):
    _inherit = "approval.document"

    @api.model
    def _approval_has_budget(self):
        """Tell whether documents of this kind may take from budgets: orders, and what
        belongs to one."""
        field = self._fields.get("order_id")
        return field is not None and field.comodel_name == "purchase.order"

    def _approval_budget_lines(self):
        """Return the budget lines that pay for the document; of what belongs to an
        order, those of the order.

        :return: ``spend.budget.line``
        """
        self.ensure_one()
        if self._approval_has_budget() and self.order_id:
            return self.order_id._approval_budget_lines()
        return self.env["spend.budget.line"]
