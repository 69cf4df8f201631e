from odoo import api, models

from odoo.addons.approval_matrix.models.approval_verification import Finding


class ApprovalVerification(models.AbstractModel):
    """Budgets are verified with approvals: by an independent sum, too."""

    _inherit = "approval.verification"

    @api.model
    def _get_checks(self):
        return {**super()._get_checks(), "budgets": self.env._("budgets")}

    @api.model
    def _check_budgets(self, companies, batch):
        domain = [("company_id", "in", companies.ids)] if companies else []
        for budgets in self._read_in_batches("spend.budget", domain, batch):
            for budget in budgets:
                found = [Finding(**each) for each in budget._get_findings()]
                yield 1, found
