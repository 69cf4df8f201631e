from odoo import models

#: What keys are made of.
SOURCES = frozenset(
    {
        "name",
        "is_company",
        "phone",
        "email",
        "vat",
        "street",
        "city",
        "country_id",
    }
)


class ResPartner(models.Model):
    """Customers, with the keys by which their duplicates are found."""

    _inherit = "res.partner"

    def _create(self, data_list):
        partners = super()._create(data_list)
        self.env["customer.key"].sudo()._keep(partners.ids)
        return partners

    def _write_multi(self, vals_list):
        # what is computed is written here too, whichever way it came about
        result = super()._write_multi(vals_list)
        changed = [
            partner
            for partner, values in zip(self._ids, vals_list, strict=True)
            if not SOURCES.isdisjoint(values)
        ]
        if changed:
            self.env["customer.key"].sudo()._keep(changed)
        return result
