from odoo import api, models


class IrQwebFieldContact(models.AbstractModel):
    """The address of a customer on what is printed, or not."""

    _inherit = "ir.qweb.field.contact"

    @api.model
    def value_to_html(self, value, options):
        # Odoo reads it with the rights of the system
        user = self.env.user
        if value and user and user._has_own_customers_only():
            access = self.env["customer.access"]
            hidden = set(value.ids) - access._filter(value.ids)
            if hidden - access._get_known(hidden):
                return ""
            if hidden:
                options = {**options, "fields": ["name"], "country_image": False}
        return super().value_to_html(value, options)
