from odoo import models


class ResCurrency(models.Model):
    _inherit = "res.currency"

    def _approval_has_rate(self, company):
        """Tell whether amounts can be converted into the currency of a company.

        Without any rate Odoo converts one to one and says nothing.
        """
        self.ensure_one()
        if self == company.currency_id:
            return True
        domain = [
            ("currency_id", "=", self.id),
            ("company_id", "in", (False, company.root_id.id)),
        ]
        return bool(self.env["res.currency.rate"].search_count(domain, limit=1))
