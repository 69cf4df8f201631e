from odoo import api, models
from odoo.tools import SQL


class PurchasePrecedent(models.AbstractModel):
    _inherit = "purchase.precedent"

    @api.model
    def _get_related_sql(self):
        """Who calls off a blanket order wants the same again. That makes no two of one
        order, but parts of a purchase: nobody approved the blanket order itself, so
        what is called off counts where orders are added up."""
        return SQL(
            """%s
            AND NOT EXISTS (
                SELECT FROM purchase_requisition AS agreement
                 WHERE agreement.id = mine.requisition_id
                   AND agreement.id = candidate.requisition_id
                   AND agreement.requisition_type = 'blanket_order')
            """,
            super()._get_related_sql(),
        )

    @api.model
    def _get_apart_sql(self):
        """Of alternatives that wait only one is ordered: the approval cancels the
        others."""
        return SQL(
            """%s
            AND (candidate.state = 'purchase'
                 OR mine.purchase_group_id IS NULL
                 OR mine.purchase_group_id IS DISTINCT FROM candidate.purchase_group_id)
            """,
            super()._get_apart_sql(),
        )

    @api.model
    def _get_read_fields(self):
        names = super()._get_read_fields()
        names["purchase.order"] += ["purchase_group_id", "requisition_id"]
        return names
