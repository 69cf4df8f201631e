from odoo import api, models
from odoo.tools import SQL


class SupplyChange(models.Model):
    _inherit = "supply.change"

    @api.model
    def _supply_changed(self, products, sale_lines, purchase_lines):
        """What changed past Odoo's methods, in SQL too, still passes urgency on."""
        result = super()._supply_changed(products, sale_lines, purchase_lines)
        orders = purchase_lines.order_id
        sales = sale_lines.order_id | purchase_lines.supply_link_ids.sale_id
        if sales._urgency_matters() or orders._urgency_matters():
            orders._inherit_urgency()
            orders.picking_ids._inherit_urgency()
            self.env["supply.part"]._forget()  # it may be the turn of others
        # somebody may have changed an order while somebody else marked it
        self.env["urgency.case.change"]._note(sales._urgency_not_plain())
        return result

    # ------------------------------------------------------------
    # THE JOB: what is kept of urgent cases follows supply
    # ------------------------------------------------------------

    @api.model
    def _follow_batch(self, batch=None):
        followed = super()._follow_batch(batch)
        cases = self.env["urgency.case.change"]._follow_batch(batch)
        return followed or cases

    def _count_left(self):
        ((left,),) = self.env.execute_query(
            SQL("SELECT count(*) FROM urgency_case_change")
        )
        return super()._count_left() + left
