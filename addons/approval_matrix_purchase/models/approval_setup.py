from odoo import api, models


class ApprovalSetup(models.AbstractModel):
    """Most companies begin with what they buy."""

    _inherit = "approval.setup"

    @api.model
    def _get_models(self):
        models = super()._get_models()
        return sorted(models, key=lambda pair: pair[0] != "purchase.order")
