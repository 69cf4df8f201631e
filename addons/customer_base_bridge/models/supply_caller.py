from odoo import api, models

from odoo.addons.crm_purchase_bridge.models.supply_caller import MOST


class SupplyCaller(models.AbstractModel):
    _inherit = "supply.caller"

    @api.model
    def _find_customers(self, text):
        """Return customers as any field finds them, also by a number from before the
        reforms, a tax code or the number of an order, best first."""
        partners = self.env["res.partner"]
        found = partners.name_search(text, limit=MOST)
        return partners.browse([partner for partner, _name in found])

    @api.model
    def _describe_customer(self, customer):
        level = customer.customer_level_id
        return {
            **super()._describe_customer(customer),
            "level": bool(level) and level._describe(),
        }
