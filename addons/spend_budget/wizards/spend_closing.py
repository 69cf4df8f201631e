from odoo import api, fields, models
from odoo.exceptions import UserError


class SpendClosing(models.TransientModel):
    """Asks what becomes of what is still reserved and committed."""

    _name = "spend.closing"
    _description = "Close a Budget"

    budget_id = fields.Many2one("spend.budget", required=True, ondelete="cascade")
    company_id = fields.Many2one(related="budget_id.company_id")
    currency_id = fields.Many2one(related="budget_id.currency_id")
    date_to = fields.Date(related="budget_id.date_to")
    reserved = fields.Monetary(related="budget_id.reserved")
    committed = fields.Monetary(related="budget_id.committed")
    choice = fields.Selection(
        [
            ("carry", "Carry them forward to the next budget"),
            ("leave", "Leave them here"),
        ],
        string="Open reservations and commitments",
        default="carry",
        required=True,
    )
    next_budget_id = fields.Many2one(
        "spend.budget",
        string="Next Budget",
        compute="_compute_next_budget_id",
        store=True,
        readonly=False,
        domain="[('state', '=', 'open'), ('company_id', '=', company_id),"
        " ('id', '!=', budget_id), ('date_to', '>', date_to)]",
    )

    @api.depends("budget_id")
    def _compute_next_budget_id(self):
        for wizard in self:
            wizard.next_budget_id = wizard.budget_id._get_periods_after()[:1]

    @api.constrains("budget_id")
    def _check_writable(self):
        """With the user's own rights: Odoo runs constraints with the system's."""
        self.sudo(False).budget_id.check_access("write")

    def action_close(self):
        """Close the budget, after carrying forward what is open if that was chosen.

        :raises UserError: when there is no next budget, or it lacks a matching line
        """
        self.ensure_one()
        budget = self.budget_id
        budget._check_manager()
        if budget.state != "open":
            raise UserError(self.env._("Only open budgets can be closed."))
        if self.choice == "carry":
            if self.next_budget_id not in budget._get_periods_after():
                raise UserError(
                    self.env._("Open the next budget first, and choose it here.")
                )
            budget._carry_forward(self.next_budget_id)
        budget._close()
        return {"type": "ir.actions.act_window_close"}
