from odoo import api, models
from odoo.tools import SQL, sql

from odoo.addons.supply_link.triggers import make_triggers

from ..sources import SOURCES

#: What open panels are told: ids of products and orders.
NEWS = "crm_purchase_bridge/supply"
#: No more ids than these are sent: whoever shows anything looks again.
MOST_NEWS = 500


class SupplyChange(models.Model):
    _inherit = "supply.change"

    def init(self):
        """Watch more; while the addon is installed not all columns are there yet, and
        its ``post_init_hook`` does it."""
        result = super().init()
        if sql.column_exists(self.env.cr, "sale_order_line", "wanted_on"):
            make_triggers(self.env.cr, SOURCES)
        return result

    @api.model
    def _supply_changed(self, products, sale_lines, purchase_lines):
        """Promises follow, and open panels look again."""
        result = super()._supply_changed(products, sale_lines, purchase_lines)
        promises = self.env["supply.promise"]
        lines = promises._get_concerned(products)
        lines |= sale_lines | purchase_lines.supply_link_ids.sale_line_id
        promises._follow(lines)
        promises._follow(promises._get_wishes(products))
        self._tell_panels(products, lines)
        return result

    @api.model
    def _tell_panels(self, products, lines):
        """Tell whoever has a panel open what changed, by ids only: it fetches with its
        own rights."""
        users = self.env.ref("base.group_user")
        products, orders = products.ids, self._find_orders(lines)
        if len(products) + len(orders) > MOST_NEWS:
            products = orders = None
        users._bus_send(NEWS, {"products": products, "orders": orders})

    @api.model
    def _find_orders(self, lines):
        """Return the ids of the orders of lines, or of as many as are too many."""
        lines.flush_model(["order_id"])
        found = self.env.execute_query(
            SQL(
                "SELECT DISTINCT order_id FROM sale_order_line"
                " WHERE id = ANY(%s) LIMIT %s",
                lines.ids,
                MOST_NEWS + 1,
            )
        )
        return sorted(id_ for (id_,) in found)
