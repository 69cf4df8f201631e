from odoo import api, models


class ResPartnerBank(models.Model):
    """Who else has an account's number is said of those only whom the user may see."""

    _inherit = "res.partner.bank"

    @api.depends_context("uid")
    def _compute_duplicate_bank_partner_ids(self):
        # Odoo asks the database, past all rules, and fails for what one may not read
        if not self.env.user._has_own_customers_only():
            return super()._compute_duplicate_bank_partner_ids()
        result = super(
            ResPartnerBank, self.sudo()
        )._compute_duplicate_bank_partner_ids()
        for account in self:
            others = account.sudo().duplicate_bank_partner_ids.with_env(self.env)
            account.duplicate_bank_partner_ids = others._filtered_access("read")
        return result
