from odoo import models


class ResConfigSettings(models.TransientModel):
    _inherit = "res.config.settings"

    def _get_approval_advices(self):
        advices = super()._get_approval_advices()
        if self.company_id.po_double_validation == "two_step":
            advices.append(
                self.env._(
                    "Purchase orders above a minimum amount also wait for Odoo's own "
                    "approval by a purchasing manager. Where a rule matches it takes "
                    "over; below the rules it still applies. Switch it off under "
                    "Purchase if the rules say it all."
                )
            )
        return advices
