from odoo import api, fields, models


class DepositAdoption(models.TransientModel):
    """Money that was paid to the vendor by hand is the payment of a deposit."""

    _name = "deposit.adoption"
    _description = "Paid by Hand"
    _inherit = ["deposit.wizard"]

    deposit_id = fields.Many2one(required=True)
    amount_unpaid = fields.Monetary(
        related="deposit_id.amount_unpaid", related_sudo=False
    )
    choice_ids = fields.Many2many("account.move.line", compute="_compute_choice_ids")
    line_id = fields.Many2one(
        "account.move.line",
        string="Paid With",
        domain="[('id', 'in', choice_ids)]",
        compute="_compute_line_id",
        store=True,
        readonly=False,
    )

    @api.depends("deposit_id")
    def _compute_choice_ids(self):
        for wizard in self:
            deposit = wizard.deposit_id._filtered_access("read")
            found = deposit.sudo()._find_adoptable() if deposit else wizard.line_id
            wizard.choice_ids = found.sudo(False)._filtered_access("read")

    @api.depends("choice_ids")
    def _compute_line_id(self):
        for wizard in self:
            wizard.line_id = wizard.choice_ids[:1]

    def action_confirm(self):
        """Count the money as paid for the deposit."""
        self.ensure_one()
        self.deposit_id._check_role("account.group_account_invoice")
        self.deposit_id.sudo()._adopt(self.line_id.sudo())
        return self._close()
