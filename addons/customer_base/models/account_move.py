from odoo import api, models


class AccountMove(models.Model):
    """An own invoice opens though a colleague has one that looks the same."""

    _inherit = "account.move"

    @api.depends_context("uid")
    def _compute_duplicated_ref_ids(self):
        # Odoo asks the database, past all rules, and fails for what one may not read
        if not self.env.user._has_own_customers_only():
            return super()._compute_duplicated_ref_ids()
        result = super(AccountMove, self.sudo())._compute_duplicated_ref_ids()
        for move in self:
            # in a form all of them are new, and of new ones nothing is refused
            others = move.sudo().duplicated_ref_ids._origin.with_env(self.env)
            move.duplicated_ref_ids = others._filtered_access("read")
        return result
