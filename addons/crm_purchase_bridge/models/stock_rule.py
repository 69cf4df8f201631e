from odoo import models


class StockRule(models.Model):
    _inherit = "stock.rule"

    def _make_po_get_domain(self, company_id, values, partner):
        """What a buyer buys from the hot list goes to one quotation of the vendor,
        whichever orders it is for.

        It goes to their own or to nobody's, and never to one that somebody decides
        about: alternatives are compared as they are, and approvers have read theirs.
        """
        buyer = values.get("hot_list_buyer")
        if not buyer:
            return super()._make_po_get_domain(company_id, values, partner)
        domain = super()._make_po_get_domain(
            company_id, {**values, "reference_ids": False}, partner
        )
        return (
            *(term for term in domain if term[0] != "user_id"),
            ("user_id", "in", (buyer, partner.buyer_id.id, False)),
            ("purchase_group_id", "=", False),
            ("approval_process_id", "=", False),
        )

    def _prepare_purchase_order(self, company_id, origins, values):
        """The buyer of the hot list is that of the quotation, if the vendor has none;
        it refers to all orders that it is for."""
        prepared = super()._prepare_purchase_order(company_id, origins, values)
        buyer = values[0].get("hot_list_buyer")
        if buyer:
            prepared["user_id"] = prepared["user_id"] or buyer
            references = self.env["stock.reference"].union(
                *(each["reference_ids"] for each in values if each.get("reference_ids"))
            )
            prepared["reference_ids"] = [(6, 0, references.ids)]
        return prepared
