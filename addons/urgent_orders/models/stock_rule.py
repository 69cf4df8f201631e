from odoo import api, models


class StockRule(models.Model):
    _inherit = "stock.rule"

    @api.model
    def _run_buy(self, procurements):
        """What is bought to refill the stock for an order is as urgent as that.

        Nothing else ties such a purchase order to the customer's than what they refer
        to in common.
        """
        result = super()._run_buy(procurements)
        references = self.env["stock.reference"].sudo()
        for procurement, _rule in procurements:
            references |= procurement.values.get("reference_ids") or references
        if references.sale_ids._urgency_not_plain():
            references.purchase_ids._inherit_urgency()
        return result
