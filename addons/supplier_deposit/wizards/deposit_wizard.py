from odoo import fields, models


class DepositWizard(models.AbstractModel):
    """What the dialogs about deposits have in common."""

    _name = "deposit.wizard"
    _description = "Dialog about Deposits"

    # users see what they may see of the deposit, whose id comes from the client
    deposit_id = fields.Many2one("supplier.deposit", readonly=True)
    company_id = fields.Many2one(related="deposit_id.company_id", related_sudo=False)
    currency_id = fields.Many2one(related="deposit_id.currency_id", related_sudo=False)
    partner_id = fields.Many2one(related="deposit_id.partner_id", related_sudo=False)

    def _get_action(self):
        return {
            "type": "ir.actions.act_window",
            "name": self.env["ir.model"]._get(self._name).name,
            "res_model": self._name,
            "res_id": self.id,
            "views": [(False, "form")],
            "target": "new",
        }

    def _close(self):
        return {"type": "ir.actions.act_window_close"}
