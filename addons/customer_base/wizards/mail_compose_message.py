from odoo import models


class MailComposeMessage(models.TransientModel):
    """A message about a document of one's own goes to nobody whom a colleague has."""

    _inherit = "mail.compose.message"

    def _compute_partner_ids(self):
        result = super()._compute_partner_ids()
        if self.env.user._has_own_customers_only():
            access = self.env["customer.access"]
            for composer in self:
                seen = access._filter(composer.partner_ids.ids)
                composer.partner_ids = composer.partner_ids.browse(seen)
        return result
